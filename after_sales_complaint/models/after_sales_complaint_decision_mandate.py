from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import limits
from .after_sales_complaint_appeal import REVIEWER

ROLE_GROUPS = {
    "technician": "after_sales_warranty.group_after_sales_technician",
    "agent": "after_sales_warranty.group_after_sales_agent",
    "reviewer": REVIEWER,
    "manager": "after_sales_warranty.group_after_sales_manager",
}


class AfterSalesComplaintDecision(models.Model):
    """Who may decide and approve: independence on appeal, limits by role and remedy."""

    _inherit = "after.sales.complaint.decision"

    def _check_decider(self):
        """Neither someone the complaint is about, nor, on appeal, someone of the first decision."""
        self.ensure_one()
        user = self.env.user
        if user in self.complaint_id.sudo().concerned_user_ids:
            raise UserError(self.env._("The complaint is about you: someone else decides it."))
        if self.kind == "appeal":
            if user in self.complaint_id._get_involved_users():
                raise UserError(self._get_appeal_message())
            if not user.has_group(REVIEWER):
                raise UserError(self.env._("An appeal is decided by a complaint reviewer."))

    def _get_appeal_message(self):
        return self.env._(
            "%(user)s took or approved the first decision on %(name)s: an appeal is decided by someone else.",
            user=", ".join(self.complaint_id._get_involved_users().mapped("name")),
            name=self.complaint_id.name,
        )

    def _get_values_by_remedy(self):
        """What the customer gets of each remedy in this complaint, in the company's currency: splitting a remedy over
        lines or decisions does not widen anybody's limit."""
        self.ensure_one()
        values = defaultdict(float)
        company = self.company_id
        measures = self.complaint_id.sudo().measure_ids.filtered(
            lambda m: m.state != "cancelled" and (m.decision_id == self or m.decision_id.state == "approved")
        )
        today = self.complaint_id._today()
        for measure in measures:
            values[measure.remedy_id] += self.currency_id._convert(
                measure.amount, company.currency_id, company, today
            )
        own = self.sudo().measure_ids.remedy_id
        return {remedy: company.currency_id.round(value) for remedy, value in values.items() if remedy in own}

    def _may_grant(self, user):
        self.ensure_one()
        roles = self._get_roles(user)
        return all(
            not value or limits.may_grant(value, roles, remedy._get_limits(self.company_id))
            for remedy, value in self._get_values_by_remedy().items()
        )

    def _get_required_role(self):
        """The narrowest role for all remedies; refused at once when nobody may grant one of them."""
        self.ensure_one()
        needed = "technician"
        for remedy, value in self._get_values_by_remedy().items():
            role = limits.required_role(value, remedy._get_limits(self.company_id)) if value else needed
            if not role:
                raise UserError(
                    self.env._(
                        "Nobody may grant “%(remedy)s” of %(amount)s: its limits do not allow it.",
                        remedy=remedy.name,
                        amount=self.company_id.currency_id.format(value),
                    )
                )
            needed = max(needed, role, key=limits.ROLES.index)
        return needed

    @api.model
    def _get_roles(self, user):
        return {role for role, group in ROLE_GROUPS.items() if user.has_group(group)}

    def _find_approver(self):
        """Someone who may approve: the head of the desk first, then whoever has the narrowest mandate that suffices."""
        self.ensure_one()
        complaint_sudo = self.complaint_id.sudo()
        barred = self.decided_by_id | complaint_sudo.concerned_user_ids
        if self.kind == "appeal":
            barred |= complaint_sudo._get_involved_users()
        leader = complaint_sudo.team_id.user_id
        if leader and leader not in barred and self._may_grant(leader):
            return leader
        for role in limits.ROLES[limits.ROLES.index(self.required_role) :]:
            user = complaint_sudo.sudo(False)._find_user_of_group(ROLE_GROUPS[role], barred)
            if user:
                return user
        return leader - barred or self.env.user
