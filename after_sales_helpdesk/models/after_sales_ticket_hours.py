from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AfterSalesTicket(models.Model):
    """Time on the call: sessions of its visits and of help on the telephone, in one ledger (D50).

    Who helps without going there makes an intervention of its own, remote and done at once: it is covered, charged and
    put on the timesheet as every other.
    """

    _inherit = "after.sales.ticket"

    hours_logged = fields.Float(
        string="Hours", compute="_compute_hours_logged", help="Of all visits and of help on the telephone."
    )

    def _compute_hours_logged(self):
        # sudo: a technician sees how much was done, not by whom
        sessions_sudo = self.env["after.sales.session"].sudo()
        hours = dict(sessions_sudo._read_group([("ticket_id", "in", self.ids)], ["ticket_id"], ["hours:sum"]))
        for ticket in self:
            ticket.hours_logged = hours.get(ticket._origin.sudo(), 0.0)

    def action_view_sessions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_session_action"
        )
        return action | {"domain": [("ticket_id", "=", self.id)]}

    def action_log_time(self):
        """Ask for a stretch of work that needed no visit."""
        self.ensure_one()
        self._ensure_time_can_be_logged()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Time"),
            "res_model": "after.sales.ticket.log.time",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _ensure_time_can_be_logged(self):
        for ticket in self:
            if ticket.state in ("closed", "cancelled"):
                raise UserError(self.env._("%s is finished: reopen it first.", ticket.name))

    def _log_time(self, technician, date_start, date_stop, **session):
        """Enter remote help as an intervention that is done; return it.

        What a session must fulfil holds here too: an end after the start, nothing in the future, one place at a time.
        """
        self.ensure_one()
        self._ensure_time_can_be_logged()
        visit = self.env["after.sales.intervention"].create(
            self._prepare_remote_help_vals(technician, date_start, date_stop, session.get("note"))
        )
        self.env["after.sales.session"].create(
            {
                "intervention_id": visit.id,
                "technician_id": technician.id,
                "date_start": date_start,
                "date_stop": date_stop,
                **session,
            }
        )
        visit.action_start()
        visit.action_done()
        return visit

    def _prepare_remote_help_vals(self, technician, date_start, date_stop, note):
        self.ensure_one()
        return {
            "ticket_id": self.id,
            "is_remote": True,
            "technician_ids": [Command.set(technician.ids)],
            "date_start": date_start,
            "date_end": date_stop,
            "description": self.subject,
            "work_done": note,
        }

    def _after_remote_help(self):
        """Who helped has answered; he was not on site, and what becomes of the call is said on the call."""
        helped = {}
        for ticket in self.sudo():  # as for visits, in _after_interventions_done
            moments = ticket.intervention_ids.filtered("is_remote").session_ids.mapped("date_start")
            if moments:
                helped[ticket] = min(moments)
        self.sudo().browse().union(*helped)._stop_clocks_at(("response",), helped)
