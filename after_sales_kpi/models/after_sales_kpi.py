import json
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import months, ratio

TREND_MONTHS = 12
FACTORS = {"percent": 100.0, "per_mille": 1000.0}
STATUSES = [
    (ratio.GOOD, "On target"),
    (ratio.NEAR, "Close to target"),
    (ratio.BAD, "Off target"),
    (ratio.NONE, "Not judged"),
]


class AfterSalesKpi(models.Model):
    """A figure that steers: what is divided by what, in which direction it is good, whose it is."""

    _name = "after.sales.kpi"
    _description = "After-Sales Key Figure"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(
        string="Formula", translate=True, help="What is counted, what is left out, and when."
    )
    control = fields.Selection(
        [("process", "Process"), ("result", "Result")],
        default="process",
        required=True,
        help="Whether the figure watches the way the work is done or what the customer and the company get.",
    )
    unit = fields.Selection(
        [
            ("percent", "Percent"),
            ("per_mille", "Per 1000"),
            ("hours", "Hours"),
            ("count", "Number"),
            ("money", "Amount"),
        ],
        default="percent",
        required=True,
    )
    factor = fields.Float(compute="_compute_factor", store=True)
    direction = fields.Selection(
        [("higher", "Higher is better"), ("lower", "Lower is better")],
        default="higher",
        required=True,
    )
    has_target = fields.Boolean(string="Target Set", tracking=True)
    target = fields.Float(tracking=True)
    is_restricted = fields.Boolean(
        string="Managers Only", help="Shows costs or results that agents do not see."
    )
    user_id = fields.Many2one("res.users", string="Owner", tracking=True, domain="[('share', '=', False)]")
    window_days = fields.Integer(
        string="Window (Days)",
        help="Days in which a new case on the same unit and fault counts as a repeat of the first one.",
    )
    freeze_days = fields.Integer(
        string="Frozen After (Days)",
        default=60,
        help="Days after the end of a month until its value is no longer recomputed.",
    )

    # what is read
    fact = fields.Selection("_selection_fact", required=True)
    date_field = fields.Char(string="Key Date", required=True)
    domain = fields.Char(default="[]", required=True)
    numerator = fields.Char(required=True, help="Field of the fact and how it is summed, e.g. fixed:sum")
    denominator_fact = fields.Selection(
        "_selection_fact",
        string="Other Fact",
        help="Where the denominator comes from, when not from the same fact.",
    )
    denominator_date_field = fields.Char(string="Key Date of the Denominator")
    denominator_domain = fields.Char(string="Domain of the Denominator", default="[]", required=True)
    denominator = fields.Char(required=True, help="Field of the fact and how it is summed, e.g. measured:sum")
    error = fields.Text(readonly=True, copy=False)

    # what came out, for the current company
    value_ids = fields.One2many("after.sales.kpi.value", "kpi_id", string="Values")
    last_value_text = fields.Char(string="Last Value", compute="_compute_trend")
    last_month = fields.Char(compute="_compute_trend")
    last_status = fields.Selection(STATUSES, compute="_compute_trend")
    previous_value_text = fields.Char(string="Month Before", compute="_compute_trend")
    target_text = fields.Char(string="Target Value", compute="_compute_target_text")
    trend = fields.Text(string="Course", compute="_compute_trend")

    _code_uniq = models.Constraint("UNIQUE (code)", "A key figure with this code exists already.")
    _days_positive = models.Constraint(
        "CHECK (window_days >= 0 AND freeze_days >= 0)",
        "The days of a key figure cannot be negative.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------
    @api.model
    def _selection_fact(self):
        facts = {
            "after.sales.ticket.fact": self.env._("Calls"),
            "after.sales.clock.fact": self.env._("Service levels"),
            "after.sales.intervention.fact": self.env._("Interventions"),
            "after.sales.visit.fact": self.env._("Planned visits"),
            "after.sales.charge.fact": self.env._("Charges"),
            "after.sales.contract.month": self.env._("Contracts by month"),
            "after.sales.complaint.fact": self.env._("Complaints"),
            "after.sales.unit.month": self.env._("Installed units by month"),
            "after.sales.delivery.fact": self.env._("Deliveries"),
            "after.sales.backlog": self.env._("Open calls by day"),
        }
        return list(facts.items())

    @api.depends("unit")
    def _compute_factor(self):
        for kpi in self:
            kpi.factor = FACTORS.get(kpi.unit, 1.0)

    @api.depends("unit", "target", "has_target")
    @api.depends_context("company", "lang")
    def _compute_target_text(self):
        for kpi in self:
            kpi.target_text = kpi._format_value(kpi.target, self.env.company) if kpi.has_target else False

    @api.depends("value_ids.value", "value_ids.is_measured")
    @api.depends_context("company", "lang")
    def _compute_trend(self):
        since = months.add(fields.Date.today(), -TREND_MONTHS)
        rows = (
            self.env["after.sales.kpi.value"]
            .search(
                [
                    ("kpi_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                    ("date", ">=", since),
                    ("is_measured", "=", True),
                ],
                order="date",
            )
            .grouped("kpi_id")
        )
        for kpi in self:
            values = rows.get(kpi._origin, self.env["after.sales.kpi.value"])
            last, before = values[-1:], values[-2:-1]
            kpi.last_value_text = last.value_text
            kpi.last_status = last.status
            kpi.last_month = last.display_name if last else False
            kpi.previous_value_text = before.value_text
            kpi.trend = (
                json.dumps(
                    [
                        {
                            "key": kpi.name or "",
                            "area": True,
                            "color": "#875A7B",
                            "is_sample_data": False,
                            "values": [{"x": value.display_name, "y": value.value} for value in values],
                        }
                    ]
                )
                if len(values) > 1
                else False
            )

    def _format_value(self, value, company):
        """*value* in words of its unit, e.g. "62.5 %" or "4.2 h"."""
        self.ensure_one()
        if self.unit == "money":
            return company.currency_id.format(value)
        lang = self.env["res.lang"]._lang_get(self.env.user.lang or "en_US") or self.env["res.lang"].browse()
        number = lang.format("%.1f", value, grouping=True) if lang else f"{value:.1f}"
        return {"percent": f"{number} %", "per_mille": f"{number} ‰", "hours": f"{number} h"}.get(
            self.unit, number
        )

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------
    @api.constrains(
        "fact",
        "date_field",
        "domain",
        "numerator",
        "denominator_fact",
        "denominator_date_field",
        "denominator_domain",
        "denominator",
    )
    def _check_source(self):
        for kpi in self:
            if kpi.denominator_fact and not kpi.denominator_date_field:
                raise ValidationError(self.env._("“%s” needs the key date of its denominator.", kpi.name))
            for source in (kpi._get_numerator_source(), kpi._get_denominator_source()):
                kpi._check_one_source(*source)

    def _check_one_source(self, model, measure, date_field, domain):
        fact = self.env[model]
        fname, __, aggregator = measure.partition(":")
        if fname not in fact._fields or not aggregator:
            raise ValidationError(
                self.env._(
                    "“%(measure)s” cannot be measured: give a field of “%(fact)s” and how it is summed, e.g. “%(example)s”.",
                    measure=measure,
                    fact=fact._description,
                    example="id:count",
                )
            )
        if date_field not in fact._fields or fact._fields[date_field].type != "date":
            raise ValidationError(
                self.env._(
                    "“%(field)s” is not a date of “%(fact)s”.",
                    field=date_field,
                    fact=fact._description,
                )
            )
        try:
            Domain(literal_eval(domain)).validate(fact)
        except (ValueError, SyntaxError, TypeError) as error:
            raise ValidationError(
                self.env._(
                    "The domain of “%(name)s” cannot be read: %(error)s",
                    name=self.name,
                    error=error,
                )
            ) from error

    # ------------------------------------------------------------
    # Reading the facts
    # ------------------------------------------------------------
    def _get_numerator_source(self):
        return self.fact, self.numerator, self.date_field, self.domain

    def _get_denominator_source(self):
        if self.denominator_fact:
            return (
                self.denominator_fact,
                self.denominator,
                self.denominator_date_field,
                self.denominator_domain,
            )
        return self.fact, self.denominator, self.date_field, self.domain

    def _read_facts(self, start, stop):
        """{(month, company id): Ratio} of the months from *start* to *stop*, of all companies."""
        self.ensure_one()
        sources = [self._get_numerator_source(), self._get_denominator_source()]
        parts = []
        for model, measure, date_field, domain in sources:
            # totals are of the whole company, whoever asks; the drill-down obeys the user's rights
            facts_sudo = self.env[model].sudo().with_context(active_test=False)
            domain = (
                Domain(literal_eval(domain))
                & Domain(date_field, ">=", start)
                & Domain(date_field, "<=", months.last_day(stop))
            )
            parts.append(
                {
                    (month, company.id): value or 0.0
                    for month, company, value in facts_sudo._read_group(
                        domain, [f"{date_field}:month", "company_id"], [measure]
                    )
                }
            )
        return {
            key: ratio.Ratio(parts[0].get(key, 0.0), parts[1].get(key, 0.0))
            for key in {**parts[0], **parts[1]}
        }

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------
    def action_open_values(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("after_sales_kpi.after_sales_kpi_value_action")
        action["name"] = self.name
        action["domain"] = [("kpi_id", "=", self.id)]
        action["context"] = {"default_kpi_id": self.id}
        return action
