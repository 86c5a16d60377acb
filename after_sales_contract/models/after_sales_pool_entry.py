from odoo import fields, models


class AfterSalesPoolEntry(models.Model):
    _name = "after.sales.pool.entry"
    _description = "Hour Pool Entry"
    _order = "date desc, id desc"
    _check_company_auto = True

    pool_id = fields.Many2one(
        "after.sales.pool", required=True, index=True, ondelete="cascade", check_company=True
    )
    contract_id = fields.Many2one(related="pool_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="pool_id.company_id", store=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    name = fields.Char("Description", required=True)
    kind = fields.Selection(
        [("purchase", "Bought"), ("consume", "Used"), ("adjust", "Correction"), ("expire", "Expired")],
        default="purchase",
        required=True,
    )
    quantity = fields.Float(
        "Hours", required=True, digits="Product Unit", help="Positive adds, negative takes."
    )
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user, readonly=True)
    res_model = fields.Char("Caused by Model")
    res_id = fields.Many2oneReference("Caused by", model_field="res_model")
    source_key = fields.Char(default="")

    _source_uniq = models.UniqueIndex(
        "(pool_id, kind, res_model, res_id, source_key) WHERE res_id IS NOT NULL", "This was already counted."
    )
    _sign = models.Constraint(
        "CHECK (kind = 'adjust' OR (kind = 'purchase' AND quantity > 0) OR (kind IN ('consume', 'expire') AND quantity < 0))",
        "Bought hours are positive, used and expired hours negative.",
    )
