from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_after_sales_invoice_dates(self):
        """Date of the first posted invoice of each line that has one."""
        dates = {}
        for line in self:
            posted = line.invoice_lines.filtered(
                lambda aml: (
                    aml.parent_state == "posted"
                    and aml.move_type == "out_invoice"
                    and aml.move_id.invoice_date
                )
            )
            if posted:
                dates[line.id] = min(posted.move_id.mapped("invoice_date"))
        return dates
