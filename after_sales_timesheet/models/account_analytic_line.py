from odoo import fields, models


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    after_sales_session_id = fields.Many2one(
        "after.sales.session",
        "Session of an Intervention",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
    )

    _after_sales_session_once = models.UniqueIndex(
        "(after_sales_session_id) WHERE after_sales_session_id IS NOT NULL",
        "This session is on a timesheet already.",
    )
