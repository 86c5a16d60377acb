from datetime import date, timedelta
from decimal import Decimal

from odoo import models
from odoo.tools import format_date, formatLang

from odoo.addons.after_sales_warranty.tools.durations import duration_text

from ..tools import pools


class AfterSalesContractChange(models.TransientModel):
    """What follows from a change of a contract's life, in words, before it is applied."""

    _inherit = "after.sales.contract.change"

    def _get_effects_notice(self):
        contract = self.contract_id
        contract._check_notice_day(self.date)
        texts = []
        if contract.date_notice and contract.tacit_renewal:
            deadline = format_date(self.env, contract.date_notice)
            if contract._get_notice_end(self.date):
                texts.append(
                    self.env._("Notice is possible until %(day)s: it arrived in time.", day=deadline)
                )
            else:
                texts.append(
                    self.env._(
                        "Notice was possible until %(day)s: it arrived too late for this term. Recorded here, it is accepted "
                        "all the same.",
                        day=deadline,
                    )
                )
        closed = format_date(self.env, contract.date_closed or contract.date_end)
        texts.append(self.env._("Last day under contract: %(day)s.", day=closed))
        if not contract.tacit_renewal:
            texts.append(
                self.env._("The contract does not renew by itself: it ends on that day without notice too.")
            )
        if ahead := contract._get_renewal_ahead():
            texts.append(self.env._("The next term, %(contract)s, is called off.", contract=ahead.name))
        return texts

    def _get_effects_stop(self):
        contract = self.contract_id
        contract._check_stop_day(self.date)
        rows = contract._get_stop_rows(self.date, self.settlement == "credit")
        closed = max((row["stop"] for row in rows), default=self.date)
        return self._describe_stop(self.date) + self._describe_hours_after(closed)

    def _get_effects_transfer(self):
        contract, partner = self.contract_id, self.partner_id
        if not partner:
            return []
        contract._check_transfer(partner, self.date)
        texts = [
            self.env._(
                "%(partner)s gets a contract of his own from %(start)s to %(stop)s, with the same prices and terms.",
                partner=partner.display_name,
                start=format_date(self.env, self.date),
                stop=format_date(self.env, contract.date_end),
            )
        ]
        units = contract.cover_ids.filtered(lambda c: not c.date_to or c.date_to >= self.date).unit_id
        if units and self.with_units:
            texts.append(self.env._("Units that change their owner: %(count)s.", count=len(units)))
        texts += self._describe_stop(self.date - timedelta(days=1))
        return texts + self._describe_transferred_hours()

    def _describe_transferred_hours(self):
        """Which hours go along and which do not: what is left on the first day counts."""
        contract, texts = self.contract_id, []
        passing = contract._get_transferable_pools()
        if hours := sum(passing.mapped("balance")):
            texts.append(
                self.env._(
                    "Hours that go along to %(partner)s, as far as they are still left on that day: %(hours)s (%(pools)s).",
                    partner=self.partner_id.display_name,
                    hours=f"{hours:g}",
                    pools=", ".join(passing.mapped("name")),
                )
            )
        staying = (contract.pool_ids - passing).filtered(lambda pool: pool.date_from <= self.date)
        if hours := sum(staying.mapped("balance")):
            texts.append(
                self.env._(
                    "Hours of the present period that stay with %(partner)s and lapse with his contract: %(hours)s. The new "
                    "contract has its own from its first day, by days.",
                    partner=contract.partner_id.display_name,
                    hours=f"{hours:g}",
                )
            )
        return texts

    def _describe_stop(self, day):
        contract = self.contract_id
        rows = contract._get_stop_rows(day, self.settlement == "credit")
        closed = max((row["stop"] for row in rows), default=day)
        texts = [self.env._("Last day under contract: %(day)s.", day=format_date(self.env, closed))]
        if closed > day:
            texts.append(self.env._("Prices are billed until then: nothing is credited."))
        for row in rows:
            texts += [self._describe_credit(vals) for vals in row["credits"]]
            texts += self._describe_taken_back(row["line"], row["stop"] + timedelta(days=1), row["credits"])
            if row["due"]:
                texts.append(self._describe_due(row["line"], row["due"]))
        changes = [row["line"]._foresee_stop(row["stop"], row["credits"]) for row in rows]
        texts += self._describe_instalments(
            sum(len(gone) for gone, __ in changes), sum((less for __, less in changes), Decimal(0))
        )
        texts += self._describe_visits(contract.visit_ids.filtered(lambda visit: visit.date > closed))
        return texts + self._describe_due_visits(closed)

    def _describe_due_visits(self, closed):
        """What was owed until the last day and is not done: it goes with the contract."""
        due = self.contract_id.visit_ids.filtered(
            lambda visit: visit.state == "planned" and visit.date <= closed
        )
        if not due:
            return []
        names = ", ".join(f"{visit.service_id.name} {format_date(self.env, visit.date)}" for visit in due)
        if closed < self.contract_id._get_today():
            text = self.env._(
                "Visits that were due and are not done are called off too: %(count)s (%(names)s).",
                count=len(due),
                names=names,
            )
        else:
            text = self.env._(
                "Visits that %(partner)s still has due: %(count)s (%(names)s). They are called off if they are not done by "
                "%(day)s.",
                partner=self.contract_id.partner_id.display_name,
                count=len(due),
                names=names,
                day=format_date(self.env, closed),
            )
        return [text]

    def _get_effects_pause(self):
        contract, until = self.contract_id, self.date_until
        contract._check_stop_day(self.date)
        contract._check_pause_days(self.date, until)
        texts = [
            self.env._(
                "On paused days nothing is covered and no price runs; the end of the contract stays as it is."
            ),
        ]
        changes = [line._foresee_pause(self.date, until) for line in contract.line_ids]
        texts += self._describe_paused(changes)
        for line in contract.line_ids:
            texts += self._describe_taken_back(line, self.date, until=until)
        texts += self._describe_instalments(
            sum(len(change["gone"]) for change in changes),
            sum((change["less"] for change in changes), Decimal(0)),
        )
        if ahead := not until and contract._get_paused_renewal():
            texts.append(self.env._("The next term, %(contract)s, is paused too.", contract=ahead.name))
        texts += self._describe_visits(contract._get_visits_of_pause(self.date, until))
        if contract.pool_balance:
            texts.append(
                self.env._("Hours of the pool cannot be used meanwhile; their expiry does not move.")
            )
        if contract.pool_hours and contract.pool_period != "term":
            texts.append(self.env._("Paused days bring no hours: a period has its part of them by days."))
        return texts

    def _get_effects_resume(self):
        contract = self.contract_id
        pauses = contract.pause_ids.filtered(lambda pause: pause._get_gap()[1] >= self.date)
        if not pauses:
            return [self.env._("%(contract)s is not paused.", contract=contract.name)]
        back = pauses.visit_ids.filtered(lambda visit: visit.date >= self.date)
        return [
            self.env._(
                "In force again from %(day)s; prices run from that day.", day=format_date(self.env, self.date)
            ),
            self.env._("Visits that were called off and are planned again: %(count)s.", count=len(back)),
        ]

    def _describe_credit(self, vals):
        line = self.env["after.sales.contract.line"].browse(vals["line_id"])
        return self.env._(
            "Credit of %(amount)s for %(line)s: %(days)s from %(start)s to %(stop)s.",
            amount=self._format(-vals["amount"]),
            line=line.display_name,
            days=duration_text(vals["days"], "day", self.env.lang),
            start=format_date(self.env, vals["date_from"]),
            stop=format_date(self.env, vals["date_to"]),
        )

    def _describe_taken_back(self, line, first, credits=(), until=None):
        """What was credited by hand of the days in question: only a reader knows whether it was meant for them."""
        credited = line.instalment_ids.browse(vals["credited_id"] for vals in credits)
        rows = line._get_rows_taken_back(first, until or date.max)
        rows |= credited.filtered(lambda row: row._get_taken_back())
        for row in rows.sorted("date_from"):
            yield self.env._(
                "Of %(start)s - %(stop)s, %(line)s, %(amount)s were credited, or left out of the invoice, by hand before: see "
                "whether these days were meant.",
                start=format_date(self.env, row.date_from),
                stop=format_date(self.env, row.date_to),
                line=line.display_name,
                amount=self._format(row._get_taken_back()),
            )

    def _describe_due(self, line, amount):
        return self.env._(
            "Still to be paid for %(line)s: %(amount)s, because less was billed than its days cost.",
            line=line.display_name,
            amount=self._format(amount),
        )

    def _describe_paused(self, changes):
        """How many paused days are billed already, and how their worth comes back."""
        texts = []
        for how in ("plan", "credit", "later"):
            billed = [change for change in changes if change["how"] == how and change["worth"] > 0]
            if not billed:
                continue
            words = {
                "days": max(change["days"] for change in billed),
                "amount": self._format(sum((change["worth"] for change in billed), Decimal(0))),
            }
            if how == "plan":
                text = self.env._(
                    "Paused days that are billed already: %(days)s, worth %(amount)s. No invoice changes: the instalments to "
                    "come are lower by it.",
                    **words,
                )
            elif how == "credit":
                text = self.env._(
                    "Paused days that are billed already: %(days)s, worth %(amount)s. It is credited, because no instalment "
                    "is to come.",
                    **words,
                )
            else:
                text = self.env._(
                    "Days that are billed already: %(days)s, worth %(amount)s. It is credited once the pause is over, as far "
                    "as it lasted, because no instalment is to come.",
                    **words,
                )
            texts.append(text)
        return texts

    def _describe_instalments(self, count, less):
        if not count and less <= 0:
            return []
        return [
            self.env._(
                "Planned instalments that fall out: %(count)s. Those to come are lower by %(amount)s in all.",
                count=count,
                amount=self._format(less),
            )
        ]

    def _describe_hours_after(self, closed):
        """What becomes of the hours of each pool, and whether more were used than the days served paid for."""
        contract, texts = self.contract_id, []
        today = contract._get_today()
        for pool in contract.pool_ids.filtered(lambda row: not row.closed_on):
            if pool.date_from > closed:
                texts.append(self._describe_hours_never(pool))
                continue
            last = min(pool.date_to or closed, closed)
            words = {"pool": pool.name, "hours": self._format_hours(pool.balance)}
            if pool.balance > pools.TINY:
                words["day"] = format_date(self.env, last)
                texts.append(self._describe_hours_left(pool, words, last < today))
            served = pool._get_served_hours(closed)
            if pool.used - served > pools.TINY:
                texts.append(
                    self.env._(
                        "More hours than paid for, %(pool)s: %(used)s hours were used, %(served)s belong to the days served.",
                        pool=pool.name,
                        used=self._format_hours(pool.used),
                        served=self._format_hours(served),
                    )
                )
        return texts

    def _describe_hours_never(self, pool):
        return self.env._(
            "%(pool)s: its %(hours)s hours would begin on %(day)s, after the last day. They lapse.",
            pool=pool.name,
            hours=self._format_hours(pool.balance),
            day=format_date(self.env, pool.date_from),
        )

    def _describe_hours_left(self, pool, words, is_over):
        if is_over:
            return self.env._("%(pool)s: %(hours)s hours left lapse with the contract.", **words)
        if pool.date_period:
            return self.env._(
                "%(pool)s: %(hours)s hours left, to be used until %(day)s. Then they lapse.", **words
            )
        return self.env._(
            "%(pool)s: %(hours)s hours left were bought apart; they too can be used until %(day)s only, as long as the "
            "contract is in force.",
            **words,
        )

    def _format(self, amount):
        return self.contract_id.currency_id.format(float(amount))

    def _format_hours(self, hours):
        return formatLang(self.env, hours, digits=2)

    def _describe_visits(self, visits):
        texts = []
        if planned := visits.filtered(lambda visit: visit.state == "planned"):
            texts.append(self.env._("Planned visits that are called off: %(count)s.", count=len(planned)))
        if scheduled := visits.filtered(lambda visit: visit.state == "scheduled"):
            texts.append(
                self.env._(
                    "Visits that are scheduled already, to be called off by hand: %(count)s.",
                    count=len(scheduled),
                )
            )
        return texts
