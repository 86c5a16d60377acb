from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.after_sales_contract.tools import pools

from .after_sales_intervention_pool import RESERVING_STATES


class AfterSalesPool(models.Model):
    """Hours that are there again, or new, go to the planned visits that wait for them."""

    _inherit = "after.sales.pool"

    def _offer_hours(self):
        result = super()._offer_hours()
        able = self.filtered(lambda pool: pool.available > pools.TINY)
        if able:
            # sudo: whoever gives hours back does not see every visit that waits for them
            visits_sudo = self.env["after.sales.intervention"].sudo()
            waiting = Domain.OR(pool._get_waiting_domain() for pool in able)
            visits_sudo.search(waiting, order="date_start, id")._keep_pool_hours()
        return result

    def _get_waiting_domain(self):
        """Visits in the days of the pool that have not all their hours, or were planned before it was opened."""
        self.ensure_one()
        customers = self.commercial_partner_id | self.shared_partner_ids
        domain = (
            Domain("state", "in", RESERVING_STATES)
            & (Domain("pool_hours_missing", ">", 0) | Domain("pool_hours", "=", 0))
            & (
                Domain("contract_id", "=", self.contract_id.id)
                | Domain("commercial_partner_id", "in", customers.ids)
            )
            # A day more on both sides: the engine knows the day where the technician is.
            & Domain("date_end", ">=", fields.Date.subtract(self.date_from, days=1))
        )
        if self.date_to:
            domain &= Domain("date_start", "<", fields.Date.add(self.date_to, days=2))
        return domain
