from odoo import models


class AfterSalesContractCover(models.Model):
    """What becomes of a cover when its contract is renewed, or transferred to another customer."""

    _inherit = "after.sales.contract.cover"

    def _prepare_successor_cover_vals(self, term):
        """Values of the cover in the next term; one that begins later still does."""
        self.ensure_one()
        date_from = max(self.date_from, term.start) if self.date_from else term.start
        date_to = self.date_to if self.date_to and self.date_to >= date_from else False
        return self.copy_data({"contract_id": False, "date_from": date_from, "date_to": date_to})[0]

    def _prepare_transfer(self, day):
        """Values of what is covered still on ``day``, the first one of the contract's next customer."""
        return [
            {
                "unit_id": cover.unit_id.id,
                "product_id": cover.product_id.id,
                "categ_id": cover.categ_id.id,
                "quantity": cover.quantity,
                # One that waits for its warranty goes on to follow it; one that has begun does not move any more.
                "start_policy": cover.start_policy
                if cover.date_from and cover.date_from > day
                else "contract_start",
                "date_from": max(day, cover.date_from or day),
                "date_to": cover.date_to,
                "note": cover.note,
            }
            for cover in self
            if not cover.date_to or cover.date_to >= day
        ]
