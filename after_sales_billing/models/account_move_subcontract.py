from odoo import models


class AccountMove(models.Model):
    """Subcontractors' bills give his work its real cost while they are posted."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._apply_subcontract_bills()
        return posted

    def button_draft(self):
        bills = self.filtered(lambda move: move.state == "posted")
        result = super().button_draft()
        if bills:
            bills._apply_subcontract_bills()
        return result

    def _apply_subcontract_bills(self):
        bills = self.filtered(lambda move: move.is_purchase_document(include_receipts=True))
        # sudo: who posts a bill needs no right on the orders of the visits
        bills.invoice_line_ids.sudo().after_sales_subcontract_id._apply_bills()
