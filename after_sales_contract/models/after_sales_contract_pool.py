from datetime import date

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..tools import periods
from .after_sales_contract_life_mixin import LIVE_STATES
from .after_sales_contract_template import POOL_PERIODS

#: Days after the end of a pool in which work done in time can still be booked.
GRACE_DAYS = 3


class AfterSalesContract(models.Model):
    """The hours that the price of a contract buys: for the whole term, or anew in every period."""

    _inherit = "after.sales.contract"

    pool_period = fields.Selection(
        POOL_PERIODS,
        "Hours Are For",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    pool_rollover = fields.Float(
        "Hours Carried Over",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
        help="Hours left at the end of a pool that go on to the next one; 0 = all of them are lost.",
    )
    pool_overage_tariff_id = fields.Many2one(
        "after.sales.tariff",
        "Overage Tariff",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Prices of the hours that the pool cannot pay. Empty: the usual tariff.",
    )
    pool_next_date = fields.Date(
        "Next Pool on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="First day of the next pool to be opened.",
    )
    pool_alert = fields.Text(compute="_compute_pool_alert", help="What is to be said of the hour pools now.")

    _pool_rollover_positive = models.Constraint(
        "CHECK (pool_rollover >= 0)", "A rollover limit cannot be negative."
    )

    @api.depends_context("lang")
    @api.depends("pool_ids.alert")
    def _compute_pool_alert(self):
        for contract in self:
            alerts = [pool.alert for pool in contract.pool_ids if pool.alert]
            contract.pool_alert = "\n".join(alerts) or False

    # === OPEN AND CLOSE === #

    def _open_pools(self, day=None):
        """Open the pools of the periods that have begun until a day (today), each period once."""
        vals_list = []
        for contract in self.filtered("pool_hours"):
            until = max(day or fields.Date.context_today(contract), contract.date_start)
            known = set(contract.with_context(active_test=False).pool_ids.mapped("date_period"))
            cut = contract._get_pool_periods()
            vals_list += [
                contract._prepare_pool_vals(period)
                for period in cut
                if contract._get_pool_start(period) <= until and period.start not in known
            ]
            contract.pool_next_date = min(
                (day for period in cut if until < (day := contract._get_pool_start(period)) < date.max),
                default=False,
            )
        return self.env["after.sales.pool"].create(vals_list)

    def _get_pool_periods(self):
        """The stretches of the term that have hours of their own."""
        self.ensure_one()
        stop = self.date_closed or self.date_end
        if self.pool_period == "term":
            return [
                periods.Period(self.date_start, self.date_end, (self.date_end - self.date_start).days + 1)
            ]
        return periods.split(self.date_start, stop, 1, self.pool_period)

    def _get_pool_start(self, period):
        """Hook: the first day on which the hours of a period can be used; ``date.max`` when there is none."""
        self.ensure_one()
        return period.start

    def _get_hours_of(self, period):
        """Hook: the hours of a period; a part of a period has its part of them."""
        self.ensure_one()
        return round(self.pool_hours * float(period.weight), 2)

    def _prepare_pool_vals(self, period):
        """Values of the pool of a period."""
        self.ensure_one()
        hours = self._get_hours_of(period)
        first = self._get_pool_start(period)
        template = self.template_id
        # The customer reads it on his statement.
        words = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        name = words._("Hours of %(contract)s", contract=self.name)
        vals = {
            "name": name if self.pool_period == "term" else f"{name}, {format_date(words, first)}",
            "contract_id": self.id,
            "date_from": first,
            "date_to": period.stop,
            "date_period": period.start,
            "rollover_limit": self.pool_rollover,
            "overage_tariff_id": self.pool_overage_tariff_id.id,
            "send_statements": template.send_pool_statements if template else True,
            "weight_ids": [
                Command.create(row.copy_data({"template_id": False})[0]) for row in template.pool_weight_ids
            ],
            "threshold_ids": [
                Command.set(
                    (
                        template.pool_threshold_ids
                        or self.env["after.sales.pool.threshold"]._get_default(self.company_id)
                    ).ids
                )
            ],
        }
        if hours > 0:
            vals["entry_ids"] = [
                Command.create(
                    {
                        "name": words._("Hours included in the contract"),
                        "date": first,
                        "kind": "purchase",
                        "quantity": hours,
                        "res_model": self._name,
                        "res_id": self.id,
                        "source_key": "start",
                    }
                )
            ]
        return vals

    def _get_next_pool(self, pool):
        """Hook: the pool that takes over what is left of this one: the next one of the contract, or, of the last
        period, the first one of the contract that renews it (by whoever renews)."""
        self.ensure_one()
        later = self.pool_ids.filtered(
            lambda other: (
                other.date_period
                and pool.date_period
                and other.date_period > pool.date_period
                and not other.closed_on
            )
        )
        return later.sorted("date_period")[:1]

    # === DAILY JOB === #

    @api.model
    def _cron_pools(self, batch_size=100):
        """What the calendar does to hour pools: open the next one, close what is over, warn, write statements."""
        today = fields.Date.today()
        for work in (self._open_due_pools, self._close_due_pools, self._warn_of_pools, self._state_pools):
            if not work(today, batch_size):
                return

    @api.model
    def _work_off_pools(self, pools, work, batch_size):
        """Do the daily work on the pools, contract by contract; False when the time of the job is over."""
        by_contract = pools.grouped("contract_id")

        def work_on(contracts):
            work(pools.browse().union(*(by_contract[contract] for contract in contracts)))

        return pools.contract_id._work_off(work_on, self._get_pool_trouble(), batch_size)

    @api.model
    def _get_pool_trouble(self):
        return self.env._("The hour pools could not be kept up to date")

    @api.model
    def _open_due_pools(self, today, batch_size):
        due = self.search(Domain("pool_next_date", "<=", today) & Domain("state", "in", LIVE_STATES))
        return due._work_off(
            lambda contracts: contracts._open_pools(today), self._get_pool_trouble(), batch_size
        )

    @api.model
    def _close_due_pools(self, today, batch_size):
        """Close what ended some days ago, oldest first, so that the rest travels through all pools that were missed."""
        over = fields.Date.subtract(today, days=GRACE_DAYS)
        ended = Domain("date_to", "<", over) | Domain("contract_id.date_closed", "<", over)
        pools = self.env["after.sales.pool"]
        due = pools.search(
            Domain("closed_on", "=", False) & ended & self._get_closable_domain(today), order="date_to, id"
        )
        return self._work_off_pools(due, lambda pools: [pool._close(today) for pool in pools], batch_size)

    @api.model
    def _get_closable_domain(self, today):
        """Hook: pools that may be closed once they are over."""
        return Domain.TRUE

    @api.model
    def _warn_of_pools(self, today, batch_size):
        pools = self.env["after.sales.pool"]
        due = pools.search(pools._get_ending_domain(today) & Domain("contract_id.state", "in", LIVE_STATES))
        return self._work_off_pools(due, lambda batch: batch._check_thresholds(), batch_size)

    @api.model
    def _state_pools(self, today, batch_size):
        """After the end of a month: the statement of every pool that lived in it."""
        month_end = fields.Date.subtract(today.replace(day=1), days=1)
        unstated = Domain("stated_on", "=", False) | Domain("stated_on", "<", month_end)
        # What closed it, and what is booked later, is told once.
        untold = [("statement_id", "=", False), ("kind", "!=", "reserve"), ("date", "<=", month_end)]
        alive = Domain("closed_on", "=", False) | (
            Domain("closed_on", ">", fields.Date.subtract(month_end, months=1))
            & Domain("entry_ids", "any", untold)
        )
        due = self.env["after.sales.pool"].search(
            unstated
            & alive
            & Domain("send_statements", "=", True)
            & Domain("date_from", "<=", month_end)
            & Domain("contract_id.state", "in", (*LIVE_STATES, "ended"))
        )
        return self._work_off_pools(due, lambda pools: pools._make_statements(month_end)._send(), batch_size)
