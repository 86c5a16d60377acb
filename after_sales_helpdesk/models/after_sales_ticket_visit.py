from odoo import api, fields, models
from odoo.exceptions import UserError

from .after_sales_ticket_flow import FINISHED


class AfterSalesTicket(models.Model):
    """Visits: planned from the call, they move it on and hold it open."""

    _inherit = "after.sales.ticket"

    intervention_ids = fields.One2many("after.sales.intervention", "ticket_id", string="Interventions")
    intervention_count = fields.Integer(compute="_compute_visits")
    date_visit = fields.Datetime(string="Next Visit", compute="_compute_visits")

    @api.depends("intervention_ids.state", "intervention_ids.date_start")
    def _compute_visits(self):
        for ticket in self:
            visits_sudo = ticket.sudo().intervention_ids  # a technician sees how many, not whose they are
            planned = visits_sudo.filtered(lambda visit: visit.state == "planned" and visit.date_start)
            ticket.intervention_count = len(visits_sudo)
            ticket.date_visit = min(planned.mapped("date_start"), default=False)

    def _get_visit_zone(self):
        """The time zone in which the customer reads when somebody comes: that of the next visit's place."""
        self.ensure_one()
        visits_sudo = self.sudo().intervention_ids  # as in _compute_visits
        planned = visits_sudo.filtered(lambda v: v.state == "planned" and v.date_start == self.date_visit)
        return planned[:1]._get_zone() if planned else "UTC"

    # Checks -------------------------------------------------------------------------------------------------------------

    def _check_done(self):
        self._check_visits_ended()

    def _check_visits_ended(self):
        visits_sudo = self.sudo().intervention_ids  # also those of other technicians
        open_sudo = visits_sudo.filtered(lambda visit: visit.state not in ("done", "cancelled"))
        if open_sudo:
            raise UserError(
                self.env._(
                    "%(call)s still has interventions: %(visits)s. Finish or cancel them first.",
                    call=self.name,
                    visits=", ".join(open_sudo.mapped("name")),
                )
            )

    def _check_cancelled(self):
        """What was done stays done and is charged: a call is cancelled when nothing of it is under way."""
        self._check_visits_ended()
        if self._get_visits_done():
            self._ensure_settled()

    def _get_visits_done(self):
        """Visits and help on the telephone that are done, as superuser: also those of other technicians."""
        return self.sudo().intervention_ids.filtered(lambda visit: visit.state == "done")

    def _after_state_change(self, state, before):
        result = super()._after_state_change(state, before)
        if state == "cancelled":
            for ticket in self:
                if done_sudo := ticket._get_visits_done():
                    ticket.message_post(
                        body=self.env._("Done already, and charged: %s", ", ".join(done_sudo.mapped("name"))),
                        subtype_xmlid="mail.mt_note",
                    )
        return result

    # Actions ------------------------------------------------------------------------------------------------------------

    def action_plan(self):
        """Open a new intervention with what the call knows; planning it moves the call on."""
        self.ensure_one()
        if self.state in FINISHED:
            raise UserError(self.env._("%s is finished: reopen it first.", self.name))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan an Intervention"),
            "res_model": "after.sales.intervention",
            "view_mode": "form",
            "context": {
                "default_ticket_id": self.id,
                "default_site_id": self.site_id.id,
                "default_description": self.subject,
            },
        }

    def action_suggest_technician(self):
        """Show who is best sent: skilled, free, near and known to the customer."""
        self.ensure_one()
        if self.state in FINISHED:
            raise UserError(self.env._("%s is finished: reopen it first.", self.name))
        return self.env["after.sales.technician.suggestion"].create({"ticket_id": self.id}).action_search()

    def action_view_interventions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_intervention_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {"default_ticket_id": self.id, "default_site_id": self.site_id.id}
        return action

    # Interventions ---------------------------------------------------------------------------------------------------

    def _after_interventions_planned(self, interventions):
        """A visit is planned only for a call that may be worked on; then the call is planned too."""
        tickets_sudo = self.sudo()  # a technician may plan his own visit without a right on calls
        tickets_sudo.filtered(
            lambda ticket: ticket.state == "checked" and not ticket.regime_id.requires_authorisation
        )._move_to("authorised")
        tickets_sudo._move_to("planned")

    def _after_interventions_done(self, interventions):
        """The last visit decides: solved finishes the call, anything else sends it back to be planned."""
        tickets_sudo = self.sudo()
        tickets_sudo._sync_arrival()
        ready = tickets_sudo.filtered(
            lambda ticket: (
                ticket.state in ("authorised", "planned")
                and all(visit.state in ("done", "cancelled") for visit in ticket.intervention_ids)
            )
        )
        solved = ready & interventions.filtered(lambda visit: visit.outcome == "solved").ticket_id.sudo()
        solved._move_to("done")
        (ready - solved)._move_to("authorised")
