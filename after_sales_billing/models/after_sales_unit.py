from odoo import fields, models

from .after_sales_intervention import RECOVERY


class AfterSalesUnit(models.Model):
    _inherit = "after.sales.unit"

    supplier_claim_count = fields.Integer(compute="_compute_supplier_claim_count", groups=RECOVERY)

    def _compute_supplier_claim_count(self):
        counts = dict(
            self.env["after.sales.supplier.claim.line"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["claim_id:count_distinct"]
            )
        )
        for unit in self:
            unit.supplier_claim_count = counts.get(unit, 0)

    def action_view_supplier_claims(self):
        lines = self.env["after.sales.supplier.claim.line"].search([("unit_id", "in", self.ids)])
        return lines.claim_id._get_action()
