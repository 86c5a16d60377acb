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

    def _send_from_workshop(self, **values):
        """A machine that was in repair here, sent to its maker by the technician who could not do it."""
        __, unit = self._sold_units("M-1")
        line = self._returned(unit, **values).with_user(self.technician_user)
        self.assertEqual(line.state, "in_workshop")
        line.supplier_id = self.env["res.partner"].create({"name": "Maker"})
        line.action_send_to_supplier()
        self.assertEqual(line.state, "at_supplier")
        return line

    def test_repaired_there_is_not_repaired_here(self):
        """Our repair order, that nothing was done on, is not left open; the goods go home and the call is done."""
        call = self._create_ticket(self.agent, service_id=self.service.id, authorise_reason="Agreed")
        call.action_check_coverage()
        call.action_authorise()
        line = self._send_from_workshop(ticket_id=call.id)
        line.action_supplier_repaired()
        self.assertEqual((line.state, line.outcome), ("ready", "repair"))
        self.assertEqual(line.sudo().repair_ids.mapped("state"), ["cancel"])
        self._hand_out(line.with_user(self.agent))
        self.assertEqual((line.state, line.unit_id.custody), ("done", "at_customer"))
        self.assertEqual(call.state, "done")

    def test_what_was_done_here_is_finished_first(self):
        """Hours and parts of our own workshop are charged, not lost."""
        line = self._send_from_workshop()
        repair = line.sudo().repair_ids
        repair.after_sales_hours = 0.5
        with self._quietly_refused(UserError, f"{repair.name}.*Finish or cancel"):
            line.action_supplier_repaired()
        self.assertEqual((line.state, line.unit_id.custody), ("at_supplier", "at_supplier"))
        self._repair(line)
        self.assertEqual(line.state, "at_supplier")
        line.action_supplier_repaired()
        self.assertEqual(line.state, "ready")
        charges = self.env["after.sales.charge"].search([("unit_id", "=", line.unit_id.id)])
        self.assertEqual(charges.mapped("real_quantity"), [0.5])

    def test_not_repaired_there_is_repaired_here(self):
        """The repair order that was open goes on."""
        line = self._send_from_workshop()
        repair = line.sudo().repair_ids
        line.action_supplier_refused()
        self.assertEqual(line.state, "accepted")
        line.action_repair()
        self.assertEqual(line.sudo().repair_ids, repair)
        self._repair(line)
        self.assertEqual(line.state, "ready")

    def test_nothing_comes_back_twice(self):
        line = self._send_from_workshop()
        with self._quietly_refused(UserError):
            line.action_send_to_supplier()
        line.action_supplier_repaired()
        for action in (line.action_supplier_repaired, line.action_supplier_refused):
            with self._quietly_refused(UserError):
                action()
        self.assertEqual(len(self._get_quants(self.goods, self.machine)), 1)
