from odoo import fields, models


class ResPartner(models.Model):
    """The products a customer registered."""

    _inherit = "res.partner"

    after_sales_registration_count = fields.Integer(
        compute="_compute_after_sales_registration_count",
        groups="after_sales_warranty.group_after_sales_technician",
    )

    def _compute_after_sales_registration_count(self):
        counts = dict(
            self.env["after.sales.registration"]._read_group(
                [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.after_sales_registration_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_after_sales_registrations(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_registration_action"
        )
        domain = [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {"default_partner_id": self.id}}
