from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models

from ..tools import credit, plan


class AfterSalesContractLine(models.Model):
    """A price in the life of its contract: paused days, days that are billed, what is credited, what passes on."""

    _inherit = "after.sales.contract.line"

    is_prepaid = fields.Boolean(
        "Billed by Its Document",
        readonly=True,
        copy=False,
        help="The order or invoice that sold the contract bills this price: it makes no instalments.",
    )

    @api.depends("contract_id.pause_ids.date_from", "contract_id.pause_ids.date_to")
    def _compute_price_subtotal(self):
        return super()._compute_price_subtotal()

    def _get_stretches(self):
        """Priced days without the paused ones."""
        return credit.without(
            super()._get_stretches(), [pause._get_gap() for pause in self.contract_id.pause_ids]
        )

    def _prepare_instalments(self, with_text=True):
        return [] if self.is_prepaid else super()._prepare_instalments(with_text)

    def _get_billed_until(self):
        """Last day that was billed, None when nothing was."""
        self.ensure_one()
        if self.is_prepaid:
            return self.date_to or self.contract_id.date_end
        billed = self.instalment_ids.filtered(lambda row: row.state == "planned" and row.is_billed)
        return max(billed.mapped("date_to"), default=None)

    def _get_billed_rows(self, stretches):
        """What was billed and not credited since, as (instalment, its days, its amount).

        :param stretches: priced days; a document that sold the price has billed all of them
        """
        self.ensure_one()
        if self.is_prepaid:
            term = self._get_term()
            return [(self.instalment_ids.browse(), term, self._get_price_of(stretches))] if term else []
        planned = self.instalment_ids.filtered(lambda row: row.state == "planned")
        credits = planned.filtered("credit_reason").grouped("credited_id")
        return [
            (
                row,
                plan.Stretch(row.date_from, row.date_to),
                Decimal(str(row.amount)) + sum(Decimal(str(back.amount)) for back in credits.get(row, ())),
            )
            for row in planned
            if row.is_billed and not row.credit_reason
        ]

    def _get_rows_taken_back(self, first, last):
        """Billed instalments with days between two dates of which something was taken back by hand."""
        self.ensure_one()
        return self.instalment_ids.filtered(
            lambda row: (
                row.state == "planned"
                and row.date_from <= last
                and row.date_to >= first
                and row._get_taken_back()
            )
        )

    def _get_paused_billed(self, gaps=None):
        """Paused days that are billed and were not given back by a credit, and what they are worth.

        :param gaps: first and last day of the pauses, by default of those of the contract
        """
        self.ensure_one()
        rounding = self.contract_id._get_schedule().rounding
        pauses = [pause._get_gap() for pause in self.contract_id.pause_ids]
        gaps = pauses if gaps is None else gaps
        if not gaps:
            return 0, Decimal(0)
        credited = self.instalment_ids.filtered(
            lambda row: row.state == "planned" and row.credit_reason == "pause"
        )
        settled = [
            (first, last)
            for first, last in pauses
            if any(row.date_from <= last and row.date_to >= first for row in credited)
        ]
        agreed = credit.without(self._get_agreed_stretches(), settled)
        days, worth = 0, Decimal(0)
        for __, billed, amount in self._get_billed_rows(agreed):
            for first, last in gaps:
                part = credit.unused(amount, billed, agreed, first, last, rounding)
                days, worth = days + part[0], worth + part[1]
        return days, worth

    def _foresee_pause(self, first, last=None):
        """What a pause, or one without end, would do to the line.

        :return: dict with the days that are billed already, what they are worth and how that comes back (``plan``: lower
            instalments, ``credit`` where none is to come, ``later``: a credit once the pause is over), the instalments
            that fall out, and by how much the plan is lower, a Decimal
        """
        self.ensure_one()
        end = last or date.max
        stretches = self._get_stretches()
        lost = self._get_price_of(stretches) - self._get_price_of(credit.without(stretches, [(first, end)]))
        planned = self._get_open_instalments()
        gone = planned.filtered(lambda row: first <= row.date_from and row.date_to <= end)
        days, worth = self._get_paused_billed([(first, end)])
        how = "plan"
        if planned == gone:
            # What units cost less is in the plan at once, as an instalment below zero.
            in_plan = self.pricing != "per_contract" and not self.is_prepaid
            how = "credit" if last or in_plan else "later"
            if not in_plan:
                lost = lost - worth if gone else Decimal(0)
                credits = self._prepare_credits(first, end)
                worth = -sum((Decimal(str(vals["amount"])) for vals in credits), Decimal(0))
        return {"days": days, "worth": worth, "how": how, "gone": gone, "less": lost}

    def _prepare_credits(self, first, last, pause=None):
        """Values of credits, instalments below zero, for billed days between two dates.

        :param pause: a pause that is already entered: its days are the ones to credit
        """
        self.ensure_one()
        rounding = self.contract_id._get_schedule().rounding
        others = self.contract_id.pause_ids - pause if pause else self.contract_id.pause_ids
        before = first - timedelta(days=1)  # a pause without end is over where the credit begins
        gaps = [
            (row.date_from, row.date_to or before)
            for row in others
            if row.date_from <= (row.date_to or before)
        ]
        stretches = credit.without(self._get_agreed_stretches(), gaps)
        vals_list = []
        for row, billed, amount in self._get_billed_rows(stretches):
            days, worth = credit.unused(amount, billed, stretches, first, last, rounding)
            if (worth := row._cap_credit(worth)) > 0:
                start, stop = max(first, billed.start), min(last, billed.stop)
                vals_list.append(self._prepare_credit_vals(row, start, stop, days, worth, len(vals_list)))
        return vals_list

    def _prepare_credit_vals(self, row, start, stop, days, worth, before=0):
        """Values of one credit; ``before`` others of the line are prepared with it."""
        self.ensure_one()
        number = max(self.instalment_ids.mapped("correction"), default=0) + before + 1
        today = self.contract_id._get_today()
        back = plan.Instalment(start, stop, today, days, True, Fraction(0), -worth, number)
        return {**self._in_words_of_customer()._prepare_instalment_vals(back), "credited_id": row.id}

    def _prepare_transfer(self, start, day):
        """Values of the same price for the rest of the term. A price of the whole term passes on with its days.

        :param start: first day that the new customer pays for
        :param day: first day of his contract
        """
        self.ensure_one()
        contract = self.contract_id
        vals = self.copy_data({"contract_id": False, "sale_line_id": False})[0]
        if self.price_basis == "term":
            agreed, rest = (
                plan.Stretch(contract.date_start, contract.date_end),
                plan.Stretch(day, contract.date_end),
            )
            price = plan.price(
                Decimal(str(self.price_unit)), "term", agreed, [rest], contract._get_schedule()
            )
            vals["price_unit"] = float(price)
        return {**vals, "date_from": max(start, self.date_from or start), "date_to": self.date_to}
