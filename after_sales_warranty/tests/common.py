from datetime import date

from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

TECHNICIAN = "after_sales_warranty.group_after_sales_technician"
AGENT = "after_sales_warranty.group_after_sales_agent"
MANAGER = "after_sales_warranty.group_after_sales_manager"


class AfterSalesCommon(BaseCommon):
    """Factories shared by the tests of the suite."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Demo data give the system a time zone, which the people made here do not have: late in the evening
        # their days would differ. Tests about time zones set their own.
        cls.env.user.tz = "UTC"
        cls.company = cls.env.company
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.stock_location = cls.warehouse.lot_stock_id
        cls.customer_location = cls.env.ref("stock.stock_location_customers")
        cls.supplier_location = cls.env.ref("stock.stock_location_suppliers")
        cls.consumer = cls.env["res.partner"].create({"name": "Carla Consumer", "email": "carla@example.com"})
        cls.business = cls.env["res.partner"].create({"name": "Busy Ltd", "is_company": True})
        # The legal terms of the shipped packs are not what most tests are about.
        cls.env["after.sales.warranty.term"].search([]).active = False
        cls.machine = cls._create_product("Machine", tracking="serial")
        cls.pump = cls._create_product("Pump", tracking="none")
        cls.filter = cls._create_product("Filter", after_sales_tracked=False)

    def _count_statements(self, work, cold=True):
        """Statements of a work and of all that it leaves to be written; ``cold``: nothing is read beforehand."""
        self.env.flush_all()
        if cold:
            self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @classmethod
    def _create_user(cls, login, *groups, **values):
        return new_test_user(cls.env, login=login, groups=",".join(groups), **values)

    @classmethod
    def _create_product(cls, name, **values):
        return cls.env["product.product"].create(
            {"name": name, "type": "consu", "is_storable": True, **values}
        )

    @classmethod
    def _create_term(cls, name="Two years", **values):
        return cls.env["after.sales.warranty.term"].create(
            {"name": name, "duration": 24, "applies_to": "all", **values}
        )

    @classmethod
    def _create_lot(cls, product, name, **values):
        return cls.env["stock.lot"].create({"product_id": product.id, "name": name, **values})

    @classmethod
    def _create_unit(cls, **values):
        return cls.env["after.sales.unit"].create(
            {
                "product_id": cls.machine.id,
                "partner_id": cls.consumer.id,
                "delivery_date": date(2026, 3, 10),
                **values,
            }
        )

    @classmethod
    def _stock(cls, product, quantity, lots=()):
        """Put goods in the warehouse."""
        quant = cls.env["stock.quant"]
        for lot in lots or [quant.lot_id]:
            quant._update_available_quantity(
                product, cls.stock_location, quantity / (len(lots) or 1), lot_id=lot
            )

    @classmethod
    def _prepare_move(cls, product, quantity, lots=(), **values):
        """A move to the customer with its lines already picked."""
        move_vals = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "product_uom": product.uom_id.id,
            "location_id": cls.stock_location.id,
            "location_dest_id": cls.customer_location.id,
            **values,
        }
        move = cls.env["stock.move"].create(move_vals)
        move._action_confirm(merge=False)
        lines = [
            {
                "move_id": move.id,
                "picking_id": move.picking_id.id,
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "location_id": move.location_id.id,
                "location_dest_id": move.location_dest_id.id,
                "quantity": quantity / (len(lots) or 1),
                "lot_id": lot.id if lot else False,
                "picked": True,
            }
            for lot in lots or [None]
        ]
        move.move_line_ids.unlink()
        cls.env["stock.move.line"].create(lines)
        move.picked = True
        return move

    @classmethod
    def _deliver(cls, product, quantity=1.0, lots=(), partner=None, **values):
        """Deliver goods and return the units born of it."""
        partner = partner if partner is not None else cls.consumer
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.warehouse.out_type_id.id,
                "partner_id": partner.id,
                "location_id": cls.stock_location.id,
                "location_dest_id": cls.customer_location.id,
            }
        )
        if not lots or values.get("location_id") is None:
            cls._stock(product, quantity, lots)
        move = cls._prepare_move(product, quantity, lots, picking_id=picking.id, **values)
        picking._action_done()
        return cls.env["after.sales.unit"].search([("move_id", "=", move.id)])

    @classmethod
    def _sell(cls, *lines, partner=None, **values):
        """A confirmed order of (product, quantity)."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.consumer).id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": quantity, "price_unit": 100.0})
                    for product, quantity in lines
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def _ship(cls, order, lots=None):
        """Deliver an order in full, serials taken from ``lots`` by product; return its units."""
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        for move in picking.move_ids:
            product_lots = (lots or {}).get(move.product_id, ())
            cls._stock(move.product_id, move.product_uom_qty, product_lots)
        picking.action_assign()
        for move in picking.move_ids:
            product_lots = (lots or {}).get(move.product_id, ())
            for line, lot in zip(move.move_line_ids, product_lots, strict=False):
                line.lot_id = lot
            move.picked = True
        picking._action_done()
        return cls.env["after.sales.unit"].search([("sale_order_id", "=", order.id)])
