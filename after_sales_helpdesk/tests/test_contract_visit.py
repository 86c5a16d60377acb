from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestContractVisit(FieldCommon):
    """Visits that contracts owe: made once, reminded, moved with reason, executed or owed again. Today: 11 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maintenance = cls.env.ref("after_sales_contract.after_sales_service_maintenance")
        cls.contract = cls._create_contract(
            visit_plan_ids=[
                Command.create(
                    {
                        "service_id": cls.maintenance.id,
                        "interval": 1,
                        "tolerance": 5,
                        "lead_days": 10,
                        "reminder_days": 2,
                    }
                )
            ]
        )
        cls.visits = cls.contract.visit_ids.sorted("date")
        cls.due = cls.visits.filtered(lambda v: v.date == date(2026, 3, 11))

    def _prepare(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("after_sales_helpdesk.ir_cron_prepare_visits").method_direct_trigger()
        self.env.invalidate_all()

    def test_made_once_when_due(self):
        self.assertTrue(self.due)
        late = self.visits.filtered(lambda v: v.date < date(2026, 3, 11))
        for __ in range(2):
            self._prepare()
        made = self.visits.intervention_ids
        self.assertEqual(made.contract_visit_id, late | self.due)
        self.assertEqual(len(made), len(late) + 1)
        job = self.due.intervention_id
        self.assertRecordValues(
            job,
            [
                {
                    "state": "draft",
                    "contract_id": self.contract.id,
                    "service_id": self.maintenance.id,
                    "partner_id": self.consumer.id,
                }
            ],
        )
        self.assertEqual(job.date_start.date(), self.due.date)
        self.assertFalse(job.technician_ids)
        self.assertEqual(self.due.state, "scheduled")

    def test_database_refuses_a_second_one(self):
        job = self.due._prepare_interventions()
        with mute_logger("odoo.sql_db"), self._quietly_refused(IntegrityError):
            self._create_visit(contract_visit_id=job.contract_visit_id.id)
        with self._quietly_refused(UserError, "not to be planned"):
            self.due.action_prepare()

    def test_contract_that_does_not_run(self):
        self.contract.action_cancel()
        self._prepare()
        self.assertFalse(self.visits.exists().intervention_ids)

    def test_unit_that_is_not_delivered(self):
        unit = self._create_unit(delivery_date=date(2026, 4, 1))
        self.due.unit_id = unit
        self._prepare()
        self.assertEqual(self.due.state, "planned")
        unit.delivery_date = date(2026, 3, 1)
        self._prepare()
        self.assertEqual(self.due.state, "scheduled")

    def _plan(self):
        job = self.due._prepare_interventions().with_user(self.agent)
        job.write(
            {"technician_ids": [Command.set(self.technician.ids)], "date_start": datetime(2026, 3, 13, 8)}
        )
        self.env.flush_all()
        job.action_plan()
        return job

    def _remind(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("after_sales_helpdesk.ir_cron_remind_visits").method_direct_trigger()
        self.env.invalidate_all()

    def test_solved_executes_the_visit(self):
        job = self._plan()
        self._add_session(job, "work", 8, 9)
        self._finish(job.with_user(self.technician_user), work_done="Cleaned")
        self.assertRecordValues(
            self.due,
            [{"state": "done", "date_done": date(2026, 3, 11), "execution": "in_time", "days_off": 0}],
        )
        job.action_reopen()
        self.assertEqual((self.due.state, self.due.date_done), ("scheduled", False))

    def test_absent_customer_leaves_it_owed(self):
        job = self._plan()
        self._finish(job.with_user(self.technician_user), "customer_absent")
        self.assertEqual(self.due.state, "planned")
        self._prepare()
        self.assertEqual(len(self.due.intervention_ids), 2)

    def test_cancelling_and_deleting_reopen_the_plan(self):
        job = self._plan()
        job.action_cancel()
        self.assertEqual(self.due.state, "planned")
        again = self.due._prepare_interventions()
        self.assertEqual(self.due.intervention_id, again)
        again.unlink()
        self.assertEqual(self.due.state, "planned")

    def test_calling_the_visit_off_takes_the_intervention_along(self):
        job = self._plan()
        self.due.action_cancel()
        self.assertEqual((job.state, self.due.state), ("cancelled", "cancelled"))

    def test_moved_with_reason(self):
        visit = self.due.with_user(self.agent)
        visit.date = self.due.date_planned + relativedelta(days=5)
        with self._quietly_refused(UserError, "say why"):
            visit.date = self.due.date_planned + relativedelta(days=6)
        visit.write(
            {"date": self.due.date_planned + relativedelta(days=20), "move_reason": "Closed for holidays"}
        )
        self.assertEqual(visit.date_prepare, self.due.date_planned + relativedelta(days=10))
        visit.action_done()
        self.assertEqual(visit.execution, "in_time")

    def test_planned_beyond_the_tolerance(self):
        """Dropped on another day of the planner's timeline: the plan follows, and beyond five days he says why."""
        job = self._plan()
        self.assertEqual(self.due.date, date(2026, 3, 13), "the plan knows the day")
        timeline = self.env["after.sales.intervention"].with_user(self.agent)
        drop = (job._name, job.id, self.technician.id)
        with self._quietly_refused(UserError, "say why"):
            timeline.plan_on_timeline(*drop, "2026-03-30 08:00:00")
        job.move_reason = "The customer is on holiday"
        timeline.plan_on_timeline(*drop, "2026-03-30 08:00:00")
        self.assertRecordValues(
            self.due, [{"date": date(2026, 3, 30), "move_reason": "The customer is on holiday"}]
        )

    def test_planned_in_the_past(self):
        job = self._plan()
        self.assertFalse(job.planning_warning)
        job.date_start = datetime(2026, 3, 9, 8)
        self.assertIn("past", job.planning_warning)

    def test_too_late(self):
        self.due.write({"state": "done", "date_done": date(2026, 3, 20)})
        self.assertRecordValues(self.due, [{"execution": "late", "days_off": 9}])

    def test_customer_is_reminded_once(self):
        job = self._plan()
        before = len(job.message_ids)
        for __ in range(2):
            self._remind()
        job.invalidate_recordset()
        self.assertEqual(len(job.message_ids), before + 1)
        self.assertEqual(job.date_reminded, fields.Datetime.now())

    def test_far_visit_is_not_reminded(self):
        job = self._plan()
        job.write({"date_start": datetime(2026, 3, 20, 8), "move_reason": "Fair"})
        self._remind()
        self.assertFalse(job.date_reminded)

    def test_call_about_a_visit(self):
        """The customer rings about what is due: the call knows his contract, the service and where it is done."""
        context = self.due.with_user(self.agent).action_open_after_sales_call()["context"]
        with Form(self.env["after.sales.ticket"].with_user(self.agent).with_context(context)) as form:
            form.subject = "Please come in the morning"
        self.assertRecordValues(
            form.record,
            [
                {
                    "partner_id": self.consumer.id,
                    "contract_id": self.contract.id,
                    "service_id": self.maintenance.id,
                }
            ],
        )

    def test_found_by_index(self):
        """Among many visits the job reads only what is due."""
        Visit = self.env["after.sales.contract.visit"]
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = Visit._search(Visit._get_to_prepare_domain(), limit=200)
        self.env.cr.execute(query.select())
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname LIKE '%visit%to_prepare%'")
        self.assertIn("date_prepare", self.env.cr.fetchone()[0])
