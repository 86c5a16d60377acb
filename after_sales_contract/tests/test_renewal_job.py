from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .renewal_common import RenewalCommon


@tagged("post_install", "-at_install")
class TestRenewalJob(RenewalCommon):
    """The daily work: renews, ends and prepares what is due, and nothing else."""

    def _renew_job(self, day):
        self._run_job("ir_cron_renew_contracts", day)

    def test_tacit_renewal(self):
        """Renewed once nobody can give notice any more, once; the old term ends on its day."""
        contract, noticed, explicit = self._create_tacit(), self._create_tacit(), self._create_contract()
        noticed._give_notice(date(2026, 11, 1))
        self._renew_job("2026-12-01")
        self.assertFalse(contract.successor_id)
        self._renew_job("2026-12-02")
        self._renew_job("2026-12-03")
        after = contract.successor_id
        self.assertEqual(
            (after.state, after.date_start, after.date_end), ("running", date(2027, 1, 1), date(2027, 12, 31))
        )
        self.assertFalse((noticed | explicit).successor_id)
        self.assertEqual(contract.state, "running")
        self._run_job("ir_cron_end_contracts", "2026-12-31")
        self.assertEqual(contract.state, "running")
        self._run_job("ir_cron_end_contracts", "2027-01-01")
        self.assertEqual(
            (contract.state, noticed.state, explicit.state, after.state),
            ("ended", "ended", "ended", "running"),
        )

    def test_job_that_slept_for_years(self):
        """Every missed term is made up for, without gap."""
        contract = self._create_tacit(duration=1, duration_unit="month", notice=5)
        self._renew_job("2026-06-10")
        terms = self.env["after.sales.contract"].search([("origin_id", "=", contract.id)], order="date_start")
        self.assertEqual(
            terms.mapped("date_end"),
            [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)],
        )
        self._run_job("ir_cron_end_contracts", "2026-06-10")
        self.assertEqual(set((contract | terms[:-1]).mapped("state")), {"ended"})
        self.assertEqual(terms[-1].state, "running")

    def test_one_bad_contract_stops_no_other(self):
        """D01: it gets one activity, however often the job tries."""
        good, bad, ready = (self._create_tacit() for __ in range(3))
        prepare = type(good)._prepare_successor_vals

        def poisoned(contract, *args):
            if contract == bad:
                raise ValueError("poison")
            return prepare(contract, *args)

        for day in ("2026-12-05", "2026-12-06"):
            with patch.object(type(good), "_prepare_successor_vals", poisoned):
                self._renew_job(day)
        self.assertTrue(good.successor_id and ready.successor_id)
        self.assertFalse(bad.successor_id)
        self.assertEqual(len(bad.activity_ids), 1)
        self.assertIn("poison", bad.activity_ids.note)
        self._renew_job("2026-12-07")
        self.assertTrue(bad.successor_id)

    def test_responsible_without_rights(self):
        """Who left or may not open the contract gets no activity; the job's user does, and nothing stops."""
        user = self._create_user("clerk", "base.group_user")
        contract = self._create_tacit(user_id=user.id)
        contract.line_ids.date_to = date(2026, 6, 30)
        self._renew_job("2026-12-05")
        self.assertEqual(len(contract.activity_ids), 1)
        self.assertNotEqual(contract.activity_ids.user_id, user)

    def test_contract_without_price_at_its_end(self):
        contract = self._create_tacit()
        contract.line_ids.date_to = date(2026, 6, 30)
        self._renew_job("2026-12-05")
        self.assertFalse(contract.successor_id)
        self.assertIn("no price that is valid", contract.activity_ids.note)

    def test_failing_row_of_a_run(self):
        """The run goes on, the row keeps its reason and is tried again on demand."""
        good, bad = self._create_tacit(), self._create_tacit()
        prepare = type(good)._prepare_successor_vals

        def poisoned(contract, *args):
            if contract == bad:
                raise ValueError("poison")
            return prepare(contract, *args)

        run = self._open_run(good | bad)
        with patch.object(type(good), "_prepare_successor_vals", poisoned):
            run.action_approve()
        self.assertEqual(run.line_ids.mapped("state"), ["done", "failed"])
        self.assertEqual(run.line_ids[1].reason, "poison")
        self.assertEqual(len(bad.activity_ids), 1)
        self.assertEqual(run.state, "done")
        run.action_retry()
        self.assertEqual(run.line_ids.mapped("state"), ["done", "done"])
        self.assertEqual(run.state, "done")

    def test_large_run_is_done_by_the_job(self):
        contracts = self.env["after.sales.contract"].union(*(self._create_tacit() for __ in range(4)))
        with patch("odoo.addons.after_sales_contract.models.after_sales_renewal_process.CHUNK", 3):
            run = self._open_run(contracts, adjustment_id=self._create_adjustment(percent=1).id)
            run.action_approve()
            self.assertEqual((run.state, run.done_count), ("approved", 0))
            self._renew_job("2026-11-16")
        self.assertEqual((run.state, len(contracts.successor_id)), ("done", 4))
        self.assertEqual(set(contracts.successor_id.mapped("amount_untaxed")), {1212.0})

    def test_adjustment_needs_a_manager(self):
        """Prices that would change are put before a manager in time; without him they stay."""
        contract = self._create_tacit(adjustment_id=self._create_adjustment(percent=4).id)
        self.company.after_sales_renewal_days = 60
        self._renew_job("2026-10-01")
        self.assertFalse(contract.renewal_row_ids)
        self._renew_job("2026-10-02")
        self._renew_job("2026-10-03")
        run = contract.renewal_row_ids.renewal_id
        self.assertEqual((run.state, run.is_automatic, len(run.activity_ids)), ("draft", True, 1))
        self.assertTrue(run.activity_ids.user_id.has_group("after_sales_warranty.group_after_sales_manager"))
        self.assertEqual(contract.renewal_row_ids.new_value, 1248.0)
        self._renew_job("2026-12-31")
        self.assertFalse(contract.successor_id)
        self._renew_job("2027-01-01")
        self.assertEqual(contract.successor_id.amount_untaxed, 1200.0)
        self.assertIn("No adjustment was approved", "".join(contract.successor_id.message_ids.mapped("body")))

    def test_contract_that_was_left_out_is_not_proposed_again(self):
        contract = self._create_tacit(adjustment_id=self._create_adjustment(percent=4).id)
        self._renew_job("2026-11-03")
        run = contract.renewal_row_ids.renewal_id
        contract.renewal_row_ids.action_leave_out()
        other = self._create_tacit(adjustment_id=contract.adjustment_id.id)
        self._renew_job("2026-11-04")
        self.assertEqual(other.renewal_row_ids.renewal_id, run)
        run.with_user(self.manager).action_approve()
        self._renew_job("2026-11-05")
        self.assertEqual(len(contract.renewal_row_ids), 1)

    @freeze_time("2026-12-05")
    def test_statements_do_not_grow_with_what_is_not_due(self):
        """The job reads what is due and nothing of the other contracts."""

        def idle():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            contracts = self.env["after.sales.contract"]
            due = contracts.search(contracts._get_tacit_domain(date(2026, 12, 5)))
            over = contracts.search(contracts._get_over_domain(date(2026, 12, 5)))
            self.assertFalse((due | over) & mine)
            return self.cr.sql_log_count - before

        mine = self._create_tacit(date_start=date(2026, 6, 1))
        few = idle()
        for __ in range(5):
            mine |= self._create_tacit(date_start=date(2026, 6, 1))
        self.assertEqual(idle(), few)

    @freeze_time("2026-12-05")
    def test_statements_of_a_batch(self):
        """Renewing ten contracts costs no more than a fixed number of statements for each further one."""

        def cost(count):
            contracts = self.env["after.sales.contract"].union(
                *(
                    self._create_tacit(visit_plan_ids=[Command.create({"service_id": self.service.id})])
                    for __ in range(count)
                )
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            contracts._renew_tacitly()
            self.env.flush_all()
            self.assertEqual(len(contracts.successor_id), count)
            return self.cr.sql_log_count - before

        cost(1)
        few, many = cost(2), cost(10)
        self.assertLessEqual((many - few) / 8, 12)
