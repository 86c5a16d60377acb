from odoo import api, fields, models

from ..tools import adjust


class AfterSalesIndexValue(models.Model):
    """The figure of a month. Figures are entered or imported; any day of the month stands for it."""

    _name = "after.sales.index.value"
    _description = "Figure of a Price Index"
    _order = "index_id, month desc"

    index_id = fields.Many2one("after.sales.index", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="index_id.company_id", store=True, index="btree_not_null")
    month = fields.Date(
        required=True, help="Month and year, as 03/2026. An import may give any day of the month."
    )
    value = fields.Float("Figure", digits=(16, 4), required=True, aggregator="avg")
    link = fields.Float(
        "Link to the Series Before",
        digits=(16, 6),
        default=1.0,
        required=True,
        aggregator=None,
        help="In the first month of a new base year: the published coefficient that continues the old series. Else 1.",
    )

    _month_uniq = models.UniqueIndex("(index_id, month)", "The index has a figure for this month already.")
    _positive = models.Constraint(
        "CHECK (value > 0 AND link > 0)", "A figure and its link are more than zero."
    )

    @api.depends("index_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.index_id.name} {row.index_id._format_month(row.month)}"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._on_first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._on_first_day(vals))

    @api.model
    def _on_first_day(self, vals):
        day = fields.Date.to_date(vals.get("month"))
        return {**vals, "month": adjust.month_of(day)} if day else vals
