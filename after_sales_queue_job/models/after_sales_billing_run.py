from odoo import models

from odoo.addons.after_sales_billing.models.after_sales_billing_run import CHUNK
from odoo.addons.queue_job.exception import RetryableJobError

PRIORITY_FINISH = 20  # after the chunks, which have the default of 10
WAIT = 10  # seconds until it is seen again whether the last chunk is done


class AfterSalesBillingRun(models.Model):
    """A run that nobody waits for is cut into jobs: as many workers as the channel allows, on as many nodes.

    A job does a chunk with the same ``_process`` as the scheduled job, which here only sees to it that what is left
    of a run has its jobs.
    """

    _inherit = "after.sales.billing.run"

    def _work_in_background(self):
        if not self:  # the scheduled job asks for another turn of itself
            return super()._work_in_background()
        for run in self:
            run._enqueue_chunks()
        return None

    def _work_in_chunks(self):
        handed_over = self._count_ready_groups()
        self._enqueue_chunks()
        return self.env["ir.cron"]._commit_progress(handed_over) > 0

    def _enqueue_chunks(self):
        """One job for each chunk that has anything ready, and one that closes the run. What waits already is not repeated.

        The bounds of a chunk never change, so a job and its identity stay the same whatever has been billed meanwhile.
        """
        self.ensure_one()
        run_sudo = self._as_owner()  # as the scheduled job does: the run's owner bills
        rows = self.env["after.sales.billing.run.line"]._read_group(
            self._get_ready_domain(), ["group_number"]
        )
        for chunk in sorted({(number - 1) // CHUNK for (number,) in rows}):
            first, last = chunk * CHUNK + 1, (chunk + 1) * CHUNK
            run_sudo.with_delay(
                description=run_sudo.env._(
                    "Billing run %(run)s: invoices %(first)s to %(last)s",
                    run=self.name,
                    first=first,
                    last=last,
                ),
                identity_key=f"after_sales_billing_run.{self.id}.{first}",
            )._process_chunk(first, last)
        run_sudo.with_delay(
            description=run_sudo.env._("Billing run %s: close it", self.name),
            identity_key=f"after_sales_billing_run.{self.id}.finish",
            priority=PRIORITY_FINISH,
        )._finish_after_jobs()

    def _process_chunk(self, first, last):
        """The work of a job: what is still ready of the invoices with these numbers. The last job closes the run."""
        groups = self._get_next_groups(first - 1, last - first + 1)
        self._process([group for group in groups if group[0].group_number <= last])
        self._finish()

    def _finish_after_jobs(self):
        """Close the run. Jobs that ended at the same moment did not see each other's invoices: this one sees all."""
        self._finish()
        if self.state == "running":
            raise RetryableJobError(
                self.env._("There are still invoices to make."), seconds=WAIT, ignore_retry=True
            )
