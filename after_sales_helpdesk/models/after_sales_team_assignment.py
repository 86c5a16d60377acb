from datetime import timedelta

from odoo import fields, models
from odoo.tools.date_utils import localized

from ..tools.assign import covers, level_out, take_turns

REOPEN_DAYS = 14

LOOK_AHEAD = timedelta(days=1)
"""Who works at no time within it is away."""


class AfterSalesTeam(models.Model):
    """Who gets a new call: nobody yet, in turns, or who has the fewest open ones."""

    _inherit = "after.sales.team"

    assignment = fields.Selection(
        [("manual", "By Hand"), ("turns", "In Turns"), ("load", "Fewest Open Calls")],
        required=True,
        default="manual",
        help="Who answers for a new call. Members who are on leave are left out.",
    )
    reopen_days = fields.Integer(
        string="Days to Reopen",
        default=REOPEN_DAYS,
        help="How long after its end an answer of the customer reopens a call; later it opens another, linked to it.",
    )
    follow_up_days = fields.Integer(
        string="Days to Follow Up",
        help="How long after closing a call somebody asks the customer whether all is well; 0: nobody.",
    )

    _days_positive = models.Constraint(
        "CHECK (reopen_days >= 0 AND follow_up_days >= 0)", "A number of days cannot be negative."
    )

    def _assign(self, tickets):
        """Give each call that nobody answers for to a member of the team."""
        self.ensure_one()
        members = self._get_present_members()
        if self.assignment == "turns":
            chosen = take_turns(members.ids, self._get_last_calls(members), len(tickets))
        else:
            chosen = level_out(members.ids, self._get_open_calls(members), len(tickets))
        given = dict(zip(tickets.ids, chosen, strict=False))  # no members, no choice
        for user_id, calls in tickets.grouped(lambda ticket: given.get(ticket.id)).items():
            if user_id:
                calls.write({"user_id": user_id})

    def _get_last_calls(self, members):
        groups = self.env["after.sales.ticket"]._read_group(
            [("team_id", "=", self.id), ("user_id", "in", members.ids)], ["user_id"], ["id:max"]
        )
        return {user.id: last for user, last in groups}

    def _get_open_calls(self, members):
        """Open calls of every team: who helps elsewhere is busy here too."""
        Ticket = self.env["after.sales.ticket"]
        groups = Ticket._read_group(
            [("user_id", "in", members.ids), ("state", "in", Ticket._get_open_states())],
            ["user_id"],
            ["__count"],
        )
        return {user.id: number for user, number in groups}

    def _get_present_members(self):
        """Members who work within the next day by their own calendar and leaves; all of them on a holiday."""
        self.ensure_one()
        members = self.member_ids.filtered("active")
        start = localized(fields.Datetime.now())
        stop = start + LOOK_AHEAD
        # sudo: whether, not why, somebody is away
        resources_sudo = self.env["resource.resource"].sudo()
        resources_sudo = resources_sudo.search(
            [("user_id", "in", members.ids), ("company_id", "=", self.company_id.id)]
        )
        away = resources_sudo._get_unavailable_intervals(start, stop)
        absent = resources_sudo.filtered(
            lambda resource: covers(away.get(resource.id, ()), start, stop)
        ).user_id
        return (members - absent) or members
