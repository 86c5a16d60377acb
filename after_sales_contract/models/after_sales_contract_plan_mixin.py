from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import periods
from ..tools.plan import Schedule


class AfterSalesContractPlanMixin(models.AbstractModel):
    """The plan of a contract: rows made ahead for instalments, visits and pools, and kept in step with its terms."""

    _name = "after.sales.contract.plan.mixin"
    _description = "Plan of a Service Contract"

    visit_plan_ids = fields.One2many("after.sales.contract.visit.plan", "contract_id", copy=True)
    instalment_ids = fields.One2many("after.sales.contract.instalment", "contract_id", "Instalments")
    visit_ids = fields.One2many("after.sales.contract.visit", "contract_id", "Planned Visits")
    pool_ids = fields.One2many("after.sales.pool", "contract_id", "Hour Pools")
    instalment_count = fields.Integer(compute="_compute_plan_counts")
    visit_count = fields.Integer(compute="_compute_plan_counts")
    pool_balance = fields.Float("Hours Left", compute="_compute_pool_balance", digits="Product Unit")
    next_due_date = fields.Date(
        compute="_compute_next_due_date", help="Due date of the first instalment that is not billed."
    )
    is_plan_outdated = fields.Boolean(
        compute="_compute_is_plan_outdated",
        help="Prices, dates or units changed after the instalments were made.",
    )

    # === COMPUTE ===#

    def _compute_plan_counts(self):
        for name, model in (
            ("instalment_count", "after.sales.contract.instalment"),
            ("visit_count", "after.sales.contract.visit"),
        ):
            domain = [("contract_id", "in", self.ids), ("state", "!=", "cancelled")]
            counts = dict(self.env[model]._read_group(domain, ["contract_id"], ["__count"]))
            for contract in self:
                contract[name] = counts.get(contract, 0)

    @api.depends("pool_ids.balance")
    def _compute_pool_balance(self):
        for contract in self:
            contract.pool_balance = sum(contract.pool_ids.mapped("balance"))

    @api.depends(
        "instalment_ids.date_due",
        "instalment_ids.state",
        "instalment_ids.is_billed",
        "state",
        "tacit_renewal",
        "date_end",
        "date_closed",
    )
    def _compute_next_due_date(self):
        for contract in self:
            due = contract.instalment_ids.filtered(lambda row: row.state == "planned" and not row.is_billed)
            contract.next_due_date = min(due.mapped("date_due"), default=contract._get_date_after_plan())

    def _get_date_after_plan(self):
        """D22: when all is billed, the next date is that of the renewal if there is one."""
        self.ensure_one()
        renews = self.state == "running" and self.tacit_renewal and self.date_end and not self.date_closed
        return renews and periods.add(self.date_end, 1, "day")

    @api.depends(
        "state",
        "date_closed",
        "interval",
        "interval_unit",
        "timing",
        "alignment",
        "line_ids.price_subtotal",
        "line_ids.date_from",
        "line_ids.date_to",
        "free_months",
        "cover_ids.date_from",
        "cover_ids.date_to",
        "cover_ids.date_priced_to",
        "instalment_ids.amount",
        "instalment_ids.state",
    )
    def _compute_is_plan_outdated(self):
        for contract in self:
            contract.is_plan_outdated = (
                contract.state in ("proposed", "running", "notice") and contract._is_plan_outdated()
            )

    # === ACTIONS ===#

    def action_update_plan(self):
        """Make the planned instalments and visits what the contract says now; what was billed or done stays."""
        self._ensure_state("draft", "proposed", "running", "notice")
        self._ensure_complete()
        self._sync_plan()
        self.filtered(lambda contract: contract.state in ("running", "notice"))._sync_visits()

    def action_view_instalments(self):
        return self._action_rows("after_sales_contract.after_sales_contract_instalment_action")

    def action_view_visits(self):
        return self._action_rows("after_sales_contract.after_sales_contract_visit_action")

    def action_view_covers(self):
        return self._action_rows("after_sales_contract.after_sales_contract_cover_action")

    def action_view_pools(self):
        return self._action_rows("after_sales_contract.after_sales_pool_action")

    def _action_rows(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("contract_id", "in", self.ids)]
        action["context"] = {"default_contract_id": self.id if len(self) == 1 else False}
        return action

    # === INSTALMENTS ===#

    def _get_schedule(self, start=None):
        """How the contract, or a term of it that begins on ``start``, is billed, for the rules of tools/plan.py."""
        self.ensure_one()
        anchor = start or self.date_start
        if self.alignment == "calendar":
            anchor = periods.calendar_anchor(anchor, self.interval_unit)
        rounding = Decimal(str(self.currency_id.rounding))
        return Schedule(self.interval, self.interval_unit, self.timing, anchor, rounding)

    def _sync_plan(self):
        """Instalments of all lines: update what is there, add what is missing, cancel what is not owed any more.

        One create for the whole batch. An instalment that is billed never changes.
        """
        Instalment = self.env["after.sales.contract.instalment"]
        to_create = []
        dropped = Instalment
        for line in self.line_ids:
            line._release_lost_instalments()
            known = {(row.date_from, row.correction): row for row in line._get_open_instalments()}
            for vals in line._prepare_instalments():
                if row := known.pop((vals["date_from"], vals["correction"]), None):
                    row._write_changes(vals)
                else:
                    to_create.append(vals)
            dropped = dropped.union(*known.values())
        dropped._drop()
        # sudo: the plan follows from the contract, whoever may change that one
        return Instalment.sudo().create(to_create).sudo(False)

    def _is_plan_outdated(self):
        self.ensure_one()
        for line in self.line_ids:
            actual = {(row.date_from, row.correction): row for row in line._get_open_instalments()}
            expected = line._prepare_instalments(with_text=False)
            if len(actual) != len(expected):
                return True
            for vals in expected:
                # What older plans did not note is no change of them; whose rows they are a form knows by copies only.
                for name in ("unit_days", "day_quantities", "line_id", "contract_id"):
                    vals.pop(name, None)
                row = actual.get((vals["date_from"], vals["correction"]))
                if not row or row._get_changes(vals):
                    return True
        return False

    def _get_instalment_summary(self):
        """Instalments by due date and period, all lines together, for the printed contract."""
        self.ensure_one()
        groups = self.env["after.sales.contract.instalment"]._read_group(
            [("contract_id", "=", self.id), ("state", "=", "planned")],
            ["date_due:day", "date_from:day", "date_to:day"],
            ["amount:sum"],
            order="date_due:day, date_from:day",
        )
        return [
            {"date_due": due, "date_from": start, "date_to": stop, "amount": amount}
            for due, start, stop, amount in groups
        ]

    # === VISITS ===#

    def _sync_visits(self):
        """Visits of the plans until the end. One that is scheduled, done or was moved by hand stays as it is."""
        vals_list = []
        dropped = self.env["after.sales.contract.visit"]
        planned = self.filtered("visit_plan_ids")
        rules = planned._get_workday_rules()
        for contract in planned:
            stop = contract.date_closed or contract.date_end
            is_workday = rules[contract]
            for plan in contract.visit_plan_ids:
                dates = set(plan._get_dates(contract.date_start, stop, is_workday))
                for visit in plan.visit_ids:
                    if visit.date_planned in dates:
                        dates.remove(visit.date_planned)
                    elif visit.state == "planned":
                        dropped |= visit
                vals_list += [contract._prepare_visit_vals(plan, day) for day in sorted(dates)]
        dropped.unlink()
        return self.env["after.sales.contract.visit"].create(vals_list)

    def _prepare_visit_vals(self, plan, day):
        self.ensure_one()
        return {
            "contract_id": self.id,
            "plan_id": plan.id,
            "service_id": plan.service_id.id,
            "site_id": self.site_ids[:1].id,
            "date": day,
            "date_planned": day,
            "tolerance": plan.tolerance,
        }

    def _get_workday_rules(self):
        """Whether somebody works on a day, for each contract: by the calendar of its service level or the company.

        The days off of a calendar are read once, however many contracts go by it.
        """
        rules = {}
        by_calendar = self.grouped(
            lambda contract: (
                contract.company_id,
                contract.service_level_id.calendar_id or contract.company_id.resource_calendar_id,
            )
        )
        for (company, calendar), contracts in by_calendar.items():
            rule = contracts._get_workday_rule(company, calendar)
            rules.update(dict.fromkeys(contracts, rule))
        return rules

    def _get_workday_rule(self, company, calendar):
        weekdays = {int(weekday) for weekday in calendar.attendance_ids.mapped("dayofweek")}
        if not weekdays:
            return None
        holidays = self.env["after.sales.time.band"]._get_holidays(
            fields.Datetime.to_datetime(min(self.mapped("date_start"))),
            fields.Datetime.to_datetime(periods.add(max(self.mapped("date_end")), 31, "day")),
            calendar.tz or "UTC",
            company,
            calendar,
        )
        return lambda day: day.weekday() in weekdays and day not in holidays

    def _get_billed_lines(self):
        """Lines of which something is billed: their price and dates are facts."""
        return self.line_ids.filtered(lambda line: any(row.is_billed for row in line.instalment_ids))

    @api.constrains(
        "interval", "interval_unit", "timing", "alignment", "date_start", "currency_id", "free_months"
    )
    def _check_schedule_unbilled(self):
        for contract in self:
            if contract._get_billed_lines() and contract._is_schedule_broken():
                raise UserError(
                    self.env._(
                        "Instalments of %(contract)s are billed: its start, currency and rhythm cannot change any more.",
                        contract=contract.name,
                    )
                )

    def _is_schedule_broken(self):
        """A billed instalment that is no period of the present schedule, or in another currency."""
        self.ensure_one()
        schedule = self._get_schedule()
        for row in self.instalment_ids.filtered("is_billed"):
            grid = periods.grid(schedule.anchor, schedule.interval, schedule.unit, row.date_from)
            first, last = next(grid)
            if (
                self.date_free_until
                and row.date_from <= self.date_free_until
                and row.line_id.price_basis != "once"
            ):
                return True
            if row.date_from < self.date_start or not first <= row.date_from <= row.date_to <= last:
                return True
        return False
