from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .document_common import DocumentCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestDocument(DocumentCommon):
    """CT-16, CT-17, CT-19: contracts and proposals from orders and deliveries, by what the product says."""

    # === ORDER ===#

    def test_goods_of_an_order_make_a_proposal(self):
        """CT-16: a sold machine brings its proposal: prices of the template, its units covered, nobody else's."""
        self.template.start_basis = "delivery"
        other = self._create_product("Other machine", tracking="serial")
        order = self._sell((self._sells(self.machine), 1), (other, 1))
        contract = order.after_sales_contract_ids
        self.assertEqual((contract.state, contract.line_ids.product_id), ("draft", self.fee))
        self.assertFalse(order.order_line[0].is_after_sales_contract, "the machine is billed by the order")
        self._ship(
            order,
            {self.machine: [self._create_lot(self.machine, "M1")], other: [self._create_lot(other, "O1")]},
        )
        self.assertEqual(contract.cover_ids.unit_id.mapped("serial"), ["M1"])
        self.assertEqual((contract.state, contract.date_start), ("draft", date(2026, 3, 2)))
        self.assertEqual(order.picking_ids.after_sales_made_contract_count, 1)

    def test_start_of_the_order_and_fixed(self):
        """D20: the day of the order, its confirmation, or the one that the order says."""
        plan = self._plan("order")
        self.template.start_basis = "order"
        order = self.env["sale.order"].create(
            {"partner_id": self.consumer.id, "order_line": [Command.create({"product_id": plan.id})]}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = '2026-02-20 10:00:00' WHERE id = %s", [order.id]
        )
        order.invalidate_recordset(["create_date"])
        order.action_confirm()
        self.assertEqual(order.after_sales_contract_ids.date_start, date(2026, 2, 20))
        self.template.start_basis = "fixed"
        late = self._sell((plan, 1)).after_sales_contract_ids
        self.assertEqual((late.state, late.date_start), ("draft", False))
        self.assertIn("Enter when", late.activity_ids.summary)
        fixed = self._sell((plan, 1), after_sales_contract_start=date(2026, 7, 1)).after_sales_contract_ids
        self.assertEqual((fixed.state, fixed.date_start), ("running", date(2026, 7, 1)))

    def test_start_with_the_invoice(self):
        self.template.start_basis = "invoice"
        self.fee.invoice_policy = "order"
        order = self._sell((self._plan("order"), 1), (self.fee, 1))
        contract = order.after_sales_contract_ids
        self.assertEqual((contract.state, contract.date_start), ("draft", False))
        with freeze_time("2026-03-20"):
            invoice = order._create_invoices()
            self.assertEqual(len(invoice.invoice_line_ids), 1)
            invoice.action_post()
        self.assertEqual((contract.state, contract.date_start), ("running", date(2026, 3, 20)))

    def test_upsell(self):
        """What the order sells goes into the contract that it names, pro rata from its day."""
        contract = self._create_contract(partner_id=self.business.id)
        planned = contract.amount_untaxed
        order = self._sell(
            (self._plan("order"), 1), partner=self.business, after_sales_extended_contract_id=contract.id
        )
        self.assertFalse(order.after_sales_contract_ids)
        line = contract.line_ids - contract.line_ids[0]
        self.assertRecordValues(
            line, [{"price_unit": 100.0, "date_from": date(2026, 3, 2), "sale_line_id": order.order_line.id}]
        )
        self.assertEqual(
            contract.amount_untaxed, planned + 83.33, "30 of the 90 days of Q1 and three quarters: 8.33 + 75"
        )
        self.assertFalse(contract.is_plan_outdated)
        self.assertEqual(order.after_sales_made_contract_count, 1)
        order._action_cancel()
        self.assertEqual(contract.state, "running")
        self.assertIn("was cancelled", contract.activity_ids.summary)
        foreign = self._create_contract()
        with self.assertRaisesRegex(UserError, "is not a contract of"):
            self._sell(
                (self._plan("order"), 1), partner=self.business, after_sales_extended_contract_id=foreign.id
            )

    # === DELIVERY ===#

    def test_delivery_makes_a_proposal(self):
        """CT-17: without any order too; units with serial and goods without are covered."""
        unit = self._deliver(
            self._sells(self.machine, source="delivery"), lots=[self._create_lot(self.machine, "D1")]
        )
        contract = unit.picking_id._get_after_sales_made_contracts()
        self.assertRecordValues(
            contract, [{"state": "draft", "partner_id": self.consumer.id, "date_start": date(2026, 3, 2)}]
        )
        self.assertEqual(contract.cover_ids.unit_id, unit)
        self.assertEqual(contract.picking_count, 1)
        self.assertEqual(
            self.env["stock.picking"].search(contract.action_view_pickings()["domain"]), unit.picking_id
        )
        self._sells(self.filter, source="delivery")
        self._deliver(self.filter, 3.0)
        plain = (
            self.env["after.sales.contract.source"].search([("product_id", "=", self.filter.id)]).contract_id
        )
        self.assertRecordValues(
            plain.cover_ids, [{"product_id": self.filter.id, "quantity": 3.0, "unit_id": False}]
        )

    def test_parts_of_a_delivery_make_one(self):
        order = self._sell((self._sells(self.pump, source="delivery"), 4))
        self.assertFalse(order.after_sales_contract_ids)
        for quantity in (1, 3):
            picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
            self._stock(self.pump, quantity)
            picking.action_assign()
            picking.move_ids.write({"quantity": quantity, "picked": True})
            picking._action_done()
        contract = order.after_sales_contract_ids
        self.assertEqual(len(contract), 1)
        self.assertEqual(sum(contract.cover_ids.mapped("quantity")), 4.0)

    def test_parts_of_goods_without_units(self):
        """1 of 4 is delivered: 1 is covered, and the rest from the day of its delivery on."""
        order = self._sell((self._sells(self.filter, "contract", "delivery"), 4))
        picking = order.picking_ids
        self._stock(self.filter, 1)
        picking.action_assign()
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking._action_done()
        contract = order.after_sales_contract_ids
        self.assertEqual(contract.cover_ids.mapped("quantity"), [1.0])
        with freeze_time("2026-03-20 10:00:00"):
            self._ship(order)
        self.assertEqual(order.after_sales_contract_ids, contract)
        self.assertEqual(
            [(cover.quantity, cover.date_from) for cover in contract.cover_ids.sorted("date_from")],
            [(1.0, date(2026, 3, 2)), (3.0, date(2026, 3, 20))],
        )
        with freeze_time("2026-03-21 10:00:00"):
            order.picking_ids[-1]._make_after_sales_contracts()
        self.assertEqual(len(contract.cover_ids), 2, "asked again, nothing is added")

    def test_upsell_that_begins_later(self):
        """Prices and goods of an addition begin on one day, also those that are delivered after it."""
        contract = self._create_contract(partner_id=self.business.id)
        self._sells(self.filter)
        order = self._sell(
            (self._plan("order"), 1),
            (self.filter, 2),
            (self._sells(self.machine), 1),
            partner=self.business,
            after_sales_extended_contract_id=contract.id,
            after_sales_contract_start=date(2026, 5, 1),
        )
        self.assertEqual(contract.line_ids[-1].date_from, date(2026, 5, 1))
        self.assertRecordValues(
            contract.cover_ids, [{"product_id": self.filter.id, "date_from": date(2026, 5, 1)}]
        )
        self._ship(order, {self.machine: [self._create_lot(self.machine, "UP1")]})
        cover = contract.cover_ids.filtered("unit_id")
        self.assertEqual((cover.unit_id.serial, cover.date_from), ("UP1", date(2026, 5, 1)))

    # === START ===#

    def test_end_of_warranty_of_goods_without_units(self):
        """They have no warranty here that could end: the contract begins with the delivery."""
        self.template.start_basis = "warranty_end"
        order = self._sell((self._sells(self.filter, "contract", "order"), 1), (self._plan("order"), 1))
        contract = order.after_sales_contract_ids
        self.assertEqual((contract.state, contract.date_start), ("draft", False))
        with freeze_time("2026-03-20 10:00:00"):
            self._ship(order)
        self.assertEqual((contract.state, contract.date_start), ("running", date(2026, 3, 20)))
        self._deliver(self.filter, 3.0, partner=self.business)
        picking = self.env["stock.picking"].search([("partner_id", "=", self.business.id)], limit=1)
        wizard = Form.from_action(
            self.env(user=self.agent), picking.with_user(self.agent).action_make_after_sales_contract()
        )
        wizard.result = "contract"
        wizard.template_id = self.template
        made = self.env["after.sales.contract"].browse(wizard.save().action_make()["res_id"])
        self.assertEqual((made.state, made.date_start), ("running", date(2026, 3, 2)))

    def test_waiting_contract_says_why(self):
        """By hand, of an order that is not delivered yet: it stays a draft, and says what it waits for."""
        self.template.start_basis = "delivery"
        order = self._sell((self.machine, 1))
        wizard = Form.from_action(
            self.env(user=self.agent), order.with_user(self.agent).action_make_after_sales_contract()
        )
        wizard.result = "contract"
        wizard.template_id = self.template
        action = wizard.save().action_make()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("First delivery", action["params"]["message"])
        contract = self.env["after.sales.contract"].browse(action["params"]["next"]["res_id"])
        self.assertEqual(contract.state, "draft")

    def test_service_made_by_the_delivery(self):
        """CT-19: an order's plan that starts with its goods; without goods the order makes it."""
        plan = self._plan("delivery")
        order = self._sell((self.pump, 1), (plan, 1))
        self.assertFalse(order.after_sales_contract_ids)
        self._ship(order)
        self.assertRecordValues(
            order.after_sales_contract_ids, [{"state": "running", "amount_untaxed": 100.0}]
        )
        self.assertEqual(self._sell((plan, 1)).after_sales_contract_ids.state, "running")

    def test_return_takes_the_proposal_back(self):
        unit = self._deliver(
            self._sells(self.machine, source="delivery"), lots=[self._create_lot(self.machine, "R1")]
        )
        contract = unit.picking_id._get_after_sales_made_contracts()
        running = self._create_contract(units=unit)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=unit.picking_id.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(contract.state, "cancelled")
        self.assertIn("was returned", contract.close_reason)
        self.assertEqual(running.state, "running", "somebody decides about a contract in force")
        self.assertIn("was returned", " ".join(running.activity_ids.mapped("summary")))

    def test_sold_with_a_delivery_covers_its_units(self):
        """The contract is made when the units exist already: it covers them, and what the order delivers later."""
        self.template.start_basis = "delivery"
        order = self._sell((self._plan("delivery"), 1), (self.machine, 2))
        self.assertFalse(order.after_sales_contract_ids)
        lots = [self._create_lot(self.machine, serial) for serial in ("W1", "W2")]
        self._stock(self.machine, 2, lots)
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.move_line_ids[0].picked = True
        picking._action_done()
        contract = order.after_sales_contract_ids
        self.assertEqual((contract.state, len(contract.cover_ids.unit_id)), ("running", 1))
        self._ship(order)
        self.assertEqual(contract.cover_ids.unit_id.mapped("serial"), ["W1", "W2"])
        self.assertEqual(order.after_sales_contract_ids, contract)

    def test_one_that_cannot_be_made_stops_no_other(self):
        self.template.start_basis = "delivery"
        self._sells(self.pump, policy="contract", source="delivery")
        self.pump.after_sales_contract_template_id = self._create_contract_template("Bare")
        order = self._sell((self.pump, 1), (self._plan("delivery"), 1))
        self._ship(order)
        self.assertEqual(order.picking_ids.state, "done")
        contract = order.after_sales_contract_ids
        self.assertEqual((contract.template_id, contract.state), (self.template, "running"))
        told = order.picking_ids.activity_ids | order.activity_ids
        self.assertEqual(len(told), 1)
        self.assertIn("template Bare has no price line", told.note)

    def test_delivery_is_done_though_no_contract_can_be(self):
        self._sells(self.pump, policy="contract", source="delivery")
        self.template.line_ids.unlink()
        unit = self._deliver(self.pump)
        self.assertEqual(unit.picking_id.state, "done")
        self.assertFalse(unit.cover_ids)
        self.assertIn(f"template {self.template.name} has no price line", unit.picking_id.activity_ids.note)
