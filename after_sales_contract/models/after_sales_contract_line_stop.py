from datetime import date, timedelta
from decimal import Decimal

from odoo import models

from ..tools import credit, plan


class AfterSalesContractLine(models.Model):
    """A price whose contract ends early: what is given back, what is still due. The sums say how much, the days of what."""

    _inherit = "after.sales.contract.line"

    def _get_settlement(self, day):
        """What an early end on a day makes of what was billed: billed less credited is the price of the days until it.

        Units that left, paused days that later instalments were to make up for and amounts agreed by hand are in it.

        :return: values of the credits, and the amount that is still to be paid for the days served
        """
        self.ensure_one()
        if not self._get_term():
            return [], Decimal(0)
        rounding = self.contract_id._get_schedule().rounding
        rows = self._get_creditable_rows(day)
        worths = [self._get_unserved(stretch, amount, day) for __, stretch, amount in rows]
        given, due = credit.settle(
            self._get_owed(day),
            self._get_coming(day),
            [(row[2], [worth for __, worth in reasons]) for row, reasons in zip(rows, worths, strict=True)],
            rounding,
        )
        vals_list = []
        for (row, stretch, __), reasons, parts in zip(rows, worths, given, strict=True):
            if (amount := row._cap_credit(sum(parts))) <= 0:
                continue
            days = next((days for (days, __), part in zip(reasons, parts, strict=False) if part), stretch)
            days = self._get_free_days(row, days, vals_list)
            vals_list.append(
                self._prepare_credit_vals(row, days.start, days.stop, days.days, amount, len(vals_list))
            )
        return vals_list, due

    def _foresee_stop(self, stop, credits):
        """What an early end makes of the plan: instalments that fall out, and by how much those to come are lower.

        :param credits: values of the credits that it gives
        """
        self.ensure_one()
        planned = self.instalment_ids.filtered(lambda row: row.state == "planned")
        to_come = planned.filtered(lambda row: not row.is_billed and not row.credit_reason)
        if self.is_prepaid or not to_come:
            return to_come.browse(), Decimal(0)
        kept = to_come.filtered(lambda row: row._is_kept(stop))
        given = sum((Decimal(str(vals["amount"])) for vals in credits), Decimal(0))
        rest = self._get_owed(stop) - _total(planned - to_come) - given - _total(kept)
        gone = (to_come - kept).filtered(lambda row: row.date_from > stop)
        return gone, _total(to_come - kept) - max(rest, Decimal(0))

    def _get_creditable_rows(self, day):
        """What is billed, or was agreed by hand and will be, less its credits: (instalment, its days, its amount)."""
        planned = self.instalment_ids.filtered(lambda row: row.state == "planned")
        if self.is_prepaid:
            # Its document billed all days that were agreed, whatever ended or paused them since.
            whole = self._get_price_of(self._get_agreed_stretches(whole=True))
            return [(self.instalment_ids.browse(), self._get_term(), whole + _total(planned))]
        agreed = planned.filtered(lambda row: not row.is_billed and row._is_kept(day))
        rows = self._get_billed_rows([]) + [
            (row, plan.Stretch(row.date_from, row.date_to), Decimal(str(row.amount))) for row in agreed
        ]
        return sorted(rows, key=lambda item: item[1].start)

    def _get_owed(self, day):
        """Price of the days until an early end, with what was agreed beside it for them."""
        priced = self._get_stretches()
        served = [part for row in priced if (part := row.clipped(date.min, day))]
        return self._get_price_of(served) + self._get_difference(day)

    def _get_coming(self, day):
        """What instalments to come will bill for days until an early end: their days, and units that came or went."""
        if self.is_prepaid:
            return Decimal(0)
        planned = self.instalment_ids.filtered(lambda row: row.state == "planned" and not row.credit_reason)
        kept = planned.filtered(lambda row: row.is_billed or row._is_kept(day))
        corrections = (planned - kept).filtered(
            lambda row: row.correction and row.unit_days and row.date_from <= day
        )
        served = [part for row in self._get_stretches() if (part := row.clipped(date.min, day))]
        free = credit.without(served, [(row.date_from, row.date_to) for row in kept])
        regular = (planned - kept).filtered(lambda row: not row.correction)
        return (
            self._get_price_of(free)
            + _total(corrections)
            + sum((row._get_difference(day) for row in regular), Decimal(0))
        )

    def _get_unserved(self, billed, amount, day):
        """Days of a billed instalment on which nothing is owed and their worth: those after the end, those paused."""
        rounding = self.contract_id._get_schedule().rounding
        after = day + timedelta(days=1)
        agreed = self._get_agreed_stretches(whole=True)
        gaps = [(pause.date_from, min(pause._get_gap()[1], day)) for pause in self.contract_id.pause_ids]
        gaps = [gap for gap in gaps if gap[0] <= gap[1]]
        stretches = credit.without(agreed, gaps)
        reasons = [(after, date.max, stretches), *((*gap, agreed) for gap in gaps)]
        found = []
        for first, last, days in reasons:
            worth = credit.unused(amount, billed, days, first, last, rounding)[1]
            found.append((billed.clipped(first, last) or billed, max(worth, Decimal(0))))
        return found

    def _get_free_days(self, row, days, prepared):
        """The days of a credit, which begins on no day on which another one of the same instalment does."""
        credits = self.instalment_ids.filtered(
            lambda other: other.state == "planned" and other.credit_reason and other.credited_id == row
        )
        taken = {other.date_from for other in credits}
        taken |= {vals["date_from"] for vals in prepared if vals["credited_id"] == row.id}
        start = days.start
        while start in taken and start < days.stop:
            start += timedelta(days=1)
        return plan.Stretch(start, days.stop)

    # === AGREED DIFFERENCE ===#

    def _get_difference(self, day):
        """What was accepted beside the price, as far as its instalments lie before an early end."""
        self.ensure_one()
        planned = self.instalment_ids.filtered(lambda row: row.state == "planned" and row.agreed_difference)
        lost = sum(
            (Decimal(str(row.agreed_difference)) - row._get_difference(day) for row in planned), Decimal(0)
        )
        return Decimal(str(self.agreed_difference)) - lost

    def _cut_difference(self, day):
        """The contract ends: what was accepted for later days falls out with them."""
        self.ensure_one()
        # sudo: it follows from the early end; agreeing on a difference is for planners
        line_sudo = self.sudo()
        difference = float(line_sudo._get_difference(day))
        for row in line_sudo.instalment_ids.filtered("agreed_difference"):
            row.agreed_difference = float(row._get_difference(day))
        if line_sudo.currency_id.compare_amounts(difference, line_sudo.agreed_difference):
            line_sudo.agreed_difference = difference


def _total(rows):
    return sum((Decimal(str(row.amount)) for row in rows), Decimal(0))
