from odoo import api, fields, models
from odoo.exceptions import UserError

#: From its decision on, what a claim was decided by is kept.
DECIDED = ("authorised", "refused", "closed")
EVIDENCE = ("attachment_ids", "proof_ids")

#: What the rules found and who decided when: written by the actions alone.
FOUND = {
    "state",
    "warranty_id",
    "regime",
    "part_share",
    "labour_share",
    "travel_share",
    "decision",
    "date_checked",
    "decided_by_id",
    "date_decided",
    "date_closed",
}
#: What the check was asked: what it found holds for no other unit, fault or day.
ASKED = {"unit_id", "partner_id", "fault_id", "date", "company_id"}


class AfterSalesClaim(models.Model):
    """What a claim is decided by: photos, proof of purchase, what came in and how."""

    _inherit = "after.sales.claim"

    attachment_ids = fields.Many2many(
        "ir.attachment", string="Evidence", help="Photos, letters, measurements.", copy=False
    )
    proof_ids = fields.Many2many(
        "ir.attachment",
        "after_sales_claim_proof_rel",
        "claim_id",
        "attachment_id",
        string="Proof of Purchase",
        copy=False,
    )
    inspection_ids = fields.One2many("after.sales.claim.inspection", "claim_id", "Inspections")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._ensure_found(vals)
        claims = super().create(vals_list)
        claims._own_evidence()
        return claims

    def write(self, vals):
        self._ensure_found(vals)
        touched = [name for name in EVIDENCE if name in vals]
        kept = {(claim, name): claim[name] for claim in self if claim.state in DECIDED for name in touched}
        res = super().write(vals)
        for (claim, name), attachments in kept.items():
            if attachments - claim[name]:
                raise UserError(
                    self.env._("%s is decided: its evidence can be added to, not taken away.", claim.name)
                )
        if touched:
            self._own_evidence()
        return res

    def _ensure_found(self, vals):
        """Raise when a person writes what only the check and the decision write, or asks anew after the check."""
        if self.env.su:
            return
        if FOUND & vals.keys():
            raise UserError(
                self.env._(
                    "What the check found and who decided is evidence: it is written by the buttons alone."
                )
            )
        for claim in self.filtered(lambda c: c.state not in ("draft", "cancelled") and ASKED & vals.keys()):
            raise UserError(
                self.env._(
                    "%s was checked for its unit, customer, fault and day: set it back to draft to correct them.",
                    claim.name,
                )
            )

    def _own_evidence(self):
        """Whoever may read the claim may read what was uploaded with it, not its uploader alone."""
        for claim in self:
            files = claim.attachment_ids | claim.proof_ids | claim.inspection_ids.attachment_ids
            # Uploaded by the user in this form; only the claim he may write becomes their owner.
            files_sudo = files.sudo().filtered(lambda f: not f.res_id and f.create_uid == self.env.user)
            files_sudo.write({"res_model": claim._name, "res_id": claim.id})
