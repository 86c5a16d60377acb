from datetime import timedelta
from decimal import Decimal

from odoo import models
from odoo.tools import format_date


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
