from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.clock import Span, earliest

TARGETS = {
    "response": "response_hours",
    "on_site": "on_site_hours",
    "restored": "restore_hours",
    "resolved": "resolve_hours",
}
"""Each kind of clock and the field of the service level that gives its hours."""


class AfterSalesTicket(models.Model):
    """Service level: the clocks of a call are planned here, stopped by what happens, paused while we wait."""

    _inherit = "after.sales.ticket"

    service_level_id = fields.Many2one(
        "after.sales.service.level",
        compute="_compute_service_level_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
    )
    date_assigned = fields.Datetime(
        string="Assigned On",
        compute="_compute_date_assigned",
        store=True,
        precompute=True,
        copy=False,
        help="When somebody first became responsible.",
    )
    date_acknowledged = fields.Datetime(
        string="Acknowledged On",
        compute="_compute_date_assigned",
        store=True,
        precompute=True,
        copy=False,
        help="When somebody of ours first answered or became responsible.",
    )
    clock_ids = fields.One2many("after.sales.ticket.clock", "ticket_id", copy=False)
    pause_ids = fields.One2many("after.sales.ticket.pause", "ticket_id", copy=False)
    date_deadline = fields.Datetime(
        string="Next Deadline",
        compute="_compute_date_deadline",
        store=True,
        copy=False,
        help="The next moment at which a running service-level clock would be missed.",
    )
    restored_is_running = fields.Boolean(compute="_compute_clock_flags")
    clocks_are_paused = fields.Boolean(compute="_compute_clock_flags")
    is_breached = fields.Boolean(
        string="Deadline Missed",
        compute="_compute_date_deadline",
        store=True,
        copy=False,
        index="btree_not_null",
    )

    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Still open, and a deadline has been missed or is past.",
    )

    _open_deadline = models.Index("(date_deadline) WHERE date_closed IS NULL")

    @api.depends("service_level_id", "regime_id")
    def _compute_priority(self):
        for ticket in self:
            ticket.priority = (
                ticket.service_level_id.priority or ticket.regime_id.priority or ticket.priority or "0"
            )

    @api.depends("user_id")
    def _compute_date_assigned(self):
        for ticket in self:
            now = fields.Datetime.now() if ticket.user_id else False
            ticket.date_assigned = ticket.date_assigned or now
            answered = ticket._is_answered_at_once() and ticket.date_reported
            ticket.date_acknowledged = earliest(ticket.date_acknowledged, ticket.date_assigned, answered)

    @api.depends("clock_ids.deadline", "clock_ids.state")
    def _compute_date_deadline(self):
        for ticket in self:
            clocks_sudo = ticket.sudo().clock_ids
            running = clocks_sudo.filtered(lambda clock: clock.state == "running" and clock.deadline)
            ticket.date_deadline = min(running.mapped("deadline"), default=False)
            ticket.is_breached = "breached" in clocks_sudo.mapped("state")

    @api.depends("state", "is_breached", "date_deadline")
    def _compute_is_late(self):
        """Not stored: time alone makes a call late, before the next run stamps it."""
        late = self.filtered_domain(self._get_late_domain())
        late.is_late = True
        (self - late).is_late = False

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._get_late_domain()
        return Domain.OR([late if wanted else ~late for wanted in value])

    @api.model
    def _get_late_domain(self):
        """Open, and missed or past what the next clock allows; a clock that waits has no next deadline."""
        return Domain("state", "in", self._get_open_states()) & (
            Domain("is_breached", "=", True) | Domain("date_deadline", "<", fields.Datetime.now())
        )

    @api.depends("clock_ids.kind", "clock_ids.stop", "clock_ids.dropped", "clock_ids.paused")
    def _compute_clock_flags(self):
        for ticket in self:
            open_sudo = ticket.sudo().clock_ids.filtered(lambda clock: clock._is_open())
            ticket.restored_is_running = "restored" in open_sudo.mapped("kind")
            ticket.clocks_are_paused = any(open_sudo.mapped("paused"))

    @api.model
    def _get_service_level_triggers(self):
        """Fields that, when written, may give the call another service level or calendar."""
        return {
            "serial",
            "unit_id",
            "partner_id",
            "contact_phone",
            "contract_id",
            "regime_id",
            "team_id",
            "service_id",
            "priority",
            "service_level_id",
        }

    def _get_calendar(self):
        """The working hours the clocks run in: the contract's service level, else the team, else the company."""
        self.ensure_one()
        return (
            self.service_level_id.calendar_id
            or self.team_id.calendar_id
            or self.company_id.resource_calendar_id
        )

    # Planning -------------------------------------------------------------------------------------------------------

    def _plan_clocks(self):
        """Give every open call the clocks of its service level; what is stopped or missed stays as it is."""
        clocks_sudo = self.sudo().clock_ids  # clocks are kept by the system, whoever works on the call
        vals_list, changed, obsolete = [], clocks_sudo.browse(), clocks_sudo.browse()
        for ticket in self.filtered(lambda ticket: ticket.state in self._get_open_states()):
            calendar = ticket._get_calendar()
            existing = ticket.sudo().clock_ids.grouped("kind")
            for kind, fname in TARGETS.items():
                target, clock = ticket.service_level_id[fname], existing.get(kind)
                start = target and ticket._get_clock_start(kind)
                if start and not clock:
                    vals_list.append(ticket._prepare_clock_vals(kind, target, calendar, start))
                elif not clock or not clock._is_open() or clock.breached:
                    continue
                elif not start:
                    obsolete += clock
                elif (clock.target_hours, clock.calendar_id, clock.start) != (target, calendar, start):
                    changed += clock
                    clock.write({"target_hours": target, "calendar_id": calendar.id, "start": start})
        (changed + obsolete)._take_back_alerts()
        changed.alerted_percent = 0  # another promise, of which nobody was told
        obsolete.unlink()
        changed._plan()
        created = clocks_sudo._start(vals_list)
        answered = created.filtered(
            lambda clock: clock.kind == "response" and clock.ticket_id._is_answered_at_once()
        )
        answered._stop({clock.ticket_id: clock.start for clock in answered})

    def _plan_work_clocks(self):
        """Start the clocks that waited for an answer, for somebody to be responsible, or for the work to be authorised
        (D39)."""
        self.filtered(lambda t: t.service_level_id._waits_for_events())._plan_clocks()

    def _get_clock_start(self, kind):
        """The event that starts a clock of this kind; False while it has not happened."""
        self.ensure_one()
        return self[f"date_{self.service_level_id._get_start_event(kind)}"]

    def _prepare_clock_vals(self, kind, target, calendar, start):
        self.ensure_one()
        return {
            "ticket_id": self.id,
            "kind": kind,
            "target_hours": target,
            "calendar_id": calendar.id,
            "start": start,
            "paused": bool(self.waiting_for),
        }

    def _is_answered_at_once(self):
        """A call that a person of ours takes on the phone is answered by taking it."""
        return self.channel in ("phone", "internal") and not (self.create_uid or self.env.user).share

    # What happens to them -------------------------------------------------------------------------------------------

    def _stop_clocks(self, kinds, date=None):
        """Stop what still runs of the given kinds at the date; other addons call this when the event happens."""
        self._stop_clocks_at(kinds, dict.fromkeys(self, date or fields.Datetime.now()))

    def _stop_clocks_at(self, kinds, dates):
        """The same for calls with a date each ({call: date}); a calendar is read once for all of them."""
        if "response" in kinds:
            self._acknowledge(dates)
        clocks_sudo = self.sudo().clock_ids.filtered(lambda clock: clock.kind in kinds and clock._is_open())
        clocks_sudo._stop(dates)

    def _acknowledge(self, dates):
        """Somebody of ours answered, at the date of each call: what waits for that counts from the first time."""
        early = self.filtered(
            lambda t: dates[t] == earliest(dates[t], t.date_acknowledged) != t.date_acknowledged
        )
        for ticket in early.sudo():  # clocks are kept by the system, whoever answers
            ticket.date_acknowledged = dates[ticket]
        early._plan_work_clocks()

    def _drop_clocks(self):
        """What still runs has lost its sense: the call is cancelled, or was solved without going there."""
        self.sudo().clock_ids.filtered(lambda clock: clock._is_open())._drop()

    def _sync_arrival(self):
        """Somebody is on site from the moment the first work session began."""
        arrivals = {}
        for ticket in self:
            moments = [visit.date_arrival for visit in ticket.sudo().intervention_ids if visit.date_arrival]
            if moments:
                arrivals[ticket] = min(moments)
        self.browse().union(*arrivals)._stop_clocks_at(("response", "on_site"), arrivals)

    def _after_waiting_change(self):
        now = fields.Datetime.now()
        Pause_sudo = self.env["after.sales.ticket.pause"].sudo()  # the ledger is written by the system only
        open_pauses = Pause_sudo.search([("ticket_id", "in", self.ids), ("stop", "=", False)])
        for pause in open_pauses:
            pause.stop = max(now, pause.start)
        open_pauses.flush_recordset(["stop"])  # before the next wait of the same call is written
        waiting = self.filtered("waiting_for")
        Pause_sudo.create(
            [{"ticket_id": ticket.id, "reason": ticket.waiting_for, "start": now} for ticket in waiting]
        )
        open_clocks_sudo = self.sudo().clock_ids.filtered(lambda clock: clock._is_open())
        for paused, clocks in open_clocks_sudo.grouped(
            lambda clock: bool(clock.ticket_id.waiting_for)
        ).items():
            clocks.write({"paused": paused})
        open_clocks_sudo._plan()

    def _get_pauses(self):
        """The waits of the call as spans; one that still lasts ends now."""
        self.ensure_one()
        now = fields.Datetime.now()
        return [Span(pause.start, pause.stop or now) for pause in self.sudo().pause_ids]
