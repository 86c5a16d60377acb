from odoo.tests import freeze_time, tagged

from .campaign_common import CampaignCommon


@tagged("post_install", "-at_install")
class TestCampaignAnswer(CampaignCommon):
    """An owner has answered when all his units are; until then he is reminded of what is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(3):
            cls._create_unit(serial=f"SN-{number}")
        cls.campaign = cls._start(cls._create_campaign(reminder_days=7))
        cls.owner = cls.campaign.owner_ids

    def _answer(self, rows, code="disposed"):
        return self.owner._register_answer({row.id: code for row in rows}, {})

    def test_empty_answer_changes_nothing(self):
        self._send()
        before = len(self.owner.message_ids)
        self.assertFalse(self._answer(self.owner.unit_ids, "what is no answer"))
        self.assertRecordValues(self.owner, [{"state": "notified", "date_answer": False}])
        self.assertTrue(self.owner.next_reminder)
        self.assertEqual(len(self.owner.message_ids), before)

    def test_part_of_an_answer_keeps_the_reminders(self):
        with freeze_time("2026-03-01"):
            self._send()
        first, *others = self.owner.unit_ids
        self.assertTrue(self._answer(first))
        self.assertEqual(self.owner.state, "read")
        self.assertEqual(self.campaign.answered_count, 0)
        with freeze_time("2026-03-08"):
            self._send()
        reminder = self._get_mails(self.owner)[1:]
        self.assertEqual(len(reminder), 1)
        self.assertNotIn(first.serial, reminder.body_html)
        for row in others:
            self.assertIn(row.serial, reminder.body_html)
            self._answer(row)
        self.assertRecordValues(self.owner, [{"state": "answered", "next_reminder": False}])
        self.assertEqual(self.campaign.answered_count, 1)

    def test_no_reminder_when_nothing_is_open(self):
        with freeze_time("2026-03-01"):
            self._send()
        self.owner.unit_ids.action_done()
        with freeze_time("2026-03-08"):
            self._send()
        self.assertEqual(len(self._get_mails(self.owner)), 1)

    def test_reached_when_the_mail_left(self):
        self._send(leave=False)
        mail = self._get_mails(self.owner)
        self.assertEqual((mail.state, self.owner.state), ("outgoing", "sending"))
        self.assertEqual(self.campaign.reached_count, 0)
        mail._postprocess_sent_message([], [], "No server", "mail_smtp")
        self.assertRecordValues(self.owner, [{"state": "unreachable", "failure": "No server"}])
        self.assertTrue(self.owner.activity_ids)
        self._leave(mail)
        self.assertRecordValues(self.owner, [{"state": "notified", "failure": False}])
        self.assertFalse(self.owner.activity_ids)
        self.assertEqual(self.campaign.reached_count, 1)

    def test_remedy_of_a_recall_is_free(self):
        row = self.owner.unit_ids[0]
        row.unit_id.warranty_ids.sudo().unlink()
        self.campaign.with_context(lang="en_US").title = "Cord to be replaced"
        self.campaign.with_context(lang="it_IT").title = "Cavo da sostituire"
        self._answer(row, f"wanted-{self.repair.id}")
        claim = row.claim_id.with_user(self.agent)
        claim.action_check()
        self.assertRecordValues(
            claim, [{"part_share": 1.0, "labour_share": 1.0, "travel_share": 1.0, "regime": "warranty"}]
        )
        self.assertIn("Cord to be replaced: the remedy of a product safety recall is free", claim.decision)
        self.assertIn("Cavo da sostituire", claim.with_context(lang="it_IT").decision)
        self.assertFalse(claim.warranty_id)
        other = self.env["after.sales.claim"].create(
            {"unit_id": row.unit_id.id, "partner_id": row.partner_id.id}
        )
        other.action_check()
        self.assertFalse(other.part_share, "only the remedy of the recall is free")
