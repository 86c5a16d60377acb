from odoo import fields
from odoo.tests import tagged

from ..tools.coverage import CoverageRequest
from .common import AfterSalesCommon


@tagged("post_install", "-at_install")
class TestKit(AfterSalesCommon):
    """A kit is one unit for what was ordered, with a unit for each component, whatever explodes the order line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.env["product.product"].create({"name": "Heating kit", "type": "consu"})
        cls.screws = cls._create_product("Screws", after_sales_tracked=False)
        cls.term = cls._create_term("Kit warranty", duration=60, applies_to="selected")
        cls.kit.product_tmpl_id.warranty_term_ids = cls.term
        cls.machine_term = cls._create_term("Component warranty", applies_to="selected")
        cls.machine.product_tmpl_id.warranty_term_ids = cls.machine_term
        cls.lots = cls.env["stock.lot"].concat(*[cls._create_lot(cls.machine, f"K{i}") for i in range(4)])
        cls.order = cls._sell((cls.kit, 1), (cls.pump, 1))
        cls.order.picking_ids.move_ids.filtered(lambda m: m.product_id == cls.kit)._action_cancel()
        cls.line = cls.order.order_line.filtered(lambda line: line.product_id == cls.kit)

    def _component(self, product, quantity, lots=(), **values):
        """Deliver components of the kit, as whatever exploded the line would."""
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": self.consumer.id,
                "location_id": self.stock_location.id,
                "location_dest_id": self.customer_location.id,
            }
        )
        self._stock(product, quantity, lots)
        move = self._prepare_move(
            product, quantity, lots, picking_id=picking.id, sale_line_id=self.line.id, **values
        )
        move._action_done()
        return move

    def _give_back(self, move, quantity, lots=(), refund=True):
        back = self._prepare_move(
            move.product_id,
            quantity,
            lots,
            origin_returned_move_id=move.id,
            sale_line_id=self.line.id,
            to_refund=refund,
            location_id=self.customer_location.id,
            location_dest_id=self.stock_location.id,
        )
        back._action_done()
        return back

    def _units(self):
        units = self.env["after.sales.unit"].search([("sale_line_id", "=", self.line.id)], order="id")
        parent = units.filtered(lambda u: u.product_id == self.kit)
        return parent, units - parent

    def test_one_unit_for_the_kit(self):
        self._component(self.machine, 2, self.lots[:2])
        self._component(self.pump, 3)
        self._component(self.screws, 40)
        parent, children = self._units()
        self.assertRecordValues(
            parent,
            [
                {
                    "quantity": 1.0,
                    "partner_id": self.consumer.id,
                    "sale_order_id": self.order.id,
                    "lot_id": False,
                    "serial": False,
                    "parent_id": False,
                }
            ],
        )
        self.assertEqual(parent.child_ids, children)
        self.assertEqual(sorted(children.mapped("quantity")), [1.0, 1.0, 3.0])
        self.assertEqual(parent.warranty_ids.term_id, self.term)
        machines = children.filtered("lot_id")
        self.assertEqual(machines.warranty_ids.term_id, self.machine_term)
        self.assertFalse((children - machines).warranty_ids)
        self.assertFalse(self.env["after.sales.unit.exception"].search([]))

    def _ask(self, unit, **values):
        request = CoverageRequest(
            **{
                "key": "k",
                "company_id": self.company.id,
                "partner_id": self.consumer.id,
                "unit_id": unit.id,
                "product_id": False,
                "cost_class": "labour",
                "date": fields.Date.context_today(unit),
                **values,
            }
        )
        return self.env["after.sales.coverage"]._resolve([request])["k"]

    def test_the_warranty_of_the_kit_covers_its_components(self):
        """What was sold is the kit: a component without a term of its own is not left to the customer."""
        self._component(self.machine, 1, self.lots[:1])
        self._component(self.pump, 3)
        parent, children = self._units()
        pumps, machine = children.sorted(lambda u: bool(u.lot_id))
        cover = parent.warranty_ids
        self.assertEqual(self._ask(pumps).allocations[0].source, (cover._name, cover.id))
        later = fields.Date.add(parent.delivery_date, months=36)
        self.assertEqual(self._ask(machine, date=later).allocations[0].source, (cover._name, cover.id))
        over = self._ask(pumps, date=fields.Date.add(parent.delivery_date, months=61))
        self.assertEqual((over.covered_share, over.regime), (0.0, "post_warranty"))
        answer = self.env["after.sales.unit.lookup"].new({"query": "K0"})
        self.assertEqual(answer.answer, "covered")
        machine.warranty_ids._add_event("void", parent.delivery_date)
        answer = self.env["after.sales.unit.lookup"].new({"query": "K0"})
        self.assertIn(f"as a part of {parent.display_name}", answer.message)
        cover.excluded_product_ids = self.pump
        self.assertEqual(self._ask(pumps).rule, "excluded_product")
        self.assertEqual(self._ask(machine).rule, "term")
        cover.write({"excluded_product_ids": False, "covered_product_ids": self.pump})
        self.assertEqual(self._ask(pumps).rule, "term")
        self.assertEqual(self._ask(machine).rule, "not_this_part")

    def test_a_plant_is_no_kit(self):
        """Who groups units that were sold apart gives them no warranty of each other."""
        plant = self._create_unit(product_id=self.kit.id, delivery_date=fields.Date.context_today(self.kit))
        pump = self._create_unit(product_id=self.pump.id, parent_id=plant.id)
        self.assertTrue(plant.warranty_ids)
        self.assertEqual(self._ask(pump).covered_share, 0.0)

    def test_a_component_that_is_exchanged_or_repaired(self):
        """The new one is a part of the kit as the old one was, and a repair counts for the kit (L20)."""
        self.term.write({"repair_policy": "extend", "repair_months": 12})
        self._component(self.pump, 1)
        parent, pump = self._units()
        new = self._create_unit(product_id=self.pump.id, delivery_date=parent.delivery_date)
        pump._replace_with(new, parent.delivery_date)
        self.assertEqual((new.parent_id, new._get_kit()), (parent, parent))
        end = parent.warranty_end
        claim = self.env["after.sales.claim"].create({"unit_id": new.id, "date": parent.delivery_date})
        claim.action_check()
        self.assertEqual(claim.warranty_id, parent.warranty_ids)
        claim.action_authorise()
        claim.outcome = "repair"
        claim.action_close()
        self.assertEqual(parent.warranty_end, fields.Date.add(end, months=12))

    def test_two_kits_on_one_line_are_one_unit(self):
        self.line.product_uom_qty = 2
        self._component(self.machine, 2, self.lots[:2])
        parent, children = self._units()
        self.assertEqual((len(parent), parent.quantity, len(children)), (1, 2.0, 2))

    def test_what_returns_ends_alone_until_nothing_is_left(self):
        machines = self._component(self.machine, 2, self.lots[:2])
        pumps = self._component(self.pump, 1)
        screws = self._component(self.screws, 10)
        parent, children = self._units()
        self._give_back(machines, 1, self.lots[0])
        self.assertEqual(children.filtered(lambda u: u.state == "ended").lot_id, self.lots[0])
        self.assertEqual(parent.state, "in_service")
        self._give_back(machines, 1, self.lots[1])
        self._give_back(pumps, 1)
        self.assertEqual(set(children.mapped("state")), {"ended"})
        self.assertEqual(parent.state, "in_service", "the screws are still there")
        self._give_back(screws, 10)
        self.assertRecordValues(parent, [{"state": "ended", "custody": "returned"}])

    def test_a_component_in_repair_leaves_the_kit_in_service(self):
        machines = self._component(self.machine, 1, self.lots[:1])
        back = self._give_back(machines, 1, self.lots[0], refund=False)
        parent, child = self._units()
        self.assertEqual((parent.state, child.state), ("in_service", "suspended"))
        self._prepare_move(
            self.machine,
            1,
            self.lots[0],
            partner_id=self.consumer.id,
            sale_line_id=self.line.id,
            origin_returned_move_id=back.id,
        )._action_done()
        self.assertEqual(self._units(), (parent, child))
        self.assertEqual(child.state, "in_service")

    def test_only_the_kit_is_registered(self):
        self.kit.product_tmpl_id.after_sales_tracked = True
        move = self._component(self.screws, 4)
        parent, children = self._units()
        self.assertEqual((len(parent), len(children)), (1, 0))
        self._give_back(move, 4)
        self.assertEqual(parent.state, "ended")

    def test_nothing_is_registered(self):
        self._component(self.screws, 4)
        self.assertEqual(self._units(), (self.env["after.sales.unit"],) * 2)

    def test_a_new_delivery_after_all_came_back(self):
        move = self._component(self.machine, 1, self.lots[:1])
        self._give_back(move, 1, self.lots[0])
        self._component(self.machine, 1, self.lots[1:2])
        parents, children = self._units()
        self.assertEqual(parents.mapped("state"), ["ended", "in_service"])
        self.assertEqual(children[-1].parent_id, parents[-1])
