from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import recovery


class AfterSalesSupplierClaimAnswer(models.TransientModel):
    """What the supplier says: all of it, a part (line by line, or one sum that is shared out), nothing."""

    _name = "after.sales.supplier.claim.answer"
    _description = "Answer of the Supplier"

    claim_id = fields.Many2one("after.sales.supplier.claim", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    amount_claimed = fields.Monetary(related="claim_id.amount_claimed")
    outcome = fields.Selection(
        [("agreed", "Agreed in full"), ("partial", "Agreed in part"), ("refused", "Refused")],
        "Answer",
        required=True,
        default="agreed",
    )
    amount = fields.Monetary(
        "Agreed",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="What the lines say. Another sum is shared out over the lines by what they claim.",
    )
    supplier_reference = fields.Char(
        "Supplier's Reference", compute="_compute_supplier_reference", store=True, readonly=False
    )
    reason = fields.Text(help="Why it is refused, or not paid in full.")

    @api.depends("claim_id", "outcome")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = {
                "agreed": wizard.claim_id.amount_claimed,
                "partial": wizard.claim_id.amount_agreed,
            }.get(wizard.outcome, 0.0)

    @api.depends("claim_id")
    def _compute_supplier_reference(self):
        for wizard in self:
            wizard.supplier_reference = wizard.claim_id.supplier_reference

    def action_apply(self):
        self.ensure_one()
        claim = self.claim_id
        claim._ensure_state("sent")
        if self.supplier_reference:
            claim.supplier_reference = self.supplier_reference
        if self.outcome == "agreed":
            claim.action_agree()
        elif self.outcome == "refused":
            if not self.reason:
                raise UserError(self.env._("Say why the supplier refuses."))
            claim._refuse(self.reason)
        else:
            self._agree_in_part()
        if self.reason:
            claim.message_post(body=self.env._("Answer of the supplier: %s", self.reason))
        return {"type": "ir.actions.act_window_close"}

    def _agree_in_part(self):
        claim, currency = self.claim_id, self.currency_id
        if (
            currency.compare_amounts(self.amount, 0.0) <= 0
            or currency.compare_amounts(self.amount, claim.amount_claimed) >= 0
        ):
            raise UserError(
                self.env._("A part lies above zero and below %s.", currency.format(claim.amount_claimed))
            )
        if currency.compare_amounts(self.amount, claim.amount_agreed):
            lines = claim.line_ids
            parts = recovery.spread(
                currency.round(self.amount), lines.mapped("amount_claimed"), currency.rounding
            )
            for line, part in zip(lines, parts, strict=True):
                line.amount_agreed = part
        if self.reason:
            claim.refusal_reason = self.reason
        claim._answer()
