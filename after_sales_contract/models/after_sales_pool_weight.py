from odoo import api, fields, models


class AfterSalesPoolWeight(models.Model):
    """How much of a pool an hour of an activity takes, e.g. 1.5 for an hour of the night. What is not listed takes
    one hour if it is labour, and is not paid by the pool otherwise."""

    _name = "after.sales.pool.weight"
    _description = "Weight of an Activity in an Hour Pool"
    _order = "template_id, pool_id, sequence, id"

    template_id = fields.Many2one("after.sales.contract.template", index="btree_not_null", ondelete="cascade")
    pool_id = fields.Many2one("after.sales.pool", index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("labour", "Labour"), ("overtime", "Overtime"), ("travel_time", "Travel time")],
        "Activity",
        help="Empty: every activity.",
    )
    band_id = fields.Many2one(
        "after.sales.time.band", "Time Band", ondelete="restrict", help="Empty: every hour."
    )
    weight = fields.Float(
        default=1.0, required=True, help="Hours of the pool for an hour of work; 0 = not paid by it."
    )

    _one_owner = models.Constraint(
        "CHECK ((template_id IS NULL) <> (pool_id IS NULL))", "A weight belongs to a template or to a pool."
    )
    _weight_positive = models.Constraint("CHECK (weight >= 0)", "A weight cannot be negative.")
    _activity_uniq = models.UniqueIndex(
        "(COALESCE(template_id, 0), COALESCE(pool_id, 0), COALESCE(kind, ''), COALESCE(band_id, 0))",
        "Two weights are for the same activity and time band: keep one of them.",
    )
    _names_something = models.Constraint(
        "CHECK (kind IS NOT NULL OR band_id IS NOT NULL)", "A weight names an activity, a time band, or both."
    )

    @api.depends("template_id.company_id", "pool_id.company_id")
    def _compute_company_id(self):
        for weight in self:
            weight.company_id = weight.pool_id.company_id or weight.template_id.company_id
