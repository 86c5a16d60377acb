from odoo import api, fields, models


class AfterSalesTicket(models.Model):
    _name = "after.sales.ticket"
    _inherit = ["after.sales.ticket", "after.sales.complaint.source.mixin"]
    _complaint_field = "ticket_id"

    complaint_measure_ids = fields.One2many(
        "after.sales.complaint.measure", "ticket_id", string="Granted by Complaint"
    )

    def _get_complaint_domain(self):
        """Complaints about the call, and those that it was opened to put right."""
        return ["|", *super()._get_complaint_domain(), ("measure_ids.ticket_id", "in", self.ids)]

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_after_sales_complaint_count(self):
        about = self.env["after.sales.complaint"].search_fetch(
            self._get_complaint_domain(), ["ticket_id", "measure_ids"]
        )
        for ticket in self:
            ticket.after_sales_complaint_count = sum(
                ticket._origin in (complaint.ticket_id | complaint.measure_ids.ticket_id)
                for complaint in about
            )

    def _get_complaint_defaults(self):
        return {
            **super()._get_complaint_defaults(),
            "partner_id": self.partner_id.id,
            "unit_id": self.unit_id.id,
            "contract_id": self.contract_id.id,
            "product_id": self.product_id.id,
        }
