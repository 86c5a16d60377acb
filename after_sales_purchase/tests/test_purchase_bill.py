from odoo import Command
from odoo.tests import Form, tagged

from .common import PurchaseCommon


@tagged("post_install", "-at_install")
class TestPurchaseBill(PurchaseCommon):
    """BI-20: the bill of a subcontractor's purchase order is the cost of his work, once."""

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

    def test_billed_in_parts(self):
        """A first bill is not taken for the whole cost: the order says what is still to come."""
        purchase = self.purchase.with_user(self.buyer)
        charge = self._order_and_finish()
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
        charge = self._order_and_finish()
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
        charge = self._order_and_finish()
        line = self.purchase.sudo().order_line
        with self._enter_bill() as form:
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
        charge = self._order_and_finish()
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
        self._order_and_approve()
        with self._enter_bill() as form:
            for label, price in (("Work", 150.0), ("Travel", 30.0)):
                with form.invoice_line_ids.new() as bill_line:
                    bill_line.name = label
                    bill_line.price_unit = price
                    bill_line.after_sales_subcontract_id = self.order
        bill = form.save()
        self.assertEqual(len(bill.invoice_line_ids.sudo().filtered("purchase_line_id")), 1)
        self.assertEqual(bill.invoice_line_ids.mapped("name"), ["Work", "Travel"])
        self.assertEqual(self.purchase.sudo().order_line.qty_invoiced, 1.0)

    def test_order_chosen_again_on_a_saved_bill(self):
        """What the form cleared or deleted stands for the order no more; saved, the bill stands for it once again."""
        self._order_and_approve()
        line = self.purchase.sudo().order_line
        self.accountant.group_ids += self.env.ref(
            "purchase.group_purchase_user"
        )  # whose forms hold the order's line
        bill = self._create_bill(self.order, 180.0)
        with Form(bill) as form, form.invoice_line_ids.edit(0) as bill_line:
            bill_line.after_sales_subcontract_id = self.env["after.sales.subcontract"]
            bill_line.after_sales_subcontract_id = self.order
        self.assertEqual(bill.invoice_line_ids.sudo().purchase_line_id, line, "chosen again")
        with Form(bill) as form:
            form.invoice_line_ids.remove(0)
            with form.invoice_line_ids.new() as bill_line:
                bill_line.after_sales_subcontract_id = self.order
        self.assertEqual(bill.invoice_line_ids.sudo().purchase_line_id, line, "entered anew")
        with Form(bill) as form, form.invoice_line_ids.new() as bill_line:
            bill_line.name = "Travel"
            bill_line.after_sales_subcontract_id = self.order
        self.assertEqual(len(bill.invoice_line_ids.sudo().filtered("purchase_line_id")), 1)
        self.assertEqual(line.qty_invoiced, 1.0)
        other = self._create_bill(self.order, 10.0)
        with Form(other) as form, form.invoice_line_ids.new() as bill_line:
            bill_line.name = "Parking"
            bill_line.after_sales_subcontract_id = self.order
        self.assertFalse(other.invoice_line_ids.sudo().purchase_line_id, "another bill stands for it")

    def test_unconfirmed_order_is_not_billed(self):
        """Nobody has ordered it yet: the bill is the cost of the work all the same."""
        self._approve(self.order, cost=180.0)
        charge = self._finish_subcontracted(self.order)
        bill = self._create_bill(self.order, 160.0)
        self.assertFalse(bill.invoice_line_ids.sudo().purchase_line_id)
        bill.action_post()
        self.assertEqual(charge.cost, 160.0)

    def test_label_that_was_typed_stays(self):
        self._order_and_approve()
        with self._enter_bill() as form:
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
        charge = self._order_and_finish()
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
