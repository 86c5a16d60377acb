from odoo import models
from odoo.fields import Command


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _modify_default_reverse_values(self, origin_move):
        """A corrected invoice bills the goods of the wrong one: it cites their documents (L17)."""
        values = super()._modify_default_reverse_values(origin_move)
        return {**values, "after_sales_ddt_ids": [Command.set(origin_move.after_sales_ddt_ids.ids)]}
