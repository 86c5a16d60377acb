from odoo import fields, models


class AfterSalesBillingRunLine(models.Model):
    _inherit = "after.sales.billing.run.line"

    invoice_by = fields.Date(
        readonly=True,
        help="Last day of the invoice by law: so many days after the work, or, for goods that left with a transport"
        " document, the 15th of the month after. Prices of contracts have none: they are due when agreed.",
    )
