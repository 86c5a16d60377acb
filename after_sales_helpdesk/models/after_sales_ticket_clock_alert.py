from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesTicketClock(models.Model):
    """Who is told while the time runs out, and after it has."""

    _inherit = "after.sales.ticket.clock"

    alert_on = fields.Datetime(
        string="Next Alert", help="When the next person is told how much of the time is used."
    )
    alerted_percent = fields.Integer(string="Told At (%)")
    alert_activity_ids = fields.Many2many("mail.activity", string="Alerts", copy=False)

    _alert_due = models.Index("(alert_on) WHERE stop IS NULL AND alert_on IS NOT NULL")

    @api.model
    def _get_alert_steps(self, levels):
        """The steps of each service level, in order ({level: steps})."""
        # sudo: the policy holds for whoever works on the call
        return {level: level.sudo().alert_ids.sorted("percent") for level in levels}

    def _get_next_alert(self, steps, percent=None):
        """The step of the service level after the given part of time, or the part told of last."""
        told = self.alerted_percent if percent is None else percent
        own = steps.get(self.ticket_id.service_level_id) or self.env["after.sales.service.level.alert"]
        return own.filtered(lambda step: step.percent > told)[:1]

    def _get_alert_date(self, step, work):
        self.ensure_one()
        return bool(step) and self._get_moment(
            self.ticket_id, self.start, self.target_hours, work, step.percent
        )

    def _take_back_alerts(self):
        """Nobody is to act on time that no longer runs, or on a promise that was changed."""
        # sudo: who does the work that stops a clock may not edit the activities of others
        self.sudo().filtered("alerted_percent").alert_activity_ids.unlink()

    def _send_alerts(self):
        """Tell who is to be told by now; of several moments that have passed only the last."""
        now, steps = fields.Datetime.now(), self._get_alert_steps(self.ticket_id.service_level_id)
        for clock, work in self._with_work():
            step = clock._get_next_alert(steps)
            due = step.browse()
            date = clock._get_alert_date(step, work)
            while step and date and date <= now:
                due, step = step, clock._get_next_alert(steps, step.percent)
                date = clock._get_alert_date(step, work)
            clock.write({"alerted_percent": due.percent or clock.alerted_percent, "alert_on": date})
            if due:
                due.service_level_id.alert_ids.filtered(lambda s, d=due: s.percent == d.percent)._alert(clock)

    @api.model
    def _get_alert_domain(self):
        """A clock that waits tells nobody."""
        return (
            Domain("alert_on", "<=", fields.Datetime.now())
            & Domain("stop", "=", False)
            & Domain("dropped", "=", False)
            & Domain("paused", "=", False)
        )

    def _check_alerts(self):
        self.ticket_id._sync_arrival()
        self.filtered_domain(self._get_alert_domain())._send_alerts()

    @api.model
    def _cron_send_alerts(self, batch_size=500):
        """Warn before deadlines and escalate after them."""
        self._run_due(self._get_alert_domain(), "alert_on, id", type(self)._check_alerts, batch_size)
