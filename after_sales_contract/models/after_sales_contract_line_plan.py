from decimal import Decimal
from fractions import Fraction

from odoo import models
from odoo.tools import format_date

from odoo.addons.after_sales_warranty.tools.durations import duration_text

from ..tools import periods, plan


class AfterSalesContractLine(models.Model):
    """The plan of a price: the days and quantities it is asked for, and the instalments that they are paid in."""

    _inherit = "after.sales.contract.line"

    # === DAYS ===#

    def _get_term(self):
        """The agreed days of the line, None while the contract has no dates."""
        self.ensure_one()
        contract = self.contract_id
        if not contract.date_start or not contract.date_end:
            return None
        term = plan.Stretch(self.date_from or contract.date_start, self.date_to or contract.date_end)
        return term.clipped(contract.date_start, contract.date_end)

    def _get_stretches(self):
        """Days and quantities that are priced. Extend to take days out."""
        return self._get_agreed_stretches()

    def _get_agreed_stretches(self, whole=False):
        """Days and quantities that were agreed, until the early end of the contract if there is one.

        :param whole: as if there was none
        """
        self.ensure_one()
        term, contract = self._get_term(), self.contract_id
        closed = not whole and contract.date_closed
        start, stop = term.start, min(closed or term.stop, term.stop)
        rows = self._get_covered_stretches()
        if self.price_basis == "once":
            rows = [plan.Stretch(row.start, row.start, row.quantity) for row in rows]
        elif contract.date_free_until:
            start = max(start, periods.add(contract.date_free_until, 1, "day"))
        return plan.merged([part for row in rows if (part := row.clipped(start, stop))])

    def _get_covered_stretches(self):
        """Days and quantities under contract, as if the price and the contract went on until the agreed end."""
        self.ensure_one()
        contract, quantity = self.contract_id, Fraction(str(self.quantity))
        start, stop = self._get_term().start, contract.date_end
        if self.pricing == "per_contract":
            return [plan.Stretch(start, stop, quantity)]
        closed = contract.date_closed
        rows = []
        for cover in self._get_priced_covers():
            last = cover.date_priced_to or cover.date_to
            if not last or (closed and last >= closed):
                last = stop
            last = max(last, cover.date_from)
            rows.append(plan.Stretch(cover.date_from, last, quantity * Fraction(str(cover.quantity))))
        return plan.merged([part for row in rows if (part := row.clipped(start, stop))])

    def _get_priced_covers(self):
        """Covers that a line priced by unit counts."""
        self.ensure_one()
        covers = self.contract_id.cover_ids.filtered("date_from")
        return covers.filtered(lambda cover: self._counts(cover.product_id, cover.categ_id))

    def _counts(self, product, family):
        """Whether a covered unit of this product, or a covered family, raises the price."""
        self.ensure_one()
        if self.pricing == "per_product":
            if product and product == self.cover_product_id:
                return True
            path = (product.categ_id or family).parent_path or ""
            return bool(self.cover_categ_id) and path.startswith(self.cover_categ_id.parent_path)
        return self.pricing == "per_unit"

    # === VALUE ===#

    def _get_price_year(self):
        """What the price is worth a year: its price over the years of the term, both by the same measure and unrounded, so
        that the price of a month counts twelve times however short the term is. A Fraction."""
        self.ensure_one()
        contract, schedule = self.contract_id, self.contract_id._get_schedule()
        agreed = plan.Stretch(contract.date_start, contract.date_end)
        basis = self.price_basis if self.price_basis in periods.MONTHS else "year"
        length = plan.price(Decimal(1), basis, agreed, [agreed], schedule)
        if self.is_prepaid:
            price = Fraction(str(self.price_subtotal))
        else:
            stretches = self._get_stretches()
            price = plan.price(self._get_unit_price(), self.price_basis, agreed, stretches, schedule)
            price += Fraction(str(self.agreed_difference))
        return price / length * 12 / periods.MONTHS[basis]

    # === INSTALMENTS ===#

    def _get_open_instalments(self):
        """Instalments that are planned, neither billed nor agreed by hand: the ones that may still change."""
        return self.instalment_ids.filtered(lambda row: row.state == "planned" and not row._is_fixed())

    def _get_fixed(self):
        """Instalments that are billed or agreed by hand, for the pure rules of tools/plan.py."""
        self.ensure_one()
        return [
            plan.Fixed(
                row.date_from, row.date_to, Decimal(str(row.amount)), Fraction(row.unit_days), row.correction
            )
            for row in self.instalment_ids
            if row.state == "planned" and row._is_fixed()
        ]

    def _get_fixed_amount(self):
        return sum((row.amount for row in self._get_fixed()), Decimal(0))

    def _release_lost_instalments(self):
        """An agreed instalment that is no period of the line any more is the plan's again."""
        self.ensure_one()
        agreed = self.instalment_ids.filtered(
            lambda row: row.state == "planned" and row.is_manual and not row.is_billed and not row.correction
        )
        if not agreed:
            return
        stretches = self._get_stretches() if self._get_term() else []
        owed = set()
        if stretches:
            schedule = self.contract_id._get_schedule()
            start, stop = min(row.start for row in stretches), max(row.stop for row in stretches)
            cut = periods.split(start, stop, schedule.interval, schedule.unit, schedule.anchor)
            owed = {(period.start, period.stop) for period in cut}
        # sudo: the plan follows from the contract, whoever may change that one
        agreed.filtered(lambda row: (row.date_from, row.date_to) not in owed).sudo().is_manual = False

    def _prepare_instalments(self, with_text=True):
        """Values of the instalments that the line still owes, beside those that are billed."""
        self.ensure_one()
        if not self._get_term():
            return []
        fixed = self._get_fixed()
        billed_until = max((row.stop for row in fixed), default=None)
        ended = bool(self.contract_id.date_closed)
        beyond = billed_until and billed_until > self._get_term().stop
        rows = plan.instalments(
            self._get_price(),
            self._get_stretches(),
            self.contract_id._get_schedule(),
            fixed,
            covers=None if self.price_basis == "once" else self._get_covered_stretches(),
            # A price of the contract has no units that come and go: what a pause leaves over is credited elsewhere.
            settle=ended or (self.pricing != "per_contract" and not beyond),
            refund=not ended,
        )
        line = self._in_words_of_customer() if with_text else self
        vals_list = [line._prepare_instalment_vals(row, with_text) for row in rows]
        if self.price_basis != "once":
            self._add_day_quantities(vals_list)
        return vals_list

    def _add_day_quantities(self, vals_list):
        """What is earned of an instalment on a day goes by the units of that day: note where they change."""
        stretches = self._get_stretches()
        for vals in vals_list:
            found = [] if vals["correction"] else plan.steps(stretches, vals["date_from"], vals["date_to"])
            vals["day_quantities"] = [[str(day), float(quantity)] for day, quantity in found] or False

    def _prepare_instalment_vals(self, row, with_text=True):
        vals = {
            "line_id": self.id,
            "contract_id": self.contract_id.id,
            "date_from": row.start,
            "date_to": row.stop,
            "date_due": row.due,
            "days": row.days,
            "is_partial": row.is_partial and self.price_basis != "once",
            "unit_days": float(row.unit_days),
            "correction": row.correction,
            "amount": float(row.amount),
        }
        if with_text:
            vals["description"] = self._get_instalment_text(row)
        return vals

    def _in_words_of_customer(self):
        """The line in the language in which its customer reads invoices."""
        self.ensure_one()
        return self.with_context(lang=self.contract_id.invoice_partner_id.lang or self.env.lang)

    def _get_instalment_text(self, row):
        """What is read on the invoice; parts of a period show their days."""
        period = {
            "start": format_date(self.env, row.start),
            "stop": format_date(self.env, row.stop),
            "days": duration_text(row.days, "day", self.env.lang),
        }
        if self.price_basis == "once":
            text = self.env._("Once, on %(start)s", **period)
        elif row.correction and row.amount < 0:
            text = self.env._("Credit for %(start)s - %(stop)s (%(days)s)", **period)
        elif row.correction:
            text = self.env._("Added for %(start)s - %(stop)s (%(days)s)", **period)
        elif row.is_partial:
            text = self.env._("Period %(start)s - %(stop)s (%(days)s)", **period)
        else:
            text = self.env._("Period %(start)s - %(stop)s", **period)
        return f"{self.name}\n{text}"
