from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestWorkshopReceipt(WorkshopCommon):
    """What arrives: in parts, with another serial, of somebody else, unannounced, or at the warehouse."""

    def test_goods_follow_the_policy_until_they_are_let_in(self):
        __, unit = self._sold_units("M-1")
        exchange = self.env["after.sales.return.policy"].create(
            {"name": "Exchange here", "outcome": "exchange"}
        )
        with Form(self._create_return(unit)) as form:
            form.policy_id = exchange
        record = form.record
        self.assertEqual(record.line_ids.outcome, "exchange")
        record.action_authorise()
        record.line_ids.outcome = "hand_back"
        record.sudo().policy_id = self.repair_policy
        self.assertEqual(record.line_ids.outcome, "hand_back", "decided by hand")

    def test_not_more_than_the_customer_has(self):
        unit = self._deliver(self.pump, 2.0)
        self._create_return({"unit_id": unit.id, "quantity": 1.5}).action_authorise()
        with self._quietly_refused(UserError, "more than that"):
            self._create_return({"unit_id": unit.id, "quantity": 1.0}).action_authorise()
        with self._quietly_refused(UserError, "why"):
            self._create_return({"unit_id": unit.id, "quantity": 0.5, "note": False}).action_authorise()

    def test_another_serial_of_the_same_customer(self):
        __, units = self._sold_units("M-1", "M-2")
        record = self._create_return(units[0], policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record, (1.0, "M-2"))
        line = record.line_ids
        self.assertRecordValues(
            line,
            [
                {
                    "unit_id": units[1].id,
                    "serial": "M-2",
                    "announced_serial": "M-1",
                    "is_mismatch": True,
                    "state": "received",
                }
            ],
        )
        self.assertEqual(units.mapped("custody"), ["at_customer", "received"])
        self.assertEqual(line.sudo().move_id.lot_ids, units[1].lot_id)
        self.assertTrue(record.activity_ids)

    def test_another_serial_is_told_in_the_language_of_the_desk(self):
        """Whoever receives it, and whatever he speaks: the warehouse as well as the agent himself."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.manager.lang = "it_IT"
        __, units = self._sold_units("M-1", "M-2")
        record = self._create_return(units[0], user_id=self.manager.id)
        record.action_authorise()
        self._receive(record, (1.0, "M-2"))
        self.assertEqual(record.activity_ids.user_id, self.manager)
        self.assertIn("È arrivata la matricola M-2 invece di M-1", record.activity_ids.note)

    def test_serial_of_another_customer_and_unknown_serial(self):
        __, unit = self._sold_units("M-1")
        foreign = self._deliver(self.machine, 1.0, [self._create_lot(self.machine, "B-1")], self.business)
        for serial in ("B-1", "NEVER-SEEN"):
            record = self._create_return(unit)
            record.action_authorise()
            self._receive(record, (1.0, serial))
            self.assertFalse(record.line_ids.unit_id)
            self.assertEqual(record.line_ids.lot_id.name, serial)
            self.assertEqual(record.line_ids.sudo().picking_id.owner_id, self.consumer)
        self.assertEqual((unit | foreign).mapped("custody"), ["at_customer", "at_customer"])

    def test_unannounced_goods_are_inspected_whatever_the_policy_says(self):
        __, unit = self._sold_units("M-1")
        record = self._create_return(unit, policy_id=self.quick_policy.id)
        record.action_receive()
        self._receive(record)
        self.assertRecordValues(
            record, [{"state": "received", "is_unannounced": True, "date_authorised": False}]
        )
        self.assertEqual(record.line_ids.state, "received")
        with self._quietly_refused(UserError, "condition"):
            record.line_ids.action_accept()

    def test_unannounced_goods_enter_without_a_reason(self):
        """A parcel at the door is taken into custody at once; why it came is asked when it is accepted."""
        __, unit = self._sold_units("M-1")
        record = self._create_return({"unit_id": unit.id, "note": False})
        record = record.with_user(self.technician_user)
        record.action_receive()
        self._receive(record)
        line = record.line_ids
        self.assertEqual((line.state, unit.custody, record.is_unannounced), ("received", "received", True))
        line.condition = "intact"
        with self._quietly_refused(UserError, "why"):
            line.action_accept()
        line.note = "Does not start"
        line.action_accept()
        self.assertEqual(line.state, "in_workshop")

    def test_unannounced_goods_may_be_refused_without_a_reason(self):
        __, unit = self._sold_units("M-1")
        record = self._create_return({"unit_id": unit.id, "note": False})
        record.action_receive()
        self._receive(record)
        record.line_ids.refusal_reason = "Nobody knows why it came"
        record.line_ids.action_refuse()
        self.assertEqual(record.line_ids.state, "ready")

    def test_what_came_unannounced_is_partly_received(self):
        """One of two came by itself: the return says so, and the other one can still be authorised."""
        __, units = self._sold_units("M-1", "M-2")
        record = self._create_return(*units)
        self._receive(record, (1.0, "M-1"), (0.0, False))
        self.assertEqual((record.state, record.line_ids.mapped("state")), ("partial", ["received", "draft"]))
        record.action_authorise()
        self.assertEqual(
            (record.state, record.line_ids.mapped("state")), ("partial", ["received", "expected"])
        )
        self.assertTrue(record.valid_until)
        with self._quietly_refused(UserError, "authorised already"):
            record.action_authorise()
        self._receive(record)
        self.assertEqual(record.state, "received")

    def test_goods_that_were_not_authorised_are_an_agents_decision(self):
        """Another serial, or other goods: a technician cannot accept them, an agent says why."""
        __, units = self._sold_units("M-1", "M-2")
        other_serial = self._create_return(units[0])
        other_serial.action_authorise()
        self._receive(other_serial, (1.0, "M-2"))
        other_goods = self._create_return(self._deliver(self.pump, 1.0))
        other_goods.action_authorise()
        self._receive(other_goods)
        for record, condition in ((other_serial, "worn"), (other_goods, "other_goods")):
            line = record.line_ids
            line.with_user(self.technician_user).condition = condition
            with self._quietly_refused(AccessError, "ask an agent"):
                line.with_user(self.technician_user).action_accept()
            with self._quietly_refused(UserError, "Why Accepted All the Same"):
                line.action_accept()
            self.assertFalse(line.date_inspected)
            line.other_goods_reason = "Same fault, the customer wrote the wrong number"
            line.action_accept()
            self.assertEqual(line.state, "in_workshop")

    def test_goods_that_were_not_authorised_go_back(self):
        __, units = self._sold_units("M-1", "M-2")
        record = self._create_return(units[0])
        record.action_authorise()
        self._receive(record, (1.0, "M-2"))
        record.line_ids.refusal_reason = "Not what was authorised"
        record.line_ids.action_refuse()
        self.assertRecordValues(record.line_ids, [{"state": "ready", "outcome": "hand_back"}])

    def test_warehouse_receives_by_itself(self):
        """Somebody validates the receipt in the stock app, in parts: the return and the custody follow."""
        unit = self._deliver(self.pump, 4.0)
        record = self._create_return({"unit_id": unit.id, "quantity": 3.0}, policy_id=self.quick_policy.id)
        record.action_authorise()
        move = record.line_ids.sudo().move_id
        move.write({"quantity": 1.25, "picked": True})
        move.picking_id._action_done()
        first, rest = record.line_ids.sorted("id")
        self.assertEqual((first.quantity, first.state, unit.custody), (1.25, "in_workshop", "in_workshop"))
        self.assertEqual(
            (rest.quantity, rest.state, rest.sudo().move_id.state), (1.75, "expected", "assigned")
        )
        self._receive(record)
        self.assertEqual(record.state, "received")
        self.assertEqual(sum(self._get_quants(self.goods, self.pump).mapped("quantity")), 3.0)

    def test_warehouse_receives_a_part_of_one_of_two(self):
        """Two pieces of one delivery share a transfer: the rest of the one is not taken for the other."""
        unit = self._deliver(self.pump, 4.0)
        record = self._create_return(
            *({"unit_id": unit.id, "quantity": quantity} for quantity in (1.0, 3.0)),
            policy_id=self.quick_policy.id,
        )
        record.action_authorise()
        small, large = record.line_ids.sorted("id")
        picking_sudo = record.line_ids.sudo().picking_id
        self.assertEqual(len(picking_sudo), 1)
        large.sudo().move_id.write({"quantity": 1.25, "picked": True})
        picking_sudo._action_done()
        rest = record.line_ids - small - large
        self.assertEqual((small.state, large.quantity, rest.quantity), ("expected", 1.25, 1.75))
        self.assertRecordValues(
            (small | rest).sudo().move_id, [{"product_uom_qty": 1.0}, {"product_uom_qty": 1.75}]
        )
        self._receive(record)
        self.assertEqual(record.state, "received")
        self.assertEqual(sum(self._get_quants(self.goods, self.pump).mapped("quantity")), 4.0)
