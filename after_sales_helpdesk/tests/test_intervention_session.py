from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_field import DAY, FieldCommon


@tagged("post_install", "-at_install")
class TestInterventionSession(FieldCommon):
    """The clock of the technician, and sessions that cannot be."""

    def test_clock_of_the_technician(self):
        visit = self._create_visit(self.agent)
        visit.action_plan()
        visit = visit.with_user(self.technician_user)
        visit.action_travel()
        self.assertEqual(visit.state, "in_progress")
        self.assertEqual(visit.running_kind, "travel")
        visit.session_ids.date_start -= timedelta(hours=1)
        visit.action_work()
        self.assertEqual(visit.session_ids.mapped("kind"), ["travel", "work"])
        self.assertEqual(visit.session_ids[0].hours, 1.0)
        self.assertTrue(visit.date_arrival)
        visit.outcome = "solved"
        with self._quietly_refused(UserError, "running session"):
            visit.action_done()
        visit.action_stop()
        self.assertFalse(visit.running_session_id)
        visit.action_done()
        by_phone = self._create_visit(self.agent)
        by_phone.action_work()
        self.assertEqual(by_phone.running_session_id.technician_id, self.technician, "the lead's clock")
        by_phone.action_stop()
        self.assertFalse(by_phone.running_session_id)

    def _get_refusal(self, exception, *session):
        """What the user reads when he enters such a session; the database's word as the server puts it."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(exception) as refused,
            self.env.cr.savepoint(),
        ):
            self._add_session(*session)
        if exception is ValidationError:
            return str(refused.exception)
        return self.env["after.sales.session"]._sql_error_to_message(refused.exception)

    def test_impossible_sessions(self):
        """Ends before it starts, lasts 30 hours, lies in the future: each is told in words, and nothing is kept."""
        for user in (self.agent, self.technician_user):
            visit = self._create_visit(user)
            for start, stop, exception, text in (
                (10, 9, IntegrityError, "cannot end before it starts"),
                (-20, 10, IntegrityError, "longer than 24 hours"),
                (19.5, 22, ValidationError, "cannot lie in the future"),
                (21, False, ValidationError, "cannot lie in the future"),
            ):
                with self.subTest(text=text, user=user.login):
                    self.assertIn(text, self._get_refusal(exception, visit, "work", start, stop))
            self.assertFalse(visit.session_ids)

    def test_one_place_at_a_time(self):
        """On a visit of his own and on one that somebody else planned for him; by entry and by correction."""
        visit, other = self._create_visit(self.technician_user), self._create_visit(self.agent)
        first = self._add_session(visit, "work", 9, 11)
        for where in (visit, other.with_user(self.technician_user)):
            with self._quietly_refused(ValidationError, "another session"):
                self._add_session(where, "travel", 10, 12)
        later = self._add_session(other.with_user(self.technician_user), "travel", 11, 12)
        with self._quietly_refused(ValidationError, "another session"):
            first.date_stop = DAY + timedelta(hours=11.5)
        with self._quietly_refused(ValidationError, "another session"):
            later.date_start = DAY + timedelta(hours=10)
        self.assertEqual((first.hours, later.hours), (2.0, 1.0))
