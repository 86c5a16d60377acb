from odoo.tests import tagged

from .common import AGENT
from .extension_common import ExtensionCommon


@tagged("post_install", "-at_install")
class TestExtensionReturn(ExtensionCommon):
    """A machine that comes back for good takes its sold extension with it; the money is a person's or an addon's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock_user = cls._create_user("return_stock", "stock.group_stock_user")

    def _return(self, unit, to_refund=True):
        move = self._prepare_move(
            unit.product_id,
            1,
            unit.lot_id,
            partner_id=self.consumer.id,
            location_id=self.customer_location.id,
            location_dest_id=self.stock_location.id,
            origin_returned_move_id=unit.move_id.id,
            sale_line_id=unit.sale_line_id.id,
            to_refund=to_refund,
        )
        move.with_user(self.stock_user)._action_done()

    def _sell_machines(self, count, extensions):
        order = self._sell((self.machine, count), (self.service, extensions))
        return order, self._ship(order, {self.machine: self.lots[:count]}).sorted("id")

    def test_extension_that_waits(self):
        order, unit = self._sell_machines(1, 1)
        extension = self._get_extensions(unit)
        taken = []
        self.patch(type(extension), "_after_taken_back", lambda warranties: taken.append(warranties.ids))
        self._return(unit)
        self.assertRecordValues(unit, [{"state": "ended", "custody": "returned"}])
        self.assertRecordValues(extension, [{"state": "void", "ended_by": "void"}])
        self.assertTrue(extension.withdrawn_on)
        self.assertEqual(taken, [extension.ids], "once")
        self.assertIn("came back and its extension", self._get_alert(order).note)
        self.assertIn(extension.number, self._get_alert(order).note)
        order._settle_after_sales_extensions()
        self.assertEqual(len(self._get_alert(order)), 1)

    def test_extension_that_runs(self):
        order, unit = self._sell_machines(1, 1)
        extension = self._get_extensions(unit)
        extension.event_ids.date = unit.delivery_date
        self.assertEqual(extension.state, "active")
        self._return(unit)
        self.assertEqual(extension.state, "void")

    def test_no_other_machine_inherits_it(self):
        order, units = self._sell_machines(2, 1)
        extension = self._get_extensions(units)
        self.assertEqual(extension.unit_id, units[0])
        self._return(units[0])
        self.assertEqual(self._get_extensions(units), extension)
        self.assertTrue(self._get_alert(order))

    def test_the_other_machine_keeps_its_own(self):
        order, units = self._sell_machines(2, 2)
        kept = self._get_extensions(units[1])
        self._return(units[0])
        self.assertEqual(kept.state, "pending")
        self.assertEqual(self._get_alert(order).note.count("<li>"), 1)
        line = order.order_line.filtered(lambda sol: sol.product_id == self.service)
        line.product_uom_qty = 1
        self.assertFalse(self._get_alert(order), "one is not sold any more: nothing is left to credit")
        self.assertEqual(kept.state, "pending")

    def test_back_for_repair_only(self):
        order, unit = self._sell_machines(1, 1)
        self._return(unit, to_refund=False)
        self.assertEqual(unit.state, "suspended")
        self.assertEqual(self._get_extensions(unit).state, "pending")
        self.assertFalse(self._get_alert(order))

    def test_refunded_with_a_claim(self):
        order, unit = self._sell_machines(1, 1)
        agent = self._create_user("return_agent", AGENT)
        claim = (
            self.env["after.sales.claim"].with_user(agent).create({"unit_id": unit.id, "outcome": "refund"})
        )
        claim.action_check()
        claim.action_authorise()
        claim.action_close()
        self.assertEqual(self._get_extensions(unit).state, "void")
        self.assertTrue(self._get_alert(order))

    def test_exchanged_is_not_returned(self):
        order, unit = self._sell_machines(1, 1)
        new = self._create_unit(serial="NEW-1", delivery_date=unit.delivery_date)
        unit._replace_with(new, unit.delivery_date)
        self.assertEqual(self._get_extensions(new).state, "pending")
        self.assertFalse(self._get_alert(order))
