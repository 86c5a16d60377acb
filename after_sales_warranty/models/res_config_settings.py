from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    after_sales_card_mail = fields.Boolean(related="company_id.after_sales_card_mail", readonly=False)
    after_sales_goodwill_months = fields.Float(
        related="company_id.after_sales_goodwill_months", readonly=False
    )
    after_sales_offer_days = fields.Integer(related="company_id.after_sales_offer_days", readonly=False)
    after_sales_refused_months = fields.Integer(
        related="company_id.after_sales_refused_months", readonly=False
    )
    after_sales_repair_months = fields.Integer(related="company_id.after_sales_repair_months", readonly=False)
    after_sales_expiry_days = fields.Integer(related="company_id.after_sales_expiry_days", readonly=False)
