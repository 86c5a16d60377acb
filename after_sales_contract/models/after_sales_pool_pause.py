from odoo import models
from odoo.fields import Command

from ..tools import pools


class AfterSalesPool(models.Model):
    """A pool whose hours follow the pauses of its contract."""

    _inherit = "after.sales.pool"

    def _adjust_to_pauses(self, wanted, contract):
        """Book the difference to the hours that the period has now; never below what was used or is reserved."""
        self.ensure_one()
        given = self.entry_ids.filtered(
            lambda entry: (entry.source_key or "").split(":")[0] in ("start", "pause")
        )
        change = round(max(wanted - sum(given.mapped("quantity")), -max(self.available, 0.0)), 2)
        if abs(change) <= pools.TINY:
            return
        words = self._with_customer_language().env
        self.entry_ids = [
            Command.create(
                {
                    "name": words._("Paused days") if change < 0 else words._("Days in force again"),
                    "date": max(self.date_from, contract._get_today()),
                    "kind": "adjust",
                    "quantity": change,
                    "res_model": contract._name,
                    "res_id": contract.id,
                    "source_key": f"pause:{len(given)}",
                }
            )
        ]
