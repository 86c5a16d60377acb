from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import AGENT
from .document_common import DocumentCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestDocumentInvoice(DocumentCommon):
    """CT-18, CT-19: contracts from invoices, and by hand from each document."""

    # === INVOICE ===#

    def test_invoice_makes_a_contract(self):
        """CT-18, D19: the invoice bills the price, so the contract makes no instalment of it."""
        plan = self._plan("invoice")
        tax = self.env["account.tax"].create({"name": "VAT 22", "amount": 22})
        move = self._invoice(
            {
                "product_id": plan.id,
                "name": "Gold",
                "quantity": 2,
                "price_unit": 600,
                "discount": 10,
                "tax_ids": [Command.set(tax.ids)],
            }
        )
        contract = move._get_after_sales_made_contracts()
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "running",
                    "partner_id": self.business.id,
                    "date_start": date(2026, 3, 2),
                    "amount_untaxed": 1080.0,
                }
            ],
        )
        self.assertRecordValues(
            contract.line_ids,
            [
                {
                    "name": "Gold",
                    "quantity": 2.0,
                    "price_unit": 600.0,
                    "discount": 10.0,
                    "tax_ids": tax.ids,
                    "is_prepaid": True,
                }
            ],
        )
        self.assertFalse(contract.instalment_ids)
        self.assertFalse(contract.is_plan_outdated)
        self.assertEqual(contract.source_invoice_count, 1)
        self.assertIn(
            contract,
            self.env["after.sales.contract"].search(move.action_view_after_sales_made_contracts()["domain"]),
        )
        move.button_draft()
        move.action_post()
        self.assertEqual(move._get_after_sales_made_contracts(), contract)
        contract._stop(date(2027, 3, 1))
        self.assertEqual((contract.credit_ids.days, contract.credit_amount), (366, 540.0))

    def test_credited_and_cancelled_invoices(self):
        plan = self._plan("invoice")
        line = {"product_id": plan.id, "price_unit": 600}
        credited, partly, cancelled = self._invoice(line), self._invoice(line), self._invoice(line)
        contracts = [move._get_after_sales_made_contracts() for move in (credited, partly, cancelled)]
        credited._reverse_moves([{"invoice_date": date(2026, 3, 2)}], cancel=True)
        self.assertEqual(contracts[0].state, "running", "in force: somebody decides")
        self.assertIn("was credited", contracts[0].activity_ids.summary)
        part = partly._reverse_moves([{"invoice_date": date(2026, 3, 2)}])
        part.invoice_line_ids.price_unit = 100
        part.action_post()
        self.assertIn("was credited", contracts[1].activity_ids.summary)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertEqual(contracts[2].state, "cancelled")
        cancelled.button_draft()
        cancelled.action_post()
        self.assertEqual(contracts[2].state, "running")

    def test_instalments_sell_nothing_anew(self):
        """The invoice of an instalment bears the same product: it is no new sale."""
        plan = self._plan("invoice")
        self._create_contract(
            partner_id=self.business.id,
            line_ids=[Command.create({"product_id": plan.id, "price_unit": 100.0})],
        )
        self.assertFalse(
            self._invoice({"product_id": plan.id, "price_unit": 100})._get_after_sales_made_contracts()
        )

    # === BY HAND ===#

    def test_by_hand_from_an_order(self):
        service = self._create_service_product("Loose plan", invoice_policy="order")
        order = self._sell((service, 1), (self.pump, 2))
        wizard = Form.from_action(
            self.env(user=self.agent), order.with_user(self.agent).action_make_after_sales_contract()
        )
        self.assertEqual(len(wizard.line_ids), 2)
        wizard.template_id = self.template
        wizard.date_start = date(2026, 4, 1)
        with wizard.line_ids.edit(0) as line:
            line.is_chosen = True
        made = wizard.save()
        self.assertFalse(order.after_sales_contract_ids, "D22: so far nothing was made")
        action = made.action_make()
        contract = self.env["after.sales.contract"].browse(action["res_id"])
        self.assertRecordValues(
            contract, [{"state": "draft", "date_start": date(2026, 4, 1), "sale_order_id": order.id}]
        )
        self.assertEqual(contract.line_ids.product_id, service)
        self.assertTrue(order.order_line[0].is_after_sales_contract)
        self.assertEqual(order.order_line[0].qty_to_invoice, 0.0)
        self._ship(order)
        self.assertEqual(contract.cover_ids.quantity, 2.0)
        with self.assertRaisesRegex(UserError, "at least one line"):
            made.action_make()
        contract.action_cancel()
        again = Form.from_action(self.env, order.action_make_after_sales_contract())
        self.assertEqual(len(again.line_ids), 2, "what was cancelled is free again")

    def test_by_hand_from_delivery_and_invoice(self):
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "H1")], partner=self.business)
        running = self._create_contract(partner_id=self.business.id)
        wizard = Form.from_action(self.env, unit.picking_id.action_make_after_sales_contract())
        wizard.result = "extend"
        wizard.contract_id = running
        wizard.save().action_make()
        self.assertEqual(running.cover_ids.unit_id, unit)
        move = self._invoice({"product_id": self.fee.id, "price_unit": 500})
        wizard = Form.from_action(self.env, move.action_make_after_sales_contract())
        wizard.result = "contract"
        wizard.template_id = self.template
        with wizard.line_ids.edit(0) as line:
            line.is_chosen = True
        contract = self.env["after.sales.contract"].browse(wizard.save().action_make()["res_id"])
        self.assertRecordValues(contract, [{"state": "running", "amount_untaxed": 500.0}])
        self.assertFalse(contract.instalment_ids, "the invoice bills it")

    def test_by_hand_rights(self):
        order = self._sell((self.pump, 1))
        with self.assertRaises(AccessError):
            order.with_user(self._create_user("clerk", "sales_team.group_sale_salesman_all_leads")).env[
                "after.sales.contract.make"
            ].create({"res_model": "sale.order", "res_id": order.id})
        reader = self._create_user("nosales", AGENT)
        if not order.with_user(reader).has_access("read"):
            with self.assertRaises(AccessError):
                self.env["after.sales.contract.make"].with_user(reader).create(
                    {"res_model": "sale.order", "res_id": order.id}
                )
        with self.assertRaisesRegex(UserError, "from orders, deliveries and invoices"):
            self.env["after.sales.contract.make"].create({"res_model": "res.users", "res_id": 2})
