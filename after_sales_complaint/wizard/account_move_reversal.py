from odoo import fields, models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    after_sales_measure_id = fields.Many2one("after.sales.complaint.measure", readonly=True)

    def _prepare_default_reversal(self, move):
        """A remedy credits its own amount, not the whole invoice."""
        values = super()._prepare_default_reversal(move)
        if self.after_sales_measure_id:
            values["line_ids"] = self.after_sales_measure_id._prepare_refund_line_commands()
        return values
