from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AGENT, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestBirth(AfterSalesCommon):
    """Units come from whatever moves goods to a customer, and never stop it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term(part_share=100, labour_share=0, travel_share=0)
        cls.lots = cls.env["stock.lot"].concat(*[cls._create_lot(cls.machine, f"SN{i}") for i in range(4)])
        cls.units = cls.env["after.sales.unit"]

    def test_order_of_serials_and_quantity(self):
        site = self.env["res.partner"].create(
            {"name": "Plant", "parent_id": self.business.id, "type": "delivery"}
        )
        order = self._sell(
            (self.machine, 2),
            (self.pump, 3),
            (self.filter, 5),
            partner=self.business,
            partner_shipping_id=site.id,
        )
        units = self._ship(order, {self.machine: self.lots[:2]})
        self.assertEqual(len(units), 3, "one per serial, one for the pumps, none for the filters")
        machines = units.filtered("lot_id").sorted("serial")
        self.assertRecordValues(
            machines,
            [
                {
                    "serial": serial,
                    "product_id": self.machine.id,
                    "partner_id": self.business.id,
                    "site_id": site.id,
                    "quantity": 1.0,
                    "sale_order_id": order.id,
                    "picking_id": order.picking_ids.id,
                    "state": "in_service",
                    "custody": "at_customer",
                    "warranty_state": "in_warranty",
                }
                for serial in ("SN0", "SN1")
            ],
        )
        pumps = units - machines
        self.assertRecordValues(pumps, [{"serial": False, "quantity": 3.0, "name": "Pump"}])
        self.assertEqual(len(units.warranty_ids), 3)
        self.assertEqual(order.after_sales_unit_count, 3)
        self.assertEqual(machines.owner_ids.mapped("partner_id"), self.business)

    def test_stock_user_needs_no_right_on_units(self):
        stock_user = self._create_user("stocky", "stock.group_stock_user")
        order = self._sell((self.machine, 1))
        picking = order.picking_ids
        self._stock(self.machine, 1, self.lots[:1])
        picking.action_assign()
        picking.move_ids.picked = True
        picking.with_user(stock_user).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self.units.search([("sale_order_id", "=", order.id)]).lot_id, self.lots[0])

    def test_unknown_owner_of_a_till_sale(self):
        unit = self._deliver(self.machine, 1, self.lots[:1], partner=self.env["res.partner"])
        self.assertRecordValues(unit, [{"partner_id": False, "warranty_state": "in_warranty"}])

    def test_lot_of_many_is_one_unit(self):
        bag = self._create_product("Hose", tracking="lot")
        lot = self._create_lot(bag, "L1")
        first = self._deliver(bag, 4, lot)
        second = self._deliver(bag, 2, lot)
        self.assertEqual((first | second).mapped("quantity"), [4.0, 2.0])
        self.assertEqual(first.lot_id, second.lot_id)

    def test_backorder_in_parts(self):
        order = self._sell((self.pump, 3))
        self._stock(self.pump, 3)
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking._action_done()
        backorder = order.picking_ids - picking
        backorder.action_assign()
        backorder.move_ids.picked = True
        backorder._action_done()
        self.assertEqual(
            self.units.search([("sale_order_id", "=", order.id)], order="id").mapped("quantity"), [1.0, 2.0]
        )

    def test_dropship(self):
        units = self._deliver(self.machine, 1, self.lots[:1], location_id=self.supplier_location.id)
        self.assertEqual(units.lot_id, self.lots[0])

    def test_no_birth(self):
        self._deliver(self.machine, 1, self.lots[:1], after_sales_no_birth=True)
        self._stock(self.machine, 1, self.lots[1:2])
        held = self._prepare_move(self.machine, 1, self.lots[1:2], partner_id=self.consumer.id)
        held.move_line_ids.owner_id = self.consumer
        held._action_done()
        self._deliver(self.filter, 2)
        internal = self._prepare_move(
            self.pump, 1, location_dest_id=self.warehouse.wh_input_stock_loc_id.id or self.stock_location.id
        )
        internal._action_done()
        self.assertFalse(self.units.search([]))

    def test_supplier_and_his_warranty(self):
        supplier = self.env["res.partner"].create({"name": "Maker"})
        self.machine.seller_ids = [Command.create({"partner_id": supplier.id, "warranty_months": 12})]
        receipt = self._prepare_move(
            self.machine,
            1,
            self.lots[:1],
            partner_id=supplier.id,
            location_id=self.supplier_location.id,
            location_dest_id=self.stock_location.id,
        )
        receipt._action_done()
        delivery = self._prepare_move(self.machine, 1, self.lots[:1], partner_id=self.consumer.id)
        delivery._action_done()
        unit = self.units.search([("lot_id", "=", self.lots[0].id)])
        self.assertEqual(unit.supplier_id, supplier)
        self.assertEqual((unit.supplier_warranty_end.year - receipt.date.year), 1)

    def test_return_ends_or_suspends(self):
        units = self._deliver(self.machine, 2, self.lots[:2])
        self.assertEqual(len(units), 2)

        def give_back(lot, refund):
            move = self._prepare_move(
                self.machine,
                1,
                lot,
                partner_id=self.consumer.id,
                to_refund=refund,
                origin_returned_move_id=units.move_id.id,
                location_id=self.customer_location.id,
                location_dest_id=self.stock_location.id,
            )
            move._action_done()
            return move

        give_back(self.lots[0], True)
        repaired = give_back(self.lots[1], False)
        self.assertRecordValues(
            units.sorted("serial"),
            [{"state": "ended", "custody": "returned"}, {"state": "suspended", "custody": "received"}],
        )
        back = self._prepare_move(
            self.machine, 1, self.lots[1], partner_id=self.consumer.id, origin_returned_move_id=repaired.id
        )
        back._action_done()
        self.assertRecordValues(
            units.sorted("serial")[1], [{"state": "in_service", "custody": "at_customer"}]
        )
        resold = self._deliver(self.machine, 1, self.lots[0], partner=self.business)
        self.assertEqual(resold.lot_id, self.lots[0])
        self.assertEqual(resold.partner_id, self.business)
        self.assertEqual(self.units.search_count([("lot_id", "=", self.lots[1].id)]), 1)

    def test_partial_return_of_a_quantity(self):
        unit = self._deliver(self.pump, 3)
        for returned, left, state in ((1, 2, "in_service"), (2, 2, "ended")):
            self._prepare_move(
                self.pump,
                returned,
                origin_returned_move_id=unit.move_id.id,
                location_id=self.customer_location.id,
                location_dest_id=self.stock_location.id,
            )._action_done()
            self.assertRecordValues(unit, [{"quantity": left, "state": state}])

    def test_resale_without_return_starts_anew(self):
        first = self._deliver(self.machine, 1, self.lots[0])
        # It came back without a document and was put on the shelf again.
        self.env["stock.quant"]._update_available_quantity(
            self.machine, self.customer_location, -1, lot_id=self.lots[0]
        )
        second = self._deliver(self.machine, 1, self.lots[0], partner=self.business)
        self.assertRecordValues(first | second, [{"state": "ended"}, {"state": "in_service"}])
        self.assertTrue(first.owner_ids.date_to)
        self.assertEqual(self.units._get_by_serial("sn0", self.company), second)

    @mute_logger("odoo.sql_db")
    def test_failure_is_reported_and_the_delivery_goes_on(self):
        """One guilty product among others: its line is reported, the others are born."""
        units_class = self.env.registry["after.sales.unit"]
        original = units_class._after_birth

        def fail_for_pumps(units):
            if self.pump in units.product_id:
                raise UserError("No pumps today.")
            return original(units)

        order = self._sell((self.machine, 1), (self.pump, 1), partner=self.business)
        with patch.object(units_class, "_after_birth", fail_for_pumps):
            units = self._ship(order, {self.machine: self.lots[:1]})
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(units.product_id, self.machine)
        report = self.env["after.sales.unit.exception"].search([("product_id", "=", self.pump.id)])
        self.assertRecordValues(report, [{"reason": "No pumps today.", "state": "open"}])
        self.assertEqual(len(report.activity_ids), 1)
        agent = self._create_user("agent_retry", AGENT)
        report.with_user(agent).action_retry()
        self.assertEqual(report.state, "solved")
        self.assertFalse(report.activity_ids)
        self.assertEqual(self.units.search([("product_id", "=", self.pump.id)]).sale_order_id, order)

    def test_lot_of_another_company(self):
        """Odoo's own stock refuses it and nothing is left; where another addon lets it pass, it is reported."""
        other = self.env["res.company"].create({"name": "Other house"})
        theirs = self._create_lot(self.machine, "THEIRS", company_id=other.id)
        move = self._prepare_move(self.machine, 1, theirs, partner_id=self.consumer.id)
        with self.assertRaisesRegex(UserError, "THEIRS"), self.cr.savepoint():
            move._action_done()
        reports = self.env["after.sales.unit.exception"]
        self.assertFalse(self.units.search([]))
        self.assertFalse(reports.search([]))
        pumps = self._prepare_move(self.pump, 1, partner_id=self.consumer.id)
        (move | pumps).write({"state": "done"})
        (move | pumps)._update_after_sales_units()
        self.assertEqual(self.units.search([]).product_id, self.pump, "what is in order was born")
        report = reports.search([])
        self.assertIn("THEIRS", report.reason)
        self.assertEqual((report.product_id, len(report.activity_ids)), (self.machine, 1))

    def test_invoice_date_reaches_the_units(self):
        term = self._create_term("From the invoice", start_basis="invoice", duration=12)
        order = self._sell((self.pump, 1))
        self.pump.invoice_policy = "order"
        unit = self._ship(order)
        warranty = unit.warranty_ids.filtered(lambda w: w.term_id == term)
        self.assertEqual(warranty.state, "pending")
        unit.invoice_date = "2026-05-01"
        self.assertRecordValues(warranty, [{"date_start": unit.invoice_date, "state": warranty.state}])
        self.assertEqual(str(warranty.date_end), "2027-05-01")

    def test_product_default(self):
        with Form(self.env["product.template"]) as form:
            form.name = "Boiler"
            form.type = "consu"
            form.is_storable = True
        self.assertTrue(form.record.after_sales_tracked)
