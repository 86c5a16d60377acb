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
        cron, run_sudo = self.env["ir.cron"], self.with_user(self.user_id).sudo()
        for groups in run_sudo._iterate_chunks():
            with self._giving_way():
                run_sudo._process(groups)
                self.env.flush_all()
            time_left = cron._commit_progress(len(groups))
            if not time_left:
                return False
        run_sudo._finish()
        return cron._commit_progress() > 0

    def _count_ready_groups(self):
        """How many invoices are still to be made."""
        self.ensure_one()
        rows = self.line_ids._read_group(self._get_ready_domain(), [], ["group_number:count_distinct"])
        return rows[0][0]

    @api.model
    def _open_scheduled_runs(self):
        """A run of what is due for each company that bills by itself and has no run in progress."""
        busy = self.search([("state", "=", "running")]).company_id
        # the settings ask for somebody who answers for it: invoices and activities are his
        automatic = [("after_sales_billing_auto", "=", True), ("after_sales_billing_user_id", "!=", False)]
        for company in self.env["res.company"].search(automatic) - busy:
            run = self.with_company(company).create(
                {
                    "company_id": company.id,
                    "user_id": company.after_sales_billing_user_id.id,
                    "post_invoices": company.after_sales_billing_post,
                    "is_scheduled": True,
                }
            )
            run._preview()
            if run.line_ids:
                run._start()
            else:
                run.unlink()
