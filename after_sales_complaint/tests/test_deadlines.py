from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import format_date, mute_logger

from .common import ComplaintCommon

STEP = "odoo.addons.after_sales_complaint.models.after_sales_complaint_step"


@tagged("post_install", "-at_install")
class TestDeadlines(ComplaintCommon):
    """Friday 7 March 2025, 10:00. Shipped promises: acknowledge 1, assess 3, investigate 7, answer 10 working days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Rome"

    def setUp(self):
        super().setUp()
        self._at("2025-03-07 10:00:00")

    def _at(self, moment):
        freezer = freeze_time(moment)
        freezer.start()
        self.addCleanup(freezer.stop)

    def _deadlines(self, complaint):
        return {step.kind: step.deadline for step in complaint.step_ids if step.state == "running"}

    def test_promised_days(self):
        complaint = self._create_complaint()
        self.assertEqual(
            self._deadlines(complaint),
            {
                "acknowledge": date(2025, 3, 10),
                "assess": date(2025, 3, 12),
                "investigate": date(2025, 3, 18),
                "answer": date(2025, 3, 21),
            },
        )
        self.assertEqual((complaint.deadline, complaint.next_step), (date(2025, 3, 10), "acknowledge"))
        self.assertEqual(complaint.answer_deadline, date(2025, 3, 21))

    def test_holidays_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": datetime(2025, 3, 9, 23),
                "date_to": datetime(2025, 3, 11, 22, 59),
            }
        )
        self.assertEqual(self._deadlines(self._create_complaint())["acknowledge"], date(2025, 3, 12))

    def test_desk_open_one_day_a_week(self):
        """Ten working days are ten weeks; the calendar is read as far as that."""
        calendar = self.company.resource_calendar_id
        calendar.attendance_ids.filtered(lambda attendance: attendance.dayofweek != "0").unlink()
        self.assertEqual(self._deadlines(self._create_complaint())["answer"], date(2025, 5, 12))

    def test_late_evening_is_local_time(self):
        """23:30 UTC on Thursday is Friday in Rome."""
        complaint = self._create_complaint(date_received=datetime(2025, 3, 6, 23, 30))
        self.assertEqual(complaint.step_ids[0].date_start, date(2025, 3, 7))

    def test_most_specific_promise(self):
        term = self.env["after.sales.complaint.term"]
        term.create({"step": "answer", "days": 2, "team_id": self.team.id})
        self.assertEqual(self._deadlines(self._create_complaint())["answer"], date(2025, 3, 11))
        critical = self._create_complaint(severity="critical", team_id=self.team.copy().id)
        self.assertEqual(
            self._deadlines(critical)["answer"], date(2025, 3, 14), "5 working days when critical"
        )
        term.create({"step": "assess", "days": 1, "date_to": "2025-03-06"})
        self.assertEqual(
            self._deadlines(self._create_complaint())["assess"], date(2025, 3, 12), "a past rule"
        )

    def test_graver_than_it_seemed(self):
        """Assessed as critical, the answer is due within 5 working days; the first promise stays for the figures."""
        complaint = self._create_complaint()
        self._assess(complaint, severity="critical")
        step = complaint._get_running_steps(("answer",))
        self.assertRecordValues(step, [{"deadline": date(2025, 3, 14), "first_deadline": date(2025, 3, 21)}])

    def test_law_shortens(self):
        """Russian consumers: money back or price cut within 10 calendar days (law.md L37)."""
        consumer = self.env["res.partner"].create({"name": "Иван", "country_id": self.env.ref("base.ru").id})
        business = self.env["res.partner"].create(
            {"name": "ООО", "is_company": True, "country_id": self.env.ref("base.ru").id}
        )
        complaint = self._create_complaint(partner_id=consumer.id)
        self.assertEqual(self._deadlines(complaint)["answer"], date(2025, 3, 17))
        answer = complaint.step_ids.filtered(lambda step: step.kind == "answer")
        self.assertTrue(answer.term_id.is_legal)
        complaint = self._create_complaint(partner_id=business.id)
        self.assertEqual(self._deadlines(complaint)["answer"], date(2025, 3, 21))

    def test_nothing_promised(self):
        self.env["after.sales.complaint.term"].search([]).active = False
        complaint = self._create_complaint()
        self.assertFalse(complaint.step_ids)
        self.assertFalse(complaint.deadline)

    def test_in_time_and_late(self):
        complaint = self._create_complaint()
        self._at("2025-03-10 15:00:00")
        complaint.action_acknowledge_by_hand()
        step = complaint.step_ids.filtered(lambda s: s.kind == "acknowledge")
        self.assertRecordValues(
            step,
            [{"state": "done", "is_in_time": True, "is_in_first_time": True, "date_done": date(2025, 3, 10)}],
        )
        self._at("2025-03-13 15:00:00")
        complaint.cause_id = self.cause
        complaint.action_assess()
        step = complaint.step_ids.filtered(lambda s: s.kind == "assess")
        self.assertRecordValues(step, [{"state": "done", "is_in_time": False}])

    def test_reminder_at_half_time_once(self):
        self.env["res.lang"]._activate_lang("fr_BE")
        self.agent.lang = "fr_BE"
        complaint = self._create_complaint(user_id=self.agent.id)
        self._at("2025-03-14 03:00:00")
        self._watch()
        answer = complaint.step_ids.filtered(lambda step: step.kind == "answer")
        self.assertEqual(answer.reminded_on, date(2025, 3, 14))
        mine = complaint.activity_ids.filtered(lambda a: a.date_deadline == answer.deadline)
        self.assertEqual(mine.user_id, self.agent)
        self.assertIn(
            format_date(self.env, answer.deadline, lang_code="fr_BE"), mine.summary, "as he reads days"
        )
        count = len(complaint.activity_ids)
        self._watch()
        self.assertEqual(len(complaint.activity_ids), count, "once")

    def test_overdue_is_escalated_and_stamped_for_ever(self):
        complaint = self._create_complaint(user_id=self.agent.id)
        self._at("2025-03-11 03:00:00")
        self.assertTrue(complaint.is_overdue)
        self.assertEqual(
            self.env["after.sales.complaint"].search([("is_overdue", "=", True), ("id", "=", complaint.id)]),
            complaint,
        )
        self.assertFalse(
            self.env["after.sales.complaint"].search([("is_overdue", "=", False), ("id", "=", complaint.id)])
        )
        self._watch()
        step = complaint.step_ids.filtered(lambda s: s.kind == "acknowledge")
        self.assertEqual(step.overdue_on, date(2025, 3, 11))
        self.assertEqual(
            complaint.activity_ids.user_id, self.agent | self.manager, "the head of the desk hears of it"
        )
        complaint.action_acknowledge_by_hand()
        self.assertEqual(step.overdue_on, date(2025, 3, 11))

    def test_months_without_cron(self):
        complaint = self._create_complaint()
        self._at("2025-09-01 03:00:00")
        self._watch()
        self.assertEqual(set(complaint.step_ids.mapped("overdue_on")), {date(2025, 9, 1)})

    def test_one_bad_complaint_stops_no_other(self):
        bad, good = self._create_complaint(), self._create_complaint()
        self._at("2025-03-11 03:00:00")
        original = type(bad)._schedule_step_activity

        def fail(self, step, summary, user=None):
            if self.id == bad.id:
                raise ValueError("broken")
            return original(self, step, summary, user=user)

        with patch.object(type(bad), "_schedule_step_activity", fail), mute_logger(STEP):
            self._watch()
        self.assertTrue(good.activity_ids)
        self.assertFalse(bad.activity_ids)
        self.assertEqual(
            bad.step_ids.filtered(lambda s: s.kind == "acknowledge").overdue_on, date(2025, 3, 11)
        )
        self.assertIn("No reminder", bad.message_ids[0].body)

    def test_promise_of_a_new_date(self):
        complaint = self._assess(self._create_complaint())
        self._at("2025-03-20 10:00:00")
        self.assertEqual(complaint.next_step, "answer")
        wizards = self.env["after.sales.complaint.postpone"].with_user(self.agent)
        wizard = wizards.create(
            {"complaint_id": complaint.id, "new_deadline": "2025-04-04", "reason": "The expert is ill"}
        )
        self.assertTrue(wizard.is_told)
        wizard.action_confirm()
        step = complaint._get_running_steps(("answer",))
        self.assertRecordValues(
            step,
            [
                {
                    "deadline": date(2025, 4, 4),
                    "first_deadline": date(2025, 3, 21),
                    "extension_count": 1,
                    "extension_reason": "The expert is ill",
                }
            ],
        )
        told = complaint.message_ids.filtered(lambda m: self.customer in m.partner_ids)
        self.assertIn("The expert is ill", told[0].body)
        self._decide(complaint, remedy=self._remedy("apology"), amount=0)
        self._at("2025-04-01 10:00:00")
        complaint.action_answer_by_hand()
        self.assertRecordValues(step, [{"is_in_time": True, "is_in_first_time": False}])

    def test_new_date_must_be_later(self):
        complaint = self._create_complaint()
        wizard = (
            self.env["after.sales.complaint.postpone"]
            .with_user(self.agent)
            .create(
                {
                    "complaint_id": complaint.id,
                    "new_deadline": "2025-03-08",
                    "reason": "Why not",
                    "is_told": False,
                }
            )
        )
        with self.assertRaisesRegex(UserError, "later"):
            wizard.action_confirm()

    def test_appeal_has_its_own_deadline(self):
        complaint = self._contested_complaint()
        self.assertEqual(self._deadlines(complaint), {"appeal": date(2025, 3, 28)})
        self.assertEqual(complaint.next_step, "appeal")
