from datetime import timedelta

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from odoo.addons.after_sales_contract.models.groups import MANAGER

from .after_sales_team_assignment import REOPEN_DAYS
from .after_sales_ticket_flow import FINISHED

LOW_RATING = 3
"""A rating below it is answered by a person."""


class AfterSalesTicket(models.Model):
    """After the work: reopened or followed by another call, asked how it went, and called back when it went badly."""

    _inherit = "after.sales.ticket"

    # Again ----------------------------------------------------------------------------------------------------------

    def _is_in_grace(self):
        """Whether a finished call is so fresh that the same trouble reopens it instead of opening another (D43)."""
        self.ensure_one()
        finished = self.date_closed or self.date_done
        if self.state not in FINISHED or not finished or self.merged_into_id:
            return False
        days = self.team_id.reopen_days if self.team_id else REOPEN_DAYS
        return fields.Datetime.now() <= finished + timedelta(days=days)

    def _reopen(self):
        """Bring finished calls back; each time is counted."""
        cancelled = self.filtered(lambda ticket: ticket.state == "cancelled")
        cancelled._move_to("registered")
        (self - cancelled)._move_to("authorised")

    def action_reopen(self):
        """Reopen the calls; raises ``UserError`` when the grace period is over: then a new, linked call is opened."""
        if late := self.filtered(lambda ticket: not ticket._is_in_grace()):
            raise UserError(
                self.env._(
                    "%(calls)s: finished too long ago to be reopened, or merged into another call. Open a follow-up "
                    "call instead.",
                    calls=", ".join(late.mapped("name")),
                )
            )
        self._reopen()

    def action_follow_up_call(self):
        """Open a new call about the same, linked to this one."""
        self.ensure_one()
        context = {f"default_{name}": value for name, value in self._prepare_follow_up_vals().items()}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-Up Call"),
            "res_model": "after.sales.ticket",
            "view_mode": "form",
            "context": dict(context, default_subject=self.subject),
        }

    def _prepare_follow_up_vals(self):
        """What a later call about the same takes over from this one."""
        self.ensure_one()
        return {
            "parent_id": self.id,
            "partner_id": self.partner_id.id,
            "unit_id": self.unit_id.id,
            "product_id": self.product_id.id,
            "site_id": self.site_id.id,
            "company_id": self.company_id.id,
            "team_id": self.team_id.id,
            "user_id": self.user_id.id,
        }

    # How did it go --------------------------------------------------------------------------------------------------

    def _get_follow_up_user(self, leader_first=False):
        """Who speaks with the customer after the work, as superuser: who answers for the call or leads the team, else
        the nearest who may see it. In a company with a manager there is always somebody."""
        self.ensure_one()
        # sudo: the customer who rates reads neither users nor groups
        ticket_sudo = self.sudo()
        team_sudo = ticket_sudo.team_id
        users_sudo = team_sudo.user_id if leader_first else ticket_sudo.user_id
        users_sudo |= team_sudo.user_id | ticket_sudo.user_id | team_sudo.member_ids | ticket_sudo.create_uid
        users_sudo |= self.env.ref(MANAGER).sudo().all_user_ids.sorted("id", reverse=True)
        return users_sudo.filtered(
            lambda user: user.active and not user.share and ticket_sudo.company_id in user.company_ids
        )[:1]

    def _plan_follow_up(self):
        """Remind somebody to ask the customer, some days later, whether all is well (HD-38).

        The days count from the day it is where he sits: whoever closes the call, often a job, may live in another one.
        """
        for ticket in self.filtered("team_id.follow_up_days"):
            user_sudo = ticket._get_follow_up_user()
            if user_sudo:
                today = fields.Date.context_today(ticket.with_context(tz=user_sudo.tz))
                ticket.activity_schedule(
                    "mail.mail_activity_data_call",
                    date_deadline=today + timedelta(days=ticket.team_id.follow_up_days),
                    summary=ticket.with_context(lang=user_sudo.lang).env._("Ask whether all is well"),
                    user_id=user_sudo.id,
                )

    def rating_apply(
        self, rate, token=None, rating=None, feedback=None, subtype_xmlid=None, notify_delay_send=False
    ):
        """A customer who is not content is called back, once for each closing."""
        rating = super().rating_apply(
            rate,
            token=token,
            rating=rating,
            feedback=feedback,
            subtype_xmlid=subtype_xmlid,
            notify_delay_send=notify_delay_send,
        )
        if rate < LOW_RATING:
            for ticket in self:
                ticket._answer_low_rating(rating)
        return rating

    def _answer_low_rating(self, rating):
        self.ensure_one()
        user_sudo = self._get_follow_up_user(leader_first=True)
        summary = self.with_context(lang=user_sudo.lang).env._("Low rating: call the customer")
        planned = self.activity_ids.filtered(lambda activity: activity.summary == summary)
        if planned:
            planned.note = rating.feedback
        elif user_sudo:
            # as the system: nobody at the desk may read the public user as whom the customer came
            self.with_user(SUPERUSER_ID).activity_schedule(
                "mail.mail_activity_data_call", summary=summary, note=rating.feedback, user_id=user_sudo.id
            )
