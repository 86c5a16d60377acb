from datetime import datetime, time
from functools import cache

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools.deadlines import deadline, half_time
from .after_sales_complaint_term import STEPS


class AfterSalesComplaintDeadlineMixin(models.AbstractModel):
    """The clockwork of a complaint: steps are started, finished, extended; the earliest open one shows."""

    _name = "after.sales.complaint.deadline.mixin"
    _description = "Complaint Deadlines"

    step_ids = fields.One2many("after.sales.complaint.step", "complaint_id", string="Steps", readonly=True)
    deadline = fields.Date(
        string="Next Deadline", compute="_compute_deadline", store=True, index="btree_not_null", copy=False
    )
    next_step = fields.Selection(STEPS, compute="_compute_deadline", store=True, copy=False)
    answer_deadline = fields.Date(
        string="Answer Promised for", compute="_compute_answer_deadline", store=True, copy=False
    )
    is_overdue = fields.Boolean(string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue")

    @api.depends("step_ids.state", "step_ids.deadline", "step_ids.kind")
    def _compute_deadline(self):
        for complaint in self:
            running = complaint.step_ids.filtered(lambda step: step.state == "running")
            first = running.sorted(lambda step: (step.deadline, step.id))[:1]
            complaint.deadline = first.deadline
            complaint.next_step = first.kind

    @api.depends("step_ids.deadline", "step_ids.kind", "step_ids.state")
    def _compute_answer_deadline(self):
        for complaint in self:
            answers = complaint.step_ids.filtered(lambda s: s.kind == "answer" and s.state != "cancelled")
            complaint.answer_deadline = answers.sorted("id")[-1:].deadline

    @api.depends("deadline")
    def _compute_is_overdue(self):
        for complaint in self:
            complaint.is_overdue = bool(complaint.deadline) and complaint.deadline < complaint._today()

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("deadline", "<", fields.Date.context_today(self))]
        not_late = ["|", ("deadline", "=", False), ("deadline", ">=", fields.Date.context_today(self))]
        domains = {frozenset((True,)): late, frozenset((False,)): not_late}
        return domains.get(frozenset(map(bool, value)), [(1, "=", 1)])

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _today(self):
        """Today where the desk works, whoever asks."""
        self.ensure_one()
        return self._to_local_date(fields.Datetime.now())

    def _to_local_date(self, moment):
        self.ensure_one()
        tz = self._get_calendar().tz or self.company_id.partner_id.tz or "UTC"
        return pytz.utc.localize(moment).astimezone(pytz.timezone(tz)).date()

    def _get_calendar(self):
        return self.team_id.calendar_id or self.company_id.resource_calendar_id

    def _get_open_days(self):
        """A function that says whether the desk works on a day; leaves and holidays of its calendar count.

        The calendar is read a month at a time, as far as somebody asks.
        """
        calendar = self._get_calendar()
        if not calendar:
            return lambda day: day.weekday() < 5
        tz = pytz.timezone(calendar.tz or "UTC")

        @cache
        def read(first):
            last = first + relativedelta(months=1, days=-1)
            span = (
                tz.localize(datetime.combine(first, time.min)),
                tz.localize(datetime.combine(last, time.max)),
            )
            return {
                begin.astimezone(tz).date() for begin, __, __ in calendar._work_intervals_batch(*span)[False]
            }

        return lambda day: day in read(day.replace(day=1))

    def _start_steps(self, kinds):
        """Start the clocks of these steps, where something is promised and none runs."""
        vals_list = []
        for complaint in self:
            start = (
                complaint._to_local_date(complaint.date_received) if complaint.state == "received" else None
            )
            start = start or complaint._today()
            running = complaint.step_ids.filtered(lambda step: step.state == "running").mapped("kind")
            is_open = complaint._get_open_days()
            for kind in kinds:
                if kind not in running:
                    vals_list += complaint._prepare_step_vals(kind, start, is_open)
        steps_sudo = self.env["after.sales.complaint.step"].sudo()
        # A step that ended in memory only would still count as running for the unique index.
        steps_sudo.flush_model(["state"])
        return steps_sudo.create(vals_list)

    def _find_deadline(self, kind, start, is_open):
        """The deadline of a step and the promise it comes from, by what is known of the case now."""
        self.ensure_one()
        promises = self.env["after.sales.complaint.term"].sudo()._get_promises(self, kind, start)
        return deadline(start, promises, is_open)

    def _tighten_steps(self, kinds):
        """The assessment shows a graver case: what runs is due earlier. What the customer was promised first stays."""
        for complaint in self:
            is_open = complaint._get_open_days()
            for step_sudo in complaint.sudo()._get_running_steps(kinds):
                found = complaint._find_deadline(step_sudo.kind, step_sudo.date_start, is_open)
                if found and found[0] < step_sudo.deadline and not step_sudo.extension_count:
                    due, promise = found
                    step_sudo.write(
                        {
                            "deadline": due,
                            "term_id": promise.key,
                            "remind_on": half_time(step_sudo.date_start, due),
                            "reminded_on": False,
                        }
                    )

    def _prepare_step_vals(self, kind, start, is_open):
        found = self._find_deadline(kind, start, is_open)
        if not found:
            return []
        due, promise = found
        return [
            {
                "complaint_id": self.id,
                "kind": kind,
                "term_id": promise.key,
                "date_start": start,
                "deadline": due,
                "first_deadline": due,
                "remind_on": half_time(start, due),
            }
        ]

    def _get_running_steps(self, kinds=None):
        return self.step_ids.filtered(lambda s: s.state == "running" and (not kinds or s.kind in kinds))

    def _finish_steps(self, kinds):
        for complaint in self:
            complaint._get_running_steps(kinds).sudo()._finish(complaint._today())

    def _cancel_steps(self, kinds=None):
        self._get_running_steps(kinds).sudo().write({"state": "cancelled"})

    def _schedule_step_activity(self, step, summary, user=None):
        """One activity for the person who must act: the responsible, else the head of the desk, else who took it."""
        self.ensure_one()
        user = user or self._get_answerable_user()
        return self.activity_schedule(
            "after_sales_complaint.mail_activity_type_complaint",
            date_deadline=step.deadline,
            summary=summary,
            user_id=user.id,
        )
