from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestWorkshopOutcome(WorkshopCommon):
    """Exchange, refund and scrap: on the goods, the unit, its warranties, the sale and the claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taken_over = cls.env["stock.location"].create(
            {"name": "To refurbish", "usage": "internal", "location_id": cls.warehouse.view_location_id.id}
        )
        cls._create_term(duration=24, replacement_policy="inherit")

    def test_not_repairable_is_exchanged(self):
        order, unit = self._sold_units("M-1")
        claim = self._authorised_claim(unit)
        end = unit.warranty_ids.date_end
        line = self._returned(unit, claim_id=claim.id)
        self.assertEqual(line.state, "in_workshop")
        with self._quietly_refused(UserError, "why"):
            line.action_not_repairable()
        line.unrepairable_reason = "Board burnt"
        line.action_not_repairable()
        self.assertEqual(line.sudo().repair_ids.state, "cancel")
        with self._quietly_refused(UserError, "Choose"):
            line.action_settle()
        line.outcome = "exchange"
        lot = self._create_lot(self.machine, "M-9")
        self._stock(self.machine, 1, [lot])
        with self._quietly_refused(AccessError, "agents"):
            line.with_user(self.technician_user).action_settle()
        line.action_settle()
        move = line.sudo().other_move_ids
        self.assertEqual((move.state, line.state), ("assigned", "ready"))
        self.assertEqual(line.waiting_delivery, move.picking_id.name)
        self.assertEqual(
            line.with_user(self.technician_user).return_id.waiting_delivery, move.picking_id.name
        )
        self.assertEqual(line.action_view_delivery()["res_id"], move.picking_id.id)
        self.assertEqual(move.picking_id.action_view_after_sales_returns()["res_id"], line.return_id.id)
        with self._quietly_refused(UserError, "on its way"):
            line.action_settle()
        move.picked = True
        move.picking_id._action_done()
        self.assertFalse(line.waiting_delivery or line.return_id.waiting_delivery)
        new = line.replacement_unit_id
        self.assertRecordValues(
            new, [{"serial": "M-9", "partner_id": self.consumer.id, "replaces_id": unit.id}]
        )
        self.assertEqual(new.warranty_ids.date_end, end, "the replacement inherits what was left")
        self.assertEqual(unit.state, "ended")
        self.assertEqual(line.state, "done")
        self.assertRecordValues(
            claim, [{"state": "closed", "outcome": "exchange", "replacement_unit_id": new.id}]
        )
        self.assertEqual(order.order_line.qty_delivered, 1.0, "an exchange credits nothing")
        self.assertEqual(line.sudo().scrap_id.state, "done")
        self.assertFalse(self._get_quants(self.goods, self.machine))

    def test_exchanged_goods_become_ours_where_the_policy_says(self):
        __, unit = self._sold_units("M-1")
        self.repair_policy.take_over_location_id = self.taken_over
        line = self._returned(unit)
        line.unrepairable_reason = "Worn"
        line.action_not_repairable()
        line.outcome = "exchange"
        lot = self._create_lot(self.machine, "M-9")
        self._stock(self.machine, 1, [lot])
        line.action_settle()
        move = line.sudo().other_move_ids
        move.picked = True
        move.picking_id._action_done()
        self.assertRecordValues(
            self._get_quants(self.taken_over, self.machine),
            [{"quantity": 1.0, "owner_id": False, "lot_id": unit.lot_id.id}],
        )
        self.assertFalse(self._get_quants(self.goods, self.machine))
        self.assertEqual(unit.replaced_by_id.serial, "M-9")
        self.assertFalse(
            self.env["after.sales.unit.exception"].search([("product_id", "=", self.machine.id)])
        )

    def test_refund_makes_the_sale_creditable(self):
        order, unit = self._sold_units("M-1")
        claim = self._authorised_claim(unit)
        self.repair_policy.take_over_location_id = self.taken_over
        line = self._returned(unit, claim_id=claim.id)
        line.unrepairable_reason = "No parts any more"
        line.action_not_repairable()
        line.outcome = "refund"
        self.assertEqual(order.order_line.qty_delivered, 1.0)
        line.action_settle()
        self.assertEqual(order.order_line.qty_delivered, 0.0)
        self.assertRecordValues(unit, [{"state": "ended", "custody": "returned"}])
        self.assertEqual((claim.state, claim.outcome), ("closed", "refund"))
        self.assertEqual(self._get_quants(self.taken_over, self.machine).lot_id, unit.lot_id)
        self.assertEqual(line.return_id.state, "closed")

    def _refunded(self, invoice_policy):
        """The order of an invoiced machine, and the return on which it was refunded."""
        self.machine.invoice_policy = invoice_policy
        order, unit = self._sold_units("M-1")
        order._create_invoices().action_post()
        self.quick_policy.outcome = "refund"
        record = self._create_return(unit, policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record)
        record.line_ids.action_settle()
        return order, record

    def test_refund_of_a_sale_tells_which_order_to_credit(self):
        order, record = self._refunded("delivery")
        told = record.message_ids[0]
        self.assertEqual(told.subtype_id, self.env.ref("mail.mt_note"))
        self.assertIn(f'data-oe-id="{order.id}"', told.body)
        self.assertIn("M-1", told.body)
        self.assertFalse(record.activity_ids, "the order shows it")

    def test_refund_of_what_is_invoiced_as_ordered_asks_for_the_credit_note(self):
        """Odoo shows nothing to credit on the order: somebody is told, so that the customer gets his money."""
        order, record = self._refunded("order")
        self.assertEqual(record.activity_ids.user_id, self.agent)
        self.assertIn(f'data-oe-id="{order.id}"', record.activity_ids.note)

    def test_refund_without_a_sale_asks_for_the_credit_note(self):
        """Goods that we did not sell, or whose sale nobody knows: somebody is told what to credit, and to whom."""
        self.quick_policy.outcome = "refund"
        self.env["res.lang"]._activate_lang("it_IT")
        self.manager.lang = "it_IT"
        record = self._create_return(
            {"product_id": self.machine.id, "serial": "FOREIGN-7"},
            policy_id=self.quick_policy.id,
            user_id=self.manager.id,
        )
        record.action_authorise()
        self._receive(record)
        record.line_ids.action_settle()
        self.assertEqual((record.line_ids.state, record.activity_ids.user_id), ("done", self.manager))
        for text in ("FOREIGN-7", self.machine.name, self.consumer.name):
            self.assertIn(text, record.activity_ids.note)
            self.assertIn(text, record.message_ids[0].body)
        self.assertIn("nota di credito", record.activity_ids.summary, "the responsible reads Italian")

    def test_refunded_together(self):
        """What one customer gets refunded at once is taken over by one receipt; nothing travels to him for it."""
        order, units = self._sold_units("M-1", "M-2")
        self.quick_policy.write({"take_over_location_id": self.taken_over.id, "outcome": "refund"})
        record = self._create_return(*units, policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record)
        record.line_ids.action_settle()
        self.assertEqual(order.order_line.qty_delivered, 0.0)
        self.assertEqual(set(units.mapped("state")), {"ended"})
        moves = record.line_ids.sudo().other_move_ids
        self.assertEqual(len(moves), 4, "each to the customer and back to us, in the books")
        self.assertEqual(moves.picking_id.picking_type_code, "incoming")
        self.assertRecordValues(
            self._get_quants(self.taken_over, self.machine).sorted(lambda quant: quant.lot_id.name),
            [{"quantity": 1.0, "owner_id": False, "lot_id": unit.lot_id.id} for unit in units],
        )
        self.assertFalse(self._get_quants(self.goods, self.machine))
        self.assertEqual(record.state, "closed")

    def test_part_of_a_quantity_is_refunded(self):
        order = self._sell((self.pump, 5))
        unit = self._ship(order)
        record = self._create_return(
            {"unit_id": unit.id, "quantity": 1.5, "outcome": "refund"}, policy_id=self.quick_policy.id
        )
        record.action_authorise()
        self._receive(record)
        record.line_ids.action_settle()
        self.assertEqual(order.order_line.qty_delivered, 3.5)
        self.assertRecordValues(unit, [{"quantity": 3.5, "state": "in_service"}])

    def test_scrap(self):
        __, unit = self._sold_units("M-1")
        line = self._returned(unit)
        line.unrepairable_reason = "Burnt"
        line.action_not_repairable()
        line.outcome = "scrap"
        line.action_settle()
        self.assertRecordValues(unit, [{"state": "ended", "custody": "scrapped"}])
        self.assertEqual(line.sudo().scrap_id.owner_id, self.consumer)
        self.assertFalse(self._get_quants(self.goods, self.machine))
