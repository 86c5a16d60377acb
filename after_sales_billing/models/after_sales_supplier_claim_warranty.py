from odoo import fields, models


class AfterSalesSupplierClaim(models.Model):
    """The claims of customers that a claim to a supplier rests on."""

    _inherit = "after.sales.supplier.claim"

    warranty_claim_count = fields.Integer(
        "Warranty Claims", compute="_compute_warranty_claim_count", compute_sudo=True
    )

    def _compute_warranty_claim_count(self):
        for claim in self:
            claim.warranty_claim_count = len(claim._get_warranty_claims())

    def _get_warranty_claims(self):
        # sudo: which ones they are; who opens them needs the right to read them
        lines_sudo = self.sudo().line_ids
        units = lines_sudo.unit_id | lines_sudo.charge_id.unit_id
        claims_sudo = lines_sudo.charge_id.ticket_id.claim_id | self.env["after.sales.claim"].sudo().search(
            [("unit_id", "in", units.ids)]
        )
        return claims_sudo.filtered(
            lambda claim: any(line._is_for_warranty_claim(claim) for line in lines_sudo)
        ).sudo(False)

    def action_view_warranty_claims(self):
        return self._open(self._get_warranty_claims())


class AfterSalesSupplierClaimLine(models.Model):
    _inherit = "after.sales.supplier.claim.line"

    def _is_for_warranty_claim(self, claim):
        """Whether the work was done for a customer's claim: by the call; where that has none, by the unit."""
        self.ensure_one()
        charge_sudo = self.sudo().charge_id
        own = charge_sudo.ticket_id.claim_id
        return (
            own == claim.sudo() if own else claim.sudo().unit_id in self.sudo().unit_id | charge_sudo.unit_id
        )
