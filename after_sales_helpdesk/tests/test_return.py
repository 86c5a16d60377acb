from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestReturn(FieldCommon):
    """Material of the customer is collected, received, repaired or scrapped, and stays his."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.company.after_sales_goods_location_id

    def _sold_unit(self, *serials):
        lots = [self._create_lot(self.machine, serial) for serial in serials]
        order = self._sell((self.machine, len(lots)))
        return order, self._ship(order, {self.machine: lots}).sorted("serial")

    def _done_visit(self, *lines, unit=None):
        visit = self._create_visit(self.agent, unit_id=unit.id if unit else False).with_user(
            self.technician_user
        )
        collected = [self._collect(visit, **line) for line in lines]
        self._finish(visit, "second_visit", outcome_reason="To the workshop")
        return visit, self.env["after.sales.intervention.collect"].union(*collected)

    def test_goods_lie_outside_every_warehouse(self):
        other = self.env["res.company"].create({"name": "Other Service"})
        for company in self.company | other:
            self.assertTrue(company.after_sales_goods_location_id)
            self.assertFalse(company.after_sales_goods_location_id.warehouse_id)
            self.assertEqual(company.after_sales_goods_location_id.company_id, company)
            self.assertEqual(company.after_sales_receipt_type_id.company_id, company)

    def test_delivered_unit_goes_to_repair_and_stays_the_customers(self):
        order, unit = self._sold_unit("M-1")
        value, available = self.machine.total_value, self.machine.qty_available
        __, line = self._done_visit({"unit_id": unit.id}, unit=unit)
        self.assertRecordValues(
            line, [{"state": "in_transit", "serial": "M-1", "product_id": self.machine.id}]
        )
        self.assertEqual(unit.custody, "in_transit")
        line = line.with_user(self.agent)
        line.action_receive()
        picking = line.sudo().picking_id
        self.assertRecordValues(
            picking,
            [
                {
                    "state": "done",
                    "owner_id": self.consumer.id,
                    "return_id": unit.picking_id.id,
                    "location_dest_id": self.goods.id,
                    "picking_type_id": self.company.after_sales_receipt_type_id.id,
                }
            ],
        )
        self.assertFalse(picking.move_ids.to_refund)
        self.assertEqual(order.order_line.qty_delivered, 1.0, "a repair credits nothing")
        self.assertEqual((self.machine.total_value, self.machine.qty_available), (value, available))
        quant = self.env["stock.quant"].search(
            [("location_id", "=", self.goods.id), ("lot_id", "=", unit.lot_id.id)]
        )
        self.assertRecordValues(quant, [{"quantity": 1.0, "owner_id": self.consumer.id}])
        self.assertRecordValues(unit, [{"custody": "in_workshop", "state": "in_service"}])
        repair = line.sudo().repair_id
        self.assertRecordValues(
            repair,
            [
                {
                    "lot_id": unit.lot_id.id,
                    "partner_id": self.consumer.id,
                    "product_location_src_id": self.goods.id,
                }
            ],
        )
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        quants = self.env["stock.quant"].search([("lot_id", "=", unit.lot_id.id), ("quantity", "!=", 0)])
        mine = quants.filtered(lambda q: q.location_id == self.goods)
        self.assertRecordValues(mine, [{"quantity": 1.0, "owner_id": self.consumer.id}])
        self.assertEqual((self.machine.total_value, self.machine.qty_available), (value, available))

    def test_only_the_serial_that_comes_back_comes_back(self):
        """Of two serials of one delivery the second one is collected first."""
        __, units = self._sold_unit("M-1", "M-2")
        __, line = self._done_visit({"unit_id": units[1].id}, unit=units[1])
        line.with_user(self.agent).action_receive()
        self.assertEqual(line.sudo().move_id.lot_ids.mapped("name"), ["M-2"])

    def test_units_arrive_one_by_one(self):
        __, units = self._sold_unit("M-1", "M-2")
        __, lines = self._done_visit(
            {"unit_id": units[0].id}, {"unit_id": units[1].id}, {"product_id": self.pump.id}
        )
        lines = lines.with_user(self.agent)
        lines[1].action_receive()
        self.assertEqual(lines.mapped("state"), ["in_transit", "received", "in_transit"])
        (lines[0] | lines[2]).action_receive()
        self.assertEqual(set(lines.mapped("state")), {"received"})
        self.assertEqual(lines.sudo().mapped("move_id.state"), ["done", "done", "done"])
        with self._quietly_refused(UserError, "not on its way"):
            lines[0].action_receive()

    def test_unknown_goods_get_a_plain_owned_receipt_and_are_scrapped(self):
        value = self.pump.total_value
        __, line = self._done_visit({"product_id": self.pump.id, "quantity": 2.5, "destination": "scrap"})
        line.action_receive()
        picking = line.sudo().picking_id
        self.assertFalse(picking.return_id)
        self.assertEqual(picking.owner_id, self.consumer)
        self.assertRecordValues(
            line.sudo().scrap_id, [{"state": "done", "scrap_qty": 2.5, "owner_id": self.consumer.id}]
        )
        left = self.env["stock.quant"].search(
            [("location_id", "=", self.goods.id), ("product_id", "=", self.pump.id)]
        )
        self.assertFalse(sum(left.mapped("quantity")))
        self.assertEqual(self.pump.total_value, value)
        self.assertTrue(line.receipt_name)

    def test_tracked_goods_need_their_serial(self):
        visit = self._create_visit(self.agent).with_user(self.technician_user)
        line = self._collect(visit, product_id=self.machine.id)
        with self._quietly_refused(UserError, "serial number"):
            self._finish(visit)
        line.serial = "FOREIGN-7"
        self._finish(visit)
        line.action_receive()
        self.assertEqual(line.lot_id.name, "FOREIGN-7", "a serial that we did not sell is received as well")

    def test_unit_of_another_customer(self):
        __, unit = self._sold_unit("M-1")
        visit = self._create_visit(self.agent, partner_id=self.business.id)
        with self._quietly_refused(ValidationError, "another customer"):
            self._collect(visit, unit_id=unit.id)

    def test_contact_of_a_company_means_the_company(self):
        contact = self.env["res.partner"].create({"name": "Secretary", "parent_id": self.business.id})
        visit = self._create_visit(self.agent, partner_id=contact.id)
        line = self._collect(visit, product_id=self.pump.id)
        self._finish(visit)
        self.assertEqual(line.sudo().picking_id.owner_id, self.business)

    def test_reopening_collects_nothing_twice(self):
        visit, line = self._done_visit({"product_id": self.pump.id})
        move = line.sudo().move_id
        visit.with_user(self.agent).action_reopen()
        self._finish(visit)
        self.assertEqual(line.sudo().move_id, move)
        with self._quietly_refused(UserError, "Cancel"):
            visit.with_user(self.manager).unlink()

    def test_finished_visit_with_moved_goods_is_not_deleted(self):
        visit = self._create_visit(self.agent, part_ids=[Command.create({"product_id": self.part_a.id})])
        self._finish(visit)
        with self._quietly_refused(UserError):
            visit.with_user(self.manager).unlink()
