from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AGENT, REVIEWER, ComplaintCommon


@tagged("post_install", "-at_install")
class TestAccess(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._create_user("co_portal", "base.group_portal", partner_id=cls.customer.id)
        stranger = cls.env["res.partner"].create({"name": "Stranger", "email": "stranger@example.com"})
        cls.stranger = cls._create_user("co_stranger", "base.group_portal", partner_id=stranger.id)

    def _visible(self, complaint, user):
        return bool(self.env["after.sales.complaint"].with_user(user).search([("id", "=", complaint.id)]))

    def test_confidential(self):
        complaint = self._create_complaint(is_confidential=True, user_id=self.other_agent.id)
        nosy = self._create_user("co_nosy", AGENT)
        self.assertTrue(self._visible(complaint, self.agent), "who took it")
        self.assertTrue(self._visible(complaint, self.other_agent), "the responsible")
        self.assertTrue(self._visible(complaint, self.manager), "the head of the desk")
        self.assertTrue(self._visible(complaint, self.reviewer))
        self.assertFalse(self._visible(complaint, nosy))
        self.assertFalse(self._visible(complaint, self.technician))
        with self.assertRaises(AccessError):
            complaint.with_user(nosy).read(["subject"])
        with self.assertRaises(AccessError):
            complaint.step_ids.with_user(nosy).read(["deadline"])

    def test_confidential_decision_and_remedies(self):
        complaint = self._assess(self._create_complaint(is_confidential=True))
        decision = self._decide(complaint, remedy=self._remedy("apology"), amount=0)
        nosy = self._create_user("co_nosy", AGENT)
        for record in (decision, decision.measure_ids):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(nosy).read(["state"])
        self.assertEqual(self.customer.with_user(nosy).after_sales_complaint_count, 0)
        self.assertEqual(self.customer.with_user(self.reviewer).after_sales_complaint_count, 1)

    def test_a_cause_makes_it_confidential(self):
        cause = self.env.ref("after_sales_complaint.complaint_cause_conduct_staff")
        self.assertTrue(self._create_complaint(cause_id=cause.id).is_confidential)

    def test_the_person_complained_about_sees_nothing(self):
        complaint = self._create_complaint(self.reviewer)
        complaint.concerned_user_ids = self.agent | self.other_reviewer
        self.assertFalse(self._visible(complaint, self.agent))
        self.assertFalse(self._visible(complaint, self.other_reviewer), "not even as reviewer")
        self.assertTrue(self._visible(complaint, self.other_agent))

    def test_technician_takes_a_complaint_and_no_more(self):
        complaint = self._create_complaint(self.technician, channel="counter")
        self.assertTrue(complaint.name)
        with self.assertRaises(AccessError):
            complaint.write({"severity": "low"})
        with self.assertRaises(AccessError):
            complaint.action_acknowledge_by_hand()

    def test_agent_configures_nothing(self):
        for record in (self.price_reduction, self.price_reduction.limit_ids[0], self.team, self.cause):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.agent).write({"active" if "active" in record._fields else "amount": 5})
        self.price_reduction.with_user(self.manager).limit_ids[0].amount = 5.0

    def test_second_company(self):
        other = self.env["res.company"].create({"name": "Second company"})
        foreign = self._create_user("co_foreign", REVIEWER, company_id=other.id)
        complaint = self._create_complaint()
        self.assertFalse(self._visible(complaint, foreign))
        with self.assertRaises(AccessError):
            complaint.with_user(foreign).read(["subject"])
        own = (
            self.env["after.sales.complaint"]
            .with_user(foreign)
            .create({"subject": "Ours", "partner_id": self.customer.id})
        )
        self.assertEqual(own.company_id, other)
        self.assertFalse(self._visible(own, self.reviewer))
        self.assertNotEqual(own.team_id, self.team, "the shared desk, not the one of another company")
        with self.assertRaises(UserError):
            own.team_id = self.team

    def test_action_of_second_company(self):
        other = self.env["res.company"].create({"name": "Second company"})
        foreign = self._create_user("co_foreign", AGENT, company_id=other.id)
        action = (
            self.env["after.sales.complaint.action"]
            .with_user(self.agent)
            .create(
                {"name": "Call before a visit", "date_deadline": "2030-01-01", "company_id": self.company.id}
            )
        )
        with self.assertRaises(AccessError):
            action.with_user(foreign).read(["name"])

    def test_portal_user_sees_his_company_only(self):
        complaint = self._create_complaint()
        self.assertTrue(self._visible(complaint, self.portal_user))
        self.assertFalse(self._visible(complaint, self.stranger))
        with self.assertRaises(AccessError):
            complaint.with_user(self.stranger).read(["subject"])
        with self.assertRaises(AccessError):
            complaint.with_user(self.portal_user).write({"subject": "Mine"})
        for model in ("decision", "measure", "step", "remedy", "action", "team"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[f"after.sales.complaint.{model}"].with_user(self.portal_user).search([])

    def test_agent_without_accounting_right_credits_what_was_decided(self):
        """He makes the credit note of a decision, and no other."""
        self.assertFalse(self.agent.has_group("account.group_account_invoice"))
        invoice = self._create_invoice()
        complaint = self._assess(self._create_complaint(invoice_id=invoice.id))
        self._decide(complaint, amount=50.0)
        complaint.action_execute()
        self.assertEqual(complaint.measure_ids.state, "done")
        with self.assertRaises(AccessError):
            invoice.with_user(self.agent).write({"ref": "changed"})
        with self.assertRaises(AccessError):
            self.env["account.move"].with_user(self.agent).create(
                {"move_type": "out_refund", "partner_id": self.customer.id}
            )

    def test_agent_reads_customer_invoices_only(self):
        invoice = self._create_invoice()
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.customer.id, "company_id": self.company.id}
        )
        self.assertTrue(invoice.with_user(self.agent).read(["name"]))
        with self.assertRaises(AccessError):
            bill.with_user(self.agent).read(["name"])

    def test_rules_can_be_read_by_every_role(self):
        """Every view of ours opens for its user."""
        complaint = self._create_complaint()
        for user in (self.technician, self.agent, self.reviewer, self.manager):
            for model in (
                "",
                ".decision",
                ".measure",
                ".step",
                ".action",
                ".team",
                ".remedy",
                ".cause",
                ".term",
            ):
                views = self.env[f"after.sales.complaint{model}"].with_user(user)
                views.get_views([(False, "list"), (False, "form"), (False, "search")])
            self.assertTrue(complaint.with_user(user).read())

    def test_portal_user_of_the_same_company(self):
        parent = self.env["res.partner"].create({"name": "Rossi Srl", "is_company": True})
        colleague = self.env["res.partner"].create({"name": "Luca", "parent_id": parent.id})
        boss = self.env["res.partner"].create({"name": "Anna", "parent_id": parent.id})
        user = self._create_user("co_boss", "base.group_portal", partner_id=boss.id)
        complaint = self._create_complaint(partner_id=colleague.id)
        self.assertTrue(self._visible(complaint, user))
        self.assertFalse(self._visible(complaint, self.stranger))
        self.assertEqual(complaint.commercial_partner_id, parent)
        self.assertEqual(self.env["res.groups"], self.env["res.groups"].browse(Command.set([])[2]))
