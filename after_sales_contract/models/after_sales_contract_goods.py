from odoo import models


class AfterSalesContract(models.Model):
    """The goods that a contract was sold for: which line brought a unit, and what has no unit of its own."""

    _inherit = "after.sales.contract"

    def _get_source_of(self, unit):
        """The line of a document that brought a unit, if any."""
        self.ensure_one()
        return self.source_ids.filtered(
            lambda source: source.product_id.type != "service" and source._brought(unit)
        )[:1]

    def _cover_plain(self, quantities, day=None):
        """Cover goods without units: a quantity for each source, from a day on or with the contract."""
        self.ensure_one()
        covers = self.env["after.sales.contract.cover"].create(
            [
                {
                    "contract_id": self.id,
                    "product_id": source.product_id.id,
                    "quantity": quantity,
                    "source_id": source.id,
                }
                for source, quantity in quantities.items()
                if quantity > 0
            ]
        )
        if day and self.date_start:
            for cover in covers.filtered(lambda c: c.date_from < day):
                cover.date_from = day
        self._after_covered(covers)

    def _start_without_units(self, day):
        """A contract that waits for the end of a warranty of goods that get no unit, hence no warranty here: it
        begins with their delivery, as one with units without warranty does."""
        waiting = self.filtered(lambda c: c.start_basis == "warranty_end" and not c._expects_units())
        waiting._start_on("warranty_end", day)

    def _expects_units(self):
        """Whether units are covered, or will be when they are delivered."""
        self.ensure_one()
        goods = self.source_ids.filtered(lambda source: source.product_id.type != "service")
        products = goods.product_id or self.sale_order_id.order_line.product_id
        tracked = any(product.type != "service" and product.after_sales_tracked for product in products)
        return tracked or bool(self.cover_ids.unit_id)
