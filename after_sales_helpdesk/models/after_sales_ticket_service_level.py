from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.clock import Span
from .groups import MANAGER

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

    service_level_reason = fields.Char(
        string="Reason of the Service Level",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Why a person chose another service level than the policy.",
    )

    @api.depends("contract_id", "regime_id", "team_id", "partner_id", "service_id")
    def _compute_service_level_id(self):
        """What a person decided with a reason, else the contract, the policy, the regime, the team."""
        decided = self.filtered(lambda ticket: ticket.sudo().service_level_reason)
        for ticket in decided:
            ticket.service_level_id = ticket.service_level_id
        found = self.env["after.sales.service.level.rule"]._find_levels(self - decided)
        for ticket in self - decided:
            ticket.service_level_id = (
                ticket.contract_id.service_level_id
                or found.get(ticket)
                or ticket.regime_id.service_level_id
                or ticket.service_level_id
                or ticket.team_id.service_level_id
            )

    @api.depends("service_level_id", "regime_id")
    def _compute_priority(self):
        for ticket in self:
            ticket.priority = (
                ticket.service_level_id.priority or ticket.regime_id.priority or ticket.priority or "0"
            )

    @api.depends("clock_ids.deadline", "clock_ids.state")
    def _compute_date_deadline(self):
        for ticket in self:
            clocks_sudo = ticket.sudo().clock_ids
            running = clocks_sudo.filtered(lambda clock: clock.state == "running" and clock.deadline)
            ticket.date_deadline = min(running.mapped("deadline"), default=False)
            ticket.is_breached = "breached" in clocks_sudo.mapped("state")

    @api.depends("clock_ids.kind", "clock_ids.stop", "clock_ids.dropped")
    def _compute_restored_is_running(self):
        for ticket in self:
            ticket.restored_is_running = any(
                clock.kind == "restored" and clock._is_open() for clock in ticket.sudo().clock_ids
            )

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

    def _check_service_level_right(self, vals):
        """The promise to the customer follows contract and policy; who changes it by hand has the right and a reason."""
        if "service_level_id" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "The service level follows the contract and the policy. A manager may change it with the "
                    "button “Change Service Level”, giving a reason."
                )
            )

    def _apply_priority_rules(self):
        """Rows of the policy that ask for a priority hold once the priority of the call is known."""
        free = self.filtered(
            lambda t: not t.sudo().service_level_reason and not t.contract_id.service_level_id
        )
        for ticket, level in (
            self.env["after.sales.service.level.rule"]._find_levels(free, with_priority=True).items()
        ):
            if ticket.service_level_id != level:
                ticket_sudo = ticket.sudo()  # the policy decides, not who writes the priority
                ticket_sudo.write({"service_level_id": level.id, "priority": ticket.priority})

    def action_change_service_level(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Service Level"),
            "res_model": "after.sales.ticket.service.level.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_service_level_id": self.service_level_id.id},
        }

    def _change_service_level(self, level, reason):
        """Promise something else than the policy; raises ``UserError`` without the right or a reason (D42)."""
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise UserError(self.env._("Only an after-sales manager may change the service level."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the service level is changed."))
        for ticket in self:
            old = ticket.service_level_id
            ticket_sudo = ticket.sudo()  # the right was checked above
            ticket_sudo.write({"service_level_reason": reason})
            ticket_sudo.write({"service_level_id": level.id})
            ticket.message_post(
                body=self.env._(
                    "Service level changed from %(old)s to %(new)s: %(reason)s",
                    old=old.name or "-",
                    new=level.name or "-",
                    reason=reason,
                ),
                subtype_xmlid="mail.mt_note",
            )

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
                if target and not clock:
                    vals_list.append(ticket._prepare_clock_vals(kind, target, calendar))
                elif not clock or not clock._is_open() or clock.breached:
                    continue
                elif not target:
                    obsolete += clock
                elif clock.target_hours != target or clock.calendar_id != calendar:
                    clock.write({"target_hours": target, "calendar_id": calendar.id})
                    changed += clock
        obsolete.unlink()
        created = clocks_sudo.create(vals_list)
        (changed + created)._plan()
        answered = created.filtered(
            lambda clock: clock.kind == "response" and clock.ticket_id._is_answered_at_once()
        )
        answered._stop({clock.ticket_id: clock.start for clock in answered})

    def _prepare_clock_vals(self, kind, target, calendar):
        self.ensure_one()
        return {
            "ticket_id": self.id,
            "kind": kind,
            "target_hours": target,
            "calendar_id": calendar.id,
            "start": self.date_reported,
            "paused": bool(self.waiting_for),
        }

    def _is_answered_at_once(self):
        """A call that a person of ours takes on the phone is answered by taking it."""
        return self.channel in ("phone", "internal") and not self.create_uid.share

    # What happens to them -------------------------------------------------------------------------------------------

    def _stop_clocks(self, kinds, date=None):
        """Stop what still runs of the given kinds at the date; other addons call this when the event happens."""
        self._stop_clocks_at(kinds, dict.fromkeys(self, date or fields.Datetime.now()))

    def _stop_clocks_at(self, kinds, dates):
        """The same for calls with a date each ({call: date}); a calendar is read once for all of them."""
        clocks_sudo = self.sudo().clock_ids.filtered(lambda clock: clock.kind in kinds and clock._is_open())
        clocks_sudo._stop(dates)

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
