from datetime import date

from odoo import api, models
from odoo.fields import Domain

from ..tools import credit
from ..tools.plan import Stretch
from .after_sales_contract_life_mixin import LIVE_STATES


class AfterSalesContract(models.Model):
    """Hours of a period and pauses: the customer has hours for the days that he pays for.

    The price of a period is that of its days in force, so its hours are too: a month paused as a whole has none, one
    paused in part has its part by days, from its first day in force. To open all hours of a half month would give what
    nobody pays for, to open none would take what is paid; by days neither side can complain. A month that is open when
    the pause is entered loses the hours of its paused days, but none that was used or promised to a job, and gets them
    back when it is resumed earlier. Closing a pause opens nothing for the months that passed in it.

    What may be carried over waits for the first pool after the pause. Hours of the whole term are a package, bought
    for no day in particular: a pause leaves them alone.
    """

    _inherit = "after.sales.contract"

    def _get_days_in_force(self, start, stop):
        """The stretches between two days that are not paused."""
        return credit.without([Stretch(start, stop)], [pause._get_gap() for pause in self.pause_ids])

    def _get_pool_start(self, period):
        days = self._get_days_in_force(period.start, period.stop)
        return min((row.start for row in days), default=date.max)

    def _get_hours_of(self, period):
        if self.pool_period == "term":
            return super()._get_hours_of(period)
        days = sum(row.days for row in self._get_days_in_force(period.start, period.stop))
        return round(self.pool_hours * days / period.full_days, 2)

    def _after_pause(self, pause):
        result = super()._after_pause(pause)
        self._follow_pauses()
        return result

    def _after_resume(self):
        result = super()._after_resume()
        self._follow_pauses()
        return result

    def _follow_pauses(self):
        """Hours of the periods that are open now, and the day of the next ones, after paused days changed."""
        self.ensure_one()
        if not self.pool_hours or self.pool_period == "term":
            return
        cut = {period.start: period for period in self._get_pool_periods()}
        # sudo: whoever may pause a contract changes its hours, which by hand only a manager corrects
        for pool_sudo in self.sudo().pool_ids.filtered(
            lambda row: row.date_period in cut and not row.closed_on
        ):
            wanted = self._get_hours_of(cut[pool_sudo.date_period])
            pool_sudo._adjust_to_pauses(wanted, self)
        self._open_pools()

    @api.model
    def _get_closable_domain(self, today):
        """A rest that may be carried over waits until there is a pool to take it, in the next term if need be."""
        paused = Domain("state", "in", LIVE_STATES) & Domain(
            "pause_ids", "any", self._get_pause_domain(today)
        )
        waiting = Domain("contract_id", "any", paused | Domain("successor_ids", "any", paused))
        return super()._get_closable_domain(today) & ~(Domain("rollover_limit", ">", 0) & waiting)
