from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    after_sales_renewal_days = fields.Integer(related="company_id.after_sales_renewal_days", readonly=False)
    after_sales_consumer_days = fields.Integer(related="company_id.after_sales_consumer_days", readonly=False)
    after_sales_ending_days = fields.Integer(related="company_id.after_sales_ending_days", readonly=False)
    after_sales_responsible_days = fields.Integer(
        related="company_id.after_sales_responsible_days", readonly=False
    )
