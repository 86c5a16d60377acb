from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.after_sales_billing.tests.common_subcontract import SubcontractCommon


@tagged("post_install", "-at_install")
class TestPurchase(SubcontractCommon):
    """D51, BI-20: an order to a subcontractor is a purchase order, received by his report, billed to the charge."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_role("bill_buyer", "purchase.group_purchase_user")
        cls.subcontractor.buyer_id = cls.buyer
        cls.order = cls._create_subcontract(date_start="2026-03-10 08:00:00", date_end="2026-03-10 12:00:00")
        cls.purchase = cls.order.sudo().purchase_order_id.sudo(False)

    def _get_activities(self, record):
        return record.sudo().activity_ids.filtered(
            lambda task: task.activity_type_id == self.env.ref("mail.mail_activity_data_warning")
        )

    def test_drafted_when_sent(self):
        """An agent without a right on purchases gives work away; the buyer finds the order ready."""
        visit = self.order.intervention_id
        self.assertFalse(self._create_subcontract(send=False).sudo().purchase_order_id, "not sent yet")
        with self.assertRaises(AccessError):
            self.purchase.with_user(self.agent).read(["name"])
        purchase = self.purchase.with_user(self.buyer)
        self.assertRecordValues(
            purchase,
            [
                {
                    "partner_id": self.subcontractor.id,
                    "state": "draft",
                    "user_id": self.buyer.id,
                    "amount_untaxed": 180.0,
                    "origin": f"{self.order.name}, {visit.name}, {visit.ticket_id.name}",
                }
            ],
        )
        line = purchase.order_line
        self.assertRecordValues(
            line, [{"product_id": self.service.id, "product_qty": 1.0, "price_unit": 180.0}]
        )
        self.assertEqual(line.date_planned, visit.date_start)
        for number in (self.order.name, visit.name, visit.ticket_id.name):
            self.assertIn(number, line.name)
        self.order._draft_purchase_orders()
        self.assertEqual(len(self.order.sudo().purchase_line_ids), 1, "never a second one")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            line.sudo().copy({"after_sales_subcontract_id": self.order.id})

    def test_both_ways(self):
        purchase = self.purchase.with_user(self.buyer)
        self.assertEqual(
            (purchase.after_sales_subcontract_count, purchase.after_sales_intervention_count), (1, 1)
        )
        action = purchase.action_view_after_sales_subcontracts()
        with Form.from_action(purchase.env, action) as form:
            self.assertEqual(form.purchase_order_id, purchase)
        self.assertEqual(
            self.order.with_user(self.buyer).action_view_purchase_orders()["res_id"], purchase.id
        )
        both = self._create_role(
            "bill_both", "purchase.group_purchase_user", "after_sales_warranty.group_after_sales_agent"
        )
        visit = self.order.intervention_id.with_user(both)
        self.assertEqual(visit.purchase_order_count, 1)
        self.assertEqual(visit.action_view_purchase_orders()["res_id"], purchase.id)
        action = purchase.with_user(both).action_view_after_sales_interventions()
        self.assertEqual(action["res_id"], visit.id)
        with Form(self.order.with_user(self.agent)) as form:
            self.assertEqual(
                form.purchase_order_id.id, purchase.id, "the agent sees which, and cannot open it"
            )

    def test_report_receives_and_bill_is_the_cost(self):
        purchase = self.purchase.with_user(self.buyer)
        purchase.button_confirm()
        self.assertEqual(purchase.order_line.qty_received, 0.0)
        self._approve(self.order, cost=180.0)
        self.assertEqual(purchase.order_line.qty_received, 1.0)
        self.assertFalse(self._get_activities(purchase))
        charge = self._finish_subcontracted(self.order)
        self.assertEqual(charge.cost, 180.0)
        bill = self._make_bill(purchase)
        self.assertEqual(bill.invoice_line_ids.after_sales_subcontract_id, self.order)
        bill.invoice_line_ids.price_unit = 175.0
        bill.with_user(self.accountant).action_post()
        self.assertEqual(charge.cost, 175.0)
        self.assertEqual(purchase.invoice_status, "invoiced")
        seen = self.order.with_user(self.accountant)
        self.assertFalse(seen.is_bill_missing)
        self._reverse(bill).with_user(self.accountant).action_post()
        self.assertEqual(purchase.invoice_status, "to invoice")
        seen.invalidate_recordset(["is_bill_missing"])
        self.assertTrue(seen.is_bill_missing)

    def _make_bill(self, purchase):
        """By the accountant, as *Create Bill* does."""
        action = purchase.sudo().action_create_invoice()
        bill = self.env["account.move"].browse(action["res_id"])
        bill.write({"invoice_date": "2026-03-20", "ref": f"Bill {bill.id}"})
        return bill

    def test_billed_in_parts(self):
        """A first bill is not taken for the whole cost: the order says what is still to come."""
        purchase = self.purchase.with_user(self.buyer)
        purchase.button_confirm()
        self._approve(self.order, cost=180.0)
        charge = self._finish_subcontracted(self.order)
        first = self._make_bill(purchase)
        first.invoice_line_ids.write({"quantity": 0.25, "price_unit": 200.0})
        first.with_user(self.accountant).action_post()
        self.assertEqual(charge.cost, 50.0 + 0.75 * 180.0)
        second = self._make_bill(purchase)
        self.assertEqual(second.invoice_line_ids.quantity, 0.75)
        second.with_user(self.accountant).action_post()
        self.assertEqual(charge.cost, 185.0)

    def test_bill_matched_by_hand(self):
        """The bill came by mail and was posted: *Bill Matching* ties it to the order, and so to the charge."""
        purchase = self.purchase.with_user(self.buyer)
        purchase.button_confirm()
        self._approve(self.order, cost=180.0)
        charge = self._finish_subcontracted(self.order)
        bill = self._create_bill(
            self.order, 160.0, after_sales_subcontract_id=False, product_id=self.service.id
        )
        bill.action_post()
        self.assertEqual(charge.cost, 180.0)
        bill.invoice_line_ids.purchase_line_id = self.purchase.order_line
        self.assertEqual(bill.invoice_line_ids.after_sales_subcontract_id, self.order)
        self.assertEqual(charge.cost, 160.0)

    def test_order_chosen_on_a_bill(self):
        """BI-20: the accountant enters the bill by hand and chooses the work: its purchase order is billed with it."""
        self.purchase.with_user(self.buyer).button_confirm()
        self._approve(self.order, cost=180.0)
        charge = self._finish_subcontracted(self.order)
        line = self.purchase.sudo().order_line
        with Form(
            self.env["account.move"].with_user(self.accountant).with_context(default_move_type="in_invoice")
        ) as form:
            form.partner_id = self.subcontractor
            form.invoice_date = date(2026, 3, 20)
            form.ref = "Ours 7"
            with form.invoice_line_ids.new() as bill_line:
                bill_line.after_sales_subcontract_id = self.order
                self.assertEqual((bill_line.product_id.id, bill_line.price_unit), (self.service.id, 180.0))
                bill_line.price_unit = 130.0
        bill = form.save()
        self.assertRecordValues(
            bill.invoice_line_ids.sudo(),
            [
                {
                    "purchase_line_id": line.id,
                    "price_unit": 130.0,
                    "tax_ids": line.tax_ids.ids,
                    "quantity": 1.0,
                }
            ],
        )
        bill.action_post()
        self.assertEqual(charge.cost, 130.0)
        self.assertEqual(self.purchase.sudo().invoice_status, "invoiced")
        refund = self._create_bill(self.order, 30.0, "in_refund")
        refund.action_post()
        self.assertEqual(charge.cost, 100.0, "a reduction gives back nothing to be billed")
        other = self._create_subcontract()
        other.sudo().purchase_order_id.button_confirm()
        bill.invoice_line_ids.after_sales_subcontract_id = other
        self.assertEqual(bill.invoice_line_ids.sudo().purchase_line_id, other.sudo().purchase_line_ids)
        self.assertEqual(self.purchase.sudo().invoice_status, "to invoice")
        bill.invoice_line_ids.after_sales_subcontract_id = False
        self.assertFalse(bill.invoice_line_ids.sudo().purchase_line_id)

    def test_several_lines_bill_an_order_once(self):
        """Work and travel, hours instead of a lump sum: one line stands for the order, all of them are the cost."""
        self.purchase.with_user(self.buyer).button_confirm()
        self._approve(self.order, cost=180.0)
        charge = self._finish_subcontracted(self.order)
        line = self.purchase.sudo().order_line
        bill = self._create_bill(self.order, 60.0, quantity=3.0)
        bill.invoice_line_ids = [
            Command.create({"name": name, "price_unit": price, "after_sales_subcontract_id": self.order.id})
            for name, price in (("Travel", 15.0), ("Parking", 5.0))
        ]
        later = self._create_bill(self.order, 10.0)
        rows = (bill + later).invoice_line_ids.sudo()
        self.assertEqual(rows.after_sales_subcontract_id, self.order)
        self.assertEqual(rows.filtered("purchase_line_id"), rows.filtered(lambda row: row.quantity == 3.0))
        (bill + later).action_post()
        self.assertEqual(charge.cost, 210.0)
        self.assertRecordValues(line, [{"qty_invoiced": 1.0, "qty_to_invoice": 0.0}])
        self.assertEqual(self.purchase.sudo().invoice_status, "invoiced")

    def test_lines_entered_together_bill_an_order_once(self):
        self.purchase.with_user(self.buyer).button_confirm()
        self._approve(self.order, cost=180.0)
        with Form(
            self.env["account.move"].with_user(self.accountant).with_context(default_move_type="in_invoice")
        ) as form:
            form.partner_id = self.subcontractor
            form.invoice_date = date(2026, 3, 20)
            for label, price in (("Work", 150.0), ("Travel", 30.0)):
                with form.invoice_line_ids.new() as bill_line:
                    bill_line.name = label
                    bill_line.price_unit = price
                    bill_line.after_sales_subcontract_id = self.order
        bill = form.save()
        self.assertEqual(len(bill.invoice_line_ids.sudo().filtered("purchase_line_id")), 1)
        self.assertEqual(bill.invoice_line_ids.mapped("name"), ["Work", "Travel"])
        self.assertEqual(self.purchase.sudo().order_line.qty_invoiced, 1.0)

    def test_unconfirmed_order_is_not_billed(self):
        """Nobody has ordered it yet: the bill is the cost of the work all the same."""
        self._approve(self.order, cost=180.0)
        charge = self._finish_subcontracted(self.order)
        bill = self._create_bill(self.order, 160.0)
        self.assertFalse(bill.invoice_line_ids.sudo().purchase_line_id)
        bill.action_post()
        self.assertEqual(charge.cost, 160.0)

    def test_label_that_was_typed_stays(self):
        self.purchase.with_user(self.buyer).button_confirm()
        self._approve(self.order, cost=180.0)
        with Form(
            self.env["account.move"].with_user(self.accountant).with_context(default_move_type="in_invoice")
        ) as form:
            form.partner_id = self.subcontractor
            with form.invoice_line_ids.new() as bill_line:
                bill_line.name = "Your invoice 12"
                bill_line.after_sales_subcontract_id = self.order
                self.assertEqual((bill_line.name, bill_line.price_unit), ("Your invoice 12", 180.0))

    def test_bill_of_another_purchase_is_left_alone(self):
        purchase = self.purchase.sudo().copy()
        purchase.order_line = [
            Command.create(
                {"product_id": self._create_service("Rent").id, "product_qty": 1, "price_unit": 20}
            )
        ]
        purchase.button_confirm()
        purchase.order_line.qty_received = 1
        bill = self._make_bill(purchase)
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, purchase.order_line)
        self.assertFalse(bill.invoice_line_ids.after_sales_subcontract_id)

    def test_service_added_by_the_buyer(self):
        self.purchase.sudo().order_line = [
            Command.create(
                {"product_id": self._create_service("Disposal").id, "product_qty": 1, "price_unit": 20}
            )
        ]
        self.purchase.with_user(self.buyer).button_confirm()
        self._approve(self.order, cost=180.0)
        charge = self._finish_subcontracted(self.order)
        self.assertEqual(self.purchase.order_line.mapped("qty_received"), [1.0, 1.0])
        self._make_bill(self.purchase).with_user(self.accountant).action_post()
        self.assertEqual(charge.cost, 200.0)

    def test_analytic_and_cost_once(self):
        contract = self._create_contract(inclusions=[("labour", 100.0)])
        plan = self.env["account.analytic.plan"].create({"name": "Contracts"})
        contract.analytic_account_id = self.env["account.analytic.account"].create(
            {"name": "Contract", "plan_id": plan.id}
        )
        order = self._create_subcontract(contract)
        purchase = order.sudo().purchase_order_id
        self.assertEqual(
            purchase.order_line.analytic_distribution, {str(contract.analytic_account_id.id): 100.0}
        )
        purchase.with_user(self.buyer).button_confirm()
        self._approve(order, cost=180.0)
        charge = self._finish_subcontracted(order)
        self.assertEqual(self._get_posted(contract), 180.0)
        self._make_bill(purchase).with_user(self.accountant).action_post()
        self.assertEqual(self._get_posted(contract), 180.0)
        self.assertTrue(charge.has_cost_document)

    def test_draft_follows(self):
        self.order.price = 150.0
        self.assertEqual(self.purchase.amount_untaxed, 150.0)
        other = self.env["res.partner"].create({"name": "Others Ltd", "email": "others@example.com"})
        self.order.partner_id = other
        self.assertEqual(self.purchase.state, "cancel")
        purchase = self.order.sudo().purchase_order_id
        self.assertRecordValues(
            purchase, [{"partner_id": other.id, "amount_untaxed": 150.0, "state": "draft"}]
        )
        self.assertIn(other, self.order.intervention_id.technician_ids.after_sales_partner_id)
        self._approve(self.order, cost=170.0)
        self.assertEqual(purchase.amount_untaxed, 170.0)
        purchase.with_user(self.buyer).button_confirm()
        self.assertEqual(purchase.order_line.qty_received, 1.0, "received before it was confirmed")

    def test_cancelled_visit_and_refusal_cancel_the_draft(self):
        self.order.intervention_id.with_user(self.agent).action_cancel()
        self.assertEqual(self.purchase.state, "cancel")
        declined = self._create_subcontract()
        declined.sudo()._decline("No time")
        self.assertEqual(declined.sudo().purchase_order_id.state, "cancel")
        again = self._create_subcontract()
        again.action_cancel()
        self.assertEqual(again.sudo().purchase_order_id.state, "cancel")
        self.assertFalse(self._get_activities(again))

    def test_confirmed_order_is_never_touched(self):
        purchase = self.purchase.with_user(self.buyer)
        purchase.button_confirm()
        before = purchase.read(["partner_id", "amount_untaxed", "state"])
        self.order.price = 150.0
        task = self._get_activities(purchase)
        self.assertEqual(task.user_id, self.buyer)
        self.assertIn("150", task.note)
        self.order.partner_id = self.env["res.partner"].create({"name": "Others", "email": "o@example.com"})
        self.assertEqual(len(self._get_activities(purchase)), 2)
        self.assertEqual(purchase.read(["partner_id", "amount_untaxed", "state"]), before)
        second = self.order.sudo().purchase_order_id
        self.assertNotEqual(second, purchase)
        second.user_id = False
        second.button_confirm()
        self.order.intervention_id.with_user(self.agent).action_cancel()
        self.assertEqual(second.state, "purchase")
        self.assertFalse(self._get_activities(second), "nobody buys it")
        self.assertIn(second.name, self._get_activities(self.order).note)

    def test_buyer_cancels_what_is_still_expected(self):
        self.purchase.with_user(self.buyer).button_cancel()
        self.assertEqual(self._get_activities(self.order).user_id, self.agent)

    def test_no_merge_of_two_visits(self):
        other = self._create_subcontract().sudo().purchase_order_id
        with self.assertRaises(UserError):
            (self.purchase + other).with_user(self.buyer).action_merge()

    def test_price_list_without_agreed_price(self):
        self.service.seller_ids = [Command.create({"partner_id": self.subcontractor.id, "price": 95.0})]
        self.assertEqual(self._create_subcontract(price=0.0).sudo().purchase_order_id.amount_untaxed, 95.0)

    def test_speed(self):
        """Another order of a batch adds 13 statements: those of Odoo's own order with its mail."""
        orders = [self._create_subcontract(send=False) for __ in range(6)]
        self.env.flush_all()

        def count(batch):
            start = self.env.cr.sql_log_count
            batch.sudo()._draft_purchase_orders()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(orders[0])
        one, four = count(orders[1]), count(self.env["after.sales.subcontract"].concat(*orders[2:6]))
        self.assertLessEqual((four - one) / 3, 14)
