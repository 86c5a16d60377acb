from odoo import models


class AccountMove(models.Model):
    """A credit note takes back an extension that has not started; a new invoice gives it again."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        for move in posted.filtered(lambda m: m.move_type in ("out_refund", "out_invoice")):
            # The accountant may not read every order; what he posts decides all the same.
            lines_sudo = move.sudo().line_ids.sale_line_ids.filtered("after_sales_extension_term_id")
            lines_sudo.order_id._settle_after_sales_extensions(self.env._("Credited with %s.", move.name))
        return posted
