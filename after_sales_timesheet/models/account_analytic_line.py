from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountAnalyticLine(models.Model):
    """A timesheet that a session entered says what the session says: it is changed there and nowhere else."""

    _inherit = "account.analytic.line"

    after_sales_session_id = fields.Many2one(
        "after.sales.session",
        "Session of an Intervention",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
    )

    _after_sales_session_once = models.UniqueIndex(
        "(after_sales_session_id) WHERE after_sales_session_id IS NOT NULL",
        "This session is on a timesheet already.",
    )

    def _is_readonly(self):
        return super()._is_readonly() or bool(self.after_sales_session_id)

    def _check_can_create(self):
        self._check_entered_by_hand()
        return super()._check_can_create()

    def _check_can_write(self, values):
        self._check_entered_by_hand()
        return super()._check_can_write(values)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_session(self):
        self._check_entered_by_hand()

    def _check_entered_by_hand(self):
        """The visits enter and take back their timesheets as superuser; a person is told where to go."""
        # sudo: who works on timesheets need not see the visits
        visits_sudo = self.sudo().after_sales_session_id.intervention_id
        if visits_sudo and not self.env.su:
            raise UserError(
                self.env._(
                    "This timesheet comes from an intervention. To correct it, reopen the intervention %s, change its "
                    "sessions and finish it again.",
                    ", ".join(visits_sudo.mapped("name")),
                )
            )
