from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    after_sales_card_mail = fields.Boolean(
        "Send Warranty Cards", help="After a delivery is done, its warranty cards are mailed to the customer."
    )
