import logging

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.deadlines import half_time
from .after_sales_complaint_term import STEPS

_logger = logging.getLogger(__name__)


class AfterSalesComplaintStep(models.Model):
    """One promised step of a complaint: when it began, by when it is due, when it was done. Nothing is overwritten:
    an extended step keeps its first deadline, so "in time" can be told in the strict form too."""

    _name = "after.sales.complaint.step"
    _description = "Complaint Step"
    _order = "complaint_id, deadline, id"
    _rec_name = "kind"

    complaint_id = fields.Many2one("after.sales.complaint", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    kind = fields.Selection(STEPS, required=True, readonly=True)
    term_id = fields.Many2one("after.sales.complaint.term", readonly=True, index="btree_not_null")
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        default="running",
        readonly=True,
    )
    date_start = fields.Date(required=True, readonly=True)
    first_deadline = fields.Date(required=True, readonly=True)
    deadline = fields.Date(required=True, readonly=True)
    remind_on = fields.Date(required=True, readonly=True)
    reminded_on = fields.Date(readonly=True)
    overdue_on = fields.Date(
        readonly=True, help="Stamped for ever by the night job when the deadline passed."
    )
    date_done = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", string="Done by", readonly=True)
    extension_count = fields.Integer(string="Extensions", readonly=True)
    extension_reason = fields.Char(string="Cause of Delay", readonly=True)
    is_in_time = fields.Boolean(string="In Time", compute="_compute_is_in_time", store=True)
    is_in_first_time = fields.Boolean(
        string="In Time without Extension", compute="_compute_is_in_time", store=True
    )

    _running_unique = models.UniqueIndex(
        "(complaint_id, kind) WHERE state = 'running'", "This step is already running."
    )
    _remind_idx = models.Index("(remind_on) WHERE state = 'running' AND reminded_on IS NULL")
    _overdue_idx = models.Index("(deadline) WHERE state = 'running' AND overdue_on IS NULL")

    @api.depends("date_done", "deadline", "first_deadline")
    def _compute_is_in_time(self):
        for step in self:
            step.is_in_time = bool(step.date_done) and step.date_done <= step.deadline
            step.is_in_first_time = bool(step.date_done) and step.date_done <= step.first_deadline

    def _finish(self, day):
        self.write({"state": "done", "date_done": day, "user_id": self.env.uid})

    def _extend(self, deadline, reason):
        """A new promised date; the reminder runs again, the first deadline and the breach stay."""
        for step in self:
            step.write(
                {
                    "deadline": deadline,
                    "remind_on": half_time(max(step.date_start, step.complaint_id._today()), deadline),
                    "reminded_on": False,
                    "extension_count": step.extension_count + 1,
                    "extension_reason": reason,
                }
            )

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    @api.model
    def _get_to_remind_domain(self, day):
        return [("state", "=", "running"), ("reminded_on", "=", False), ("remind_on", "<=", day)]

    @api.model
    def _get_overdue_domain(self, day):
        return [("state", "=", "running"), ("overdue_on", "=", False), ("deadline", "<", day)]

    @api.model
    def _cron_watch(self, batch_size=200):
        """Remind at half time, escalate once when a deadline passed: each row is touched once for each."""
        for get_domain, handle in (
            (self._get_overdue_domain, "_escalate"),
            (self._get_to_remind_domain, "_remind"),
        ):
            domain = get_domain(fields.Date.context_today(self))
            while steps := self.search(domain, limit=batch_size, order="id"):
                steps._handle_each(handle)
                remaining = self.search_count(domain)
                if not self.env["ir.cron"]._commit_progress(len(steps), remaining=remaining):
                    return

    def _handle_each(self, handle):
        """One complaint that cannot be handled stops no other; it is stamped too, with a note that says so."""
        for step in self:
            try:
                with self.env.cr.savepoint():
                    getattr(step, handle)()
            except Exception:
                _logger.warning("Complaint step %s could not be watched", step.id, exc_info=True)
                step.complaint_id.message_post(
                    body=self.env._("No reminder could be given for this complaint.")
                )
                step._stamp(handle)

    def _stamp(self, handle):
        today = fields.Date.context_today(self)
        if handle == "_escalate":
            self.write({"overdue_on": today})
        self.filtered(lambda step: not step.reminded_on).write({"reminded_on": today})

    def _remind(self):
        self.ensure_one()
        user = self.complaint_id._get_answerable_user()
        words = self._in_words_of(user)
        text = words.env._("%(step)s is due on %(date)s", **words._get_words())
        self.complaint_id._schedule_step_activity(self, text, user=user)
        self._stamp("_remind")

    def _escalate(self):
        """The responsible hears of it, and the head of the desk."""
        self.ensure_one()
        complaint = self.complaint_id
        users = complaint._get_answerable_user() | (complaint.team_id.user_id - complaint.concerned_user_ids)
        for user in users:
            words = self._in_words_of(user)
            text = words.env._(
                "%(step)s was due on %(date)s: answer, or promise a new date with its reason",
                **words._get_words(),
            )
            complaint._schedule_step_activity(self, text, user=user)
        self._stamp("_escalate")

    def _in_words_of(self, user):
        """The job has no language of its own: each reads his."""
        return self.with_context(lang=user.lang or self.env.lang)

    def _get_words(self):
        self.ensure_one()
        return {"step": self._get_label(), "date": format_date(self.env, self.deadline)}

    def _get_label(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]
