from odoo import api, fields, models


class AfterSalesComplaintSourceMixin(models.AbstractModel):
    """A document about which a customer may complain: counts its complaints, opens them, opens a new one."""

    _name = "after.sales.complaint.source.mixin"
    _description = "Source of Complaints"

    # Field of the complaint that points at the document; each inheriting model says its own.
    _complaint_field = None

    after_sales_complaint_count = fields.Integer(
        string="Complaints",
        compute="_compute_after_sales_complaint_count",
        groups="after_sales_warranty.group_after_sales_technician",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_after_sales_complaint_count(self):
        counts = dict(
            self.env["after.sales.complaint"]._read_group(
                [(self._complaint_field, "in", self.ids)], [self._complaint_field], ["__count"]
            )
        )
        for record in self:
            record.after_sales_complaint_count = counts.get(record._origin, 0)

    def _get_complaint_domain(self):
        return [(self._complaint_field, "in", self.ids)]

    def _get_complaint_defaults(self):
        """What a new complaint takes over from the document."""
        self.ensure_one()
        return {self._complaint_field: self.id}

    def action_open_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_complaint.after_sales_complaint_action"
        )
        action["domain"] = self._get_complaint_domain()
        action["context"] = self._get_complaint_context()
        return action

    def action_new_complaint(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "after.sales.complaint",
            "view_mode": "form",
            "context": self._get_complaint_context(),
        }

    def _get_complaint_context(self):
        defaults = self._get_complaint_defaults()
        if "company_id" in self._fields and self.company_id:
            defaults.setdefault("company_id", self.company_id.id)
        return {f"default_{name}": value for name, value in defaults.items() if value}
