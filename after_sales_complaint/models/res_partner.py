from odoo import api, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "after.sales.complaint.source.mixin"]
    _complaint_field = "partner_id"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_after_sales_complaint_count(self):
        """All complaints of the company a person belongs to."""
        commercial = self.commercial_partner_id
        counts = dict(
            self.env["after.sales.complaint"]._read_group(
                [("commercial_partner_id", "in", commercial.ids)], ["commercial_partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.after_sales_complaint_count = counts.get(partner.commercial_partner_id, 0)

    def _get_complaint_domain(self):
        return [("commercial_partner_id", "in", self.commercial_partner_id.ids)]
