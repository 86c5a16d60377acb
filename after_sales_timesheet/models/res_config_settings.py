from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    after_sales_project_id = fields.Many2one(
        related="company_id.after_sales_project_id",
        readonly=False,
        domain="[('allow_timesheets', '=', True), ('company_id', 'in', (company_id, False))]",
    )
