from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .after_sales_stage import STATES

MOVES = {
    "registered": {"checked", "cancelled"},
    "checked": {"registered", "quoted", "authorised", "cancelled"},
    "quoted": {"checked", "authorised", "cancelled"},
    "authorised": {"checked", "planned", "done", "cancelled"},
    "planned": {"authorised", "done", "cancelled"},
    "done": {"authorised", "closed"},
    "closed": {"authorised"},
    "cancelled": {"registered"},
}
"""From which state a call may move to which; a stage of the same state is always open."""

UNAUTHORISED = ("registered", "checked", "quoted")
FINISHED = ("done", "closed", "cancelled")


class AfterSalesTicket(models.Model):
    """Flow: registered, coverage checked, authorised (or quoted and accepted), planned, done, closed.

    Buttons and the kanban go through the same checks: they all write the stage.
    """

    _inherit = "after.sales.ticket"

    @api.model
    def _get_finished_states(self):
        return list(FINISHED)

    @api.model
    def _get_open_states(self):
        return [state for state, __ in STATES if state not in FINISHED]

    # Moving ---------------------------------------------------------------------------------------------------------

    def _move_to(self, state):
        """Bring the calls to their team's first stage of the state; who is there already stays."""
        for team, tickets in self.filtered(lambda ticket: ticket.state != state).grouped("team_id").items():
            stage = team._get_stages().filtered(lambda stage: stage.state == state)[:1]
            if not stage:
                raise UserError(
                    self.env._(
                        "Team %(team)s has no stage for “%(state)s”.",
                        team=team.display_name or "-",
                        state=dict(self._fields["state"]._description_selection(self.env))[state],
                    )
                )
            tickets.write({"stage_id": stage.id})

    def _check_stage_change(self, stage):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for ticket in self:
            if stage.team_ids and ticket.team_id not in stage.team_ids:
                raise UserError(
                    self.env._(
                        "%(stage)s is no stage of %(call)s's team.", stage=stage.name, call=ticket.name
                    )
                )
            if ticket.state == stage.state or not ticket.state:
                continue
            if stage.state in ("planned", "done") and ticket.state in UNAUTHORISED:
                raise UserError(
                    self.env._(
                        "%(call)s is not authorised yet: authorise it, or have the customer accept a quotation.",
                        call=ticket.name,
                    )
                )
            if stage.state not in MOVES[ticket.state]:
                raise UserError(
                    self.env._(
                        "%(call)s cannot go from “%(old)s” to “%(new)s”.",
                        call=ticket.name,
                        old=labels[ticket.state],
                        new=labels[stage.state],
                    )
                )
            check = getattr(ticket, f"_check_{stage.state}", None)
            if check and ticket.state not in FINISHED:
                check()

    def _after_stage_change(self, before=None):
        """Stamp the dates, stop the clocks and tell the customer; `before` maps the calls that moved to their old
        state, new calls are in no state before."""
        before = before or {}
        for state, tickets in self.grouped("state").items():
            changed = tickets.filtered(lambda ticket, s=state: before.get(ticket) != s)
            if changed:
                changed._after_state_change(state, before)
        self._send_stage_notice()

    def _after_state_change(self, state, before):
        now = fields.Datetime.now()
        if state in FINISHED:
            self.filtered("waiting_for").write({"waiting_for": False})
        else:
            reopened = self.filtered(lambda ticket: before.get(ticket) in FINISHED)
            for ticket in reopened:
                ticket.write(
                    {"date_done": False, "date_closed": False, "reopen_count": ticket.reopen_count + 1}
                )
            reopened.claim_id._resume_campaigns()
        if state == "authorised":
            self.filtered(lambda ticket: not ticket.date_authorised).write(
                {"date_authorised": now, "authorised_by_id": self.env.uid}
            )
            self._plan_work_clocks()
        elif state == "done":
            self.write({"date_done": now})
            self._stop_clocks(("response", "restored", "resolved"), now)
            self._drop_clocks()
            self.claim_id._finish_campaigns()
        elif state == "closed":
            self.write({"date_closed": now})
            self._send_rating_request()
            self._plan_follow_up()
        elif state == "cancelled":
            self.write({"date_closed": now})
            self._drop_clocks()

    # Checks ---------------------------------------------------------------------------------------------------------

    def _check_checked(self):
        """What must be known before coverage can be decided."""
        if not self.partner_id:
            raise ValidationError(self.env._("%s: who is the customer?", self.name))
        if not (self.unit_id or self.product_id or self.service_id):
            raise ValidationError(
                self.env._("%s: say what it is about: an installed unit, a product or a service.", self.name)
            )
        if self.missing_data:
            raise ValidationError(
                self.env._(
                    "%(call)s: before it goes on, say or ask: %(what)s.",
                    call=self.name,
                    what=self.missing_data,
                )
            )

    def _check_quoted(self):
        if not self.sale_order_id:
            raise UserError(self.env._("%s has no quotation yet.", self.name))

    def _check_authorised(self):
        """Work starts when somebody pays for it and, where the regime asks for it, accepted a quotation."""
        if not self.coverage_ids:
            raise UserError(self.env._("%s: check the coverage first.", self.name))
        accepted = self.sale_order_id.sudo().state == "sale"  # an agent may have no right on sale orders
        if not accepted and not self.authorise_reason and self._get_rows_to_quote():
            if self.is_quotation_sent:
                raise UserError(
                    self.env._(
                        "%s: the quotation was sent to the customer: wait for the answer, or give the reason to go "
                        "ahead without.",
                        self.name,
                    )
                )
            raise UserError(
                self.env._(
                    "%s: the customer pays a part of the work. Send a quotation and wait for the answer, or give the "
                    "reason to go ahead without.",
                    self.name,
                )
            )

    def _get_rows_to_quote(self):
        """What the customer pays under a regime in which he is asked first; a contract's prices he has accepted."""
        regime_of_contract = self.env["after.sales.regime"]._get_by_code("contract")
        return self._get_rows_of_work().filtered(
            lambda row: (
                row.customer_share
                and (row.ticket_id.contract_id and regime_of_contract or row.regime_id).requires_quotation
            )
        )

    # Actions --------------------------------------------------------------------------------------------------------

    def action_authorise(self):
        self._move_to("authorised")

    def action_done(self):
        self._move_to("done")

    def action_close(self):
        self._move_to("closed")

    def action_cancel(self):
        self._move_to("cancelled")

    def action_resume(self):
        self.write({"waiting_for": False})

    def action_restored(self):
        """The unit works again, though the call may not be solved for good."""
        self.check_access("write")
        self._stop_clocks(("response", "restored"))

    def _check_unlink(self):
        if any(ticket.state != "registered" for ticket in self):
            raise UserError(
                self.env._("Only a call that is just registered can be deleted; cancel it instead.")
            )
