from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import months, ratio
from .after_sales_kpi import STATUSES


class AfterSalesKpiValue(models.Model):
    """A key figure of one company in one month: numerator and denominator, divided late."""

    _name = "after.sales.kpi.value"
    _description = "After-Sales Key Figure of a Month"
    _order = "date desc, kpi_id, company_id"

    kpi_id = fields.Many2one(
        "after.sales.kpi", string="Key Figure", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="kpi_id.user_id", string="Owner", store=True)
    date = fields.Date(string="Month", required=True, index=True, help="First day of the month.")
    unit = fields.Selection(related="kpi_id.unit")
    direction = fields.Selection(related="kpi_id.direction")
    factor = fields.Float(related="kpi_id.factor", store=True, aggregator=None)
    numerator = fields.Float(readonly=True)
    denominator = fields.Float(readonly=True)
    is_measured = fields.Boolean(string="Measured", compute="_compute_value", store=True)
    value = fields.Float(compute="_compute_value", store=True, aggregator="avg")
    value_text = fields.Char(string="Result", compute="_compute_value_text")
    has_target = fields.Boolean(string="Target Set", readonly=True)
    target = fields.Float(readonly=True, aggregator="avg", help="The target when the value was computed.")
    status = fields.Selection(STATUSES, compute="_compute_status", store=True)
    computed_on = fields.Datetime(readonly=True)
    frozen_on = fields.Date(readonly=True, help="Since this day late facts no longer change the value.")

    _period_uniq = models.UniqueIndex(
        "(kpi_id, company_id, date)",
        "This key figure has a value for this company and month already.",
    )

    @api.depends("numerator", "denominator", "factor")
    def _compute_value(self):
        for record in self:
            value = ratio.Ratio(record.numerator, record.denominator).value(record.factor)
            record.is_measured = value is not None
            record.value = value or 0.0

    @api.depends("value", "is_measured", "has_target", "target", "kpi_id.direction")
    def _compute_status(self):
        for record in self:
            record.status = ratio.judge(
                record.value if record.is_measured else None,
                record.target if record.has_target else None,
                record.kpi_id.direction,
            )

    @api.depends("value", "is_measured", "kpi_id.unit")
    @api.depends_context("lang")
    def _compute_value_text(self):
        for record in self:
            measured = record.is_measured
            record.value_text = (
                record.kpi_id._format_value(record.value, record.company_id) if measured else False
            )

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = (
                format_date(self.env, record.date, date_format="LLL yyyy") if record.date else ""
            )

    def _read_group_select(self, aggregate_spec, query):
        """Several months or companies together are divided after summing."""
        if aggregate_spec.partition(":")[0] != "value":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%s * %s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "numerator", query),
            self._field_to_sql(self._table, "factor", query),
            self._field_to_sql(self._table, "denominator", query),
        )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------
    def action_recompute(self):
        """Reopen a frozen month, for a correction that came late."""
        if not self.env.user.has_group("after_sales_warranty.group_after_sales_manager"):
            raise UserError(self.env._("Only a manager of After-Sales can recompute key figures."))
        self.check_access("read")
        for value_sudo in self.sudo():  # values are written by nobody by hand
            value_sudo.frozen_on = False
            value_sudo.kpi_id._refresh(value_sudo.date, value_sudo.date, value_sudo.company_id)

    def action_open_facts(self):
        """The records behind the value: those of the numerator's fact, within the user's rights."""
        self.ensure_one()
        return self._get_drill_action(self.kpi_id._get_numerator_source())

    def action_open_denominator(self):
        self.ensure_one()
        return self._get_drill_action(self.kpi_id._get_denominator_source())

    def _get_drill_action(self, source):
        model, __, date_field, domain = source
        domain = Domain(literal_eval(domain)) & Domain(
            [
                ("company_id", "=", self.company_id.id),
                (date_field, ">=", self.date),
                (date_field, "<=", months.last_day(self.date)),
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(kpi)s: %(month)s", kpi=self.kpi_id.name, month=self.display_name),
            "res_model": model,
            "view_mode": "list,pivot,graph",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "search_view_id": [False],
            "domain": list(domain),
        }
