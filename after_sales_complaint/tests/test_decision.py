from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestDecision(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice((2000.0, cls.vat))

    def _complaint(self, user=None, **values):
        return self._assess(self._create_complaint(user, invoice_id=self.invoice.id, **values))

    # ------------------------------------------------------------
    # Limits: price reduction is shipped as agent 100, reviewer 500, manager without limit
    # ------------------------------------------------------------

    def test_within_the_limit_it_is_in_force_at_once(self):
        complaint = self._complaint()
        decision = self._decide(complaint, amount=100.0)
        self.assertRecordValues(
            decision,
            [
                {
                    "state": "approved",
                    "required_role": "agent",
                    "decided_by_id": self.agent.id,
                    "approved_by_id": self.agent.id,
                }
            ],
        )
        self.assertEqual(complaint.amount_granted, 100.0)

    def test_above_the_limit_it_waits_for_someone_who_may(self):
        complaint = self._complaint()
        decision = self._decide(complaint, amount=100.01)
        self.assertRecordValues(decision, [{"state": "to_approve", "required_role": "reviewer"}])
        self.assertEqual(complaint.state, "assessed")
        self.assertTrue(complaint.needs_approval)
        approval = self.env.ref("after_sales_complaint.mail_activity_type_approval")
        activity = complaint.activity_ids.filtered(lambda a: a.activity_type_id == approval)
        self.assertEqual(activity.user_id, self.manager, "the head of the desk may grant it")
        with self.assertRaisesRegex(UserError, "Someone else"):
            decision.with_user(self.agent).action_approve()
        with self.assertRaisesRegex(UserError, "limit is not enough"):
            decision.with_user(self.other_agent).action_approve()
        with self.assertRaisesRegex(UserError, "not granted by a decision in force"):
            decision.measure_ids.with_user(self.agent).action_execute()
        decision.with_user(self.reviewer).action_approve()
        self.assertRecordValues(decision, [{"state": "approved", "approved_by_id": self.reviewer.id}])
        self.assertEqual(complaint.state, "decided")
        self.assertFalse(complaint.activity_ids.filtered(lambda a: a.activity_type_id == approval))

    def test_reviewer_has_a_limit_too(self):
        complaint = self._complaint(self.reviewer)
        decision = self._decide(complaint, amount=500.01)
        self.assertEqual(decision.required_role, "manager")
        with self.assertRaises(UserError):
            decision.with_user(self.other_reviewer).action_approve()
        decision.with_user(self.manager).action_approve()
        self.assertEqual(decision.state, "approved")

    def test_splitting_does_not_widen_a_limit(self):
        complaint = self._complaint()
        decision = (
            self.env["after.sales.complaint.decision"]
            .with_user(self.agent)
            .create(
                {
                    "complaint_id": complaint.id,
                    "reason": "Two bits",
                    "measure_ids": [
                        Command.create({"remedy_id": self.price_reduction.id, "amount": 60.0}),
                        Command.create({"remedy_id": self.price_reduction.id, "amount": 60.0}),
                    ],
                }
            )
        )
        decision.action_submit()
        self.assertEqual(decision.state, "to_approve")

    def test_nobody_may(self):
        self.price_reduction.limit_ids.filtered(lambda row: row.role == "manager").unlink()
        complaint = self._complaint(self.manager)
        with self.assertRaisesRegex(UserError, "Nobody may grant"):
            self._decide(complaint, amount=600.0)

    def test_limits_of_a_company_replace_the_shared_ones(self):
        self.env["after.sales.complaint.limit"].create(
            {
                "remedy_id": self.price_reduction.id,
                "role": "agent",
                "amount": 30.0,
                "company_id": self.company.id,
            }
        )
        complaint = self._complaint()
        with self.assertRaisesRegex(UserError, "Nobody may grant"):
            self._decide(complaint, amount=31.0)
        self.assertEqual(self._decide(self._complaint(), amount=30.0).state, "approved")

    def test_another_currency_is_converted(self):
        """The limit is in the company's currency."""
        currency = self.setup_other_currency(
            "EUR" if self.company.currency_id.name != "EUR" else "USD", rates=[("2020-01-01", 2.0)]
        )
        invoice = self._create_invoice((1000.0, self.vat), currency_id=currency.id)
        complaint = self._assess(self._create_complaint(invoice_id=invoice.id))
        self.assertEqual(complaint.currency_id, currency)
        self.assertEqual(self._decide(complaint, amount=200.0).state, "approved", "200 are 100 of ours")

    def test_refused_approval_leads_to_a_new_decision(self):
        complaint = self._complaint()
        decision = self._decide(complaint, amount=300.0)
        decision.with_user(self.reviewer).action_refuse()
        self.assertEqual(decision.state, "refused")
        self.assertEqual(decision.measure_ids.state, "cancelled")
        self.assertFalse(complaint.needs_approval)
        self.assertEqual(self._decide(complaint, amount=80.0).state, "approved")

    # ------------------------------------------------------------
    # The buttons are the only way
    # ------------------------------------------------------------

    def test_state_is_not_written_by_rpc(self):
        complaint = self._complaint()
        decision = self._decide(complaint, amount=300.0).with_user(self.agent)
        for vals in ({"state": "approved"}, {"approved_by_id": self.manager.id}, {"required_role": "agent"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                decision.write(vals)
        for vals in ({"amount": 1.0}, {"remedy_id": self._remedy("apology").id}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                decision.measure_ids.write(vals)
        with self.assertRaises(AccessError):
            decision.measure_ids.write({"state": "done"})
        with self.assertRaises(UserError):
            decision.unlink()
        with self.assertRaises(AccessError):
            self.env["after.sales.complaint.decision"].with_user(self.agent).create(
                {"complaint_id": complaint.id, "state": "approved"}
            )

    def test_submitting_twice(self):
        decision = self._decide(self._complaint(), amount=300.0)
        with self.assertRaises(UserError):
            decision.with_user(self.agent).action_submit()

    def test_content(self):
        complaint = self._complaint()
        with self.assertRaisesRegex(UserError, "reasons"):
            self._decide(complaint, reason="<p><br></p>")
        complaint = self._complaint()
        with self.assertRaisesRegex(UserError, "at least one remedy"):
            self.env["after.sales.complaint.decision"].with_user(self.agent).create(
                {"complaint_id": complaint.id, "reason": "Yes"}
            ).action_submit()
        complaint = self._complaint()
        decision = (
            self.env["after.sales.complaint.decision"]
            .with_user(self.agent)
            .create(
                {
                    "complaint_id": complaint.id,
                    "reason": "No",
                    "outcome": "rejected",
                    "measure_ids": [Command.create({"remedy_id": self.price_reduction.id, "amount": 5.0})],
                }
            )
        )
        with self.assertRaisesRegex(UserError, "goodwill"):
            decision.action_submit()

    def test_the_person_complained_about_decides_nothing(self):
        complaint = self._complaint(self.reviewer)
        complaint.concerned_user_ids = self.agent
        with self.assertRaises(AccessError):
            self._decide(complaint, self.agent)
        with self.assertRaises(ValidationError):
            complaint.user_id = self.agent

    # ------------------------------------------------------------
    # Appeal
    # ------------------------------------------------------------

    def test_appeal_by_the_same_person_is_refused(self):
        complaint = self._contested_complaint(self.reviewer)
        self.assertEqual(complaint.state, "appealed")
        self.assertNotEqual(complaint.appeal_user_id, self.reviewer)
        with self.assertRaisesRegex(UserError, "someone else"):
            self._decide(complaint, self.reviewer, amount=20.0)

    def test_appeal_is_not_approved_by_someone_of_the_first_decision(self):
        complaint = self._complaint()
        decision = self._decide(complaint, amount=400.0, outcome="partly")
        decision.with_user(self.reviewer).action_approve()
        complaint.action_answer_by_hand()
        complaint._contest("Too little")
        appeal = self._decide(complaint, self.other_reviewer, amount=450.0)
        self.assertEqual(
            (appeal.kind, appeal.state, appeal.required_role), ("appeal", "to_approve", "manager")
        )
        with self.assertRaisesRegex(UserError, "someone else"):
            appeal.with_user(self.reviewer).action_approve()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            appeal.sudo().write({"state": "approved", "approved_by_id": self.reviewer.id})
        with self.assertRaisesRegex(UserError, "complaint reviewer"):
            appeal.with_user(self.manager).action_approve()
        self.manager.group_ids += self.env.ref("after_sales_complaint.group_after_sales_reviewer")
        appeal.with_user(self.manager).action_approve()
        self.assertEqual(appeal.state, "approved")
        first = decision.measure_ids
        self.assertEqual(first.state, "cancelled", "the new decision replaces what was not carried out")
        self.assertEqual(complaint.amount_granted, 450.0)
        self.assertTrue(complaint.is_overturned)

    def test_appeal_is_decided_by_a_reviewer(self):
        complaint = self._contested_complaint()
        with self.assertRaisesRegex(UserError, "complaint reviewer"):
            self._decide(complaint, self.other_agent, amount=20.0)

    def test_appeal_turned_down_leaves_the_first_decision(self):
        complaint = self._complaint()
        first = self._decide(complaint, amount=40.0, outcome="partly")
        complaint.action_answer_by_hand()
        complaint._contest("Too little")
        self._decide(complaint, self.reviewer, outcome="rejected")
        self.assertEqual(first.measure_ids.state, "planned")
        self.assertFalse(complaint.is_overturned)
        complaint.action_answer_by_hand()
        self.assertFalse(complaint.appeal_until)
        with self.assertRaisesRegex(UserError, "already decided on appeal"):
            complaint._contest("Still too little")
        complaint.action_execute()
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_appeal_after_its_time(self):
        complaint = self._decided_complaint(outcome="rejected")
        complaint.sudo().appeal_until = "2020-01-01"
        with self.assertRaisesRegex(UserError, "could be contested until"):
            complaint._contest("Late")
        complaint.with_user(self.reviewer)._contest("Late, but he was in hospital")
        self.assertEqual(complaint.state, "appealed")

    def test_the_desk_names_who_hears_appeals(self):
        self.team.appeal_user_id = self.other_reviewer
        complaint = self._contested_complaint()
        self.assertEqual(complaint.appeal_user_id, self.other_reviewer)
        self.assertIn(self.other_reviewer, complaint.activity_ids.user_id)
        other = self._contested_complaint(self.other_reviewer)
        self.assertNotEqual(other.appeal_user_id, self.other_reviewer, "he took the first decision himself")
