from odoo import models


class AccountAnalyticLine(models.Model):
    """What a visit entered is billed by the charges of the visit: it belongs to no line of a sales order."""

    _inherit = "account.analytic.line"

    def _timesheet_determine_sale_line(self):
        if self.after_sales_session_id:
            return self.env["sale.order.line"]
        return super()._timesheet_determine_sale_line()
