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

    def _years(self, move):
        """Lines of the contract that an invoice made: days, amount, and whether the invoice billed them."""
        contract = move._get_after_sales_made_contracts()
        lines = contract.line_ids.sorted(lambda line: line.date_from or date.min)
        return contract, [
            (line.date_from, line.date_to, line.price_subtotal, line.is_prepaid) for line in lines
        ]

    def test_invoice_pays_the_first_year_of_two(self):
        """What was invoiced is worth what was invoiced; the second year is planned."""
        self.template.price_basis = "year"
        move = self._invoice({"product_id": self._plan("invoice").id, "price_unit": 377.40})
        contract, lines = self._years(move)
        self.assertEqual(
            lines,
            [
                (False, date(2027, 3, 1), 377.4, True),
                (date(2027, 3, 2), False, 377.4, False),
            ],
        )
        self.assertEqual(contract.amount_untaxed, 754.8)
        due = contract.instalment_ids.sorted("date_due")
        self.assertEqual(sum(due.mapped("amount")), 377.4)
        self.assertEqual(
            (due[0].date_due, len(due), contract.next_due_date), (date(2027, 3, 2), 4, date(2027, 3, 2))
        )
        self.assertFalse(contract.is_plan_outdated)
        contract._stop(date(2026, 8, 31))
        self.assertEqual(contract.credit_amount, 189.73, "the rest of what was invoiced, no more")

    def test_invoice_is_worth_what_it_billed(self):
        """Free months, a term that is shorter than the price, a calendar grid: the sum stays that of the invoice."""
        product = self._plan("invoice")
        self.template.write({"price_basis": "year", "alignment": "calendar", "interval_unit": "month"})
        for duration, unit, free, price, rest in (
            (2, "year", 2, 1200.0, 1000.0),
            (6, "month", 0, 1200.0, 0.0),
            (3, "year", 0, 99.99, 199.98),
        ):
            self.template.write({"duration": duration, "duration_unit": unit, "free_months": free})
            contract, lines = self._years(self._invoice({"product_id": product.id, "price_unit": price}))
            self.assertEqual([row[2] for row in lines if row[3]], [price])
            self.assertAlmostEqual(sum(contract.instalment_ids.mapped("amount")), rest, 2)
            self.assertAlmostEqual(contract.amount_untaxed, price + rest, 2)

    def test_paid_days_follow_a_start_that_comes_later(self):
        self.template.write({"price_basis": "year", "start_basis": "fixed"})
        plan = self._sells(self._create_service_product("Plan"), "proposal", "invoice")
        contract, lines = self._years(self._invoice({"product_id": plan.id, "price_unit": 300}))
        self.assertEqual((contract.state, len(lines)), ("draft", 1))
        contract = contract.with_user(self.agent)
        contract.date_start = date(2026, 4, 1)
        contract.date_start = date(2026, 5, 1)
        self.assertEqual(len(contract.line_ids), 2)
        contract.action_start()
        self.assertEqual(contract.line_ids.filtered("is_prepaid").date_to, date(2027, 4, 30))
        self.assertEqual((contract.amount_untaxed, contract.next_due_date), (600.0, date(2027, 5, 1)))

    def test_invoice_added_to_a_contract(self):
        """By hand, as an addition: the rest of the term that the invoice does not pay is planned too."""
        self.template.price_basis = "year"
        contract = self._create_contract(
            partner_id=self.business.id, template_id=self.template.id, duration=2
        )
        planned = contract.amount_untaxed
        move = self._invoice({"product_id": self.fee.id, "price_unit": 120})
        wizard = Form.from_action(self.env, move.action_make_after_sales_contract())
        wizard.result = "extend"
        wizard.contract_id = contract
        with wizard.line_ids.edit(0) as line:
            line.is_chosen = True
        wizard.save().action_make()
        paid = contract.line_ids.filtered("is_prepaid")
        self.assertRecordValues(
            paid, [{"date_from": date(2026, 3, 2), "date_to": date(2027, 3, 1), "price_subtotal": 120.0}]
        )
        rest = contract.line_ids.filtered(lambda line: line.prepaid_line_id == paid)
        self.assertEqual(rest.date_from, date(2027, 3, 2))
        self.assertEqual(sum(rest.instalment_ids.mapped("amount")), rest.price_subtotal)
        self.assertEqual(contract.amount_untaxed, planned + 120 + rest.price_subtotal)

    def test_invoiced_order_by_hand(self):
        """An order line that was invoiced already pays the first year in the same way."""
        self.template.price_basis = "year"
        order = self._sell(
            (self._create_service_product("Loose", invoice_policy="order"), 1), partner=self.business
        )
        order.order_line.price_unit = 250
        order._create_invoices().action_post()
        wizard = Form.from_action(self.env, order.action_make_after_sales_contract())
        wizard.result = "contract"
        wizard.template_id = self.template
        with wizard.line_ids.edit(0) as line:
            line.is_chosen = True
        contract = self.env["after.sales.contract"].browse(wizard.save().action_make()["res_id"])
        if not contract.date_start:
            contract.date_start = date(2026, 3, 2)
        self.assertEqual(sum(contract.line_ids.filtered("is_prepaid").mapped("price_subtotal")), 250.0)
        self.assertEqual(contract.amount_untaxed, 500.0)

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

    def test_what_a_delivery_made_its_invoice_does_not(self):
        """No contract twice for one line, whichever document is asked; what is scrapped meanwhile is not covered."""
        order = self._sell((self.machine, 2), partner=self.business)
        units = self._ship(order, {self.machine: [self._create_lot(self.machine, n) for n in ("T1", "T2")]})
        invoice = order._create_invoices()
        invoice.action_post()
        units[1]._withdraw("scrapped", date(2026, 3, 2), "Burnt.")
        agent = self.env(user=self.agent)
        ask = units.picking_id.with_env(agent).action_make_after_sales_contract()
        wizard = Form.from_action(agent, ask)
        wizard.template_id = self.template
        contract = self.env["after.sales.contract"].browse(wizard.save().action_make()["res_id"])
        self.assertEqual(contract.cover_ids.unit_id, units[0])
        for document in (order, units.picking_id, invoice):
            wizard = Form.from_action(self.env, document.action_make_after_sales_contract())
            self.assertFalse(len(wizard.line_ids), document._name)
        contract.action_cancel()
        wizard = Form.from_action(self.env, invoice.action_make_after_sales_contract())
        self.assertEqual(len(wizard.line_ids), 1, "what was cancelled is free again")

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
