from odoo import api, fields, models


class AccountMove(models.Model):
    """The documents by which suppliers pay: what becomes of them tells their claims how far they are."""

    _inherit = "account.move"

    after_sales_supplier_claim_count = fields.Integer(
        compute="_compute_after_sales_supplier_claim_count", compute_sudo=True
    )

    @api.depends("after_sales_entry_ids.supplier_line_id")
    def _compute_after_sales_supplier_claim_count(self):
        for move in self:
            move.after_sales_supplier_claim_count = len(move.after_sales_entry_ids.supplier_line_id.claim_id)

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._after_sales_sync_claims()
        return posted

    def button_draft(self):
        result = super().button_draft()
        if self:
            self._after_sales_sync_claims()
        return result

    def button_cancel(self):
        # sudo: as the ledger itself, its claims follow whoever may cancel the document
        entries_sudo = self.sudo().after_sales_entry_ids.filtered("supplier_line_id")
        result = super().button_cancel()
        entries_sudo._reopen_claims()
        return result

    def _after_sales_take_over(self):
        result = super()._after_sales_take_over()
        self._after_sales_sync_claims()
        return result

    def _after_sales_sync_claims(self):
        claims_sudo = self.sudo().after_sales_entry_ids.supplier_line_id.claim_id  # see button_cancel
        claims_sudo._sync_settlement()

    def action_view_after_sales_supplier_claims(self):
        self.check_access("read")
        claims_sudo = self.sudo().after_sales_entry_ids.supplier_line_id.claim_id  # their ids only
        return claims_sudo.sudo(False)._get_action()
