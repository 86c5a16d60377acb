from odoo import fields, models


class AfterSalesSkill(models.Model):
    _name = "after.sales.skill"
    _description = "Technician's Skill"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    resource_ids = fields.Many2many(
        "resource.resource", "after_sales_skill_resource_rel", "skill_id", "resource_id", string="Technicians"
    )

    _name_uniq = models.Constraint("UNIQUE (name)", "There is already a skill of this name.")
