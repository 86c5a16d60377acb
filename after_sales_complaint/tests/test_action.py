from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestAction(ComplaintCommon):
    def _create_action(self, **values):
        return (
            self.env["after.sales.complaint.action"]
            .with_user(self.agent)
            .create(
                {
                    "name": "Call the customer the day before",
                    "cause_id": self.cause.id,
                    "company_id": self.company.id,
                    "date_deadline": fields.Date.add(fields.Date.today(), days=14),
                    **values,
                }
            )
        )

    def test_effective_after_its_time_and_by_someone_else(self):
        action = self._create_action()
        action.action_done()
        self.assertEqual(action.date_check, fields.Date.add(fields.Date.today(), days=90))
        with self.assertRaisesRegex(UserError, "is not over"):
            action.with_user(self.reviewer).action_effective()
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            with self.assertRaisesRegex(UserError, "Someone else"):
                action.action_effective()
            action.with_user(self.reviewer).action_effective()
        self.assertRecordValues(action, [{"state": "effective", "checked_by_id": self.reviewer.id}])

    def test_cause_that_returns(self):
        """Complaints of the cause after the action count, and a new action is opened."""
        complaint = self._assess(self._create_complaint())
        action = self._create_action(complaint_ids=complaint.ids)
        action.action_done()
        self.assertEqual(action.recurrence_count, 0, "the complaint that led to it does not count")
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            self._assess(self._create_complaint())
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            action.invalidate_recordset()
            self.assertEqual(action.recurrence_count, 1)
            result = action.with_user(self.reviewer).action_ineffective()
        self.assertEqual(action.state, "ineffective")
        follow_up = self.env["after.sales.complaint.action"].browse(result["res_id"])
        self.assertRecordValues(
            follow_up, [{"state": "open", "cause_id": self.cause.id, "complaint_ids": complaint.ids}]
        )

    def test_reminders(self):
        action = self._create_action(date_deadline=fields.Date.today())
        self._watch(action._name)
        self.assertEqual(action.activity_ids.user_id, self.agent)
        action.action_done()
        self.assertFalse(action.activity_ids)
        self.cause.user_id = self.reviewer
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            self._watch(action._name)
        self.assertEqual(action.activity_ids.user_id, self.reviewer, "the owner of the process checks")

    def test_customer_is_told_what_changed(self):
        complaint = self._decided_complaint()
        self._create_action(complaint_ids=complaint.ids, customer_note="We call you the day before.")
        complaint.action_execute()
        complaint.action_close()
        told = complaint.message_ids.filtered(lambda m: self.customer in m.partner_ids)
        self.assertIn("We call you the day before.", told[0].body)

    def test_register_without_a_complaint(self):
        action = self._create_action(kind="improvement", cause_id=False)
        action.action_cancel()
        self.assertEqual(action.state, "cancelled")
        with self.assertRaises(UserError):
            action.action_done()
