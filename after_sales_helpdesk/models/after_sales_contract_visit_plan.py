from odoo import fields, models


class AfterSalesContractVisitPlan(models.Model):
    _inherit = "after.sales.contract.visit.plan"

    lead_days = fields.Integer(
        "Prepare (days before)",
        default=14,
        required=True,
        help="How many days before its date an intervention is made of the planned visit.",
    )
    reminder_days = fields.Integer(
        "Remind (days before)",
        default=3,
        required=True,
        help="How many days before the customer is reminded of it; 0 means never.",
    )

    _lead_positive = models.Constraint(
        "CHECK (lead_days >= 0 AND reminder_days >= 0)", "Days of a visit plan cannot be negative."
    )
