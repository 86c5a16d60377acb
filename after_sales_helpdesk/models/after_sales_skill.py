from odoo import fields, models


class AfterSalesSkill(models.Model):
    _inherit = "after.sales.skill"

    validity_months = fields.Integer(
        string="Valid for (Months)", help="How long a training of this skill counts; 0: for good."
    )
    training_ids = fields.One2many("after.sales.training", "skill_id", string="Training Records")

    _validity_positive = models.Constraint(
        "CHECK (validity_months >= 0)", "A number of months cannot be negative."
    )
