from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestTransport(WorkshopCommon):
    """Whatever travels is a transfer that says why (L16, BI-10); what stays with us and changes hands is none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order, cls.units = cls._sold_units("T1", "T2", "T3")

    def _get_purposes(self, record):
        pickings = record._get_pickings().sorted("id")
        return [(p.picking_type_code, p.after_sales_purpose, p.after_sales_pickup) for p in pickings]

    def test_there_and_back(self):
        record = self._create_return(self.units[0], policy_id=self.quick_policy.id, is_pickup=True)
        record.action_authorise()
        self.assertEqual(self._get_purposes(record), [("incoming", "repair", True)])
        value, quantity = self.machine.total_value, self.machine.qty_available
        self._receive(record)
        line = record.line_ids
        self._repair(line)
        act = self._hand_out(line)
        self.assertRecordValues(
            act.sudo().picking_id,
            [
                {
                    "after_sales_purpose": "repair_back",
                    "after_sales_pickup": False,
                    "picking_type_code": "outgoing",
                    "state": "done",
                    "partner_id": self.consumer.id,
                }
            ],
        )
        self._assert_not_ours(self.machine, value, quantity)

    def test_sent_by_the_customer_and_back_as_it_was(self):
        record = self._create_return(self.units[0], policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record)
        record.line_ids.unrepairable_reason = "No parts"
        record.line_ids.action_not_repairable()
        record.line_ids.action_back_as_is()
        self._hand_out(record.line_ids)
        self.assertEqual(
            self._get_purposes(record), [("incoming", "repair", False), ("outgoing", "hand_back", False)]
        )

    def test_to_the_supplier(self):
        record = self._create_return(self.units[0], policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record)
        line = record.line_ids
        line.supplier_id = self.env["res.partner"].create({"name": "Maker"})
        line.action_send_to_supplier()
        line.action_supplier_refused()
        self.assertEqual(
            [row[1] for row in self._get_purposes(record)], ["repair", "supplier", "supplier_back"]
        )

    def test_exchange_travels_and_the_take_over_does_not(self):
        policy = self.quick_policy.copy(
            {"name": "Exchange", "outcome": "exchange", "take_over_location_id": self.stock_location.id}
        )
        record = self._create_return(self.units[0], policy_id=policy.id)
        record.action_authorise()
        self.assertEqual([row[1] for row in self._get_purposes(record)], ["returned"])
        self._receive(record)
        line = record.line_ids
        new = self._create_lot(self.machine, "T9")
        self._stock(self.machine, 1, [new])
        line.action_settle()
        out = record._get_pickings().filtered(lambda p: p.picking_type_code == "outgoing")
        self.assertEqual(out.after_sales_purpose, "exchange")
        out.move_ids.move_line_ids.lot_id = new
        out.move_ids.picked = True
        out._action_done()
        self.assertEqual(line.state, "done")
        self.assertEqual(
            self._get_purposes(record),
            [
                ("incoming", "returned", False),
                ("outgoing", "exchange", False),
                ("incoming", "take_over", False),
            ],
        )
        self.assertEqual(self._get_quants(self.stock_location, self.machine).lot_id, self.units[0].lot_id)
        self.assertFalse(self._get_quants(self.goods, self.machine))
        taken = self.env["after.sales.unit"].search([("serial", "=", "T1"), ("state", "!=", "ended")])
        self.assertFalse(taken, "the hand-back of the books makes no unit")

    def test_technician_picks_up(self):
        visit = self._create_visit(self.technician_user)
        self._add_session(visit, "work", 12, 13)
        self._collect(visit, unit_id=self.units[0].id)
        self._collect(visit, unit_id=self.units[1].id, destination="scrap")
        self._finish(visit)
        pickings = visit.sudo().collect_ids.picking_id
        self.assertEqual(set(pickings.mapped("after_sales_purpose")), {"repair"})
        self.assertTrue(all(pickings.mapped("after_sales_pickup")))
        self.assertEqual(set(pickings.mapped("state")), {"assigned"}, "it is on its way")

    def test_loaner_travels_by_transfer(self):
        lot = self._create_lot(self.machine, "LOAN-1")
        self._stock(self.machine, 1, [lot])
        value = self.machine.total_value
        loan = (
            self.env["after.sales.loan"]
            .with_user(self.agent)
            .create(
                {
                    "partner_id": self.consumer.id,
                    "product_id": self.machine.id,
                    "lot_id": lot.id,
                    "date_due": fields.Date.today() + timedelta(days=7),
                }
            )
        )
        loan.action_lend()
        loan.action_come_back()
        self.assertRecordValues(
            loan.sudo().move_ids.picking_id.sorted("id"),
            [
                {
                    "picking_type_code": code,
                    "after_sales_purpose": purpose,
                    "state": "done",
                    "partner_id": self.consumer.id,
                    "origin": loan.name,
                }
                for code, purpose in (("outgoing", "loan"), ("incoming", "loan_back"))
            ],
        )
        self.assertEqual(self.machine.total_value, value)
        self.assertEqual(self._get_quants(self.stock_location, self.machine).lot_id, lot)

    def test_return_of_a_hand_back_has_no_purpose_of_ours(self):
        record = self._create_return(self.units[0], policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record)
        record.line_ids.unrepairable_reason = "No parts"
        record.line_ids.action_not_repairable()
        record.line_ids.action_back_as_is()
        picking = self._hand_out(record.line_ids).sudo().picking_id
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1.0
        self.assertFalse(wizard._create_return().after_sales_purpose)
