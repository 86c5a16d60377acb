from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import AGENT, TECHNICIAN, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestBirthWays(AfterSalesCommon):
    """D61, D67: whatever way a product takes to a customer, its warranty starts; and nothing stops the goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term()
        cls.lots = cls.env["stock.lot"].concat(*[cls._create_lot(cls.machine, f"W{i}") for i in range(6)])
        cls.units = cls.env["after.sales.unit"]
        cls.reports = cls.env["after.sales.unit.exception"]

    def _picking(self, partner=None, **values):
        return self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": (partner or self.env["res.partner"]).id,
                "location_id": self.stock_location.id,
                "location_dest_id": self.customer_location.id,
                **values,
            }
        )

    def _done(self, product, quantity, lots=(), picking=None, **values):
        move = self._prepare_move(
            product, quantity, lots, **({"picking_id": picking.id} if picking else {}), **values
        )
        move._action_done()
        return move, self.units.search([("move_id", "=", move.id)])

    def test_every_way_stamps_the_warranty(self):
        maker = self.env["res.partner"].create({"name": "Maker"})
        order = self._sell((self.machine, 1))
        self._stock(self.machine, 5, self.lots[:5])
        by_order = self._ship(order, {self.machine: self.lots[:1]})
        ways = {
            "order": by_order,
            "direct": self._done(self.machine, 1, self.lots[1], self._picking(self.consumer))[1],
            "till": self._done(self.machine, 1, self.lots[2], self._picking())[1],
            "no transfer": self._done(self.machine, 1, self.lots[3], partner_id=self.consumer.id)[1],
            "dropship": self._done(
                self.machine,
                1,
                self.lots[5],
                self._picking(maker, location_id=self.supplier_location.id),
                partner_id=self.consumer.id,
                location_id=self.supplier_location.id,
            )[1],
        }
        today = fields.Date.context_today(self.units)
        for way, unit in ways.items():
            with self.subTest(way):
                self.assertEqual(len(unit), 1)
                self.assertEqual(unit.partner_id, self.env["res.partner"] if way == "till" else self.consumer)
                self.assertEqual(unit.warranty_ids.date_start, unit.delivery_date)
                self.assertEqual(unit.delivery_date, today)
                self.assertEqual(unit.warranty_state, "in_warranty")
        self.assertEqual(ways["dropship"].supplier_id, maker, "who ships for us is the supplier")
        self.assertFalse(ways["direct"].supplier_id)

    def test_dropship_of_an_unknown_sender(self):
        """The customer stands on the transfer: he is not his own supplier."""
        unit = self._done(
            self.machine,
            1,
            self.lots[0],
            self._picking(self.consumer, location_id=self.supplier_location.id),
            partner_id=self.consumer.id,
            location_id=self.supplier_location.id,
        )[1]
        self.assertEqual((unit.partner_id, unit.supplier_id), (self.consumer, self.env["res.partner"]))

    def test_decimals_and_another_unit_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        metre = self.env.ref("uom.product_uom_meter")
        cable = self._create_product("Cable", uom_id=metre.id)
        self._stock(cable, 100)
        self._stock(self.pump, 100)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.consumer.id,
                "order_line": [
                    (0, 0, {"product_id": self.pump.id, "product_uom_qty": 1.5, "product_uom_id": dozen.id}),
                    (0, 0, {"product_id": cable.id, "product_uom_qty": 2.75}),
                ],
            }
        )
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        units = self.units.search([("sale_order_id", "=", order.id)], order="id")
        self.assertRecordValues(
            units,
            [
                {"quantity": 18.0, "uom_id": self.pump.uom_id.id},
                {"quantity": 2.75, "uom_id": metre.id},
            ],
        )

    def test_one_serial_twice_in_one_transaction(self):
        """Two deliveries of one serial: the later one has it, the earlier unit ends."""
        moves = self.env["stock.move"]
        for partner in (self.consumer, self.business):
            self._stock(self.machine, 1, self.lots[:1])
            moves |= self._prepare_move(self.machine, 1, self.lots[0], partner_id=partner.id)
        moves.write({"state": "done"})
        with mute_logger("odoo.sql_db"):
            moves._update_after_sales_units()
        units = self.units.search([("lot_id", "=", self.lots[0].id)], order="id")
        self.assertRecordValues(
            units,
            [
                {"partner_id": self.consumer.id, "state": "ended"},
                {"partner_id": self.business.id, "state": "in_service"},
            ],
        )

    def test_one_serial_twice_on_one_line(self):
        move = self._prepare_move(self.machine, 1, self.lots[0], partner_id=self.consumer.id)
        move.move_line_ids.copy({"quantity": 1.0, "picked": True})
        move.write({"state": "done"})
        move._update_after_sales_units()
        self.assertFalse(self.units.search([("lot_id", "=", self.lots[0].id)]))
        self.assertIn("W0", self.reports.search([("move_id", "=", move.id)]).reason)

    def test_serial_that_lives_in_another_company(self):
        other = self.env["res.company"].create({"name": "Other house"})
        theirs = self.units.create(
            {"product_id": self.machine.id, "lot_id": self.lots[0].id, "company_id": other.id}
        )
        ours = self._deliver(self.machine, 1, self.lots[0])
        self.assertRecordValues(
            theirs | ours,
            [
                {"company_id": other.id, "state": "in_service"},
                {"company_id": self.company.id, "state": "in_service"},
            ],
        )

    def test_archived_product(self):
        self._stock(self.machine, 1, self.lots[:1])
        self.machine.active = False
        unit = self._done(self.machine, 1, self.lots[0], partner_id=self.consumer.id)[1]
        self.assertEqual(unit.warranty_state, "in_warranty")

    def test_midnight_where_the_company_is(self):
        """Half past midnight in Auckland is the day before in UTC: the warranty starts with the customer's day."""
        self.company.partner_id.tz = "Pacific/Auckland"
        for moment, day in [
            ("2026-03-09 11:30:00", date(2026, 3, 10)),
            ("2026-03-09 10:30:00", date(2026, 3, 9)),
        ]:
            with freeze_time(moment):
                unit = self._deliver(self.pump)
            self.assertEqual((unit.delivery_date, unit.warranty_ids.date_start), (day, day))

    def test_delivered_on_the_29th_of_february(self):
        with freeze_time("2028-02-29 12:00:00"):
            unit = self._deliver(self.pump)
        self.assertRecordValues(
            unit.warranty_ids, [{"date_start": date(2028, 2, 29), "date_end": date(2030, 2, 28)}]
        )

    def test_returned_then_resold(self):
        """D57: ended with the return, a new life with the next sale."""
        with freeze_time("2026-01-10"):
            first = self._deliver(self.machine, 1, self.lots[0])
        with freeze_time("2026-02-10"):
            self._prepare_move(
                self.machine,
                1,
                self.lots[0],
                to_refund=True,
                origin_returned_move_id=first.move_id.id,
                location_id=self.customer_location.id,
                location_dest_id=self.stock_location.id,
            )._action_done()
        self.assertRecordValues(first, [{"state": "ended", "custody": "returned"}])
        with freeze_time("2026-03-10"):
            second = self._deliver(self.machine, 1, self.lots[0], partner=self.business)
        self.assertEqual(second.warranty_ids.date_end, date(2028, 3, 10))
        # Nobody is covered by a sale that was undone; what was promised stays readable in the ledger.
        self.assertRecordValues(first.warranty_ids, [{"date_end": date(2026, 2, 9), "ended_by": "void"}])
        self.assertEqual(first.warranty_ids.event_ids.mapped("kind"), ["start", "void"])

    def test_return_and_redelivery_in_one_transfer(self):
        """Back and out again in one transaction: what returns is recorded before what leaves."""
        first = self._deliver(self.machine, 1, self.lots[0])
        back = self._prepare_move(
            self.machine,
            1,
            self.lots[0],
            to_refund=True,
            origin_returned_move_id=first.move_id.id,
            location_id=self.customer_location.id,
            location_dest_id=self.stock_location.id,
        )
        out = self._prepare_move(self.machine, 1, self.lots[0], partner_id=self.business.id)
        (out | back)._action_done()
        second = self.units.search([("move_id", "=", out.id)])
        self.assertRecordValues(first | second, [{"state": "ended"}, {"state": "in_service"}])

    # === THE GOODS ALWAYS LEAVE === #

    def _deliver_as_stock_user(self, broken, method):
        """Validate a delivery while ``method`` of units does ``broken``; return the report."""
        stock_user = self._create_user("stock_only", "stock.group_stock_user")
        order = self._sell((self.machine, 1))
        self._stock(self.machine, 1, self.lots[:1])
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        with patch.object(self.env.registry["after.sales.unit"], method, broken), mute_logger("odoo.sql_db"):
            picking.with_user(stock_user).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertFalse(self.units.search([("picking_id", "=", picking.id)]))
        return self.reports.search([("picking_id", "=", picking.id)])

    def test_python_error_anywhere(self):
        def broken(units, *args):
            raise ZeroDivisionError("one by zero")

        for method in ("_follow_moves", "_grant_warranties"):
            with self.subTest(method), self.cr.savepoint() as savepoint:
                report = self._deliver_as_stock_user(broken, method)
                self.assertIn("one by zero", report.reason)
                self.assertEqual(len(report.activity_ids), 1)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_error_in_the_database(self):
        def broken(units, *args):
            units.env.cr.execute("SELECT no_such_column FROM after_sales_unit")

        report = self._deliver_as_stock_user(broken, "_after_birth")
        self.assertIn("no_such_column", report.reason)
        agent = self._create_user("agent_ways", AGENT)
        report.with_user(agent).action_retry()
        self.assertEqual(report.state, "solved")
        self.assertEqual(self.units.search([("picking_id", "=", report.picking_id.id)]).lot_id, self.lots[0])

    def test_not_even_the_report_stops_it(self):
        def broken(*args):
            raise ValueError("nothing works")

        with (
            patch.object(self.env.registry["after.sales.unit.exception"], "_report", broken),
            mute_logger("odoo.addons.after_sales_warranty.models.after_sales_unit_birth"),
        ):
            self.assertFalse(self._deliver_as_stock_user(broken, "_after_birth"))

    def test_technician_reads_what_was_born(self):
        technician = self._create_user("tech_ways", TECHNICIAN)
        unit = self._deliver(self.machine, 1, self.lots[0])
        self.assertTrue(unit.with_user(technician).warranty_ids.date_end)
        self.assertEqual(
            unit.picking_id.with_user(
                self._create_user("both", TECHNICIAN, "stock.group_stock_user")
            ).after_sales_unit_count,
            1,
        )

    def test_statements_for_each_further_serial(self):
        """The owner history, the keys and the kits are made for all units at once."""
        counts = {}
        for size in (10, 30):
            lots = self.env["stock.lot"].create(
                [{"product_id": self.machine.id, "name": f"Q{size}-{i}"} for i in range(size)]
            )
            moves = self._prepare_move(self.machine, size, lots, partner_id=self.consumer.id)
            moves.write({"state": "done"})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            moves._update_after_sales_units()
            self.env.flush_all()
            counts[size] = self.env.cr.sql_log_count - before
            self.assertEqual(self.units.search_count([("move_id", "=", moves.id)]), size)
        self.assertLessEqual((counts[30] - counts[10]) / 20, 0.3, counts)
