from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PurchaseCommon


@tagged("post_install", "-at_install")
class TestPurchase(PurchaseCommon):
    """D51, BI-20: an order to a subcontractor is a purchase order, received by his report."""

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
