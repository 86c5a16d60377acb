from odoo import models


class AccountMove(models.Model):
    """Invoices date the units they are for; credit notes take extensions back, new invoices give them again."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._date_after_sales_units()
        posted._settle_after_sales_extensions()
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

    def _settle_after_sales_extensions(self):
        for move in self.filtered(lambda m: m.move_type in ("out_refund", "out_invoice")):
            # The accountant may not read every order; what he posts decides all the same.
            lines_sudo = move.sudo().line_ids.sale_line_ids.filtered("after_sales_extension_term_id")
            lines_sudo.order_id._settle_after_sales_extensions(self.env._("Credited with %s.", move.name))
