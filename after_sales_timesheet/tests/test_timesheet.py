from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.after_sales_helpdesk.tests.common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestTimesheet(FieldCommon):
    """Sessions are timesheets: once, at the right place, corrected with the visit (D87)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.env["project.project"].create(
            {"name": "Visits", "company_id": cls.company.id, "allow_timesheets": True}
        )
        cls.company.after_sales_project_id = cls.project

    def _get_timesheets(self, visit):
        return self.env["account.analytic.line"].search(
            [("after_sales_session_id.intervention_id", "=", visit.id)]
        )

    def _create_worked_visit(self, **values):
        visit = self._create_visit(self.technician_user, **values)
        self._add_session(visit, "travel", 8, 9, distance_km=40)
        self._add_session(visit, "work", 9, 11.5, note="Board changed")
        return visit

    def test_entered_once_when_done(self):
        visit = self._create_worked_visit()
        self.assertFalse(self._get_timesheets(visit))
        self._finish(visit)
        lines = self._get_timesheets(visit).sorted("unit_amount")
        self.assertRecordValues(
            lines,
            [
                {
                    "employee_id": self.employee.id,
                    "project_id": self.project.id,
                    "unit_amount": hours,
                    "amount": -31.0 * hours,
                    "date": date(2026, 3, 11),
                }
                for hours in (1.0, 2.5)
            ],
        )
        self.assertIn("Board changed", lines[1].name)
        self.assertFalse(visit.session_ids._post_timesheets(), "never twice")
        with mute_logger("odoo.sql_db"), self._quietly_refused(IntegrityError):
            lines[0].sudo().copy({"after_sales_session_id": lines[0].after_sales_session_id.id})

    def test_help_on_the_telephone_is_entered_once(self):
        start = datetime(2026, 3, 11, 9)
        ticket = self._create_ticket(self.agent)
        visit = ticket._log_time(self.technician, start, start + timedelta(hours=0.5), note="Reset")
        lines = self._get_timesheets(visit)
        self.assertRecordValues(lines, [{"employee_id": self.employee.id, "unit_amount": 0.5}])
        self.assertFalse(visit.session_ids._post_timesheets(), "never twice")

    def test_reopened_and_done_again(self):
        visit = self._create_worked_visit()
        self._finish(visit)
        visit.with_user(self.agent).action_reopen()
        self.assertFalse(self._get_timesheets(visit))
        visit.session_ids[1].date_stop = visit.session_ids[1].date_start.replace(hour=10)
        self._finish(visit)
        self.assertEqual(sorted(self._get_timesheets(visit).mapped("unit_amount")), [1.0, 1.0])

    def test_changed_at_the_session_only(self):
        """Neither the technician nor who approves timesheets changes what a visit entered; both are told where."""
        self.technician_user.group_ids += self.env.ref("hr_timesheet.group_hr_timesheet_user")
        visit = self._create_worked_visit()
        self._finish(visit)
        lines = self._get_timesheets(visit)
        running = self._add_session(self._create_visit(self.technician_user), "work", 12, 13)
        self.assertEqual(lines.mapped("readonly_timesheet"), [True, True])
        before = lines.read(["unit_amount", "name", "employee_id"])
        approver = self._create_user("hd_approver", "hr_timesheet.group_timesheet_manager")
        for user in (self.technician_user, approver):
            own = lines[0].with_user(user)
            attempts = {
                "write": lambda own=own: own.write({"unit_amount": 9.0}),
                "delete": own.unlink,
                "loosen": lambda own=own: own.write({"after_sales_session_id": False}),
                "add": lambda own=own, user=user: own.create(
                    {
                        "project_id": self.project.id,
                        "employee_id": self.employee.id,
                        "after_sales_session_id": running.id,
                    }
                ),
            }
            for name, attempt in attempts.items():
                with self.subTest(user=user.login, attempt=name):
                    entered = running.intervention_id if name == "add" else visit
                    with self._quietly_refused(UserError, f"reopen the intervention {entered.name}"):
                        attempt()
        self.assertEqual(lines.read(["unit_amount", "name", "employee_id"]), before)
        free = self.env["account.analytic.line"].with_user(approver)
        free = free.create({"project_id": self.project.id, "employee_id": self.employee.id, "unit_amount": 1})
        self.assertFalse(free.readonly_timesheet)
        free.unit_amount = 2
        free.unlink()

    def test_cost_of_the_contract_is_posted_once(self):
        unit = self._create_unit()
        contract = self._create_contract(unit)
        contract.analytic_account_id = contract.analytic_account_id or self.env[
            "account.analytic.account"
        ].create({"name": "Contract", "plan_id": self.project.account_id.plan_id.id})
        account = contract.analytic_account_id
        visit = self._create_worked_visit(unit_id=unit.id, contract_id=contract.id)
        charges = self._finish(visit)
        lines = self.env["account.analytic.line"].search([(account.plan_id._column_name(), "=", account.id)])
        self.assertAlmostEqual(-sum(lines.mapped("amount")), sum(charges.mapped("cost")), 2)
        self.assertEqual(len(lines), 3, "two timesheets and the kilometres")

    def test_timesheet_without_cost(self):
        """An employee without an hourly cost: his timesheet bears none, so the charge posts the one of the tariff."""
        self.employee.hourly_cost = 0.0
        unit = self._create_unit()
        contract = self._create_contract(unit)
        visit = self._create_worked_visit(unit_id=unit.id, contract_id=contract.id)
        charges = self._finish(visit)
        self.assertEqual(set(self._get_timesheets(visit).mapped("amount")), {0.0})
        self.assertFalse(any(charge._has_cost_document() for charge in charges))

    def test_who_has_no_timesheet(self):
        """A contractor, an archived employee, a company without a project: the visit is finished all the same."""
        contractor = self._create_technician("contractor", hourly_cost=44.0)
        by_contractor = self._create_visit(technician_ids=[Command.set(contractor.ids)])
        self._add_session(by_contractor, "work", 12, 13)
        archived = self._create_worked_visit()
        archived.action_start()
        self.employee.active = False
        for visit in (by_contractor, archived):
            self.assertTrue(self._finish(visit))
            self.assertFalse(self._get_timesheets(visit))
        self.employee.active = True
        self.technician.active = True
        self.company.after_sales_project_id = False
        no_project = self._create_visit(self.technician_user)
        self._add_session(no_project, "work", 14, 15)
        self.assertTrue(self._finish(no_project))
        self.assertFalse(self._get_timesheets(no_project))
