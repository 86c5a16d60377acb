from odoo import fields, models


class AfterSalesService(models.Model):
    _inherit = "after.sales.service"

    requirement_ids = fields.One2many(
        "after.sales.service.requirement", "service_id", string="Data Needed", copy=True
    )
