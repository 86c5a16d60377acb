from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.clock import deadline, elapsed, hours, in_hours


class AfterSalesTicketClock(models.Model):
    """One promise of the service level: when it started, when it is due, when it was kept.

    Written by the system only. Once stopped or stamped as missed, its result stands for ever.
    """

    _name = "after.sales.ticket.clock"
    _description = "Service-Level Clock"
    _order = "ticket_id, deadline, id"
    _rec_name = "kind"

    ticket_id = fields.Many2one(
        "after.sales.ticket", string="Call", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, precompute=True, index=True)
    kind = fields.Selection(
        [
            ("response", "First Response"),
            ("on_site", "On Site"),
            ("restored", "Restored"),
            ("resolved", "Resolved"),
        ],
        required=True,
    )
    target_hours = fields.Float(string="Target (Hours)", required=True)
    calendar_id = fields.Many2one("resource.calendar", string="Working Hours", ondelete="restrict")
    start = fields.Datetime(required=True)
    deadline = fields.Datetime(help="Empty when the working hours never reach the target.")
    stop = fields.Datetime()
    paused = fields.Boolean()
    breached = fields.Boolean(string="Missed", help="Stamped when the deadline passed.")
    dropped = fields.Boolean(
        help="Lost its sense before it stopped; it counts neither as kept nor as missed."
    )
    worked_hours = fields.Float(
        string="Taken (Hours)", help="Working time from start to stop, without the waits."
    )
    overrun_hours = fields.Float(string="Over (Hours)", help="Working time beyond the target.")
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Waiting"),
            ("met", "Kept"),
            ("breached", "Missed"),
            ("dropped", "Dropped"),
        ],
        compute="_compute_state",
        store=True,
        precompute=True,
    )

    _one_per_kind = models.UniqueIndex("(ticket_id, kind)", "A call has one clock of each kind.")
    _due = models.Index("(deadline) WHERE stop IS NULL AND breached IS NOT TRUE")

    @api.depends("stop", "paused", "breached", "dropped")
    def _compute_state(self):
        for clock in self:
            if clock.breached:
                clock.state = "breached"
            elif clock.dropped:
                clock.state = "dropped"
            elif clock.stop:
                clock.state = "met"
            else:
                clock.state = "paused" if clock.paused else "running"

    def _is_open(self):
        return not (self.stop or self.dropped)

    def write(self, vals):
        self.check_access("write")
        frozen = {"start", "target_hours", "calendar_id", "deadline", "stop", "breached", "dropped"}
        if frozen & vals.keys() and any(clock.stop or clock.dropped for clock in self):
            raise UserError(self.env._("A clock that has stopped keeps its result."))
        return super().write(vals)

    # Planning and events ---------------------------------------------------------------------------------------------

    def _with_work(self):
        """Each clock with the working time it runs in; every calendar is read once for the batch."""
        for calendar, clocks in self.grouped("calendar_id").items():
            work = calendar._get_after_sales_work()
            for clock in clocks:
                yield clock, work

    def _plan(self):
        """Compute anew the deadlines that may still be kept, and when the next person is told."""
        clocks = self.filtered(lambda clock: clock._is_open())
        steps = self._get_alert_steps(clocks.ticket_id.service_level_id)
        for clock, work in clocks._with_work():
            vals = {"alert_on": clock._get_alert_date(clock._get_next_alert(steps), work)}
            if not clock.breached:
                vals["deadline"] = self._get_moment(clock.ticket_id, clock.start, clock.target_hours, work)
            clock.write(vals)

    @api.model
    def _start(self, vals_list):
        """Make clocks that know when they are due: inserted once, every calendar read once for the batch."""
        tickets = self.env["after.sales.ticket"].browse([vals["ticket_id"] for vals in vals_list])
        steps, works = self._get_alert_steps(tickets.service_level_id), {}
        for ticket, vals in zip(tickets, vals_list, strict=True):
            calendar = self.env["resource.calendar"].browse(vals["calendar_id"])
            work = works.setdefault(calendar, calendar._get_after_sales_work())
            promise = (ticket, vals["start"], vals["target_hours"], work)
            first = steps.get(ticket.service_level_id, ())[:1]
            vals["deadline"] = self._get_moment(*promise)
            vals["alert_on"] = first and self._get_moment(*promise, first.percent)
        return self.create(vals_list)

    @api.model
    def _get_moment(self, ticket, start, target_hours, work, percent=100):
        """When this part of the promised time is used up; False when the working hours never reach it."""
        return deadline(start, hours(target_hours * percent / 100), work, ticket._get_pauses()) or False

    def _stop(self, dates):
        """Stop at the date of their call ({ticket: date}), or as soon as they started, and measure what it took."""
        for clock, work in self._with_work():
            stop = max(dates[clock.ticket_id], clock.start)
            taken = in_hours(elapsed(clock.start, stop, work, clock.ticket_id._get_pauses()))
            late = clock.deadline and stop > clock.deadline
            over = max(taken - clock.target_hours, 0.0) if late else 0.0
            # The deadline that was given is the promise, even if the calendar changed since; only the deadline of a
            # clock that waits is not its last word.
            missed = late and (over > 0 or not clock.paused)
            clock.write(
                {
                    "stop": stop,
                    "alert_on": False,
                    "worked_hours": taken,
                    "overrun_hours": over,
                    "breached": clock.breached or missed,
                }
            )
        self._take_back_alerts()

    def _drop(self):
        self._take_back_alerts()
        self.write({"alert_on": False})
        self.filtered(lambda clock: not clock.breached).write({"dropped": True})

    def _stamp_breach(self):
        """Write down, once, that the deadline has passed, and tell who answers for the call."""
        self.write({"breached": True})
        for ticket, clocks in self.grouped("ticket_id").items():
            user = ticket.user_id or ticket.team_id.user_id
            if user:
                kinds = dict(self._fields["kind"]._description_selection(self.env))
                ticket.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=self.env._(
                        "Deadline missed: %s", ", ".join(kinds[kind] for kind in clocks.mapped("kind"))
                    ),
                    user_id=user.id,
                )

    @api.model
    def _get_due_domain(self):
        """A clock that waits can neither be missed nor told to be."""
        return (
            Domain("deadline", "<", fields.Datetime.now())
            & Domain("stop", "=", False)
            & Domain("breached", "=", False)
            & Domain("dropped", "=", False)
            & Domain("paused", "=", False)
        )

    def _check_breaches(self):
        """Stamp those whose deadline has passed; somebody may have arrived on site in time without saying so."""
        self.ticket_id._sync_arrival()
        self.filtered_domain(self._get_due_domain())._stamp_breach()

    @api.model
    def _cron_stamp_breaches(self, batch_size=500):
        """Stamp every missed deadline, so that the figures do not depend on anybody opening the call."""
        self._run_due(self._get_due_domain(), "deadline, id", type(self)._check_breaches, batch_size)

    @api.model
    def _run_due(self, domain, order, work, batch_size):
        """Do the work on all clocks of the domain, a batch at a time; each batch is committed."""
        remaining = self.search_count(domain)
        while remaining:
            clocks = self.search(domain, limit=batch_size, order=order)
            work(clocks)
            remaining -= len(clocks)
            if (
                not self.env["ir.cron"]._commit_progress(len(clocks), remaining=max(remaining, 0))
                or not clocks
            ):
                break
