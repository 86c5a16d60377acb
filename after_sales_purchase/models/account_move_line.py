from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """A bill made from, or matched with, the purchase order of a visit is matched with his work too."""

    _inherit = "account.move.line"

    after_sales_subcontract_id = fields.Many2one(
        compute="_compute_after_sales_subcontract_id", store=True, readonly=False, precompute=True
    )
    purchase_line_id = fields.Many2one(
        compute="_compute_purchase_line_id", store=True, readonly=False, precompute=True
    )

    @api.depends("purchase_line_id")
    def _compute_after_sales_subcontract_id(self):
        for line in self:
            # sudo: who enters a bill need not see the orders of the visits
            order_sudo = line.purchase_line_id.sudo()._get_after_sales_subcontract()
            line.after_sales_subcontract_id = order_sudo.id or line.after_sales_subcontract_id.id

    @api.depends("after_sales_subcontract_id")
    def _compute_purchase_line_id(self):
        """Who chooses the work on his bill bills its purchase order too, which cannot be billed a second time then.

        One line of his bill stands for the order; the others, and a credit note entered by hand, only change the cost.
        """
        taken = self.purchase_line_id.browse().sudo()
        for line in self:
            # sudo: as above
            order_sudo, purchase_sudo = line.after_sales_subcontract_id.sudo(), line.purchase_line_id.sudo()
            other = purchase_sudo._get_after_sales_subcontract()
            if other != order_sudo and line.move_id.move_type != "in_refund":
                kept = purchase_sudo if not other else other.purchase_line_ids.browse()
                # of this bill what the form holds counts, not what is saved
                taken |= (line.move_id.invoice_line_ids - line).purchase_line_id.sudo()
                wanted_sudo = order_sudo.purchase_line_ids - taken
                purchase_sudo = wanted_sudo._filter_after_sales_unbilled(line.move_id._origin) or kept
                taken |= purchase_sudo
            line.purchase_line_id = purchase_sudo.sudo(False)

    def write(self, vals):
        if "purchase_line_id" not in vals:
            return super().write(vals)
        before = self._get_billed_subcontracts()
        result = super().write(vals)
        (before | self._get_billed_subcontracts())._apply_bills()
        return result
