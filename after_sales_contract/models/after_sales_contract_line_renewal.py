from decimal import Decimal
from fractions import Fraction

from odoo import fields, models

from ..tools import adjust, periods, plan


class AfterSalesContractLine(models.Model):
    """What becomes of a price when its contract is renewed."""

    _inherit = "after.sales.contract.line"

    is_price_fixed = fields.Boolean(
        "Fixed Price", help="An adjustment on renewal leaves this price as it is."
    )

    def _get_renewal_price(self, term):
        """The present unit price; that of a whole term counts for the length of the next one. A Decimal."""
        self.ensure_one()
        price = Decimal(str(self.price_unit))
        if self.price_basis != "term":
            return price
        contract = self.contract_id
        old = periods.count(contract.date_start, contract.date_end, "month")
        new = periods.count(term.start, term.stop, "month")
        return adjust.for_term(price, old, new, self.env["after.sales.adjustment"]._get_price_step())

    def _get_renewal_units(self, term):
        """What the unit price is multiplied by to give the value of the next term; the discount is in it."""
        self.ensure_one()
        schedule = self.contract_id._get_schedule(term.start)
        units = plan.price(Decimal(1), self.price_basis, term, self._get_renewal_stretches(term), schedule)
        return units * (1 - Fraction(str(self.discount)) / 100)

    def _get_renewal_stretches(self, term):
        """Days and quantities of the next term that the price counts."""
        self.ensure_one()
        quantity = Fraction(str(self.quantity))
        if self.pricing == "per_contract":
            return [plan.Stretch(term.start, term.stop, quantity)]
        rows = [
            plan.Stretch(cover.date_from or term.start, term.stop, quantity * Fraction(str(cover.quantity)))
            for cover in self.contract_id._get_renewed_covers()
            if self._counts(cover.product_id, cover.categ_id)
        ]
        return [part for row in rows if (part := row.clipped(term.start, term.stop))]

    def _prepare_successor_line_vals(self, term, prices):
        """Values of the price in the next term, for all of its days."""
        self.ensure_one()
        price = prices.get(self.id)
        return self.copy_data(
            {
                "contract_id": False,
                "date_from": False,
                "date_to": False,
                "price_unit": float(self._get_renewal_price(term)) if price is None else price,
            }
        )[0]
