from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from .after_sales_contract_life_mixin import LIVE_STATES


class AfterSalesContract(models.Model):
    """Early end, pause, transfer: what each does to instalments, visits and pools, known before it is done."""

    _inherit = "after.sales.contract"

    pause_ids = fields.One2many("after.sales.contract.pause", "contract_id", "Pauses")
    is_paused = fields.Boolean(
        "Paused", compute="_compute_is_paused", search="_search_is_paused", compute_sudo=True
    )
    credit_ids = fields.One2many("after.sales.contract.credit", "contract_id", "Credits")
    credit_amount = fields.Monetary("Credited", compute="_compute_credit_amount")
    transferred_from_id = fields.Many2one(
        "after.sales.contract",
        "Transferred from",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )
    transferred_to_id = fields.Many2one(
        "after.sales.contract", "Transferred to", compute="_compute_transferred_to_id"
    )

    def _compute_transferred_to_id(self):
        heirs = self.search([("transferred_from_id", "in", self.ids)]).grouped("transferred_from_id")
        for contract in self:
            contract.transferred_to_id = heirs.get(contract, self.browse())[:1]

    @api.depends("state", "pause_ids.date_from", "pause_ids.date_to")
    def _compute_is_paused(self):
        for contract in self:
            contract.is_paused = contract.state in LIVE_STATES and bool(
                contract._get_pauses(contract._get_today())
            )

    def _search_is_paused(self, operator, value):
        if operator != "in":
            return NotImplemented
        paused = Domain("state", "in", LIVE_STATES) & Domain(
            "pause_ids", "any", self._get_pause_domain("today")
        )
        domain = Domain.FALSE
        if True in value:
            domain |= paused
        if False in value:
            domain |= ~paused
        return domain

    @api.depends("credit_ids.amount")
    def _compute_credit_amount(self):
        for contract in self:
            contract.credit_amount = sum(contract.credit_ids.mapped("amount"))

    # === ACTIONS ===#

    def action_stop(self):
        """Ask how the contract ends early, with what follows from it."""
        return self._open_life_wizard("stop", self.env._("End Early"))

    def action_pause(self):
        return self._open_life_wizard("pause", self.env._("Pause"))

    def action_resume(self):
        return self._open_life_wizard("resume", self.env._("Resume"))

    def action_transfer(self):
        return self._open_life_wizard("transfer", self.env._("Transfer to Another Customer"))

    def _open_life_wizard(self, kind, name):
        self.ensure_one()
        self._ensure_state(*LIVE_STATES)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "after.sales.contract.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id, "default_kind": kind},
        }

    # === IN FORCE OR PAUSED ===#

    @api.model
    def _get_pause_domain(self, date_from, date_to=None):
        """Pauses that hold all days between two dates."""
        return Domain("date_from", "<=", date_from) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", date_to or date_from)
        )

    @api.model
    def _get_effective_domain(self, date_from, date_to=None):
        domain = super()._get_effective_domain(date_from, date_to)
        return domain & ~Domain("pause_ids", "any", self._get_pause_domain(date_from, date_to))

    def _is_effective(self, date):
        return super()._is_effective(date) and not self._get_pauses(date)

    def _get_pauses(self, day):
        self.ensure_one()
        return self.pause_ids.filtered(lambda pause: pause._get_gap()[0] <= day <= pause._get_gap()[1])

    # === EARLY END ===#

    def _check_stop_day(self, day):
        self.ensure_one()
        self._ensure_state(*LIVE_STATES)
        if not self.date_start <= day <= self.date_end:
            raise UserError(
                self.env._(
                    "%(day)s is not in the term of %(contract)s, which runs from %(start)s to %(stop)s.",
                    day=format_date(self.env, day),
                    contract=self.name,
                    start=format_date(self.env, self.date_start),
                    stop=format_date(self.env, self.date_end),
                )
            )
        if self.date_closed and day > self.date_closed:
            raise UserError(
                self.env._(
                    "%(contract)s ends on %(day)s already: choose an earlier day.",
                    contract=self.name,
                    day=format_date(self.env, self.date_closed),
                )
            )

    def _get_stop_rows(self, day, credit):
        """Per price its last day and what is credited (D07): the chosen day, or the last billed one if that is later.

        :return: list of dicts with line, stop and credits (values of rows)
        """
        self.ensure_one()
        rows = []
        for line in self.line_ids:
            billed = line._get_billed_until()
            stop = day if credit or not billed else max(day, billed)
            credits = line._prepare_credits(day + timedelta(days=1), self.date_end) if credit else []
            rows.append({"line": line, "stop": min(stop, self.date_end), "credits": credits})
        return rows

    def _stop(self, day, credit=True, reason=None, kind="stop"):
        """End the contract early: planned instalments and visits after its last day fall out, billed days are credited.

        :param day: last day under contract
        :param credit: pay back billed days after it; otherwise each price goes on as long as it is billed
        :raise UserError: when the day is not in the term
        """
        self.ensure_one()
        self._check_stop_day(day)
        rows = self._get_stop_rows(day, credit)
        closed = max((row["stop"] for row in rows), default=day)
        for row in rows:
            if row["stop"] < closed and (not row["line"].date_to or row["line"].date_to > row["stop"]):
                row["line"].date_to = max(row["stop"], row["line"].date_from or row["stop"])
        self.write({"date_closed": closed, "close_reason": reason or self.close_reason})
        # A pause without end is over with the contract; one that has not begun never takes place.
        self.pause_ids.filtered(lambda pause: pause.date_from > closed).unlink()
        open_pauses = self.pause_ids.filtered(lambda pause: not pause.date_to)
        open_pauses.date_to = closed
        self._sync_plan()
        self.visit_ids.filtered(
            lambda visit: visit.state == "planned" and visit.date > closed
        ).action_cancel()
        self._add_credits([vals for row in rows for vals in row["credits"]], kind)
        for pause in open_pauses if credit else ():
            self._settle_pause(pause)
        if closed < self._get_today():
            self._end()
        self._after_stop()

    def _after_stop(self):
        """Hook: what else follows from an early end, such as hour pools."""

    def _add_credits(self, vals_list, kind):
        credits = self.env["after.sales.contract.credit"].create(
            [{**vals, "contract_id": self.id, "reason": kind} for vals in vals_list]
        )
        if credits:
            credits._after_credited()
        return credits

    # === PAUSE ===#

    def _pause(self, day, until=None, reason=None):
        """No service and no price from a day on, until another or until it is resumed.

        Paused days that are billed already lower the instalments to come; where none is to come they are credited.
        """
        self.ensure_one()
        self._ensure_state(*LIVE_STATES)
        pause = self.env["after.sales.contract.pause"].create(
            {"contract_id": self.id, "date_from": day, "date_to": until, "reason": reason}
        )
        self._sync_plan()
        called_off = self._get_visits_of_pause(day, until).filtered(lambda visit: visit.state == "planned")
        called_off.action_cancel()
        called_off.pause_id = pause
        if until:
            self._settle_pause(pause)
        self._after_pause(pause)
        return pause

    def _get_visits_of_pause(self, day, until):
        return self.visit_ids.filtered(
            lambda visit: (
                visit.state in ("planned", "scheduled")
                and day <= visit.date
                and (not until or visit.date <= until)
            )
        )

    def _after_pause(self, pause):
        """Hook: what else follows from a pause, such as hour pools."""

    def _resume(self, day):
        """End the running or coming pause: the contract is in force again from a day on.

        :raise UserError: when nothing is paused on that day or later
        """
        self.ensure_one()
        self._ensure_state(*LIVE_STATES)
        pauses = self.pause_ids.filtered(lambda pause: pause._get_gap()[1] >= day)
        if not pauses:
            raise UserError(self.env._("%(contract)s is not paused.", contract=self.name))
        open_pauses = pauses.filtered(lambda pause: not pause.date_to and pause.date_from < day)
        pauses._resume(day)
        self._sync_plan()
        for pause in open_pauses:
            self._settle_pause(pause)
        self._after_resume()

    def _after_resume(self):
        """Hook: what else follows when a contract is in force again."""

    def _settle_pause(self, pause):
        """Credit paused days that are billed and that no instalment to come can lower."""
        lines = self.line_ids.filtered(lambda line: not line._get_open_instalments())
        vals_list = [vals for line in lines for vals in line._prepare_credits(*pause._get_gap(), pause)]
        return self._add_credits(vals_list, "pause")

    def _sync_visits(self):
        """Visits planned anew into a pause are called off at once."""
        visits = super()._sync_visits()
        for visit in visits:
            if pause := visit.contract_id._get_pauses(visit.date)[:1]:
                visit.action_cancel()
                visit.pause_id = pause
        return visits

    # === TRANSFER ===#

    def _check_transfer(self, partner, day):
        self.ensure_one()
        self._check_stop_day(day)
        if day <= self.date_start:
            raise UserError(
                self.env._(
                    "%(contract)s has not begun before that day: change its customer.", contract=self.name
                )
            )
        if partner.commercial_partner_id == self.commercial_partner_id:
            raise UserError(self.env._("%(partner)s is the customer already.", partner=partner.display_name))

    def _transfer(self, partner, day, credit=True, units=True):
        """The rest of the contract goes to another customer: a new contract with the same terms, prices and covers.

        :param day: first day under the new customer
        :param credit: pay back what the old customer was billed for later days; otherwise each price passes on the day
            after it is billed until
        :param units: the covered units change their owner too
        :return: the new contract, running
        """
        self.ensure_one()
        self._check_transfer(partner, day)
        last = day - timedelta(days=1)
        starts = {row["line"]: row["stop"] + timedelta(days=1) for row in self._get_stop_rows(last, credit)}
        vals = self._prepare_transfer(partner, day, starts)
        if not vals["line_ids"]:
            raise UserError(
                self.env._(
                    "%(contract)s is billed until its end: credit the billed days, so that the new customer pays for them.",
                    contract=self.name,
                )
            )
        covers = self._prepare_transfer_covers(partner, day)
        moved = self.cover_ids.filtered(lambda cover: not cover.date_to or cover.date_to >= day).unit_id
        self._stop(
            last,
            credit,
            self.env._("Transferred to %(partner)s", partner=partner.display_name),
            kind="transfer",
        )
        if units:
            moved.filtered(
                lambda unit: unit.commercial_partner_id == self.commercial_partner_id
            )._change_owner(partner, day)
        contract = self.create(vals)
        contract.cover_ids = [Command.create(cover) for cover in covers]
        contract._start()
        self._transfer_pools(contract, day)
        return contract

    def _prepare_transfer(self, partner, day, starts):
        """Values of the new customer's contract: same end, notice, rhythm, prices, level; his own addresses."""
        vals = self.copy_data()[0]
        lines = [
            Command.create(line._prepare_transfer(starts[line]))
            for line in self.line_ids
            if starts[line] <= (line.date_to or self.date_end)
        ]
        plans = [
            Command.create(
                {**plan.copy_data({"contract_id": False})[0], "first_after": (ahead[0] - day).days}
            )
            for plan in self.visit_plan_ids
            if (
                ahead := sorted(
                    plan.visit_ids.filtered(lambda v: v.state != "done" and v.date_planned >= day).mapped(
                        "date_planned"
                    )
                )
            )
        ]
        for name in ("invoice_partner_id", "fiscal_position_id", "preferred_payment_method_line_id"):
            vals.pop(name, None)
        return {
            **vals,
            "partner_id": partner.id,
            "date_start": day,
            "date_end": self.date_end,
            "site_ids": [Command.clear()],
            "reference": False,
            "pool_hours": 0.0,
            "line_ids": lines,
            "visit_plan_ids": plans,
            "analytic_account_id": self.analytic_account_id.id,
            "transferred_from_id": self.id,
        }

    def _prepare_transfer_covers(self, partner, day):
        return [
            {
                "unit_id": cover.unit_id.id,
                "product_id": cover.product_id.id,
                "quantity": cover.quantity,
                "start_policy": "contract_start",
                "date_from": max(day, cover.date_from or day),
                "date_to": cover.date_to,
                "note": cover.note,
            }
            for cover in self.cover_ids
            if not cover.date_to or cover.date_to >= day
        ]

    def _transfer_pools(self, contract, day):
        """Hours that are left pass on with the contract: taken from the old pool, given to a new one."""
        for pool in self.pool_ids.filtered(lambda pool: pool.balance > 0):
            hours = pool.balance
            text = self.env._("Transferred from %(old)s to %(new)s", old=self.name, new=contract.name)
            cause = {"name": text, "date": day, "kind": "adjust", "res_model": self._name}
            pool.entry_ids = [
                Command.create({**cause, "quantity": -hours, "res_id": contract.id, "source_key": "transfer"})
            ]
            pool.copy(
                {
                    "contract_id": contract.id,
                    "date_from": day,
                    "date_to": pool.date_to,
                    "entry_ids": [
                        Command.create(
                            {**cause, "quantity": hours, "res_id": self.id, "source_key": "transfer"}
                        )
                    ],
                }
            )
