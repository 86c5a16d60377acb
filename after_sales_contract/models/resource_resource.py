from odoo import fields, models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    is_technician = fields.Boolean("Technician", index=True, help="Can be sent on interventions.")
    skill_ids = fields.Many2many(
        "after.sales.skill",
        "after_sales_skill_resource_rel",
        "resource_id",
        "skill_id",
        string="Service Skills",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    tariff_id = fields.Many2one(
        "after.sales.tariff",
        "Own Tariff",
        check_company=True,
        help="Prices of this technician's work.",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    hourly_cost = fields.Monetary(
        currency_field="company_currency_id",
        help="Real cost of an hour, where no employee record knows it.",
        groups="after_sales_warranty.group_after_sales_manager",
    )
