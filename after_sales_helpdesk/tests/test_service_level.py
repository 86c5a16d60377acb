from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_service_level import ServiceLevelCommon


@tagged("post_install", "-at_install")
class TestServiceLevel(ServiceLevelCommon):
    """Start events, calendars, policy and change by hand; working hours 9-13 and 14-18 UTC, March 2026."""

    # Start events ---------------------------------------------------------------------------------------------------

    def _get_starts(self, ticket):
        return {clock.kind: clock.start for clock in ticket.clock_ids}

    def test_work_counts_from_the_authorisation(self):
        """D39: the first answer counts from the report, the work from the event that the level names."""
        self.level.write({"restore_start": "authorised", "resolve_start": "authorised"})
        ticket = self._open(service_id=self.service.id)
        self.assertEqual(self._get_starts(ticket), {"response": datetime(2026, 3, 6, 16)})
        with freeze_time("2026-03-09 10:00:00"):
            ticket.action_check_coverage()
            ticket.authorise_reason = "Agreed"
            self.assertEqual(len(ticket.clock_ids), 1)
        with freeze_time("2026-03-10 10:00:00"):
            ticket.with_user(self.agent).action_authorise()
        authorised = datetime(2026, 3, 10, 10)
        self.assertEqual(
            self._get_starts(ticket),
            {"response": datetime(2026, 3, 6, 16), "restored": authorised, "resolved": authorised},
        )
        self.assertEqual(self._clock(ticket, "restored").deadline, datetime(2026, 3, 12, 10))

    def test_work_counts_from_the_assignment(self):
        self.level.write({"restore_start": "assigned", "resolve_start": "assigned"})
        with freeze_time("2026-03-06 16:00:00"):
            ticket = self._create_ticket(channel="email")
        self.assertEqual(ticket.clock_ids.mapped("kind"), ["response"])
        with freeze_time("2026-03-09 10:00:00"):
            ticket.with_user(self.agent).user_id = self.agent
        self.assertEqual(self._get_starts(ticket)["resolved"], datetime(2026, 3, 9, 10))
        with freeze_time("2026-03-10 10:00:00"):
            ticket.user_id = self.manager
        self.assertEqual(ticket.date_assigned, datetime(2026, 3, 9, 10), "the first time counts")
        self.assertEqual(self._get_starts(ticket)["resolved"], datetime(2026, 3, 9, 10))
        ticket = self._open()
        self.assertEqual(set(self._get_starts(ticket).values()), {datetime(2026, 3, 6, 16)})

    def test_each_time_counts_from_its_own_event(self):
        """D39: on site from the acknowledgement, restored from the assignment, resolved from the authorisation."""
        self.level.write(
            {
                "on_site_hours": 24,
                "on_site_start": "acknowledged",
                "restore_start": "assigned",
                "resolve_start": "authorised",
            }
        )
        with freeze_time("2026-03-06 09:00:00"):
            ticket = self._create_ticket(channel="email", service_id=self.service.id)
        self.assertEqual(self._get_starts(ticket), {"response": datetime(2026, 3, 6, 9)})
        self._answer(ticket, "2026-03-06 10:00:00")
        self._answer(ticket, "2026-03-06 11:00:00")
        self.assertEqual(ticket.date_acknowledged, datetime(2026, 3, 6, 10), "the first time counts")
        self.assertEqual(self._clock(ticket).stop, datetime(2026, 3, 6, 10))
        with freeze_time("2026-03-06 12:00:00"):
            ticket.with_user(self.agent).user_id = self.agent
        with freeze_time("2026-03-09 10:00:00"):
            ticket.action_check_coverage()
            ticket.authorise_reason = "Agreed"
            ticket.action_authorise()
        self.assertEqual(
            self._get_starts(ticket),
            {
                "response": datetime(2026, 3, 6, 9),
                "on_site": datetime(2026, 3, 6, 10),
                "restored": datetime(2026, 3, 6, 12),
                "resolved": datetime(2026, 3, 9, 10),
            },
        )

    def _answer(self, ticket, when):
        with freeze_time(when), patch.object(self.env.cr, "now", lambda: fields.Datetime.to_datetime(when)):
            ticket.with_user(self.agent).message_post(
                body="We look at it.", message_type="comment", subtype_xmlid="mail.mt_comment"
            )

    def test_acknowledged_by_who_is_first(self):
        """Taken on the telephone: at once. By mail: when somebody answers, arrives or becomes responsible."""
        reported, later = datetime(2026, 3, 6, 9), datetime(2026, 3, 6, 10)
        cases = {
            "phone": ({"channel": "phone"}, False, reported),
            "given at once": ({"channel": "email", "user_id": self.agent.id}, False, reported),
            "nobody": ({"channel": "email"}, False, False),
            "made responsible": ({"channel": "email"}, lambda t: t.write({"user_id": self.agent.id}), later),
            "answered": ({"channel": "email"}, lambda t: self._answer(t, later), later),
            "works again": ({"channel": "email"}, lambda t: t.action_restored(), later),
        }
        for name, (values, event, expected) in cases.items():
            with self.subTest(name):
                with freeze_time(reported):
                    ticket = self._create_ticket(**values)
                with freeze_time(later):
                    event and event(ticket.with_user(self.agent))
                    self.env.flush_all()
                self.assertEqual(ticket.date_acknowledged, expected)

    def test_level_found_later_counts_from_its_own_event(self):
        """A call began under a level that counts from the report: the one it gets then waits for the work to start."""
        ticket = self._open(service_id=self.service.id)
        self.assertIn("resolved", ticket.clock_ids.mapped("kind"))
        other = self.level.copy(
            {
                "name": "Patient",
                "restore_start": "authorised",
                "resolve_start": "authorised",
                "resolve_hours": 99,
            }
        )
        with freeze_time("2026-03-09 09:00:00"):
            ticket.with_user(self.manager)._change_service_level(other, "Agreed with the customer")
            self.assertEqual(ticket.clock_ids.mapped("kind"), ["response"])
        with freeze_time("2026-03-10 10:00:00"):
            ticket.action_check_coverage()
            ticket.authorise_reason = "Agreed"
            ticket.action_authorise()
        self.assertEqual(self._get_starts(ticket)["resolved"], datetime(2026, 3, 10, 10))

    def test_call_that_nothing_was_promised_for(self):
        """Without a service level there are no clocks; with the last one, those that run go."""
        self.team.service_level_id = False
        ticket = self._create_ticket(channel="email", service_id=self.service.id, priority="0")
        self.assertFalse(ticket.service_level_id)
        self.assertFalse(ticket.clock_ids)
        ticket.with_user(self.agent).action_check_coverage()
        self.assertFalse(ticket.clock_ids)

    # Calendar changed mid-way ---------------------------------------------------------------------------------------

    def test_calendar_changed_midway_keeps_the_promise(self):
        """P-09: the deadline that was given stands, however the calendar changes under it."""
        late, early = self._open(), self._open()
        self.calendar.attendance_ids.filtered(lambda row: row.hour_from == 14).unlink()
        for ticket in (late, early):
            self.assertEqual(self._clock(ticket).deadline, datetime(2026, 3, 9, 16))
        with freeze_time("2026-03-09 15:59:00"):
            early._stop_clocks(("response",))
        with freeze_time("2026-03-09 16:01:00"):
            late._stop_clocks(("response",))
        self.assertEqual((self._clock(early).state, self._clock(late).state), ("met", "breached"))

    def test_other_calendar_holds_for_what_is_planned_anew(self):
        """A wait that ends plans with the hours of today: what was promised moves with the pause only."""
        ticket = self._open()
        with freeze_time("2026-03-09 10:00:00"):
            ticket.waiting_for = "part"
        self.calendar.attendance_ids.filtered(lambda row: row.hour_from == 14).unlink()
        with freeze_time("2026-03-09 12:00:00"):
            ticket.action_resume()
        # Friday afternoon no longer counts; Monday 9-10 and 12-13 do, then Tuesday and half of Wednesday
        self.assertEqual(self._clock(ticket).deadline, datetime(2026, 3, 11, 11))

    # Policy ---------------------------------------------------------------------------------------------------------

    def _level(self, name, **values):
        return self.env["after.sales.service.level"].create({"name": name, "response_hours": 1, **values})

    def _rule(self, level, **values):
        return self.env["after.sales.service.level.rule"].create(
            {"service_level_id": level.id, "company_id": self.company.id, **values}
        )

    def test_policy_by_customer_team_and_service(self):
        gold, repair = self._level("Gold"), self._level("Repairs")
        self._rule(gold, partner_id=self.business.id, sequence=1)
        self._rule(repair, service_id=self.service.id, team_id=self.team.id, sequence=2)
        bob = self.env["res.partner"].create({"name": "Bob", "parent_id": self.business.id})
        for values, level in (
            ({"partner_id": bob.id, "service_id": self.service.id}, gold),
            ({"service_id": self.service.id}, repair),
            ({}, self.level),
        ):
            with self.subTest(level=level.name):
                ticket = self._create_ticket(self.agent, **values)
                self.assertEqual(ticket.service_level_id, level)
        ticket.service_id = self.service
        self.assertEqual(ticket.service_level_id, repair)
        self.assertEqual(self._clock(ticket).target_hours, 8)  # the answer was given on the phone

    def test_contract_comes_before_policy(self):
        gold, promised = self._level("Gold"), self._level("Promised")
        self._rule(gold, partner_id=self.consumer.id)
        contract = self._create_contract(service_level_id=promised.id)
        ticket = self._create_ticket(contract_id=contract.id)
        self.assertEqual(ticket.service_level_id, promised)

    def test_policy_by_priority(self):
        urgent = self._level("Urgent", priority="3")
        self._rule(urgent, priority="3")
        ticket = self._create_ticket(self.agent)
        self.assertEqual(ticket.service_level_id, self.level)
        ticket.priority = "3"
        self.assertEqual((ticket.service_level_id, ticket.priority), (urgent, "3"))
        self.assertEqual(self._create_ticket(self.agent, priority="3").service_level_id, urgent)

    def test_policy_of_another_company_is_nothing_to_us(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._rule(self._level("Theirs"), company_id=other.id)
        self.assertEqual(self._create_ticket().service_level_id, self.level)

    # By hand --------------------------------------------------------------------------------------------------------

    def test_change_by_hand_needs_right_and_reason(self):
        """D42: logged, and kept when the call goes on."""
        ticket, better = self._create_ticket(self.agent, channel="email"), self._level("Better")
        with self.assertRaises(UserError):
            ticket.service_level_id = better
        with self.assertRaises(UserError):
            self._create_ticket(self.agent, service_level_id=better.id)
        with self.assertRaises(UserError):
            ticket._change_service_level(better, "Please")
        Change = self.env["after.sales.ticket.service.level.change"]
        with self.assertRaises(AccessError):
            Change.with_user(self.agent).create(
                {"ticket_id": ticket.id, "service_level_id": better.id, "reason": "Please"}
            )
        ticket = ticket.with_user(self.manager)
        with self.assertRaises(UserError):
            ticket._change_service_level(better, "  ")
        Change.with_user(self.manager).create(
            {"ticket_id": ticket.id, "service_level_id": better.id, "reason": "Hospital"}
        ).action_apply()
        self.assertEqual(self._clock(ticket.sudo()).target_hours, 1)
        self.assertIn("Hospital", "".join(ticket.message_ids.mapped("body")))
        ticket.service_id = self.service
        ticket.action_check_coverage()
        self.assertEqual(ticket.service_level_id, better)
