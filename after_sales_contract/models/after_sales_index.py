from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import adjust

#: So many missing months are named.
MOST_MONTHS = 12


class AfterSalesIndex(models.Model):
    """A published series of monthly figures, such as a consumer price index, by which prices are adjusted."""

    _name = "after.sales.index"
    _description = "Price Index"
    _order = "name"

    name = fields.Char(required=True)
    source = fields.Char(help="Who publishes it and where.")
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: for all companies.")
    active = fields.Boolean(default=True)
    value_ids = fields.One2many("after.sales.index.value", "index_id", "Figures", copy=True)
    last_month = fields.Date("Last Published", compute="_compute_last_month")

    missing_months = fields.Char(
        "Months without a Figure",
        compute="_compute_missing_months",
        help="Holes between the first figure and the last: who adjusts prices by one of them waits for it.",
    )

    @api.depends("value_ids.month")
    @api.depends_context("lang")
    def _compute_missing_months(self):
        for index in self:
            months = adjust.holes(index.value_ids.filtered("month").mapped("month"))
            names = [self._format_month(month) for month in months]
            index.missing_months = ", ".join([*names[:MOST_MONTHS], *(["…"] if names[MOST_MONTHS:] else [])])

    def _compute_last_month(self):
        last = dict(
            self.env["after.sales.index.value"]._read_group(
                [("index_id", "in", self.ids)], ["index_id"], ["month:max"]
            )
        )
        for index in self:
            index.last_month = last.get(index, False)

    def action_view_values(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_index_value_action"
        )
        return {**action, "domain": [("index_id", "=", self.id)], "context": {"default_index_id": self.id}}

    @api.model
    def _format_month(self, month):
        return format_date(self.env, month, date_format="MM/yyyy")

    def _get_figures(self):
        """The table for the pure rules, by month."""
        self.ensure_one()
        return {
            row.month: adjust.Figure(Decimal(str(row.value)), Decimal(str(row.link)))
            for row in self.value_ids
        }

    def _get_ratio(self, base, now):
        """How many times the index of one month that of another is, a Fraction (D11).

        :raise UserError: a month has no figure: it is not published yet or missing in the table
        """
        self.ensure_one()
        try:
            return adjust.index_ratio(self._get_figures(), base, now)
        except adjust.MissingFigure as missing:
            raise UserError(
                self.env._(
                    "%(index)s has no figure for %(month)s: enter or import it, then preview again.",
                    index=self.name,
                    month=self._format_month(missing.month),
                )
            )
