from odoo import fields, models
from odoo.fields import Domain

from .after_sales_intervention import RECOVERY


class AfterSalesClaim(models.Model):
    """What the customer claims from us, and what we claim for it from the supplier."""

    _inherit = "after.sales.claim"

    supplier_claim_count = fields.Integer(compute="_compute_supplier_claim_count", groups=RECOVERY)

    def _compute_supplier_claim_count(self):
        lines = self._get_supplier_claim_lines()
        for claim in self:
            own = lines.filtered(lambda line, claim=claim: line._is_for_warranty_claim(claim))
            claim.supplier_claim_count = len(own.claim_id)

    def _get_supplier_claim_lines(self):
        """What is claimed from suppliers for the calls of these claims; for work without a claim, by the unit."""
        units = self.unit_id.ids
        own = Domain("charge_id.ticket_id.claim_id", "in", self.ids)
        of_unit = Domain("unit_id", "in", units) | Domain("charge_id.unit_id", "in", units)
        lines = self.env["after.sales.supplier.claim.line"].search(own | of_unit)
        return lines.filtered(lambda line: any(line._is_for_warranty_claim(claim) for claim in self))

    def action_view_supplier_claims(self):
        return self._get_supplier_claim_lines().claim_id._get_action()
