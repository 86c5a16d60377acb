from odoo import models

from .after_sales_return_outcome import SETTLED


class AfterSalesReturnLine(models.Model):
    """The warranty on the parts that the workshop put in runs from the day its owner has the unit back (D60, L34)."""

    _inherit = "after.sales.return.line"

    def _finish(self):
        result = super()._finish()
        # sudo: whoever hands out the goods may have their cover recorded
        for line in self.sudo().filtered(
            lambda line: line.outcome not in SETTLED and line.company_id.after_sales_repair_months
        ):
            line.unit_id._cover_new_parts(
                line.repair_ids._get_charged_moves().product_id,
                line,
                line.company_id._get_after_sales_day(line.date_done),
                self.env._("Return %s", line.return_id.name),
            )
        return result
