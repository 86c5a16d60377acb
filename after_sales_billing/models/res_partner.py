from odoo import api, fields, models

from .after_sales_billing_run import GROUPING


class ResPartner(models.Model):
    _inherit = "res.partner"

    after_sales_billing_grouping = fields.Selection(
        GROUPING,
        "After-Sales Invoices",
        help="How contracts and calls of this customer share invoices. When empty, the company's rule holds.",
    )
    after_sales_no_statement = fields.Boolean(
        "No Statement of Work", help="Do not attach the statement of work to the invoices of this customer."
    )

    after_sales_show_covered = fields.Boolean(
        "Show Covered Work",
        help="Invoices of calls and interventions also list what a warranty or contract paid, at 100 % discount.",
    )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + [
            "after_sales_billing_grouping",
            "after_sales_no_statement",
            "after_sales_show_covered",
        ]
