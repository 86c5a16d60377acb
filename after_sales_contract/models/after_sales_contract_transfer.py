from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools import periods
from .after_sales_contract_life_mixin import LIVE_STATES


class AfterSalesContract(models.Model):
    """Transfer: the rest of a contract becomes a new one of another customer."""

    _inherit = "after.sales.contract"

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
    date_free_until = fields.Date(recursive=True)
    handover = fields.Selection(
        [("hours", "Hours that are left"), ("units", "Units, and hours that are left")],
        "Taken Over at the Start",
        copy=False,
        readonly=True,
        help="What the old customer keeps until the first day of this contract. Empty: nothing is to come any more.",
    )

    _to_hand_over = models.Index("(date_start) WHERE handover IS NOT NULL")

    def _compute_transferred_to_id(self):
        heirs = self.search([("transferred_from_id", "in", self.ids)]).grouped("transferred_from_id")
        for contract in self:
            contract.transferred_to_id = heirs.get(contract, self.browse())[:1]

    # === THE PERIODS GO ON ===#

    def _get_schedule(self, start=None):
        """The new customer is billed for the periods that the old one was: of the first he pays his days."""
        schedule = super()._get_schedule(start)
        if start or not self.transferred_from_id:
            return schedule
        return replace(schedule, anchor=self.transferred_from_id._get_schedule().anchor)

    @api.depends("transferred_from_id.date_free_until")
    def _compute_date_free_until(self):
        """Free months are those of the agreement: who takes it over has no new ones."""
        transferred = self.filtered("transferred_from_id")
        for contract in transferred:
            contract.date_free_until = contract.transferred_from_id.date_free_until
        return super(AfterSalesContract, self - transferred)._compute_date_free_until()

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

    def _transfer(self, partner, day, credit=True, units=True, reference=False):
        """The rest of the contract goes to another customer: a new contract with the same terms, prices and covers.

        Units and hours are the old customer's until ``day``: the daily job hands them over then; what begins today or
        has begun takes them over at once.

        :param day: first day under the new customer
        :param credit: pay back what the old customer was billed for later days; otherwise each price passes on the day
            after it is billed until
        :param units: the covered units change their owner too
        :param reference: the new customer's own, for his invoices; the old customer's is his alone
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
        covers = self.cover_ids._prepare_transfer(day)
        self._stop(
            last,
            credit,
            self._in_words_of_company().env._("Transferred to %(partner)s", partner=partner.display_name),
            kind="transfer",
        )
        contract = self.create({**vals, "reference": reference, "handover": "units" if units else "hours"})
        contract.cover_ids = [Command.create(cover) for cover in covers]
        contract._start()
        if day <= self._get_today():
            contract._take_over()
        return contract

    def _stop(self, day, credit=True, reason=None, kind="stop"):
        """What was due on the first day is taken over before the contract ends, however late its job is."""
        self.filtered_domain(self._get_handover_domain(self._get_today()))._take_over()
        return super()._stop(day, credit, reason, kind)

    @api.model
    def _get_handover_domain(self, today):
        """Contracts that have begun and wait for what passes with them; one that was called off gets nothing."""
        begun = Domain("handover", "!=", False) & Domain("date_start", "<=", today)
        return begun & Domain("state", "in", LIVE_STATES)

    def _take_over(self):
        """The first day has come: the old customer's units, where so agreed, and the hours he left are the new one's."""
        for contract in self:
            old, day, kind = contract.transferred_from_id, contract.date_start, contract.handover
            contract._take_in_late(old)
            units = contract.cover_ids.unit_id if kind == "units" else contract.cover_ids.unit_id.browse()
            contract.handover = False
            units.filtered(
                lambda unit, old=old: unit.commercial_partner_id == old.commercial_partner_id
            )._change_owner(contract.partner_id, day)
            old._transfer_pools(contract, day)

    def _take_in_late(self, old):
        """What the old customer's contract took in after the transfer was agreed passes on with the rest."""
        self.ensure_one()
        late = old.cover_ids.filtered(lambda cover: cover.create_date > self.create_date)
        late = late.filtered(lambda cover: not cover.unit_id or cover.unit_id not in self.cover_ids.unit_id)
        if rows := late._prepare_transfer(self.date_start):
            self.cover_ids = [Command.create(row) for row in rows]
            self._sync_plan()

    def _get_unit_owners(self):
        """Whose the covered units are: before they are handed over still the old customer's."""
        self.ensure_one()
        before = self.transferred_from_id if self.handover == "units" else self.browse()
        return self.commercial_partner_id | before.commercial_partner_id

    @api.model
    def _get_closable_domain(self, today):
        """Hours that are to pass on today are not lost before they did."""
        waiting = self.search(self._get_handover_domain(today)).transferred_from_id
        return super()._get_closable_domain(today) & Domain("contract_id", "not in", waiting.ids)

    def _prepare_transfer(self, partner, day, starts):
        """Values of the new customer's contract: same end, notice, rhythm, prices, level; his own addresses."""
        vals = self.copy_data()[0]
        lines = [
            Command.create(line._prepare_transfer(starts[line], day))
            for line in self.line_ids
            if line.price_basis != "once" and starts[line] <= (line.date_to or self.date_end)
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
        # What is left of the term is its duration; later terms last as long as they would have.
        duration, duration_unit = periods.length(day, self.date_end)
        renewal_duration, renewal_unit = self._get_renewal_duration()
        return {
            **vals,
            "duration": duration,
            "duration_unit": duration_unit,
            "renewal_duration": renewal_duration,
            "renewal_duration_unit": renewal_unit,
            "partner_id": partner.id,
            "date_start": day,
            "date_end": self.date_end,
            "site_ids": [Command.clear()],
            "pool_hours": 0.0 if self.pool_period == "term" else self.pool_hours,
            "line_ids": lines,
            "visit_plan_ids": plans,
            "analytic_account_id": self.analytic_account_id.id,
            "transferred_from_id": self.id,
        }

    def _get_pool_periods(self):
        """The periods of what was transferred go on: the first one of the new customer is a part of one."""
        if not self.transferred_from_id or self.pool_period == "term":
            return super()._get_pool_periods()
        first = self
        while first.transferred_from_id:
            first = first.transferred_from_id
        stop = self.date_closed or self.date_end
        return periods.split(self.date_start, stop, 1, self.pool_period, first.date_start)

    def _get_transferable_pools(self):
        """Pools whose hours pass on with the contract: of its whole term, and bought apart; not those of a period."""
        self.ensure_one()
        periodic = self.pool_period != "term"
        return self.pool_ids.filtered(lambda p: not (periodic and p.date_period) and p.balance > 0)

    def _transfer_pools(self, contract, day):
        """Hours that are left pass on with the contract: taken from the old pool, given to a new one.

        Hours of a month or another period do not: the new contract has its own from its first day, by days.
        """
        # sudo: who may transfer a contract moves its hours, which by hand only a manager corrects
        for pool_sudo in self.sudo()._get_transferable_pools():
            hours = pool_sudo.balance
            cause = {"date": day, "kind": "rollover", "res_model": self._name, "source_key": "transfer"}
            taken = {
                "name": self._get_transfer_text(contract, self),
                "quantity": -hours,
                "res_id": contract.id,
            }
            given = {
                "name": self._get_transfer_text(contract, contract),
                "quantity": hours,
                "res_id": self.id,
            }
            pool_sudo.entry_ids = [Command.create({**cause, **taken})]
            pool_sudo.copy(
                {
                    "name": pool_sudo.name.replace(self.name, contract.name),
                    "contract_id": contract.id,
                    "date_from": day,
                    "date_to": pool_sudo.date_to,
                    "entry_ids": [Command.create({**cause, **given})],
                }
            )

    def _get_transfer_text(self, contract, reader):
        """What the customer of ``reader``, this contract or the new one, finds on his statement."""
        words = self.with_context(lang=reader.partner_id.lang or self.env.lang).env
        return words._("Transferred from %(old)s to %(new)s", old=self.name, new=contract.name)
