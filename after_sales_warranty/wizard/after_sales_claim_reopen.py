from odoo import fields, models


class AfterSalesClaimReopen(models.TransientModel):
    """A decision is looked at again: why, in writing."""

    _name = "after.sales.claim.reopen"
    _description = "Reopen a Claim"

    claim_ids = fields.Many2many("after.sales.claim", string="Claims", required=True)
    reason = fields.Text(required=True)

    def action_reopen(self):
        self.ensure_one()
        self.claim_ids._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
