from datetime import date

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_field import SIGNATURE
from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestWorkshop(WorkshopCommon):
    """A return from its authorisation to its hand-out: the goods stay the customer's and are always somewhere."""

    def test_repaired_and_handed_out(self):
        order, unit = self._sold_units("M-1")
        value, available = self.machine.total_value, self.machine.qty_available
        record = self._create_return(unit)
        record.action_authorise()
        self.assertRecordValues(
            record,
            [{"state": "authorised", "valid_until": date(2026, 4, 10), "authorised_by_id": self.agent.id}],
        )
        self.assertEqual(unit.custody, "at_customer")
        line = record.line_ids
        self._receive(record)
        self.assertEqual((line.state, record.state, unit.custody), ("received", "received", "received"))
        self.assertFalse(line.sudo().repair_ids, "nothing is repaired before somebody looked")
        with self._quietly_refused(UserError, "condition"):
            line.action_accept()
        self._accept(line.with_user(self.technician_user))
        self.assertEqual((line.state, unit.custody), ("in_workshop", "in_workshop"))
        self._assert_not_ours(self.machine, value, available)
        self._repair(line)
        self.assertEqual((line.state, unit.custody), ("ready", "ready"))
        act = self._hand_out(line, signed_by="Carla", signature=SIGNATURE)
        self.assertRecordValues(act, [{"state": "done", "partner_id": self.consumer.id}])
        self.assertRecordValues(unit, [{"custody": "at_customer", "state": "in_service"}])
        self.assertEqual((line.state, record.state), ("done", "closed"))
        self.assertFalse(self._get_quants(self.goods, self.machine))
        self.assertEqual(order.order_line.qty_delivered, 1.0)
        self._assert_not_ours(self.machine, value, available)
        self.assertEqual(self.env["after.sales.unit"].search_count([("serial", "=", "M-1")]), 1)
        with self._quietly_refused(UserError, "does not change"):
            act.signed_by = "Somebody else"

    def test_fifo_valuation_is_not_touched(self):
        self.machine.categ_id = self.env["product.category"].create(
            {"name": "FIFO", "property_cost_method": "fifo"}
        )
        self.machine.standard_price = 50.0
        __, unit = self._sold_units("M-1")
        lot = self._create_lot(self.machine, "OURS-1")
        self._stock(self.machine, 1, [lot])
        self.env.invalidate_all()
        value = self.machine.total_value
        self.assertTrue(value)
        record = self._create_return(unit)
        record.action_authorise()
        self._receive(record)
        self._assert_not_ours(self.machine, value, 1.0)

    def test_parts_and_decimals(self):
        """10.5 pieces are announced; 4.25 come, then the rest (D69)."""
        unit = self._deliver(self.pump, 12.0)
        record = self._create_return({"unit_id": unit.id, "quantity": 10.5}, policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record, (4.25, False))
        first, rest = record.line_ids.sorted("id")
        self.assertEqual(record.state, "partial")
        self.assertEqual((first.quantity, first.state), (4.25, "in_workshop"))
        self.assertEqual((rest.quantity, rest.state), (6.25, "expected"))
        self.assertRecordValues(
            (first | rest).sudo().move_id,
            [{"state": "done", "quantity": 4.25}, {"state": "assigned", "quantity": 6.25}],
        )
        self.assertEqual(sum(self._get_quants(self.goods, self.pump).mapped("quantity")), 4.25)
        with self._quietly_refused(UserError, "beyond it"):
            self._receive(record, (7.0, False))
        with self._quietly_refused(UserError, "no quantity"):
            self._receive(record, (0.0, False))
        self._receive(record)
        self.assertEqual(record.state, "received")
        self.assertEqual(sum(self._get_quants(self.goods, self.pump).mapped("quantity")), 10.5)

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

    def test_choices_taken_over_from_others_are_translated(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(
            ["after_sales_warranty", "after_sales_helpdesk"], ["it_IT"]
        )
        for model, name, value, label in (
            ("after.sales.return.line", "condition", "worn", "Usurata"),
            ("after.sales.return.policy", "outcome", "repair", "Riparazione"),
            ("after.sales.charge", "payer", "customer", "Cliente"),
            ("after.sales.charge", "cost_class", "labour", "Manodopera"),
            ("after.sales.subcontract", "outcome", "solved", "Risolta"),
        ):
            fields_it = self.env[model].with_user(self.manager).with_context(lang="it_IT").fields_get([name])
            self.assertEqual(dict(fields_it[name]["selection"])[value], label, f"{model}.{name}")

    def test_a_new_document_is_called_new(self):
        """No bare '/' stands where its number will be."""
        for model in ("ticket", "return", "intervention", "loan", "handout", "subcontract"):
            arch = self.env[f"after.sales.{model}"].with_user(self.manager).get_view(view_type="form")["arch"]
            title = etree.fromstring(arch).find(".//div[@class='oe_title']")
            self.assertEqual(title.find(".//span[@invisible='id']").text, "New", model)
            self.assertEqual(title.find(".//field[@name='name']").get("invisible"), "not id", model)

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

    def test_not_accepted_goes_back_as_it_is(self):
        __, unit = self._sold_units("M-1")
        record = self._create_return(unit)
        record.action_authorise()
        self._receive(record)
        line = record.line_ids
        line.condition = "other_goods"
        with self._quietly_refused(UserError, "why"):
            line.action_refuse()
        line.refusal_reason = "Not our product"
        with self._quietly_refused(AccessError, "agents"):
            line.with_user(self.technician_user).action_refuse()
        line.action_refuse()
        self.assertEqual((line.state, line.outcome), ("ready", "hand_back"))
        self._hand_out(line)
        self.assertEqual(unit.custody, "at_customer")

    def test_inspection_is_evidence_of_the_claim(self):
        __, unit = self._sold_units("M-1")
        claim = self.env["after.sales.claim"].create({"unit_id": unit.id})
        record = self._create_return(unit, claim_id=claim.id)
        record.action_authorise()
        self._receive(record)
        record.line_ids.findings = "Cracked board"
        self._accept(record.line_ids, "damaged")
        self.assertRecordValues(
            claim.inspection_ids, [{"condition": "damaged", "note": "Cracked board", "serial_read": "M-1"}]
        )
        self.assertEqual(claim.return_count, 1)

    def test_claim_decides(self):
        __, unit = self._sold_units("M-1")
        claim = self.env["after.sales.claim"].create({"unit_id": unit.id, "reason": "Misuse"})
        claim.action_check()
        self.repair_policy.claim_required = True
        record = self._create_return(unit, claim_id=claim.id)
        with self._quietly_refused(UserError, "needs a warranty claim"):
            record.action_authorise()
        claim.action_refuse()
        with self._quietly_refused(UserError, "refused"):
            record.action_authorise()

    def test_cancel_leaves_the_unit_with_its_owner(self):
        __, unit = self._sold_units("M-1")
        record = self._create_return(unit)
        record.action_authorise()
        record.action_cancel()
        self.assertEqual((record.state, unit.custody), ("cancelled", "at_customer"))
        self.assertEqual(record.line_ids.sudo().move_id.state, "cancel")
        other = self._create_return(unit, policy_id=self.quick_policy.id)
        other.action_authorise()
        self._receive(other)
        with self._quietly_refused(UserError, "hand them back"):
            other.action_cancel()

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

    def test_rights_and_second_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        __, unit = self._sold_units("M-1")
        record = self._create_return(unit)
        with self._quietly_refused(AccessError, "agents"):
            record.with_user(self.technician_user).action_authorise()
        stranger = self._create_user(
            "elsewhere",
            "after_sales_warranty.group_after_sales_agent",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self._quietly_refused(AccessError):
            record.with_user(stranger).action_authorise()
        self.assertTrue(other.after_sales_handback_type_id and other.after_sales_loan_location_id)
        with self._quietly_refused(ValidationError, "another customer"):
            self._create_return(unit, partner_id=self.business.id)

    def test_collected_material_is_handed_out_from_the_workshop(self):
        __, unit = self._sold_units("M-1")
        visit = self._create_visit(self.agent, unit_id=unit.id).with_user(self.technician_user)
        collected = self._collect(visit, unit_id=unit.id)
        self._finish(visit, "second_visit", outcome_reason="To the workshop")
        collected.action_receive()
        line = self.env["after.sales.return.line"].search([("unit_id", "=", unit.id)])
        self.assertRecordValues(
            line, [{"state": "in_workshop", "repair_ids": collected.sudo().repair_id.ids}]
        )
        self._repair(line)
        self._hand_out(line.with_user(self.agent))
        self.assertEqual(unit.custody, "at_customer")
        self.assertEqual(line.return_id.date_authorised, False)
        self.assertEqual(line.date_done, fields.Datetime.now())

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
