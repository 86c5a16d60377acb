from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    after_sales_contract_count = fields.Integer(
        compute="_compute_after_sales_contract_count",
        groups="after_sales_warranty.group_after_sales_technician",
    )

    def _compute_after_sales_contract_count(self):
        counts = dict(
            self.env["after.sales.contract"]._read_group(
                [
                    ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                    ("state", "!=", "cancelled"),
                ],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.after_sales_contract_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_after_sales_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_contract_action"
        )
        action["domain"] = list(Domain("commercial_partner_id", "=", self.commercial_partner_id.id))
        action["context"] = {"default_partner_id": self.id}
        return action
