from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    after_sales_card_mail = fields.Boolean(related="company_id.after_sales_card_mail", readonly=False)
