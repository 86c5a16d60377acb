from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AGENT, MANAGER
from .extension_common import ExtensionCommon


@tagged("post_install", "-at_install")
class TestGoodwill(ExtensionCommon):
    """An agent gives a little by himself; more waits for a manager, and nothing goes around him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.after_sales_goodwill_months = 3
        cls.agent = cls._create_user("agent", AGENT)
        cls.manager = cls._create_user("manager", MANAGER)
        cls.little = cls._create_term("Two months", kind="extension", duration=2)
        cls.unit = cls._create_unit(serial="G1", delivery_date=fields.Date.today())

    def _ask(self, user, term, **values):
        wizard = (
            self.env["after.sales.warranty.grant"]
            .with_user(user)
            .create({"unit_ids": self.unit.ids, "term_id": term.id, "reason": "Late repair", **values})
        )
        action = wizard.action_grant()
        records = self.env[action["res_model"]].with_user(user).search(action["domain"])
        return records

    def test_within_the_limit(self):
        end = self.unit.warranty_end
        warranty = self._ask(self.agent, self.little)
        self.assertEqual(warranty._name, "after.sales.warranty")
        self.assertEqual(warranty.date_start, end + timedelta(days=1))
        goodwill = self.env["after.sales.goodwill"].search([("unit_id", "=", self.unit.id)])
        self.assertRecordValues(
            goodwill,
            [{"state": "approved", "user_id": self.agent.id, "decided_by_id": self.agent.id, "months": 2.0}],
        )

    def test_a_warranty_it_has_is_not_asked_for(self):
        """The agent is told at once, not the manager who approves."""
        term = self.unit.warranty_ids.term_id.filtered(lambda t: t.kind != "extension")[:1]
        self.assertTrue(term)
        with self.assertRaisesRegex(UserError, "choose a term of the kind Extension"):
            self._ask(self.agent, term)

    def test_the_limit_is_for_all_together(self):
        self._ask(self.agent, self.little)
        other = self._create_term("Two months again", kind="extension", duration=60, duration_unit="day")
        goodwill = self._ask(self.agent, other)
        self.assertRecordValues(goodwill.filtered(lambda g: g.term_id == other), [{"state": "requested"}])

    def test_above_the_limit_and_approved(self):
        goodwill = self._ask(self.agent, self.one_year)
        self.assertRecordValues(goodwill, [{"state": "requested", "warranty_id": False}])
        self.assertFalse(self._get_extensions(self.unit), "nothing in the ledger before the approval")
        self.assertIn(self.manager, goodwill.activity_ids.user_id)
        self.assertIn("Late repair", goodwill.activity_ids[0].note)
        with self.assertRaisesRegex(UserError, "Only a manager"):
            goodwill.with_user(self.agent).action_approve()
        goodwill.with_user(self.manager).action_approve()
        extension = self._get_extensions(self.unit)
        self.assertEqual(goodwill.warranty_id, extension)
        self.assertEqual(extension.event_ids.reason, "Late repair")
        self.assertRecordValues(goodwill, [{"state": "approved", "decided_by_id": self.manager.id}])
        self.assertFalse(goodwill.activity_ids)
        with self.assertRaisesRegex(UserError, "decided already"):
            goodwill.with_user(self.manager).action_approve()

    def test_refused(self):
        goodwill = self._ask(self.agent, self.one_year).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Say why"):
            goodwill.action_refuse()
        goodwill.decision_reason = "Misuse"
        goodwill.action_refuse()
        self.assertRecordValues(
            goodwill, [{"state": "refused", "decided_by_id": self.manager.id, "warranty_id": False}]
        )
        self.assertTrue(goodwill.date_decided)
        self.assertFalse(self._get_extensions(self.unit))
        with self.assertRaises(UserError):
            goodwill.unlink()

    def test_manager_gives_at_once(self):
        self.assertEqual(self._ask(self.manager, self.one_year)._name, "after.sales.warranty")

    def test_no_way_around(self):
        """Neither the ledger nor the warranty itself is written by hand to get more."""
        warranty = self.unit.warranty_ids.with_user(self.agent)
        for kind in ("extension", "void", "waiver"):
            with self.assertRaisesRegex(UserError, "Give a Warranty"):
                warranty._add_event(kind, fields.Date.today(), months=24)
        for kind in ("extension", "conventional", "legal"):
            with self.assertRaises(AccessError):
                warranty.create({"unit_id": self.unit.id, "kind": kind, "duration": 36})
        for values in (
            {"date_end": "2099-01-01"},
            {"part_share": 100},
            {"claim_limit": 0},
            {"ended_by": False},
        ):
            with self.assertRaises(AccessError):
                warranty.write(values)
        self.assertTrue(warranty.message_post(body="The customer asked.", subtype_xmlid="mail.mt_note"))
        self.assertTrue(warranty.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id))
        with self.assertRaises(AccessError):
            self.env["after.sales.goodwill"].with_user(self.agent).create(
                {"unit_id": self.unit.id, "term_id": self.one_year.id, "reason": "x", "state": "approved"}
            )
        warranty._add_event("suspension", fields.Date.today())
        with self.assertRaisesRegex(UserError, "Give a Warranty"):
            warranty.event_ids.filtered(lambda e: e.kind == "suspension").kind = "extension"
        self.unit.warranty_ids.with_user(self.manager)._add_event("extension", fields.Date.today(), months=1)

    def test_no_time_by_hand(self):
        """Whatever the kind of event, months and days are not an agent's to write, nor to change."""
        today = fields.Date.today()
        warranty = self.unit.warranty_ids.with_user(self.agent)
        end = warranty.date_end
        for kind in ("start", "suspension", "extension", "repair", "replacement", "transfer"):
            for values in ({"months": 6}, {"days": 200}):
                with self.subTest(kind, **values), self.assertRaisesRegex(UserError, "Give a Warranty"):
                    warranty._add_event(kind, today, **values)
        for kind in ("repair", "replacement", "transfer"):
            with self.subTest(kind), self.assertRaisesRegex(UserError, "Give a Warranty"):
                warranty._add_event(kind, today)
        start = warranty.event_ids
        for values in ({"months": 36}, {"days": 10}, {"kind": "extension"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "Give a Warranty"):
                start.write(values)
        with self.assertRaises(AccessError):
            start.unlink()
        self.assertEqual(warranty.date_end, end)
        start.with_user(self.manager).months = 36
        self.assertGreater(warranty.date_end, end)

    def test_no_cover_kept_by_a_word_in_the_context(self):
        """Cover of the first owner only goes on for the next one when a manager says why."""
        first_only = self._create_term("First owner", transferable=False)
        self.unit._grant_warranties()
        given = self.unit.warranty_ids.filtered(lambda w: w.term_id == first_only)
        kept = {"after_sales_keep_cover": "He asked nicely"}
        self.unit.with_user(self.agent).with_context(**kept).partner_id = self.business
        self.assertEqual(given.ended_by, "void")
        given.event_ids.filtered(lambda e: e.kind == "void").active = False
        self.unit.with_user(self.manager).with_context(**kept).partner_id = self.consumer
        self.assertFalse(given.ended_by)
        self.assertIn("He asked nicely", given.event_ids.mapped("reason"))

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user(
            "stranger", MANAGER, company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        goodwill = self._ask(self.agent, self.one_year)
        with self.assertRaises(AccessError):
            goodwill.with_user(stranger).read(["state"])
        self.assertNotIn(stranger, goodwill.activity_ids.user_id)
