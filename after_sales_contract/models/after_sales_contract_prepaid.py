from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models

from ..tools import periods, plan
from ..tools.periods import MONTHS, to_unit

#: A start or an end that moves, moves the days that the document paid.
TERM_FIELDS = {"date_start", "date_end", "duration", "duration_unit", "free_months"}


class AfterSalesContractLine(models.Model):
    """A price that its document bills: worth what was invoiced, for the first period of the price. What the contract
    asks for later days is a price of its own, with instalments."""

    _inherit = "after.sales.contract.line"

    prepaid_amount = fields.Monetary(
        "Billed Amount",
        readonly=True,
        copy=False,
        help="What the order or invoice that sold the contract bills for the days of this price, without taxes.",
    )
    prepaid_line_id = fields.Many2one(
        "after.sales.contract.line",
        "Goes on after",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The price that its document bills, of the days before.",
    )

    @api.depends("is_prepaid", "prepaid_amount")
    def _compute_price_subtotal(self):
        return super()._compute_price_subtotal()

    def _get_price_of(self, stretches):
        """All days of a price that its document bills are worth what it billed, a part of them its share."""
        self.ensure_one()
        if not self.is_prepaid or not self.prepaid_amount:
            return super()._get_price_of(stretches)
        schedule = self.contract_id._get_schedule()
        agreed = plan.Stretch(self.contract_id.date_start, self.contract_id.date_end)
        basis = "once" if self.price_basis == "once" else "term"
        paid = self._get_agreed_stretches(whole=True)
        whole = plan.price(Decimal(1), basis, agreed, paid, schedule)
        part = plan.price(Decimal(1), basis, agreed, stretches, schedule)
        share = part / whole if whole else Fraction(0)
        return to_unit(Fraction(str(self.prepaid_amount)) * share, schedule.rounding)

    def _get_prepaid_stop(self):
        """Last day that the document paid: that of the first period of the price, None when it paid the whole term."""
        self.ensure_one()
        contract = self.contract_id
        if not self.prepaid_amount or self.price_basis not in MONTHS:
            return None
        start, free = self.date_from or contract.date_start, contract.date_free_until
        if free and free >= start:
            start = free + timedelta(days=1)
        stop = periods.end_of(start, 1, self.price_basis)
        return stop if stop < contract.date_end else None

    def _split_prepaid(self):
        """Give what a document paid its days, and plan the days after them as a price of its own."""
        for line in self.filtered(lambda row: row.is_prepaid and row.contract_id.date_end):
            stop = line._get_prepaid_stop()
            rest = line.contract_id.line_ids.filtered(lambda row, paid=line: row.prepaid_line_id == paid)
            if not stop:
                rest.unlink()
                if line.prepaid_amount and line.price_basis in MONTHS:
                    line.date_to = False
                continue
            line.date_to = stop
            after = stop + timedelta(days=1)
            if rest:
                rest.date_from = after
            else:
                days = {"date_from": after, "date_to": False}
                line.copy({**days, "contract_id": line.contract_id.id, "prepaid_line_id": line.id})


class AfterSalesContract(models.Model):
    """Until a contract begins, the days that its document paid follow its dates."""

    _inherit = "after.sales.contract"

    def write(self, vals):
        result = super().write(vals)
        if TERM_FIELDS & vals.keys():
            self.filtered(lambda c: c.state in ("draft", "proposed")).line_ids._split_prepaid()
        return result
