"""Units from the apps of Odoo that none of our addons depends on; ``setup/test --matrix`` installs them for it."""

from datetime import date

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.after_sales_warranty.tests.common import AfterSalesCommon


@tagged("post_install", "-at_install")
class TestNeighbours(AfterSalesCommon):
    """D61, D67: the till, kits of manufacturing, dropshipping.

    What their moves look like is tested without them too, by TestBirthWays, TestKit and TestReturnWays.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.term = cls._create_term()
        cls.units = cls.env["after.sales.unit"]
        cls.lots = cls.env["stock.lot"].concat(*[cls._create_lot(cls.machine, f"N{i}") for i in range(3)])
        cls.supplier = cls.env["res.partner"].create({"name": "Maker"})

    # === THE TILL === #

    def _open_till(self):
        self.company.point_of_sale_update_stock_quantities = "real"
        config = self.env["pos.config"].create({"name": "Shop"})
        config.open_ui()
        config.current_session_id.set_opening_control(0, None)
        return config.current_session_id

    def _ring_up(self, session, lines, partner=None, **vals):
        """A paid order at the till, of (product, quantity, lot names)."""
        order = session.env["pos.order"].create(
            {
                "session_id": session.id,
                "company_id": self.company.id,
                "partner_id": partner.id if partner else False,
                "amount_tax": 0.0,
                "amount_total": 0.0,
                "amount_paid": 0.0,
                "amount_return": 0.0,
                "lines": [
                    Command.create(
                        {
                            "name": product.name,
                            "product_id": product.id,
                            "qty": quantity,
                            "price_unit": 0.0,
                            "price_subtotal": 0.0,
                            "price_subtotal_incl": 0.0,
                            "pack_lot_ids": [Command.create({"lot_name": name}) for name in names],
                        }
                    )
                    for product, quantity, names in lines
                ],
                **vals,
            }
        )
        order.action_pos_order_paid()
        order._create_order_picking()
        return order

    def test_till(self):
        session = self._open_till()
        self._stock(self.machine, 2, self.lots[:2])
        self._stock(self.pump, 5)
        sold = [(self.machine, 1, ["N0"]), (self.pump, 3, [])]
        order = self._ring_up(session, sold, self.consumer)
        self.assertEqual(order.picking_ids.mapped("state"), ["done"])
        units = self.units.search([("picking_id", "in", order.picking_ids.ids)])
        self.assertEqual(
            {(u.product_id, u.serial, u.quantity) for u in units},
            {(self.machine, "N0", 1.0), (self.pump, False, 3.0)},
        )
        self.assertEqual(units.partner_id, self.consumer)
        self.assertEqual(set(units.mapped("warranty_state")), {"in_warranty"})
        unknown = self._ring_up(session, [(self.machine, 1, ["N1"])])
        self.assertFalse(self.units.search([("picking_id", "in", unknown.picking_ids.ids)]).partner_id)

    def test_till_ships_later(self):
        """What was paid at the till becomes a unit when it leaves the warehouse, not before."""
        session = self._open_till()
        self._stock(self.machine, 1, self.lots[:1])
        self._stock(self.pump, 5)
        sold = [(self.machine, 1, ["N0"]), (self.pump, 3, [])]
        order = self._ring_up(session, sold, self.consumer, shipping_date="2026-12-24")
        pickings = order.picking_ids
        self.assertTrue(pickings)
        self.assertFalse(self.units.search([("picking_id", "in", pickings.ids)]))
        for picking in pickings:
            picking.action_assign()
            picking.move_ids.picked = True
            picking._action_done()
        units = self.units.search([("picking_id", "in", pickings.ids)])
        self.assertEqual(
            {(u.product_id, u.serial, u.quantity) for u in units},
            {(self.machine, "N0", 1.0), (self.pump, False, 3.0)},
        )
        self.assertEqual(units.partner_id, self.consumer)

    def test_till_of_a_cashier(self):
        """Who sells at the till has no right on units and warranties, and needs none. (Serials: Odoo's till itself looks
        into the lots, which takes a user of Inventory.)"""
        session = self._open_till()
        self._stock(self.machine, 1, self.lots[:1])
        self._stock(self.pump, 5)
        cashier = self._create_user("cashier", "base.group_user", "point_of_sale.group_pos_user")
        order = self._ring_up(session.with_user(cashier), [(self.pump, 3, [])], self.consumer)
        unit = self.units.search([("picking_id", "in", order.sudo().picking_ids.ids)])
        self.assertRecordValues(unit, [{"product_id": self.pump.id, "quantity": 3.0, "state": "in_service"}])
        cashier.group_ids += self.env.ref("stock.group_stock_user")
        order = self._ring_up(session.with_user(cashier), [(self.machine, 1, ["N0"])], self.consumer)
        unit = self.units.search([("picking_id", "in", order.sudo().picking_ids.ids)])
        self.assertRecordValues(unit, [{"serial": "N0", "partner_id": self.consumer.id}])

    def test_till_takes_back(self):
        session = self._open_till()
        self._stock(self.machine, 1, self.lots[:1])
        self._stock(self.pump, 5)
        order = self._ring_up(session, [(self.machine, 1, ["N0"]), (self.pump, 3, [])], self.consumer)
        units = self.units.search([("picking_id", "in", order.picking_ids.ids)])
        self._ring_up(session, [(self.machine, -1, ["N0"]), (self.pump, -1, [])], self.consumer)
        self.assertRecordValues(
            units.sorted(lambda u: u.product_id.name),
            [
                {"product_id": self.machine.id, "state": "ended", "quantity": 1.0},
                {"product_id": self.pump.id, "state": "in_service", "quantity": 2.0},
            ],
        )
        self.assertFalse(self.env["after.sales.unit.exception"].search([]))

    # === KITS OF MANUFACTURING === #

    def test_kit(self):
        kit = self._create_product("Heating kit", is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.machine.id, "product_qty": 1}),
                    Command.create({"product_id": self.pump.id, "product_qty": 2}),
                ],
            }
        )
        order = self._sell((kit, 1))
        units = self._ship(order, {self.machine: self.lots[:1]})
        whole = units.filtered(lambda u: u.product_id == kit)
        self.assertEqual(len(whole), 1)
        self.assertEqual(
            {(u.product_id, u.serial, u.quantity) for u in whole.child_ids},
            {(self.machine, "N0", 1.0), (self.pump, False, 2.0)},
        )
        self.assertEqual(units, whole | whole.child_ids)
        self.assertEqual(set(units.mapped("warranty_state")), {"in_warranty"})
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .create({"picking_id": order.picking_ids.id})
        )
        for line in wizard.product_return_moves:
            line.write({"quantity": line.move_quantity, "to_refund": True})
        back = wizard._create_return()
        back.action_assign()
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(set(units.mapped("state")), {"ended"})

    # === DROPSHIPPING === #

    @freeze_time("2026-05-10 12:00:00")
    def test_dropship(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        for product in (self.machine, self.pump):
            product.write(
                {
                    "route_ids": [Command.link(route.id)],
                    "seller_ids": [Command.create({"partner_id": self.supplier.id, "warranty_months": 12})],
                }
            )
        order = self._sell((self.machine, 1), (self.pump, 2))
        purchase = order._get_purchase_orders()
        purchase.button_confirm()
        picking = purchase.picking_ids
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
            if move.product_id == self.machine:
                move.move_line_ids.lot_id = self.lots[0]
        picking.button_validate()
        units = self.units.search([("sale_order_id", "=", order.id)])
        self.assertEqual(picking.state, "done")
        self.assertRecordValues(
            units.sorted(lambda u: u.product_id.name),
            [
                {
                    "product_id": product.id,
                    "partner_id": self.consumer.id,
                    "quantity": quantity,
                    "supplier_id": self.supplier.id,
                    "supplier_warranty_end": date(2027, 5, 10),
                    "delivery_date": fields.Date.context_today(units),
                    "warranty_state": "in_warranty",
                }
                for product, quantity in ((self.machine, 1.0), (self.pump, 2.0))
            ],
        )
