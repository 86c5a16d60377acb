from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._date_after_sales_units()
        return posted

    def _date_after_sales_units(self):
        """Tell the units delivered for these invoices when they were invoiced, the first time."""
        invoices = self.filtered(lambda move: move.move_type == "out_invoice" and move.invoice_date)
        if not invoices.line_ids.sale_line_ids:
            return
        # The accountant has no right on units and needs none.
        unit_sudo = self.env["after.sales.unit"].sudo()
        units_sudo = unit_sudo.search(
            [("sale_line_id", "in", invoices.line_ids.sale_line_ids.ids), ("invoice_date", "=", False)]
        )
        dates = {}
        for invoice in invoices.sorted("invoice_date"):
            for line in invoice.line_ids.sale_line_ids:
                dates.setdefault(line.id, invoice.invoice_date)
        for unit in units_sudo:
            unit.invoice_date = dates[unit.sale_line_id.id]
