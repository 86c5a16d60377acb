import logging

from odoo import api, fields, models
from odoo.exceptions import LockError

from ..tools.batch import halve
from .after_sales_renewal import MANAGER

_logger = logging.getLogger(__name__)

#: So many contracts are renewed while the manager waits, and so many in one transaction of the job.
CHUNK = 50


class AfterSalesRenewal(models.Model):
    """Approved rows become contracts: in chunks, and one that fails stops no other (D01)."""

    _inherit = "after.sales.renewal"

    def _process_small(self):
        for run in self:
            rows = run._get_ready_rows()
            if len(rows) > CHUNK:
                run._trigger_job()
            else:
                run._process(rows)

    def _trigger_job(self):
        # Starting the run is the manager's right, the job behind it the house's.
        job_sudo = self.env.ref("after_sales_contract.ir_cron_renew_contracts").sudo()
        job_sudo._trigger()

    def _get_ready_rows(self):
        return self.line_ids.filtered(lambda row: row.state == "ready")

    def _process(self, rows):
        """Renew the contracts of the rows; a failing chunk is cut in two until the guilty row is alone."""

        def attempt(batch):
            try:
                with self.env.cr.savepoint():
                    batch._renew()
            except LockError:
                self._trigger_job()  # somebody works on one of the contracts: the job takes the rows up again
            except Exception as error:  # noqa: BLE001 - one bad contract must not stop the others
                _logger.info("Renewal rows %s failed", batch.ids, exc_info=True)
                return error

        halve(rows, attempt, lambda row, error: row._fail(error))
        self._finish()

    def _finish(self):
        for run in self.filtered(lambda run: run.state == "approved"):
            if run._get_ready_rows():
                continue
            run_sudo = run.sudo()  # a manager approved it; the last row decides when it is done
            run_sudo.state = "done"
            run.message_post(
                body=self.env._(
                    "%(done)s contracts renewed, %(problems)s left out.",
                    done=run.done_count,
                    problems=run.problem_count,
                )
            )

    @api.model
    def _process_approved(self):
        """The job: approved runs, chunk by chunk; False when its time is over."""
        cron = self.env["ir.cron"]
        rows = self.env["after.sales.renewal.line"].search(
            [("renewal_id.state", "=", "approved"), ("state", "=", "ready")], order="renewal_id, id"
        )
        left = len(rows)
        for run, run_rows in rows.grouped("renewal_id").items():
            for start in range(0, len(run_rows), CHUNK):
                batch = run_rows[start : start + CHUNK]
                left -= len(batch)
                run.with_company(run.company_id)._process(batch)
                if not cron._commit_progress(len(batch), remaining=left):
                    return False
        return True

    @api.model
    def _propose_due(self):
        """The job: put tacit renewals with an adjustment before a manager, in time for the customer's notice."""
        today = fields.Date.today()
        for company in self.env["res.company"].search([("after_sales_renewal_days", ">", 0)]):
            contracts = self.env["after.sales.contract"].search(
                self.env["after.sales.contract"]._get_to_propose_domain(company, today), order="date_end, id"
            )
            if contracts:
                self.with_company(company)._open_automatic(company)._take_due(contracts)
                self.env["ir.cron"]._commit_progress()

    @api.model
    def _open_automatic(self, company):
        """The run in which the job gathers; a new one, with an activity of a manager, once it is approved."""
        run = self.search(
            [("state", "=", "draft"), ("is_automatic", "=", True), ("company_id", "=", company.id)], limit=1
        )
        if not run:
            # Whoever runs the job need not read groups.
            managers_sudo = self.env.ref(MANAGER).sudo().all_user_ids
            own = managers_sudo.filtered(
                lambda user: user.active and not user.share and company in user.company_ids
            )
            user = own.sorted("id")[-1:] or self.env.user
            run = self.create({"company_id": company.id, "is_automatic": True, "user_id": user.id})
            run.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=run.with_context(lang=user.lang).env._("Look at the new prices and approve them"),
                user_id=user.id,
            )
        return run

    def _take_due(self, contracts):
        """Rows of contracts that are not in the run yet; the rest of the batch survives a bad one."""
        self._add_contracts(contracts - self.line_ids.contract_id)
