from datetime import date, datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import AfterSalesBillingCommon
from .common_work import REPORT


@tagged("post_install", "-at_install")
class TestExpense(AfterSalesBillingCommon):
    """BI-11, D91: what a technician pays on the way is refunded by Odoo and charged on once."""

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
        """What is entered days later is of the day of the visit."""
        visit = self._start_bare_visit().with_user(self.technician_user)
        context = visit.action_view_employee_expenses()["context"]
        self.assertEqual(context["default_date"], date(2026, 3, 10))

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
        visit.write({"date_start": datetime(2026, 3, 10, 8, 0), "call_out": False, **REPORT})
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
        paid = {"name": "Motorway", "amount": 24.4, "date": date(2026, 3, 10)}
        visit = self._start_bare_visit(expense_ids=[Command.create(paid)])
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
