from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .campaign_common import CampaignCommon


@tagged("post_install", "-at_install")
class TestCampaignSend(CampaignCommon):
    """One message to each owner, reminders in time, and what becomes of those whom nothing reaches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"]._load_module_terms(["after_sales_warranty"], ["it_IT"])
        cls.first = cls._create_unit(serial="SN-1")
        cls.second = cls._create_unit(serial="SN-2")
        cls.hers = cls._create_unit(serial="SN-3", partner_id=cls.anna.id)

    def _owner(self, campaign, partner):
        return campaign.owner_ids.filtered(lambda o: o.partner_id == partner)

    def test_one_message_with_all_units_in_the_owner_s_language(self):
        campaign = self._create_campaign()
        campaign.with_context(lang="it_IT").write(
            {"title": "Il bruciatore scotta", "hazard": "Il bruciatore può incendiare la stanza."}
        )
        self._start(campaign)
        self.assertFalse(self._get_mails(campaign.owner_ids), "the button returns at once")
        self._send()
        self._send()
        mails = self._get_mails(campaign.owner_ids)
        self.assertEqual(len(mails), 2)
        hers, his = self._owner(campaign, self.anna), self._owner(campaign, self.consumer)
        italian, english = self._get_mails(hers), self._get_mails(his)
        self.assertEqual(english.email_to, "carla@example.com")
        for text in (
            "SN-1",
            "SN-2",
            "Product safety recall",
            "people can be burnt",
            "Refund",
            "800 123456",
            his.token,
        ):
            self.assertIn(text, english.body_html)
        self.assertNotIn("SN-3", english.body_html)
        self.assertIn("Product safety recall", english.subject)
        for text in ("SN-3", "Il bruciatore scotta", "incendiare la stanza"):
            self.assertIn(text, italian.body_html)
        self.assertNotIn("people can be burnt", italian.body_html)
        self.assertIn("Il bruciatore scotta", italian.subject)
        self.assertEqual(len(english.attachment_ids), 1, "the notice as a document")
        self.assertIn(b"SN-2", english.attachment_ids.raw)
        self.assertRecordValues(
            his, [{"state": "notified", "email": "carla@example.com", "reminder_count": 0}]
        )
        self.assertEqual(campaign.reached_count, 2)

    def test_reminders(self):
        campaign = self._create_campaign(reminder_days=7, reminder_max=2)
        self._start(campaign)
        hers = self._owner(campaign, self.anna)
        timeline = [
            ("2026-03-01 08:00:00", 1),
            ("2026-03-01 20:00:00", 1),
            ("2026-03-07 08:00:00", 1),
            ("2026-03-08 08:00:00", 2),
            ("2026-03-08 20:00:00", 2),
            # The job slept for weeks: one reminder, not three.
            ("2026-04-20 08:00:00", 3),
            ("2026-04-20 14:00:00", 3),
            ("2026-08-01 08:00:00", 3),
        ]
        for moment, count in timeline:
            with freeze_time(moment):
                self._send()
            self.assertEqual(len(self._get_mails(hers)), count, moment)
        self.assertEqual(hers.reminder_count, 2)
        self.assertIn("Reminder", self._get_mails(self._owner(campaign, self.consumer))[-1].subject)

    def test_no_reminder_after_an_answer_or_the_end(self):
        campaign = self._create_campaign(reminder_days=7)
        self._start(campaign)
        with freeze_time("2026-03-01"):
            self._send()
        hers = self._owner(campaign, self.anna)
        hers._register_answer({hers.unit_ids.id: f"wanted-{self.repair.id}"}, {})
        with freeze_time("2026-03-10"):
            self._send()
        self.assertEqual(len(self._get_mails(self._owner(campaign, self.anna))), 1)
        self.assertEqual(len(self._get_mails(self._owner(campaign, self.consumer))), 2)
        campaign.action_done()
        with freeze_time("2026-03-30"):
            self._send()
        self.assertEqual(len(self._get_mails(self._owner(campaign, self.consumer))), 2)

    def test_no_address(self):
        self.anna.email = False
        campaign = self._start(self._create_campaign())
        self._send()
        hers = self._owner(campaign, self.anna)
        self.assertRecordValues(hers, [{"state": "unreachable", "next_reminder": False}])
        self.assertEqual(hers.activity_ids.user_id, self.manager)
        self.assertFalse(self._get_mails(hers))
        self.assertEqual(campaign.reached_count, 1)
        with self.assertRaisesRegex(UserError, "street"):
            campaign.with_user(self.agent).action_print_letters()
        self.anna.write({"street": "Via Roma 1", "city": "Torino"})
        action = campaign.with_user(self.agent).action_print_letters()
        self.assertEqual(action["report_name"], "after_sales_warranty.report_campaign_notice")
        self.assertTrue(hers.date_letter)
        self.env.invalidate_all()
        self.assertEqual(campaign.reached_count, 2)
        self.anna.email = "anna@example.com"
        hers.with_user(self.agent).action_notify_again()
        self._send()
        self.assertEqual(hers.state, "notified")
        self.assertFalse(hers.activity_ids)

    def test_bounce_and_failure(self):
        campaign = self._start(self._create_campaign())
        self._send()
        hers, his = self._owner(campaign, self.anna), self._owner(campaign, self.consumer)
        hers._message_receive_bounce("manager@example.com", self.manager.partner_id)
        self.assertEqual(hers.state, "notified", "a notice to us came back, not the message to her")
        hers._message_receive_bounce("Anna@example.com", self.anna)
        self.assertEqual(hers.state, "unreachable")
        self.assertIn("Anna@example.com", hers.failure)
        self._get_mails(his)._postprocess_sent_message([], [], "No such mailbox", "mail_email_invalid")
        self.assertRecordValues(his, [{"state": "unreachable", "failure": "No such mailbox"}])
        self.assertEqual((hers | his).activity_ids.user_id, self.manager)
        self.assertEqual(campaign.unreachable_count, 2)

    def test_one_bad_owner_does_not_stop_the_others(self):
        campaign = self._start(self._create_campaign())
        hers = self._owner(campaign, self.anna)
        owner_class = type(self.env["after.sales.campaign.owner"])
        send = owner_class._send_message

        def fail_for_her(owner, email):
            if owner == hers:
                raise UserError("broken")
            return send(owner, email)

        with patch.object(owner_class, "_send_message", fail_for_her):
            self._send()
        self.assertEqual(hers.state, "unreachable")
        self.assertIn("broken", hers.failure)
        self.assertEqual(self._owner(campaign, self.consumer).state, "notified")

    def test_more_units_are_told(self):
        campaign = self._start(self._create_campaign())
        self._send()
        self._create_unit(serial="SN-9", partner_id=self.anna.id)
        campaign.action_prepare()
        self._send()
        mails = self._get_mails(self._owner(campaign, self.anna))
        self.assertEqual(len(mails), 2)
        self.assertIn("SN-9", mails[-1].body_html)
        self.assertEqual(len(self._get_mails(self._owner(campaign, self.consumer))), 1)

    def test_promotion_that_nobody_wants(self):
        promotion = self._create_campaign(
            kind="promotion", hazard=False, remedy_ids=False, body="<p>Ten percent off.</p>"
        )
        with self.assertRaisesRegex(UserError, "none of their owners wants promotions"):
            promotion.action_prepare()

    def test_promotion_respects_opt_out(self):
        self.env["mail.blacklist"]._add("Anna@Example.com")
        archived = self.env["res.partner"].create({"name": "Gone", "email": "gone@example.com"})
        self._create_unit(serial="SN-4", partner_id=archived.id)
        silent = self.env["res.partner"].create({"name": "Silent", "email": "silent@example.com"})
        self._create_unit(serial="SN-5", partner_id=silent.id)
        (self.anna | archived | self.consumer).after_sales_wants_promotions = True
        archived.active = False
        campaign = self._create_campaign(
            kind="promotion", hazard=False, remedy_ids=False, body="<p>Ten percent off.</p>"
        )
        self._start(campaign)
        self.assertRecordValues(campaign, [{"left_out_count": 3, "owner_count": 1, "unit_count": 2}])
        self._send()
        mails = self._get_mails(campaign.owner_ids)
        self.assertEqual(mails.mapped("email_to"), ["carla@example.com"])
        self.assertIn("Ten percent off", mails.body_html)
        self.assertNotIn("Product safety recall", mails.body_html + mails.subject)
        # He opts out after he was prepared, she opts in again.
        self.env["mail.blacklist"]._remove("anna@example.com")
        self.env["mail.blacklist"]._add("carla@example.com")
        campaign.action_prepare()
        self._send()
        self.assertEqual(self._owner(campaign, self.anna).state, "notified")
        self.assertEqual(self._owner(campaign, self.consumer).state, "left_out")

    def test_recall_reaches_whoever_opted_out(self):
        self.env["mail.blacklist"]._add("anna@example.com")
        campaign = self._start(self._create_campaign())
        self._send()
        self.assertEqual(self._owner(campaign, self.anna).state, "notified")
        self.assertEqual(campaign.left_out_count, 0)

    def test_safety_address_is_for_recalls_alone(self):
        unit = self.env["after.sales.unit"].search([("partner_id", "=", self.anna.id)], limit=1)
        self.anna.after_sales_wants_promotions = True
        unit._set_safety_contact({"name": "Nina", "email": "safety@example.com"})
        recall = self._start(self._create_campaign())
        promotion = self._start(
            self._create_campaign(
                kind="promotion", hazard=False, remedy_ids=False, body="<p>A new burner.</p>"
            )
        )
        self._send()
        told, offered = (
            self._get_mails(self._owner(campaign, self.anna)) for campaign in (recall, promotion)
        )
        self.assertEqual((told.email_to, told.email_cc), ("anna@example.com", "safety@example.com"))
        self.assertEqual((offered.email_to, offered.email_cc or ""), ("anna@example.com", ""))

    def test_letter(self):
        self.anna.write({"street": "Via Roma 1", "city": "Torino"})
        campaign = self._start(self._create_campaign(brand="Fuoco", sale_info="Sold in Turin"))
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("after_sales_warranty.report_campaign_notice", campaign.owner_ids.ids)[0]
            .decode()
        )
        for text in ("Via Roma 1", "SN-1", "SN-2", "SN-3", "Fuoco", "Sold in Turin", "Product safety recall"):
            self.assertIn(text, html)
