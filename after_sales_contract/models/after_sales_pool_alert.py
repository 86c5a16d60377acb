from odoo import fields, models


class AfterSalesPoolAlert(models.Model):
    """A threshold that a pool has crossed, and who was told of it. One row per crossing: a top-up archives it, so
    that the next time somebody is told again."""

    _name = "after.sales.pool.alert"
    _description = "Hour Pool Alert"
    _order = "date desc, id desc"

    pool_id = fields.Many2one("after.sales.pool", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="pool_id.company_id", store=True, index=True)
    threshold_id = fields.Many2one("after.sales.pool.threshold", required=True, ondelete="restrict")
    date = fields.Datetime("Reached on", required=True, default=fields.Datetime.now)
    name = fields.Char("Message", required=True)
    partner_id = fields.Many2one(
        "res.partner", "Told", help="Empty: a higher threshold was reached at once, told instead."
    )
    email = fields.Char("Sent to")
    active = fields.Boolean(default=True)

    _once = models.UniqueIndex("(pool_id, threshold_id) WHERE active", "This threshold was told already.")
