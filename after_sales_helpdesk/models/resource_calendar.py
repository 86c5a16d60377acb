from datetime import UTC, timedelta

from odoo import api, models

from ..tools.clock import Blocks, Span, always


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _get_after_sales_work(self):
        """Return the working time as the clocks of service levels read it, public holidays taken out.

        Without a calendar time runs round the clock. What is read is kept for as long as the caller keeps the result:
        one per batch.
        """
        if not self:
            return always
        self.ensure_one()
        return Blocks(self._read_after_sales_work)

    def _read_after_sales_work(self, start, stop):
        calendar_sudo = self.sudo()  # a technician has no right on leaves, and none is shown to him
        intervals = calendar_sudo._work_intervals_batch(start.replace(tzinfo=UTC), stop.replace(tzinfo=UTC))[
            False
        ]
        return [Span(self._to_utc(begin), self._to_utc(end)) for begin, end, __ in intervals]

    @api.model
    def _to_utc(self, moment):
        """Naive UTC; a shift until midnight ends at midnight, not a microsecond before it."""
        moment = moment.astimezone(UTC).replace(tzinfo=None)
        return moment + timedelta(microseconds=1) if moment.microsecond == 999999 else moment
