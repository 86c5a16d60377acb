from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import ACCOUNTANT, TECHNICIAN, AfterSalesBillingCommon

FINDINGS = {"defect": "Burnt", "work_done": "Part A replaced"}


@tagged("post_install", "-at_install")
class TestExpenseAndTrip(AfterSalesBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approver = cls._create_role("bill_approver", "hr_expense.group_hr_expense_team_approver")
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Tina Technician",
                "user_id": cls.technician_user.id,
                "company_id": cls.company.id,
                "expense_manager_id": cls.approver.id,
            }
        )
        cls.toll = cls.env["product.product"].create(
            {"name": "Tolls", "type": "service", "can_be_expensed": True, "standard_price": 0.0}
        )
        cls.van = cls._create_vehicle(after_sales_km_cost=0.5)

    # ------------------------------------------------------------------
    # Expenses
    # ------------------------------------------------------------------

    def _create_expense(self, visit, amount=24.4, **vals):
        return (
            self.env["hr.expense"]
            .with_user(self.technician_user)
            .create(
                {
                    "name": "Motorway",
                    "employee_id": self.employee.id,
                    "product_id": self.toll.id,
                    "total_amount_currency": amount,
                    "tax_ids": [Command.clear()],
                    "date": date(2026, 3, 10),
                    "company_id": self.company.id,
                    "after_sales_intervention_id": visit.id,
                    **vals,
                }
            )
        )

    def _approve(self, expense):
        """By Odoo's own flow: the technician submits, his manager approves, neither has a right on charges"""
        expense.action_submit()
        expense.with_user(self.approver).action_approve()

    def test_accountant_finds_the_visit_and_the_charge(self):
        visit = self._do_visit(self._create_unit(), parts=False)
        expense = self._create_expense(visit)
        self._approve(expense)
        # as Odoo has it: who keeps the books sees everybody's expenses
        bookkeeper = self._create_role("bill_bookkeeper", "account.group_account_user")
        with Form(expense.with_user(bookkeeper)) as form:
            self.assertEqual(form.after_sales_intervention_id, visit)
            self.assertTrue(form.after_sales_charge)
            self.assertEqual(form.after_sales_charge_count, 1)
        action = expense.with_user(bookkeeper).action_view_after_sales_charges()
        charge = self.env["after.sales.charge"].with_user(bookkeeper).browse(action["res_id"])
        self.assertEqual((charge.source_id, charge.intervention_id), (expense.id, visit))

    def test_expense_not_charged_on_says_so(self):
        visit = self._do_visit(self._create_unit(), parts=False)
        expense = self._create_expense(visit, after_sales_charge=False)
        self._approve(expense)
        charge = expense.sudo().charge_ids
        self.assertRecordValues(charge, [{"amount_customer": 0.0, "reason": "This expense is not charged."}])

    def test_day_of_the_visit(self):
        """What is entered days later is of the day of the visit, or of its drive."""
        visit = self.env["after.sales.intervention"].create(
            {
                "ticket_id": self._create_ticket(unit_id=self._create_unit().id).id,
                "technician_ids": [Command.set(self.technician.ids)],
                "date_start": "2026-03-10 08:00:00",
                "date_end": "2026-03-10 12:00:00",
            }
        )
        day = date(2026, 3, 10)
        context = visit.with_user(self.technician_user).action_view_employee_expenses()["context"]
        self.assertEqual(context["default_date"], day)
        van = self._create_vehicle(after_sales_km_cost=0.4553)
        trip = self.env["after.sales.trip"].create(
            {"intervention_id": visit.id, "vehicle_id": van.id, "distance": 1000.0}
        )
        self.assertRecordValues(trip.sudo(), [{"date": day, "cost_km": 0.4553, "cost": 455.3}])
        trip.session_id = self.env["after.sales.session"].create(
            {
                "intervention_id": visit.id,
                "kind": "travel",
                "technician_id": self.technician.id,
                "date_start": "2026-03-09 15:00:00",
                "date_stop": "2026-03-09 16:00:00",
            }
        )
        self.assertEqual(trip.date, date(2026, 3, 9))

    def test_expense_is_charged_once(self):
        visit = self._do_visit(self._create_unit(), parts=False)
        before = visit.visit_charge_ids
        expense = self._create_expense(visit)
        self.assertFalse(expense.sudo().charge_ids)
        self._approve(expense)
        charge = visit.visit_charge_ids - before
        self.assertRecordValues(
            charge, [{"kind": "expense", "amount_customer": 24.4, "cost": 24.4, "state": "confirmed"}]
        )
        expense.sudo()._make_charges()
        invoice = self._bill()
        line = charge.entry_ids.move_line_id
        self.assertEqual(line.price_subtotal, 24.4)
        self.assertIn("Motorway", line.name)
        self.assertEqual(len(visit.visit_charge_ids - before), 1)
        with self.assertRaisesRegex(UserError, "billed to the customer"):
            expense.sudo()._do_refuse("No receipt")
        invoice.unlink()
        expense.sudo()._do_refuse("No receipt")
        self.assertEqual(charge.state, "cancelled")
        self.assertFalse(
            self._bill().invoice_line_ids.filtered(lambda row: row.product_id == charge.product_id)
        )

    def test_expense_of_an_unfinished_visit_waits(self):
        visit = self.env["after.sales.intervention"].create(
            {"partner_id": self.customer.id, "technician_ids": [Command.set(self.technician.ids)]}
        )
        expense = self._create_expense(visit)
        self._approve(expense)
        self.assertFalse(expense.sudo().charge_ids)
        visit.write({"date_start": "2026-03-10 08:00:00", "call_out": False, "outcome": "solved", **FINDINGS})
        visit.action_start()
        visit.action_done()
        self.assertEqual(expense.sudo().charge_ids.amount_customer, 24.4)

    def test_expense_that_is_not_charged_on(self):
        visit = self._do_visit(self._create_unit(), parts=False)
        expense = self._create_expense(visit, after_sales_charge=False)
        self._approve(expense)
        self.assertRecordValues(
            expense.sudo().charge_ids, [{"amount_customer": 0.0, "cost": 24.4, "billing_state": "nothing"}]
        )

    def test_expense_that_proves_a_line_of_the_report(self):
        """The hand-written line is charged, its receipt is not charged again"""
        visit = self.env["after.sales.intervention"].create(
            {
                "partner_id": self.customer.id,
                "technician_ids": [Command.set(self.technician.ids)],
                "date_start": "2026-03-10 08:00:00",
                "call_out": False,
                "outcome": "solved",
                **FINDINGS,
                "expense_ids": [
                    Command.create({"name": "Motorway", "amount": 24.4, "date": date(2026, 3, 10)})
                ],
            }
        )
        visit.action_start()
        visit.action_done()
        expense = self._create_expense(visit, after_sales_expense_id=visit.expense_ids.id)
        self._approve(expense)
        self.assertEqual(visit.visit_charge_ids.mapped("amount_customer"), [24.4])

    def test_forgotten_expense_is_found_by_the_run(self):
        visit = self._do_visit(self._create_unit(), parts=False)
        expense = self._create_expense(visit)
        expense.sudo().write({"approval_state": "approved"})
        self.assertFalse(expense.sudo().charge_ids)
        self._bill()
        self.assertEqual(expense.sudo().charge_ids.billing_state, "billed")

    # ------------------------------------------------------------------
    # Trips
    # ------------------------------------------------------------------

    def _create_trip(self, visit, **vals):
        return (
            self.env["after.sales.trip"]
            .with_user(self.technician_user)
            .create(
                {"intervention_id": visit.id, "vehicle_id": self.van.id, "date": date(2026, 3, 10), **vals}
            )
        )

    def _plan_visit(self):
        visit = self.env["after.sales.intervention"].create(
            {
                "partner_id": self.customer.id,
                "technician_ids": [Command.set(self.technician.ids)],
                "date_start": "2026-03-10 08:00:00",
                "call_out": False,
                "outcome": "solved",
                **FINDINGS,
            }
        )
        visit.action_start()
        return visit

    def test_new_trip_finds_its_visit(self):
        """A trip entered from the menu has no company before it has a visit."""
        visit = self._plan_visit()
        trips = self.env["after.sales.trip"].with_user(self.technician_user)
        field = trips.fields_get(["intervention_id"])["intervention_id"]
        domain = field["domain"]
        if isinstance(domain, str):
            domain = safe_eval(domain, {"company_id": trips.new({}).company_id.id})
        self.assertIn(visit, self.env["after.sales.intervention"].search(domain))
        form = Form(trips)
        form.intervention_id = visit.with_user(self.technician_user)
        form.vehicle_id = self.van.with_user(self.technician_user)
        form.distance = 12.0
        self.assertEqual(form.save().company_id, self.company)

    def test_trip_by_odometer_is_charged(self):
        visit = self._plan_visit()
        trip = self._create_trip(visit, odometer_start=1000.0, odometer_end=1080.0)
        self.assertEqual((trip.distance_km, trip.sudo().cost_km), (80.0, 0.5))
        trip.action_done()
        self.assertEqual(self.van.odometer, 1080.0)
        self.assertFalse(trip.sudo().charge_ids, "The visit is not done")
        visit.action_done()
        self.assertRecordValues(
            trip.sudo().charge_ids,
            [
                {
                    "kind": "travel_km",
                    "quantity": 80.0,
                    "price_unit": 0.62,
                    "amount_customer": 49.6,
                    "cost": 40.0,
                }
            ],
        )
        self._bill()
        with self.assertRaisesRegex(UserError, "billed"):
            trip.action_cancel()

    def test_trip_of_a_session_gives_its_real_cost(self):
        """The kilometres of the work report are charged once; the trip says what they cost"""
        visit = self._do_visit(self._create_unit(), parts=False)
        session = visit.session_ids.filtered(lambda row: row.kind == "travel")
        charge = visit.visit_charge_ids.filtered(lambda row: row.kind == "travel_km")
        self.assertEqual(charge.cost, 16.1)
        with self.assertRaisesRegex(UserError, "choose the session"):
            self._create_trip(visit, distance=46.0).action_done()
        trip = self._create_trip(visit, distance=46.0, session_id=session.id)
        trip.action_done()
        self.assertEqual(charge.cost, 23.0)
        self.assertFalse(trip.sudo().charge_ids)
        self.assertEqual(len(visit.visit_charge_ids.filtered(lambda row: row.kind == "travel_km")), 1)
        self.assertFalse(trip.copy().session_id, "a session has one trip")

    def test_the_driver_does_not_see_what_it_costs(self):
        trip = self._create_trip(self._plan_visit(), distance=10.0).with_user(self.technician_user)
        for fname in ("cost", "cost_km"):
            with self.assertRaises(AccessError):
                trip.read([fname])
        self.assertEqual(trip.with_user(self.agent).cost, 5.0)
        self.assertEqual(trip.copy().with_user(self.agent).cost, 5.0)

    def test_trip_fills_its_session(self):
        visit = self._plan_visit()
        session = self.env["after.sales.session"].create(
            {
                "intervention_id": visit.id,
                "technician_id": self.technician.id,
                "kind": "travel",
                "date_start": "2026-03-10 08:00:00",
                "date_stop": "2026-03-10 09:00:00",
            }
        )
        self._create_trip(visit, distance=30.0, session_id=session.id).action_done()
        self.assertEqual(session.distance_km, 30.0)
        visit.action_done()
        charge = visit.visit_charge_ids.filtered(lambda row: row.kind == "travel_km")
        self.assertRecordValues(charge, [{"quantity": 30.0, "cost": 15.0}])

    def test_trip_in_miles(self):
        self.van.odometer_unit = "miles"
        trip = self._create_trip(self._plan_visit(), distance=10.0)
        self.assertEqual(trip.distance_km, 16.1)

    def test_cancelled_trip_takes_its_odometer_back(self):
        trip = self._create_trip(self._plan_visit(), odometer_start=10.0, odometer_end=30.0)
        trip.action_done()
        self.assertTrue(trip.odometer_id)
        trip.action_cancel()
        self.assertFalse(self.env["fleet.vehicle.odometer"].search([("vehicle_id", "=", self.van.id)]))

    def test_trips_of_others_are_not_his(self):
        trip = self._create_trip(self._plan_visit(), distance=5.0)
        other = self._create_role("bill_other_technician", TECHNICIAN)
        self.assertFalse(self.env["after.sales.trip"].with_user(other).search([("id", "=", trip.id)]))
        accountant = self._create_role("bill_trip_accountant", ACCOUNTANT)
        self.assertTrue(self.env["after.sales.trip"].with_user(accountant).search([("id", "=", trip.id)]))
