from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common_service_level import ServiceLevelCommon


@tagged("post_install", "-at_install")
class TestServiceLevelAlert(ServiceLevelCommon):
    """Warnings before the deadline and escalation after it."""

    def test_warning_before_the_deadline(self):
        """80 % of eight hours from Friday 16:00 is Monday 14:24; due Monday 16:00."""
        ticket = self._open()
        clock = self._clock(ticket)
        self.assertEqual(clock.alert_on, datetime(2026, 3, 9, 14, 24))
        self._run_cron("2026-03-09 14:23:00")
        self.assertFalse(ticket.activity_ids)
        self._run_cron("2026-03-09 14:25:00")
        self.assertEqual(ticket.activity_ids.user_id, self.agent)
        self.assertIn("80 %", ticket.activity_ids.summary)
        self._run_cron("2026-03-09 14:40:00")
        self.assertEqual(len(ticket.activity_ids), 1)
        self.assertFalse(clock.breached)

    def test_escalation_after_the_deadline(self):
        ticket = self._open()
        self.level.alert_ids.filtered(lambda step: step.percent == 150).priority = "3"
        self._run_cron("2026-03-10 11:30:00")  # twelve hours are used on Tuesday at 11:00
        self.assertEqual(ticket.activity_ids.user_id, self.leader)
        self.assertIn("150 %", ticket.activity_ids.summary)
        self.assertEqual(ticket.priority, "3")
        self.assertFalse(self._clock(ticket).alert_on)

    def test_waiting_call_warns_nobody(self):
        ticket = self._open()
        with freeze_time("2026-03-09 10:00:00"):
            ticket.waiting_for = "customer"
        self._run_cron("2026-03-20 10:00:00")
        self.assertFalse(ticket.activity_ids)
        with freeze_time("2026-03-20 10:00:00"):
            ticket.action_resume()
        self.assertEqual(self._clock(ticket).alert_on, datetime(2026, 3, 20, 14, 24))

    def test_stopped_clock_warns_nobody(self):
        ticket = self._open()
        with freeze_time("2026-03-09 10:00:00"):
            ticket._stop_clocks(("response", "restored", "resolved"))
        self._run_cron("2026-03-20 10:00:00")
        self.assertFalse(ticket.activity_ids)

    def test_warning_goes_when_its_clock_stops(self):
        """Whoever stops the clock takes the warnings of all; what others have to do for the call stays."""
        for event in ("_stop_clocks", "_drop_clocks"):
            with self.subTest(event=event):
                ticket = self._open()
                own = ticket.activity_schedule("mail.mail_activity_data_warning", summary="By hand")
                self._run_cron("2026-03-09 14:25:00")
                self.assertEqual(len(ticket.activity_ids), 2)
                with freeze_time("2026-03-09 14:50:00"):
                    working = ticket.with_user(self.manager)
                    if event == "_drop_clocks":
                        working._drop_clocks()
                    else:
                        working._stop_clocks(("response",))
                self.assertEqual(ticket.activity_ids, own)

    def test_warning_goes_whoever_does_the_work(self):
        """Who may not even read the clock stops it all the same."""
        ticket = self._open()
        self._run_cron("2026-03-09 14:25:00")
        self._clock(ticket).with_user(self._create_user("hd_stranger", "base.group_user"))._take_back_alerts()
        self.assertFalse(ticket.activity_ids)

    def test_warning_follows_the_promise(self):
        """A longer time is promised by hand: nobody acts on the old warning, and the new time has its own."""
        ticket = self._open()
        self._run_cron("2026-03-09 14:25:00")
        longer = self.level.copy({"name": "Longer", "response_hours": 16.0})
        with freeze_time("2026-03-09 14:50:00"):
            ticket.with_user(self.manager)._change_service_level(longer, "Agreed")
        self.assertFalse(ticket.activity_ids)
        self._run_cron("2026-03-10 13:00:00")  # 80 % of sixteen hours are used on Tuesday at 12:48
        told = [activity.summary for activity in ticket.activity_ids]
        self.assertEqual(len([text for text in told if text.startswith("First Response: 80 %")]), 1)

    def test_alerts_in_batches_and_for_a_named_person(self):
        self.level.alert_ids = [
            Command.clear(),
            Command.create({"percent": 50, "recipient": "user", "user_id": self.manager.id}),
        ]
        tickets = [self._open() for __ in range(3)]
        self.cron.code = "model._cron_send_alerts(batch_size=2)"
        self._run_cron("2026-03-09 12:01:00")
        for ticket in tickets:
            self.assertEqual(ticket.activity_ids.user_id, self.manager)

    def test_level_made_by_hand_warns_too(self):
        level = self.env["after.sales.service.level"].with_user(self.manager).create({"name": "New"})
        self.assertEqual(level.alert_ids.mapped("percent"), [80, 150])
        self.assertEqual(level.copy().alert_ids.mapped("percent"), [80, 150])
