from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.after_sales_billing.models import after_sales_billing_run
from odoo.addons.after_sales_billing.tests.common import AfterSalesBillingCommon
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job

from ..models import after_sales_billing_run as glue


@tagged("post_install", "-at_install")
class TestBillingJobs(AfterSalesBillingCommon):
    """Large runs as jobs: the same invoices as without them, each once, whatever order the jobs are done in."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(after_sales_billing_run, "AT_ONCE", 0))
        self.startPatcher(patch.object(glue, "CHUNK", 2))

    def _owe(self, name, number=5):
        """Work and contracts of as many customers, an invoice for each."""
        charges = self.env["after.sales.charge"]
        for index in range(number):
            partner = self.env["res.partner"].create({"name": f"{name} {index}"})
            charges |= self._create_charge(partner_id=partner.id, quantity=index + 1.0)
            charges |= self._create_charge(partner_id=partner.id, kind="overtime", price_unit=78.0)
        return charges

    def _start(self, charges, **vals):
        run = self._create_run(partner_ids=charges.partner_id.ids, **vals)
        run.action_bill()
        return run

    def _get_records(self, run, *states):
        """The jobs of a run as they wait in the queue."""
        records_sudo = self.env["queue.job"].sudo()  # the queue is nobody's to read but its manager's
        return records_sudo.search(
            [
                ("identity_key", "like", f"after_sales_billing_run.{run.id}."),
                ("state", "in", states or ("pending", "enqueued")),
            ],
            order="priority, id",
        )

    def _perform(self, records):
        """What a worker does with a job, transaction apart."""
        for record in records:
            job = Job.load(record.env, record.uuid)
            job.perform()
            job.set_done()
            job.store()
            self.env.invalidate_all()

    def _get_facts(self, run):
        return sorted(
            (line.name, line.quantity, line.price_unit, line.price_total, tuple(line.tax_ids.ids))
            for line in run.move_ids.invoice_line_ids
        )

    def test_same_as_without(self):
        by_jobs, by_cron = self._owe("Jobs"), self._owe("Cron")
        with_jobs = self._start(by_jobs)
        self.assertEqual(with_jobs.state, "running")
        self.assertFalse(with_jobs.move_ids, "Nothing is billed while the user waits")
        self._perform(self._get_records(with_jobs))
        without = self._start(by_cron)
        self._get_records(without).unlink()
        for groups in without._iterate_chunks():  # what the scheduled job does where there is no queue
            without._as_owner()._process(groups)
        without._finish()
        self.assertEqual(self._get_facts(with_jobs), self._get_facts(without))
        for run in (with_jobs, without):
            self.assertRecordValues(
                run, [{"state": "done", "move_count": 5, "problem_count": 0, "amount_billed": 1560.0}]
            )
            self.assertEqual(run.move_ids.invoice_user_id, self.accountant)
        self.assertEqual(set((by_jobs | by_cron).mapped("billing_state")), {"billed"})

    def test_language_of_the_owner(self):
        """What a job writes down is read by the owner of the run: it speaks his language, by his clock."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.accountant.write({"lang": "it_IT", "tz": "Europe/Rome"})
        run = self._start(self._owe("Jobs"))
        for record in self._get_records(run):
            context = Job.load(record.env, record.uuid).recordset.env.context
            self.assertEqual((context["lang"], context["tz"]), ("it_IT", "Europe/Rome"))

    def test_jobs(self):
        """One for each chunk and one that closes the run, in our channel, by the owner of the run, never twice."""
        run = self._start(self._owe("Jobs"))
        records = self._get_records(run)
        self.assertEqual([list(record.args) for record in records], [[1, 2], [3, 4], [5, 6], []])
        self.assertEqual(set(records.mapped("channel")), {"root.after_sales"})
        self.assertEqual(records.user_id, self.accountant)
        self.assertIn(run.name, records[0].name)
        run._work_in_background()
        self._call_cron()
        self.assertEqual(self._get_records(run), records)

    def _call_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("after_sales_billing.ir_cron_after_sales_billing").method_direct_trigger()

    def test_any_order_and_again(self):
        charges = self._owe("Jobs")
        run = self._start(charges)
        records = self._get_records(run)
        self._perform(records[2])
        self._perform(records[2])  # a worker died after its commit and before the queue knew
        with self.assertRaises(RetryableJobError):
            self._perform(records[3])
        self._perform(records[0])
        self.assertEqual((run.state, run.move_count), ("running", 3))
        self._perform(records[1])
        self.assertEqual((run.state, run.move_count), ("done", 5))
        self._perform(records[3])
        self.assertEqual(len(charges.entry_ids), len(charges))
        self.assertEqual(len(run.message_ids.filtered(lambda message: "Invoices made: 5" in message.body)), 1)

    def test_lost_job_comes_again(self):
        """A job that failed or was deleted: the scheduled job gives what is left a new one, with the same bounds."""
        run = self._start(self._owe("Jobs"))
        records = self._get_records(run)
        self._perform(records[0])
        records[1].write({"state": "failed"})
        records[2].unlink()
        self._call_cron()
        self.assertEqual(sorted(list(record.args) for record in self._get_records(run)), [[], [3, 4], [5, 6]])
        self._perform(self._get_records(run))
        self.assertEqual((run.state, run.move_count), ("done", 5))

    def test_guilty_one_alone_stays_behind(self):
        charges = self._owe("Jobs")
        bad = charges[0].partner_id
        original = type(self.env["account.move"]).create

        def create(moves, vals_list):
            if any(vals.get("partner_id") == bad.id for vals in vals_list):
                raise UserError("Blocked by the bank")
            return original(moves, vals_list)

        self.patch(type(self.env["account.move"]), "create", create)
        run = self._start(charges)
        self._perform(self._get_records(run))
        self.assertRecordValues(run, [{"state": "done", "move_count": 4, "problem_count": 2}])
        guilty = charges.filtered(lambda charge: charge.partner_id == bad)
        self.assertEqual(set(guilty.mapped("billing_error")), {"Blocked by the bank"})

    def test_small_run_needs_no_queue(self):
        with patch.object(after_sales_billing_run, "AT_ONCE", 200):
            run = self._start(self._owe("At once", 2))
        self.assertEqual((run.state, run.move_count), ("done", 2))
        self.assertFalse(self._get_records(run))
