from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """A bill made from, or matched with, the purchase order of a visit is matched with his work too."""

    _inherit = "account.move.line"

    after_sales_subcontract_id = fields.Many2one(
        compute="_compute_after_sales_subcontract_id", store=True, readonly=False, precompute=True
    )

    @api.depends("purchase_line_id")
    def _compute_after_sales_subcontract_id(self):
        for line in self:
            # sudo: who enters a bill need not see the orders of the visits
            order_sudo = line.purchase_line_id.sudo()._get_after_sales_subcontract()
            line.after_sales_subcontract_id = order_sudo.id or line.after_sales_subcontract_id.id

    def write(self, vals):
        if "purchase_line_id" not in vals:
            return super().write(vals)
        before = self._get_billed_subcontracts()
        result = super().write(vals)
        (before | self._get_billed_subcontracts())._apply_bills()
        return result
