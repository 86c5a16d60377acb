from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_field import SIGNATURE, FieldCommon


@tagged("post_install", "-at_install")
class TestInterventionSignature(FieldCommon):
    """What is asked for before a visit is signed and done: outcome, checklist, defect and work; and what then stays."""

    def test_finish_needs_outcome_and_checklist(self):
        visit = self._create_visit(
            self.agent, check_ids=[Command.create({"name": "Pressure", "is_required": True})]
        )
        visit.action_plan()
        visit.action_start()
        with self._quietly_refused(UserError, "outcome"):
            visit.action_done()
        visit.outcome = "solved"
        with self._quietly_refused(UserError, "Pressure"):
            visit.action_done()
        visit.check_ids.is_done = True
        visit.action_done()
        self.assertEqual(visit.state, "done")
        with self._quietly_refused(UserError, "not in progress"):
            visit.action_done()

    def test_checklist_comes_from_the_service(self):
        service = self.service.copy(
            {"code": "X1", "check_ids": [Command.create({"name": "Tightness", "is_required": True})]}
        )
        visit = self._create_visit(self.agent, service_id=service.id)
        self.assertRecordValues(
            visit.check_ids, [{"name": "Tightness", "is_required": True, "is_done": False}]
        )
        visit.check_ids.is_done = True
        visit.service_id = self.service
        self.assertEqual(visit.check_ids.mapped("name"), ["Tightness"], "answers are kept")

    def test_checklist_of_a_visit_made_in_its_form(self):
        """The form keeps which line of the service was asked: the report prints it in the customer's language."""
        service = self.service.copy(
            {"code": "X2", "check_ids": [Command.create({"name": "Tightness", "is_required": True})]}
        )
        form = Form(self.env["after.sales.intervention"].with_user(self.agent))
        form.partner_id = self.consumer
        form.service_id = service
        visit = form.save()
        self.assertEqual(visit.check_ids.check_id, service.check_ids)
        self.assertTrue(visit.check_ids.is_required)

    def test_sign_once(self):
        visit = self._create_visit(self.agent).with_user(self.technician_user)
        with self._quietly_refused(UserError, "in progress"):
            visit.action_sign()
        visit.action_plan()
        visit.action_start()
        action = visit.action_sign()
        wizard = self.env["after.sales.intervention.sign"].with_user(self.technician_user)
        wizard = wizard.with_context(**action["context"]).create({"signature": SIGNATURE})
        self.assertEqual(wizard.signed_by, self.consumer.name)
        wizard.action_confirm()
        self.assertEqual(visit.signed_by, self.consumer.name)
        self.assertTrue(visit.signed_on)
        with self._quietly_refused(UserError, "signed already"):
            visit.action_sign()
        with self._quietly_refused(UserError, "signed already"):
            wizard.action_confirm()

    def test_checks_are_done_before_the_customer_signs(self):
        """The signature locks them, and finishing asks for them."""
        check = Command.create({"name": "Pressure", "is_required": True})
        visit = self._create_visit(self.agent, check_ids=[check]).with_user(self.technician_user)
        visit.action_plan()
        visit.action_start()
        for outcome in (False, "solved"):
            visit.outcome = outcome
            with self.subTest(outcome=outcome), self._quietly_refused(UserError, "Pressure"):
                visit.action_sign()
            with self._quietly_refused(UserError, "Pressure"):
                visit._sign(SIGNATURE, "Carla Consumer")
        visit.write({"outcome": "second_visit", "outcome_reason": "A part is missing"})
        visit.action_sign()
        visit.outcome = "solved"
        visit.check_ids.is_done = True
        visit._sign(SIGNATURE, "Carla Consumer")
        visit.action_done()
        self.assertEqual(visit.state, "done")

    def test_what_is_signed_stays_as_it_was_read(self):
        """Hours stop with the signature; the way home may follow it, work and parts after it is taken back only."""
        visit = self._create_visit(self.agent).with_user(self.technician_user)
        part = self._add_part(visit, self.part_b)
        visit.action_work()
        visit._sign(SIGNATURE, "Carla Consumer")
        self.assertFalse(visit.running_session_id)
        self.assertEqual(visit.session_ids.date_stop, visit.signed_on)
        for change in (
            visit.action_work,
            lambda: part.write({"quantity": 5}),
            lambda: part.unlink(),
            lambda: self._add_part(visit, self.part_a),
            lambda: visit.session_ids.unlink(),
            lambda: visit.write({"work_done": "More"}),
        ):
            with self._quietly_refused(UserError, "take the signature back"):
                change()
        visit.action_travel()
        visit.action_stop()
        visit.action_unsign()
        self.assertFalse(visit.signature or visit.signed_by)
        self.assertIn("Carla Consumer", visit.message_ids[0].body)
        part.quantity = 5
        with self._quietly_refused(UserError, "not signed"):
            visit.action_unsign()

    def test_a_repair_says_what_was_wrong_and_what_was_done(self):
        """What the customer is owed in writing (law.md L33) is asked for before he signs, and before the end."""
        blank = {"service_id": self.service.id, "defect": False, "work_done": " "}
        visit = self._create_visit(self.agent, **blank).with_user(self.technician_user)
        visit.action_plan()
        visit.action_start()
        visit.check_ids.is_done = True
        for outcome in (False, "solved"):
            visit.outcome = outcome
            for action in (visit.action_sign, lambda: visit._sign(SIGNATURE, "Carla Consumer")):
                with self._quietly_refused(UserError, "say what was wrong"):
                    action()
        with self._quietly_refused(UserError, "say what was wrong"):
            visit.action_done()
        visit.defect = "Pump seized"
        for action in (visit.action_sign, visit.action_done):
            with self._quietly_refused(UserError, "say what you did"):
                action()
        visit.work_done = "Pump freed"
        visit._sign(SIGNATURE, "Carla Consumer")
        visit.action_done()
        self.assertEqual(visit.state, "done")

    def test_a_fault_code_is_a_defect(self):
        fault = self.env["after.sales.fault"].create({"name": "Leak", "kind": "symptom", "code": "TEST-LEAK"})
        visit = self._create_visit(self.agent, defect=False, fault_id=fault.id)
        self._finish(visit)
        self.assertEqual(visit.state, "done")

    def test_nothing_is_wrong_where_one_maintains(self):
        maintenance = self.env.ref("after_sales_contract.after_sales_service_maintenance")
        visit = self._create_visit(self.agent, service_id=maintenance.id, defect=False, work_done=False)
        with self._quietly_refused(UserError, "say what you did"):
            self._finish(visit)
        visit.work_done = "Cleaned"
        self._finish(visit)
        self.assertEqual(visit.state, "done")

    def test_who_was_not_let_in_found_nothing(self):
        for outcome in ("customer_absent", "refused", "second_visit"):
            visit = self._create_visit(self.agent, defect=False, work_done=False)
            self._finish(visit, outcome, outcome_reason="The gate was locked")
            self.assertEqual(visit.state, "done")
