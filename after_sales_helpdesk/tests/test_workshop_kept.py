from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestKeptBySupplier(WorkshopCommon):
    """What a supplier keeps or scraps does not come back: its owner gets another one or his money, and the unit ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create({"name": "Maker"})
        cls._create_term(duration=24, replacement_policy="inherit")

    def _kept(self, serial="M-1"):
        __, unit = self._sold_units(serial)
        record = self._create_return(unit, policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record)
        line = record.line_ids
        line.supplier_id = self.supplier
        line.action_send_to_supplier()
        line.action_supplier_kept()
        return line

    def test_nothing_is_done_with_what_is_gone(self):
        line = self._kept()
        self.assertRecordValues(line, [{"state": "accepted", "is_kept": True, "outcome": False}])
        self.assertEqual(line.unit_id.custody, "at_supplier")
        self.assertIn("Kept by the supplier", line.return_id.message_ids[0].body)
        line.unrepairable_reason = "Gone"
        for action in (
            "action_repair",
            "action_send_to_supplier",
            "action_not_repairable",
            "action_back_as_is",
            "action_supplier_kept",
        ):
            with self._quietly_refused(UserError):
                getattr(line, action)()
        with self._quietly_refused(UserError, "has kept"):
            line.outcome = "repair"
        with self._quietly_refused(UserError, "Choose"):
            line.action_settle()

    def test_refund(self):
        line = self._kept()
        unit = line.unit_id
        moves = line.sudo().other_move_ids
        line.outcome = "refund"
        line.action_settle()
        self.assertRecordValues(unit, [{"state": "ended", "custody": "returned"}])
        self.assertEqual((line.state, line.return_id.state), ("done", "closed"))
        self.assertEqual(line.sudo().other_move_ids, moves, "the trip to the supplier was the last one")
        self.assertFalse(line.sudo().scrap_id)

    def test_scrapped_by_the_supplier(self):
        line = self._kept()
        line.outcome = "scrap"
        line.action_settle()
        self.assertEqual(line.unit_id.custody, "scrapped")
        self.assertEqual(line.state, "done")
        self.assertFalse(line.sudo().scrap_id, "what is not here cannot be scrapped here")

    def test_exchange(self):
        """The owner gets another unit, which inherits the warranty; nothing becomes ours."""
        line = self._kept()
        unit, end = line.unit_id, line.unit_id.warranty_ids.date_end
        line.outcome = "exchange"
        self._stock(self.machine, 1, [self._create_lot(self.machine, "M-9")])
        line.action_settle()
        move = line.sudo().other_move_ids.filtered(lambda move: move.state == "assigned")
        move.picked = True
        move.picking_id._action_done()
        self.assertRecordValues(line, [{"state": "done", "replacement_unit_id": unit.replaced_by_id.id}])
        self.assertEqual(unit.replaced_by_id.warranty_ids.date_end, end)
        self.assertEqual((unit.state, unit.custody), ("ended", "returned"))
        self.assertFalse(line.sudo().scrap_id)
        self.assertFalse(self._get_quants(self.goods, self.machine))

    def test_our_repair_order_is_called_off(self):
        __, unit = self._sold_units("M-1")
        record = self._create_return(unit)
        record.action_authorise()
        self._receive(record)
        line = record.line_ids
        self._accept(line)
        repair = line.sudo().repair_ids
        line.supplier_id = self.supplier
        line.action_send_to_supplier()
        repair.after_sales_hours = 1.0
        with self._quietly_refused(UserError, repair.name):
            line.action_supplier_kept()
        repair.after_sales_hours = 0.0
        line.action_supplier_kept()
        self.assertEqual((repair.state, line.state), ("cancel", "accepted"))
