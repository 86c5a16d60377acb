from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesIntervention(models.Model):
    """The intervention of a visit that a contract owes: the plan follows what becomes of it (D45 to D49)."""

    _inherit = "after.sales.intervention"

    contract_visit_id = fields.Many2one(
        "after.sales.contract.visit",
        "Planned Visit",
        index="btree_not_null",
        check_company=True,
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    move_reason = fields.Char(related="contract_visit_id.move_reason", readonly=False)
    date_reminded = fields.Datetime("Customer Reminded On", readonly=True, copy=False)

    _one_open_per_visit = models.UniqueIndex(
        "(contract_visit_id) WHERE contract_visit_id IS NOT NULL AND state IN ('draft', 'planned', 'in_progress')",
        "This planned visit has its intervention already.",
    )
    _to_remind = models.Index(
        "(date_start) WHERE contract_visit_id IS NOT NULL AND state = 'planned' AND date_reminded IS NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        jobs = super().create(vals_list)
        jobs._move_contract_visits()
        return jobs

    def write(self, vals):
        vals = dict(vals)
        if (
            "move_reason" in vals
        ):  # before the day: it is written on the plan, which flushes what is half computed here
            super().write({"move_reason": vals.pop("move_reason")})
        result = super().write(vals)
        if "date_start" in vals:
            self._move_contract_visits()
        return result

    def _move_contract_visits(self):
        """The plan says on which day the visit is now; beyond its tolerance somebody says why (D46).

        :raise UserError: beyond the tolerance without a reason
        """
        # sudo: a technician plans his visit without a right on contracts
        for job in self.sudo().filtered(lambda job: job.contract_visit_id and job.date_start):
            visit, day = job.contract_visit_id, job.company_id._get_after_sales_day(job.date_start)
            if job.state in ("draft", "planned") and visit.state == "scheduled" and visit.date != day:
                visit.date = day
                visit._ensure_move_has_reason()

    def _done(self):
        result = super()._done()
        self._follow_contract_visits()
        return result

    def _follow_contract_visits(self):
        """Solved executes the visit; any other end leaves it to be planned again."""
        # sudo: a technician finishes his work without a right on contracts
        for job in self.sudo().filtered("contract_visit_id"):
            visit = job.contract_visit_id
            if job.outcome == "solved":
                visit.filtered(lambda v: v.state != "cancelled").write(
                    {"state": "done", "date_done": job._get_charge_date()}
                )
            else:
                visit.action_replan()

    def action_reopen(self):
        visits_sudo = self.sudo().contract_visit_id  # as in _follow_contract_visits
        result = super().action_reopen()
        visits_sudo.filtered(lambda v: v.state in ("planned", "done")).write(
            {"state": "scheduled", "date_done": False}
        )
        return result

    def action_cancel(self):
        result = super().action_cancel()
        self._reopen_contract_visits()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_reopens_visit(self):
        self._reopen_contract_visits()

    def _reopen_contract_visits(self):
        """What was called off is owed as before (D48)."""
        self.flush_recordset(["state"])  # before a new one is made: one is open at a time
        # sudo: as in _follow_contract_visits
        visits_sudo = self.sudo().contract_visit_id
        visits_sudo.filtered(lambda visit: visit.state == "scheduled").action_replan()

    # Reminder

    @api.model
    def _cron_remind_customers(self, batch_size=100):
        """Remind customers of the contract visits that come near, as many days before as their plan says."""
        now = fields.Datetime.now()
        Plan = self.env["after.sales.contract.visit.plan"]
        longest = Plan.search([("contract_id", "!=", False)], order="reminder_days desc", limit=1)
        domain = (
            Domain("contract_visit_id", "!=", False)
            & Domain("state", "=", "planned")
            & Domain("date_reminded", "=", False)
            & Domain("date_start", ">=", now)
            & Domain("date_start", "<=", now + timedelta(days=longest.reminder_days))
        )
        last = 0
        while jobs := self.search(domain & Domain("id", ">", last), limit=batch_size, order="id"):
            last = jobs[-1].id
            due = jobs.filtered(lambda job: job._is_reminder_due(now))
            due._remind_customer()
            if not self.env["ir.cron"]._commit_progress(len(jobs)):
                break

    def _is_reminder_due(self, now):
        days = self.contract_visit_id.plan_id.reminder_days
        return bool(days) and self.date_start <= now + timedelta(days=days)

    def _remind_customer(self):
        template_sudo = self.env.ref("after_sales_helpdesk.mail_template_visit_reminder").sudo()
        for job in self.filtered("partner_id.email"):
            job.message_post_with_source(
                template_sudo,
                email_layout_xmlid="mail.mail_notification_light",
                subtype_xmlid="mail.mt_note",
            )
        self.write({"date_reminded": fields.Datetime.now()})
