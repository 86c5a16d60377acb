from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ACCOUNTANT
from .common_subcontract import SubcontractCommon


@tagged("post_install", "-at_install")
class TestSubcontractBill(SubcontractCommon):
    """BI-20: what a subcontractor bills is the real cost of his charge, once, whatever becomes of the bill."""

    def test_bill_gives_the_real_cost(self):
        order = self._create_subcontract()
        self._approve(order)
        charge = self._finish_subcontracted(order)
        self.assertRecordValues(charge, [{"kind": "subcontract", "cost": 200.0, "price_unit": 200.0}])
        bill = self._create_bill(order, 190.0)
        self.assertEqual(charge.cost, 200.0, "a draft is no cost")
        bill.action_post()
        self.assertRecordValues(charge, [{"cost": 190.0, "price_unit": 200.0}])
        self.assertRecordValues(order.sudo(), [{"amount_billed": 190.0, "bill_count": 1}])
        bill.button_draft()
        self.assertEqual(charge.cost, 200.0)
        bill.invoice_line_ids.price_unit = 195.0
        bill.action_post()
        self.assertEqual(charge.cost, 195.0)
        self.assertFalse(order.activity_ids.filtered(lambda task: "more" in (task.summary or "")))

    def test_order_chosen_on_an_empty_line_brings_its_price(self):
        order = self._create_subcontract()
        self._approve(order)
        with Form(
            self.env["account.move"].with_user(self.accountant).with_context(default_move_type="in_invoice")
        ) as form:
            form.partner_id = self.subcontractor
            with form.invoice_line_ids.new() as line:
                line.after_sales_subcontract_id = order
                self.assertEqual(line.price_unit, 200.0)
            with form.invoice_line_ids.new() as line:
                line.price_unit = 150.0
                line.after_sales_subcontract_id = order
                self.assertEqual(line.price_unit, 150.0, "what was entered stays")
            with form.invoice_line_ids.new() as line:
                line.name = "Your invoice 12, board"
                line.after_sales_subcontract_id = order
                self.assertEqual((line.name, line.price_unit), ("Your invoice 12, board", 200.0))
        with Form(
            self.env["account.move"].with_user(self.accountant).with_context(default_move_type="in_refund")
        ) as form:
            form.partner_id = self.subcontractor
            with form.invoice_line_ids.new() as line:
                line.after_sales_subcontract_id = order
                self.assertEqual(line.price_unit, 0.0, "how much he credits nobody agreed")

    def test_customer_does_not_read_to_whom_the_work_was_given(self):
        order = self._create_subcontract()
        self._approve(order)
        charge = self._finish_subcontracted(order)
        name = (
            self._bill()
            .invoice_line_ids.filtered(lambda line: charge in line.after_sales_entry_ids.charge_id)
            .name
        )
        self.assertIn("Board replaced", name)
        for internal in (order.name, self.subcontractor.name):
            self.assertNotIn(internal, name)

    def test_two_bills_and_a_refund_add_up(self):
        order = self._create_subcontract()
        self._approve(order)
        charge = self._finish_subcontracted(order)
        for amount in (120.0, 100.0):
            self._create_bill(order, amount).action_post()
        self.assertEqual(charge.cost, 220.0)
        warning = order.activity_ids.filtered(lambda task: task.summary == "Billed more than approved")
        self.assertEqual(len(warning), 1)
        self.assertEqual(warning.user_id, self.agent)
        bill = order.sudo().bill_line_ids.move_id[0]
        refund = self._reverse(bill).with_env(self.env)
        self.assertEqual(refund.invoice_line_ids.after_sales_subcontract_id, order)
        refund.with_user(self.accountant).action_post()
        self.assertEqual(charge.cost, 220.0 - bill.amount_untaxed)
        self.assertEqual(order.sudo().bill_count, 3)
        self.assertFalse(bill.copy().invoice_line_ids.after_sales_subcontract_id, "a copy is another bill")

    def test_bill_credited_in_full_is_missing(self):
        order = self._create_subcontract()
        self._approve(order)
        seen = order.with_user(self.accountant)
        missing = [("is_bill_missing", "=", True), ("id", "=", order.id)]

        def is_missing():
            self.env.invalidate_all()
            self.assertEqual(bool(seen.search(missing)), seen.is_bill_missing)
            return seen.is_bill_missing

        self.assertTrue(is_missing())
        bill = self._create_bill(order, 190.0)
        self.assertTrue(is_missing(), "a draft is no bill yet")
        bill.action_post()
        self.assertFalse(is_missing())
        refunds = self._reverse(bill)
        refunds.invoice_line_ids.price_unit = 90.0
        refunds.action_post()
        self.assertFalse(is_missing(), "a part of it is left")
        rest = self._reverse(bill)
        rest.invoice_line_ids.price_unit = 100.0
        rest.action_post()
        self.assertTrue(is_missing())
        self._create_bill(order, 180.0).action_post()
        self.assertFalse(is_missing())

    def test_bill_in_another_currency_credited_in_full(self):
        """Booked at one rate and credited at the next: the difference is nobody's bill."""
        foreign = self.setup_other_currency("GBP", rates=[("2026-03-01", 2.0), ("2026-04-01", 4.0)])
        order = self._create_subcontract()
        self._approve(order)
        seen = order.with_user(self.accountant)
        bill = self._create_bill(order, 100.0, currency=foreign)
        bill.action_post()
        refund = self._reverse(bill)
        refund.action_post()
        self.assertEqual(sum((bill + refund).invoice_line_ids.mapped("balance")), 25.0)
        self.assertTrue(seen.is_bill_missing)

    def test_bill_credited_less_at_a_better_rate(self):
        """More in our currency than the bill came to, and yet a part of it is left."""
        foreign = self.setup_other_currency("GBP", rates=[("2026-03-01", 2.0), ("2026-04-01", 1.0)])
        order = self._create_subcontract()
        self._approve(order)
        bill = self._create_bill(order, 100.0, currency=foreign)
        bill.action_post()
        refund = self._reverse(bill)
        refund.invoice_line_ids.price_unit = 90.0
        refund.action_post()
        self.assertFalse(order.with_user(self.accountant).is_bill_missing)

    def test_work_for_nothing(self):
        order = self._create_subcontract()
        self._approve(order, cost=0.0)
        self._create_bill(order, 0.0).action_post()
        self.assertFalse(order.with_user(self.accountant).is_bill_missing)

    def test_bill_before_the_visit_is_done(self):
        order = self._create_subcontract()
        self._approve(order)
        self._create_bill(order, 150.0).action_post()
        charge = self._finish_subcontracted(order)
        self.assertRecordValues(charge, [{"cost": 150.0, "price_unit": 200.0, "amount_customer": 200.0}])

    def test_matched_after_posting(self):
        """An auditor or accountant finds the order on a posted bill; the wrong one is put right."""
        right, wrong = self._create_subcontract(), self._create_subcontract()
        for order in right + wrong:
            self._approve(order)
        charges = [self._finish_subcontracted(order) for order in right + wrong]
        bill = self._create_bill(wrong, 170.0)
        bill.action_post()
        self.assertEqual([charge.cost for charge in charges], [200.0, 170.0])
        bill.invoice_line_ids.after_sales_subcontract_id = right
        self.assertEqual([charge.cost for charge in charges], [170.0, 200.0])

    def test_cost_of_the_contract_is_posted_once(self):
        contract = self._create_contract(inclusions=[("labour", 100.0)])
        plan = self.env["account.analytic.plan"].search([], limit=1) or self.env[
            "account.analytic.plan"
        ].create({"name": "Plan"})
        contract.analytic_account_id = contract.analytic_account_id or self.env[
            "account.analytic.account"
        ].create({"name": "Contract", "plan_id": plan.id})
        order = self._create_subcontract(contract)
        self._approve(order)
        charge = self._finish_subcontracted(order)
        self.assertEqual(charge.contract_id, contract)
        self.assertEqual(self._get_posted(contract), 200.0)
        bill = self._create_bill(order, 200.0)
        self.assertEqual(
            bill.invoice_line_ids.analytic_distribution, {str(contract.analytic_account_id.id): 100.0}
        )
        bill.action_post()
        self.assertEqual(self._get_posted(contract), 200.0, "by the bill alone")
        self.assertTrue(charge.has_cost_document)
        self.env.flush_all()
        result = self.env["after.sales.contract.profit"]._read_group(
            [("contract_id", "=", contract.id)], [], ["cost:sum"]
        )
        self.assertEqual(result[0][0], 200.0)
        bill.button_draft()
        self.assertEqual(self._get_posted(contract), 200.0, "by the charge again")
        bill.button_cancel()
        self.assertRecordValues(charge, [{"cost": 200.0, "has_cost_document": False}])

    def test_currency_of_the_bill(self):
        order = self._create_subcontract()
        self._approve(order)
        charge = self._finish_subcontracted(order)
        bill = self._create_bill(order, 400.0)
        bill.currency_id = self.setup_other_currency("HRK")
        bill.action_post()
        self.assertEqual(charge.cost, bill.invoice_line_ids.balance)
        self.assertNotEqual(charge.cost, 400.0)

    def test_accountant_sees_the_orders_and_changes_none(self):
        order = self._create_subcontract()
        self._approve(order)
        Order = self.env["after.sales.subcontract"].with_user(self.accountant)
        missing = [("is_bill_missing", "=", True)]
        self.assertIn(order, Order.search(missing))
        with Form(order.with_user(self.accountant)) as form:
            self.assertEqual(form.cost, 200.0)
        self._create_bill(order, 200.0).action_post()
        self.assertNotIn(order, Order.search(missing))
        self.assertIn(order, Order.search([("is_bill_missing", "=", False)]))
        self.assertEqual(
            order.with_user(self.accountant).action_view_bills()["res_id"],
            order.sudo().bill_line_ids.move_id.id,
        )
        self.assertFalse(order.with_user(self.accountant).has_access("write"))

    def test_cancelled_visit_calls_the_order_off(self):
        order = self._create_subcontract()
        order.intervention_id.with_user(self.agent).action_cancel()
        self.assertEqual(order.state, "cancelled")
        self.assertIn(self.subcontractor, order.message_ids.mapped("partner_ids"))
        reported = self._create_subcontract()
        self._report(reported)
        with self.assertRaisesRegex(UserError, "has reported work"):
            reported.intervention_id.with_user(self.agent).action_cancel()

    def test_bill_of_another_company_is_refused(self):
        order = self._create_subcontract()
        other = self.setup_other_company()["company"]
        user = self._create_role("bill_other", ACCOUNTANT, company=other)
        with self.assertRaises(UserError):
            self.env["account.move"].with_user(user).create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.subcontractor.id,
                    "invoice_line_ids": [
                        Command.create({"name": "X", "after_sales_subcontract_id": order.sudo().id})
                    ],
                }
            ).flush_recordset()
