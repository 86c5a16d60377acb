from datetime import date

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

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

    def test_call_and_claim_chosen_late_are_saved(self):
        """Past draft a return takes the call and the claim that it lacks; those that it has it keeps."""
        __, unit = self._sold_units("M-1")
        record = self._create_return(unit)
        record.action_authorise()
        claim = self.env["after.sales.claim"].create({"unit_id": unit.id})
        wrong, call = (self._create_ticket(self.agent, partner_id=self.consumer.id) for __ in range(2))
        with Form(record) as form:
            form.ticket_id = wrong
            form.ticket_id = call
        self.assertEqual(record.ticket_id, call)
        with Form(record) as form:
            form.claim_id = claim
        self.assertEqual((record.ticket_id, record.claim_id, record.state), (call, claim, "authorised"))
        for name, value in (("ticket_id", wrong), ("claim_id", claim)):
            with self.assertRaisesRegex(AssertionError, "readonly"), Form(record) as form:
                form[name] = value

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
