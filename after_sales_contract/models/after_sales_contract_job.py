import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from ..tools.batch import halve
from .after_sales_contract_life_mixin import LIVE_STATES

_logger = logging.getLogger(__name__)

TECHNICIAN = "after_sales_warranty.group_after_sales_technician"


class AfterSalesContract(models.Model):
    """The daily work on contracts: renews what renews tacitly, hands over what was transferred and ends what is over. It
    looks at nothing else, and a contract that fails leaves an activity and stops no other (D01, D04)."""

    _inherit = "after.sales.contract"

    _state_closed = models.Index("(state, date_closed) WHERE date_closed IS NOT NULL")

    @api.model
    def _cron_renew_contracts(self, batch_size=50):
        """Work on approved renewal runs, renew tacitly, then prepare the runs that need approval next."""
        runs = self.env["after.sales.renewal"]
        if not runs._process_approved():
            return
        due = self.search(self._get_tacit_domain(fields.Date.today()), order="date_notice, id")
        if due._work_off(
            type(self)._renew_tacitly, self.env._("The contract could not be renewed"), batch_size
        ):
            runs._propose_due()

    @api.model
    def _cron_end_contracts(self, batch_size=100):
        """Hand over what a transferred contract brings on its first day, then end what is past its last day; what renews
        tacitly ends once it has its next term."""
        begun = self.search(self._get_handover_domain(fields.Date.today()), order="date_start, id")
        trouble = self.env._("Units and hours of the contract could not be handed over")
        if not begun._work_off(type(self)._take_over, trouble, batch_size):
            return
        due = self.search(self._get_over_domain(fields.Date.today()), order="date_end, id")
        due._work_off(type(self)._end, self.env._("The contract could not be ended"), batch_size)

    @api.model
    def _get_over_domain(self, today):
        closed = Domain("date_closed", "<", today)
        left = Domain("tacit_renewal", "=", False) | Domain("successor_id", "!=", False)
        return Domain("state", "in", LIVE_STATES) & (closed | (Domain("date_end", "<", today) & left))

    @api.model
    def _get_tacit_domain(self, today):
        """What nobody can stop any more by notice. Where prices would change, the run's approval is waited for
        until the last day; then the contract renews at the prices it has."""
        approved = Domain("adjustment_id", "=", False) | Domain("date_end", "<", today)
        domain = self._get_to_renew_domain() & Domain("tacit_renewal", "=", True)
        return domain & Domain("date_notice", "<", today) & approved

    @api.model
    def _get_to_propose_domain(self, company, today):
        """Tacit renewals with an adjustment that come near their notice day and are in no run yet."""
        domain = self._get_to_renew_domain() & Domain("tacit_renewal", "=", True)
        domain &= Domain("company_id", "=", company.id) & Domain("adjustment_id", "!=", False)
        domain &= Domain("date_notice", "<=", today + timedelta(days=company.after_sales_renewal_days))
        decided = Domain("renewal_id.state", "in", ("draft", "approved")) | Domain("is_manual", "=", True)
        rows = Domain("renewal_id.state", "!=", "cancelled") & decided
        return domain & Domain("renewal_row_ids", "not any", rows)

    def _renew_tacitly(self):
        """Renew at the present prices, after looking again under lock."""
        if not self:
            return
        contracts = self.try_lock_for_update(allow_referencing=True)
        contracts.invalidate_recordset(["state", "tacit_renewal", "date_closed", "successor_id"])
        contracts = contracts.filtered_domain(self._get_tacit_domain(fields.Date.today()))
        for contract in contracts.filtered(lambda c: not c._get_renewed_lines()):
            contract._report_trouble(
                self.env._("The contract could not be renewed"), contract._get_renewal_obstacle()
            )
            contracts -= contract
        successors = contracts._renew()
        late = contracts.filtered("adjustment_id").successor_id
        late._message_log_batch(
            dict.fromkeys(
                late.ids, self.env._("No adjustment was approved in time: the prices stay as they were.")
            )
        )
        # A job that slept for months makes up for every term it missed.
        successors.filtered_domain(self._get_tacit_domain(fields.Date.today()))._renew_tacitly()

    # === ONE BAD CONTRACT STOPS NO OTHER ===#

    def _work_off(self, work, summary, batch_size):
        """Do ``work`` on the contracts, committing after each batch; False when the time of the job is over."""
        cron = self.env["ir.cron"]
        for start in range(0, len(self), batch_size):
            batch = self[start : start + batch_size]
            batch._isolated(work, summary)
            if not cron._commit_progress(len(batch), remaining=len(self) - start - len(batch)):
                return False
        return True

    def _isolated(self, work, summary):
        def attempt(contracts):
            try:
                with self.env.cr.savepoint():
                    work(contracts)
            except LockError:
                return None  # somebody works on it: the next run of the job takes it up
            except Exception as error:  # noqa: BLE001 - one bad contract must not stop the others
                _logger.info("Daily job: contracts %s failed", contracts.ids, exc_info=True)
                return error

        halve(self, attempt, lambda contract, error: contract._report_trouble(summary, str(error)))

    def _report_trouble(self, summary, reason):
        """Tell the responsible person, once: the same trouble of the next day makes no second activity."""
        for contract in self:
            if contract.activity_ids.filtered(lambda a, text=summary: a.automated and a.summary == text):
                continue
            contract.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=summary,
                note=reason,
                user_id=(contract._get_responsible() or self.env.user).id,
            )

    def _get_responsible(self):
        """The responsible person, unless he left or may not open the contract: an activity would be refused."""
        self.ensure_one()
        user_sudo = self.user_id.sudo()  # whoever runs the job need not read users
        if user_sudo.active and self.company_id in user_sudo.company_ids and user_sudo.has_group(TECHNICIAN):
            return self.user_id
        return self.env["res.users"]
