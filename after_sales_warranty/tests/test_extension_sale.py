from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.warranty import add_period, last_day
from .common import AGENT
from .extension_common import ExtensionCommon

SALES = "sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class TestExtensionSale(ExtensionCommon):
    """An extension is given when the order is confirmed and the unit exists; it goes when the sale goes."""

    def _sell_for(self, unit, quantity=1.0, product=None):
        order = self.env["sale.order"].create(
            {
                "partner_id": unit.partner_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or self.service).id,
                            "product_uom_qty": quantity,
                            "after_sales_unit_ids": [Command.set(unit.ids)],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def test_only_a_service_sells_an_extension(self):
        with self.assertRaises(ValidationError):
            self.machine.after_sales_extension_term_id = self.one_year
        with self.assertRaises(ValidationError):
            self.service.after_sales_extension_term_id = self.term
        with self.assertRaises(ValidationError):
            self.one_year.kind = "conventional"

    def test_with_the_machine(self):
        seller = self._create_user("seller", SALES)
        order = self._sell((self.machine, 2), (self.service, 1), user_id=seller.id)
        self.assertFalse(self._get_alert(order), "the machines are not delivered yet")
        units = self._ship(order, {self.machine: self.lots[:2]}).sorted("id")
        extension = self._get_extensions(units)
        base = units[0].warranty_ids - extension
        self.assertRecordValues(
            extension,
            [
                {
                    "unit_id": units[0].id,
                    "sale_order_id": order.id,
                    "date_start": base.date_end + timedelta(days=1),
                    "date_end": last_day(base.date_end + timedelta(days=1), months=12),
                    "state": "pending",
                }
            ],
        )
        self.assertFalse(self._get_alert(order), "one of two machines is extended, as ordered")
        self.assertEqual(order.after_sales_extension_count, 1)
        action = order.with_user(
            self._create_user("looking", AGENT, SALES)
        ).action_view_after_sales_extensions()
        self.assertEqual(self.env["after.sales.warranty"].search(action["domain"]), extension)

    def test_partial_delivery(self):
        order = self._sell((self.machine, 2), (self.service, 2))
        picking = order.picking_ids
        self._stock(self.machine, 2, self.lots[:2])
        picking.action_assign()
        line = picking.move_ids.move_line_ids[0]
        (picking.move_ids.move_line_ids - line).unlink()
        line.write({"lot_id": self.lots[0].id, "quantity": 1.0, "picked": True})
        picking._action_done()
        units = self.env["after.sales.unit"].search([("sale_order_id", "=", order.id)])
        self.assertEqual(len(self._get_extensions(units)), 1)
        self.assertFalse(self._get_alert(order))
        backorder = order.picking_ids - picking
        self.assertTrue(backorder)
        backorder.action_assign()
        backorder.move_ids.move_line_ids.lot_id = self.lots[1]
        backorder.move_ids.picked = True
        backorder._action_done()
        units = self.env["after.sales.unit"].search([("sale_order_id", "=", order.id)])
        self.assertEqual(len(units), 2)
        self.assertEqual(self._get_extensions(units).unit_id, units)
        self.assertFalse(self._get_alert(order))

    def test_more_sold_than_delivered(self):
        seller = self._create_user("seller2", SALES)
        order = self._sell((self.machine, 1), (self.service, 3), user_id=seller.id)
        units = self._ship(order, {self.machine: self.lots[:1]})
        self.assertEqual(len(self._get_extensions(units)), 1)
        alert = self._get_alert(order)
        self.assertEqual(alert.user_id, seller)
        self.assertIn("Extension 12: 2 sold for which no unit was found", alert.note)
        line = order.order_line.filtered(lambda sol: sol.product_id == self.service)
        line.product_uom_qty = 1
        self.assertFalse(self._get_alert(order))

    def test_product_the_term_is_not_for(self):
        order = self._sell((self.pump, 1), (self.service, 1))
        self.assertFalse(self._get_extensions(self._ship(order)))
        self.assertTrue(self._get_alert(order))

    def test_pieces_without_serial_go_together(self):
        self.one_year.applies_to = "all"
        order = self._sell((self.pump, 3), (self.service, 1))
        units = self._ship(order)
        self.assertFalse(self._get_extensions(units), "one extension does not cover three pumps")
        self.assertTrue(self._get_alert(order))
        order.order_line.filtered(lambda sol: sol.product_id == self.service).product_uom_qty = 3
        self.assertEqual(len(self._get_extensions(units)), 1)
        self.assertFalse(self._get_alert(order))

    def test_a_delivery_never_fails_for_an_extension(self):
        order = self._sell((self.machine, 1), (self.service, 1))
        grant = type(self.env["after.sales.warranty"])._grant

        def failing(warranties, pairs, **kwargs):
            if kwargs.get("sale_line_id"):
                raise ValidationError("Boom")
            return grant(warranties, pairs, **kwargs)

        self.patch(type(self.env["after.sales.warranty"]), "_grant", failing)
        units = self._ship(order, {self.machine: self.lots[:1]})
        self.assertEqual(units.warranty_state, "in_warranty")
        self.assertEqual(order.picking_ids.state, "done")
        self.assertIn("Boom", self._get_alert(order).note)

    def test_a_stock_user_delivers(self):
        order = self._sell((self.machine, 1), (self.service, 1))
        self._stock(self.machine, 1, self.lots[:1])
        picking = order.picking_ids.with_user(self._create_user("stockman", "stock.group_stock_user"))
        picking.action_assign()
        picking.move_ids.move_line_ids.lot_id = self.lots[0].id
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(len(self._get_extensions(order.after_sales_unit_ids)), 1)

    def test_for_a_unit_of_the_customer(self):
        unit = self._create_unit(serial="OLD", delivery_date=fields.Date.today())
        seller = self._create_user("seller3", SALES)
        with Form(self.env["sale.order"].with_user(seller)) as form:
            form.partner_id = self.consumer
            with form.order_line.new() as line:
                line.product_id = self.service
                line.after_sales_unit_ids.add(unit)
                self.assertEqual(line.product_uom_qty, 1.0)
        order = form.save()
        self.assertFalse(self._get_extensions(unit), "a quotation gives nothing")
        order.action_confirm()
        self.assertEqual(len(self._get_extensions(unit)), 1)
        order.order_line.write({"product_uom_qty": 1.0})
        self.assertEqual(len(self._get_extensions(unit)), 1, "given once")
        self.assertFalse(self._get_alert(order))

    def test_unit_of_another_customer(self):
        unit = self._create_unit(serial="THEIRS", partner_id=self.business.id)
        with self.assertRaisesRegex(ValidationError, "does not belong to Carla Consumer"):
            self._sell((self.service, 1)).order_line.after_sales_unit_ids = unit

    def test_sold_alone_without_unit(self):
        order = self._sell((self.service, 1))
        self.assertIn("Choose the units", self._get_alert(order).note)
        unit = self._create_unit(serial="LATER", delivery_date=fields.Date.today())
        order.order_line.after_sales_unit_ids = unit
        self.assertEqual(len(self._get_extensions(unit)), 1)
        self.assertFalse(self._get_alert(order))

    def test_never_twice(self):
        unit = self._create_unit(serial="TWICE", delivery_date=fields.Date.today())
        order = self._sell_for(unit)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._get_extensions(unit).copy({"sale_line_id": order.order_line.id})

    def test_two_years_one_after_the_other(self):
        unit = self._create_unit(serial="CHAIN", delivery_date=fields.Date.today())
        self._sell_for(unit)
        two = self._create_term("Second year", kind="extension", duration=12)
        self._sell_for(unit, product=self._create_extension("Extension 24", two))
        first, second = self._get_extensions(unit)
        self.assertEqual(second.date_start, first.date_end + timedelta(days=1))

    def test_cancelled(self):
        unit = self._create_unit(serial="CANCEL", delivery_date=fields.Date.today())
        end = unit.warranty_end
        order = self._sell_for(unit)
        self.assertGreater(unit.warranty_end, end)
        order._action_cancel()
        extension = self._get_extensions(unit)
        self.assertRecordValues(extension, [{"state": "void", "ended_by": "void"}])
        self.assertIn("was cancelled", extension.event_ids.filtered(lambda e: e.kind == "void").reason)
        self.assertEqual(unit.warranty_end, end)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self._get_extensions(unit).mapped("state"), ["void", "pending"])

    def test_reduced(self):
        order = self._sell((self.machine, 2), (self.service, 2))
        units = self._ship(order, {self.machine: self.lots[:2]})
        first, last = self._get_extensions(units)
        order.order_line.filtered(lambda sol: sol.product_id == self.service).product_uom_qty = 1
        self.assertEqual((first.state, last.state), ("pending", "void"))
        self.assertIn("was reduced", last.event_ids.filtered(lambda e: e.kind == "void").reason)

    def test_one_that_runs_is_left(self):
        unit = self._create_unit(serial="RUNS", delivery_date=date(2020, 1, 1))
        order = self._sell_for(unit)
        extension = self._get_extensions(unit)
        self.assertEqual(extension.state, "active", "no cover runs: it begins today")
        order._action_cancel()
        self.assertEqual(extension.state, "active")
        self.assertIn("has started and was not taken back", self._get_alert(order).note)

    def test_cover_that_waits_for_its_start(self):
        self.term.start_basis = "installation"
        unit = self._create_unit(serial="WAITS")
        order = self._sell_for(unit)
        self.assertFalse(self._get_extensions(unit))
        self.assertFalse(self._get_alert(order))
        today = fields.Date.today()
        unit.with_user(self._create_user("fitter", AGENT)).installation_date = today
        self.assertEqual(
            self._get_extensions(unit).date_start, add_period(today, months=24) + timedelta(days=1)
        )

    def test_cover_that_grows_pushes_the_extension(self):
        self.term.repair_policy = "suspend"
        unit = self._create_unit(serial="GROWS", delivery_date=fields.Date.today())
        self._sell_for(unit)
        extension, today = self._get_extensions(unit), fields.Date.today()
        start, end = extension.date_start, extension.date_end
        (unit.warranty_ids - extension)._register_repair(today, today + timedelta(days=9))
        self.assertEqual(extension.date_start, start + timedelta(days=10))
        self.assertGreater(extension.date_end, end)

    def test_it_goes_with_the_replacement(self):
        with freeze_time("2026-04-01"):
            unit = self._create_unit(serial="BROKEN", delivery_date=date(2026, 3, 10))
            order = self._sell_for(unit)
            new = self._create_unit(serial="NEW", delivery_date=date(2026, 4, 1))
            unit._replace_with(new, date(2026, 4, 1))
            extension = self._get_extensions(new)
            self.assertRecordValues(extension, [{"date_start": date(2028, 3, 11), "sale_order_id": order.id}])
            order.order_line.write({"product_uom_qty": 1.0})
            self.assertEqual(self._get_extensions(new), extension)
            order._action_cancel()
            self.assertEqual(extension.state, "void")

    def test_salesperson_reads_units_only(self):
        unit = self._create_unit(serial="READ")
        seller = self._create_user("seller4", SALES)
        self.assertTrue(unit.with_user(seller).display_name)
        self.assertTrue(self.env["sale.order"].with_user(seller).get_view(view_type="form"))
        self.assertFalse(unit.with_user(seller).has_access("write"))
