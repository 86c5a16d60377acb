from odoo import models


class AfterSalesContractCover(models.Model):
    """What becomes of a cover when its contract is renewed."""

    _inherit = "after.sales.contract.cover"

    def _prepare_successor_cover_vals(self, term):
        """Values of the cover in the next term; one that begins later still does."""
        self.ensure_one()
        date_from = max(self.date_from, term.start) if self.date_from else term.start
        date_to = self.date_to if self.date_to and self.date_to >= date_from else False
        return self.copy_data({"contract_id": False, "date_from": date_from, "date_to": date_to})[0]
