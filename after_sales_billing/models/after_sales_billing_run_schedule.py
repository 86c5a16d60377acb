from odoo import api, models


class AfterSalesBillingRun(models.Model):
    """What nobody waits for: runs that open by themselves, and large ones, chunk by chunk.

    Each chunk is a transaction of its own. A process that is killed loses the chunk it was working on, whole, and
    the next one goes on with it.
    """

    _inherit = "after.sales.billing.run"

    def _work_in_background(self):
        """Hand a started run over to the scheduled job. Another addon may share it out to more workers."""
        self.env.ref("after_sales_billing.ir_cron_after_sales_billing")._trigger()

    @api.model
    def _cron_bill(self):
        """Finish what has been started, then open the runs of companies that bill by themselves and work on these."""
        if self._work_on_started():
            with self._giving_way():
                self._open_scheduled_runs()
            self._work_on_started()
            self._drop_idle_runs()

    def _giving_way(self):
        return self.env["after.sales.billing"]._giving_way(self._work_in_background)

    @api.model
    def _work_on_started(self):
        """Work on all runs in progress; return whether there was time for all of them."""
        runs = self.search([("state", "=", "running")], order="id")
        self.env["ir.cron"]._commit_progress(remaining=sum(run._count_ready_groups() for run in runs))
        return all(run._work_in_chunks() for run in runs)

    def _work_in_chunks(self):
        """Bill what a run still has to bill, a transaction for each chunk; return whether there is time for more."""
        cron, run_sudo = self.env["ir.cron"], self._as_owner()
        for groups in run_sudo._iterate_chunks():
            with self._giving_way():
                run_sudo._process(groups)
                self.env.flush_all()
            time_left = cron._commit_progress(len(groups))
            if not time_left:
                return False
        run_sudo._finish()
        return cron._commit_progress() > 0

    def _as_owner(self):
        """The run in the hands of its owner, with the rights of the job."""
        return self.with_user(self.user_id)._speak_to_owner().sudo()

    def _speak_to_owner(self):
        """A job has no language and no clock: what it writes down is for the owner of the run to read."""
        return self.with_context(lang=self.user_id.lang, tz=self.user_id.tz)

    def _count_ready_groups(self):
        """How many invoices are still to be made."""
        self.ensure_one()
        rows = self.env["after.sales.billing.run.line"]._read_group(
            self._get_ready_domain(), [], ["group_number:count_distinct"]
        )
        return rows[0][0]

    @api.model
    def _open_scheduled_runs(self):
        """A run of what is due for each company that bills by itself and has no run in progress."""
        busy = self.search([("state", "=", "running")]).company_id
        for company in self.env["res.company"].search([("after_sales_billing_auto", "=", True)]) - busy:
            user = company._get_billing_user()  # invoices and activities are his
            if not user:
                continue
            run = (
                self.with_company(company)
                .create(
                    {
                        "company_id": company.id,
                        "user_id": user.id,
                        "post_invoices": company.after_sales_billing_post,
                        "is_scheduled": True,
                    }
                )
                ._speak_to_owner()
            )
            run._preview()
            if run._is_empty():
                run.unlink()
                continue
            run._start()
            if user != company.after_sales_billing_user_id:
                run._ask_for_responsible()

    def _ask_for_responsible(self):
        """Who stands in for somebody that nobody chose, or that has left, is told, once."""
        self.ensure_one()
        kind = "mail.mail_activity_data_warning"
        runs = self.search([("company_id", "=", self.company_id.id), ("is_scheduled", "=", True)])
        if not runs.activity_search([kind], user_id=self.user_id.id):
            self.activity_schedule(
                kind,
                user_id=self.user_id.id,
                summary=self.env._("Responsible for scheduled billing"),
                note=self.env._(
                    "Nobody answers for scheduled billing of %s: choose somebody in the settings.",
                    self.company_id.display_name,
                ),
            )
