from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestFlow(ComplaintCommon):
    def test_from_receipt_to_closing(self):
        """ISO 10002, step by step, by an agent: reference, acknowledgement by mail, decision, credit note, closing."""
        invoice = self._create_invoice()
        complaint = self._create_complaint(
            channel="phone",
            remedy_sought="Something off the invoice",
            amount_sought=80.0,
            invoice_id=invoice.id,
        )
        self.assertRegex(complaint.name, r"^CMP/\d{4}/\d{5}$")
        self.assertEqual(complaint.state, "received")
        self.assertEqual(complaint.user_id, self.manager, "the head of the desk answers for what nobody took")
        self.assertEqual(
            complaint.step_ids.mapped("kind"),
            ["acknowledge", "assess", "investigate", "answer"],
            "each has a deadline",
        )
        complaint.action_acknowledge()
        letter = complaint.message_ids.filtered(lambda m: self.customer in m.partner_ids)
        self.assertEqual(letter.partner_ids, self.customer)
        self.assertIn(complaint.name, letter.subject)
        self.assertEqual(letter.author_id, self.agent.partner_id)
        self.assertIn(complaint.name, letter.body)
        self.assertTrue(complaint.date_acknowledged)
        complaint.cause_id = self.cause
        complaint.action_assess()
        self.assertEqual(complaint.priority, "1")
        self.assertFalse(complaint.must_investigate)
        decision = self._decide(complaint, amount=50.0)
        self.assertEqual((decision.state, decision.required_role), ("approved", "agent"))
        self.assertEqual((complaint.state, complaint.outcome), ("decided", "accepted"))
        complaint.action_send_decision()
        self.assertTrue(complaint.is_communicated and complaint.appeal_until)
        complaint.action_execute()
        self.assertEqual(complaint.state, "executed")
        refund = complaint.measure_ids.sudo().refund_id
        self.assertRecordValues(
            refund,
            [
                {
                    "move_type": "out_refund",
                    "state": "draft",
                    "amount_total": 50.0,
                    "reversed_entry_id": invoice.id,
                }
            ],
        )
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")
        self.assertFalse(complaint.is_open)
        self.assertFalse(complaint.deadline, "nothing runs any more")
        self.assertEqual(set(complaint.step_ids.mapped("state")), {"done", "cancelled"})

    def test_changes_are_tracked_in_the_language_of_the_desk(self):
        """The letter goes out in the customer's language; what the desk reads about its own step does not."""
        self.env["res.lang"]._activate_lang("it_IT")
        label = [
            ("field_id.model", "=", "after.sales.complaint"),
            ("field_id.name", "=", "state"),
            ("value", "=", "received"),
        ]
        received = self.env["ir.model.fields.selection"].search(label)
        received.with_context(lang="it_IT").name = "Ricevuto"
        self.customer.lang = "it_IT"
        complaint = self._create_complaint().with_context(tracking_disable=False, mail_notrack=False)
        self.env.cr.flush()
        complaint.action_acknowledge()
        self.env.cr.flush()
        complaint.invalidate_recordset(["message_ids"])
        changes = complaint.message_ids.sudo().tracking_value_ids.filtered(
            lambda v: v.field_id.name == "state"
        )
        self.assertEqual(changes.old_value_char, "Received")

    def test_order_of_states(self):
        complaint = self._create_complaint()
        for action in (
            "action_assess",
            "action_decide",
            "action_send_decision",
            "action_execute",
            "action_close",
        ):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(complaint, action)()

    def test_cause_is_read_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.cause.with_context(lang="it_IT").name = "Visita in ritardo"
        self.cause.parent_id.with_context(lang="it_IT").name = "Assistenza"
        self.assertEqual(
            self.cause.with_user(self.agent).with_context(lang="it_IT").display_name,
            "Assistenza / Visita in ritardo",
        )

    def test_cause_is_found_by_what_it_shows(self):
        causes = self.env["after.sales.complaint.cause"].with_user(self.agent)
        shown = self.cause.display_name
        self.assertIn(" / ", shown)
        self.assertEqual(causes.name_search(shown, operator="=")[0][0], self.cause.id)
        self.assertIn(self.cause.id, [found for found, __ in causes.name_search("missed visit")])
        self.assertIn(self.cause.id, [found for found, __ in causes.name_search(self.cause.code)])

    def test_assessment_needs_a_cause(self):
        complaint = self._create_complaint()
        complaint.action_acknowledge_by_hand()
        with self.assertRaisesRegex(UserError, "cause"):
            complaint.action_assess()

    def test_grave_cases_are_investigated_first(self):
        complaint = self._assess(self._create_complaint(), severity="high")
        with self.assertRaisesRegex(UserError, "investigated before"):
            complaint.action_decide()
        with self.assertRaisesRegex(UserError, "found"):
            complaint.action_investigate()
        complaint.findings = "<p>The planner had two visits at once.</p>"
        complaint.action_investigate()
        self._decide(complaint, remedy=self._remedy("apology"), amount=0)
        self.assertEqual(complaint.state, "decided")

    def test_danger_opens_an_immediate_action_that_must_be_done(self):
        complaint = self._assess(self._create_complaint(), is_safety=True)
        self.assertEqual(complaint.priority, "3")
        action = complaint.action_ids
        self.assertRecordValues(
            action, [{"kind": "immediate", "state": "open", "date_deadline": complaint._today()}]
        )
        complaint.findings = "<p>Cable replaced.</p>"
        complaint.action_investigate()
        self._decide(complaint, remedy=self._remedy("apology"), amount=0)
        complaint.action_answer_by_hand()
        complaint.action_execute()
        with self.assertRaisesRegex(UserError, "immediate action"):
            complaint.action_close()
        action.with_user(self.agent).action_done()
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_closing_needs_that_the_customer_was_told(self):
        complaint = self._assess(self._create_complaint())
        self._decide(complaint, remedy=self._remedy("apology"), amount=0)
        complaint.action_execute()
        with self.assertRaisesRegex(UserError, "was not told"):
            complaint.action_close()

    def test_refusal_stays_open_while_it_can_be_contested(self):
        complaint = self._decided_complaint(outcome="rejected")
        with self.assertRaisesRegex(UserError, "stays open until"):
            complaint.action_close()
        complaint.action_accepted()
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")
        other = self._decided_complaint(outcome="rejected")
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            other.action_close()
        self.assertEqual(other.state, "closed")

    def test_reopening_is_counted_and_has_a_reason(self):
        complaint = self._decided_complaint()
        complaint.action_execute()
        complaint.action_close()
        wizard = (
            self.env["after.sales.complaint.reason"]
            .with_user(self.agent)
            .create(
                {
                    "complaint_id": complaint.id,
                    "kind": "reopen",
                    "reason": "The voucher was refused in the shop.",
                }
            )
        )
        wizard.action_confirm()
        self.assertRecordValues(
            complaint, [{"state": "assessed", "reopen_count": 1, "is_communicated": False}]
        )
        self.assertEqual(complaint._get_running_steps().mapped("kind"), ["answer"])
        self.assertIn("refused in the shop", complaint.message_ids[0].body)

    def test_withdrawing(self):
        complaint = self._assess(self._create_complaint())
        wizard = (
            self.env["after.sales.complaint.reason"]
            .with_user(self.agent)
            .create({"complaint_id": complaint.id, "kind": "withdraw", "reason": "It was a mistake."})
        )
        wizard.action_confirm()
        self.assertEqual(complaint.state, "cancelled")
        self.assertFalse(complaint._get_running_steps())

    def test_repeats_are_found(self):
        """The same customer, the same cause, within 90 days."""
        first = self._assess(self._create_complaint())
        again = self._assess(self._create_complaint(subject="Late again"))
        self.assertEqual(again.previous_id, first)
        with freeze_time(fields.Datetime.now() + timedelta(days=200)):
            later = self._assess(self._create_complaint())
        self.assertFalse(later.previous_id)

    def test_acknowledgement_without_an_address(self):
        self.customer.email = False
        complaint = self._create_complaint()
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            complaint.action_acknowledge()
        complaint.action_acknowledge_by_hand()
        self.assertEqual(complaint.state, "acknowledged")

    def test_not_in_the_future(self):
        with self.assertRaises(ValidationError):
            self._create_complaint(date_received=fields.Datetime.now() + timedelta(days=1))

    def test_routing(self):
        """The first rule that fits gives desk and person."""
        desk = self.env["after.sales.complaint.team"].create(
            {"name": "Safety desk", "company_id": self.company.id}
        )
        self.env["after.sales.complaint.route"].create(
            [
                {
                    "name": "Danger",
                    "sequence": 1,
                    "only_safety": True,
                    "team_id": desk.id,
                    "user_id": self.reviewer.id,
                },
                {
                    "name": "Service",
                    "sequence": 2,
                    "cause_id": self.cause.parent_id.id,
                    "user_id": self.other_agent.id,
                },
            ]
        )
        danger = self._create_complaint(is_safety=True)
        self.assertRecordValues(danger, [{"team_id": desk.id, "user_id": self.reviewer.id}])
        late = self._create_complaint(cause_id=self.cause.id)
        self.assertRecordValues(late, [{"team_id": self.team.id, "user_id": self.other_agent.id}])
        self.assertEqual(self._create_complaint().user_id, self.manager)
        self.assertEqual(self._create_complaint(user_id=self.agent.id).user_id, self.agent)

    def test_statement_count_does_not_grow_with_reading(self):
        """Lists and kanban compute without a query per record."""
        one = self._create_complaint()
        many = one | self._create_complaint() | self._create_complaint() | self._create_complaint()
        names = ["is_overdue", "deadline", "next_step", "needs_approval", "amount_granted", "action_count"]
        self.env.invalidate_all()
        one.read(names)
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        one.read(names)
        single = self.env.cr.sql_log_count - start
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        many.read(names)
        self.assertLessEqual(self.env.cr.sql_log_count - start, single + 1)
