from odoo import fields, models


class AfterSalesRegime(models.Model):
    _inherit = "after.sales.regime"

    quotation_tolerance = fields.Float(
        "Tolerance of Quotations (%)",
        help="By how much the work may exceed an accepted quotation before somebody must confirm it.",
    )

    _tolerance_positive = models.Constraint(
        "CHECK (quotation_tolerance IS NULL OR quotation_tolerance >= 0)",
        "The tolerance of quotations cannot be negative.",
    )
