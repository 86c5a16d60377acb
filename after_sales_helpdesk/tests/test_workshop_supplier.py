from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestWorkshopSupplier(WorkshopCommon):
    """The trip to the supplier and back: the goods stay the customer's (D74)."""

    def test_trip_to_the_supplier_and_back(self):
        __, units = self._sold_units("M-1", "M-2")
        value, available = self.machine.total_value, self.machine.qty_available
        supplier = self.env["res.partner"].create({"name": "Maker"})
        record = self._create_return(*units, policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record)
        lines = record.line_ids
        with self._quietly_refused(UserError, "supplier"):
            lines.action_send_to_supplier()
        lines.supplier_id = supplier
        lines.action_send_to_supplier()
        self.assertEqual(set(units.mapped("custody")), {"at_supplier"})
        picking = lines.sudo().other_move_ids.picking_id
        self.assertRecordValues(picking, [{"state": "done", "partner_id": supplier.id}])
        self.assertEqual(
            set(self._get_quants(self.supplier_location, self.machine).mapped("owner_id")), {self.consumer}
        )
        self._assert_not_ours(self.machine, value, available)
        lines[0].action_supplier_repaired()
        lines[1].action_supplier_refused()
        self.assertEqual(lines.mapped("state"), ["ready", "accepted"])
        self.assertEqual(units.mapped("custody"), ["ready", "received"])
        self.assertEqual(len(self._get_quants(self.goods, self.machine)), 2)
