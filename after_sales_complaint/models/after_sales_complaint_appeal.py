from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

REVIEWER = "after_sales_complaint.group_after_sales_reviewer"


class AfterSalesComplaint(models.Model):
    """The customer contests a decision: someone who had no part in it decides again."""

    _inherit = "after.sales.complaint"

    def action_contest(self):
        return self._open_reason("contest")

    def _check_can_contest(self):
        self.ensure_one()
        self._check_state("decided", "executed", "closed")
        self._check_communicated()
        if self.decision_id.kind == "appeal":
            raise UserError(
                self.env._(
                    "%s was already decided on appeal; only bodies outside the company remain.", self.name
                )
            )
        late = not self.appeal_until or self.appeal_until < self._today()
        if late and not self.env.user.has_group(REVIEWER):
            raise UserError(
                self.env._(
                    "%(name)s could be contested until %(date)s; only a complaint reviewer can still admit it.",
                    name=self.name,
                    date=format_date(self.env, self.appeal_until) if self.appeal_until else "-",
                )
            )

    def _contest(self, reason):
        """The customer contests: someone who had no part in the first decision takes it."""
        self.ensure_one()
        self._check_can_contest()
        judge = self._find_appeal_user()
        self.write(
            {
                "state": "appealed",
                "appeal_date": self._today(),
                "appeal_reason": reason,
                "appeal_user_id": judge.id,
                "customer_answer": "contested",
                "date_closed": False,
            }
        )
        self._cancel_steps()
        steps = self._start_steps(("appeal",))
        user = judge or self.team_id.user_id or self._get_answerable_user()
        self.activity_schedule(
            "after_sales_complaint.mail_activity_type_complaint",
            summary=self.env._("Decide the appeal"),
            note=reason,
            date_deadline=steps[:1].deadline or self._today(),
            user_id=user.id,
        )

    def _get_involved_users(self):
        """Whoever wrote or approved a decision that was in force."""
        decisions = self.sudo().decision_ids.filtered(lambda d: d.kind == "first" and d.state == "approved")
        return decisions.decided_by_id | decisions.approved_by_id

    def _find_appeal_user(self):
        """The desk's person for appeals, or else any reviewer of the company who is free of the case."""
        self.ensure_one()
        barred = self._get_involved_users() | self.concerned_user_ids
        chosen = (self.appeal_user_id | self.team_id.appeal_user_id) - barred
        return chosen[:1] or self._find_user_of_group(REVIEWER, barred)

    def _find_user_of_group(self, group, barred):
        """Someone of a group in the company who may see this complaint, the longest-serving first."""
        self.ensure_one()
        # Who sees a complaint is asked of each candidate, not of the one who looks for him.
        users_sudo = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(group).id),
                    ("company_ids", "in", self.company_id.id),
                    ("share", "=", False),
                    ("id", "not in", [*barred.ids, self.env.ref("base.user_root").id]),
                ],
                order="id",
            )
        )
        found = next(
            (user for user in users_sudo if self.with_user(user).has_access("write")), users_sudo.browse()
        )
        return found.sudo(False)
