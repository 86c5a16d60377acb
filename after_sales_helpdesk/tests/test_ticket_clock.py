from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTicketClock(HelpdeskCommon):
    """Fridays and Mondays of March 2026; working hours 9-13 and 14-18 UTC."""

    def _clock(self, ticket, kind):
        return ticket.clock_ids.filtered(lambda clock: clock.kind == kind)

    def _open(self, when="2026-03-06 16:00:00", **values):
        with freeze_time(when):
            return self._create_ticket(channel="email", **values)

    def test_deadline_over_the_weekend(self):
        """kpi.md: 8 working hours from Friday 16:00 are due Monday 16:00."""
        clock = self._clock(self._open(), "response")
        self.assertEqual(clock.deadline, datetime(2026, 3, 9, 16))
        self.assertEqual(clock.state, "running")

    def test_pause_moves_the_deadline_by_its_working_time(self):
        """kpi.md: the same, waiting Monday 10:00 to 12:00, is due Monday 18:00 (D34, D37)."""
        ticket = self._open()
        with freeze_time("2026-03-09 10:00:00"):
            ticket.waiting_for = "customer"
        clock = self._clock(ticket, "response")
        self.assertEqual((clock.state, ticket.date_deadline), ("paused", False))
        self.assertTrue(ticket.clocks_are_paused)
        with freeze_time("2026-03-09 12:00:00"):
            ticket.action_resume()
        self.assertEqual((clock.state, clock.deadline), ("running", datetime(2026, 3, 9, 18)))
        self.assertEqual(ticket.pause_ids.reason, "customer")

    def test_a_call_without_clocks_has_none_that_stand_still(self):
        self.team.service_level_id = False
        ticket = self._create_ticket(self.agent, channel="email", priority="0")
        ticket.waiting_for = "customer"
        self.assertFalse(ticket.clock_ids)
        self.assertFalse(ticket.clocks_are_paused)

    def test_pause_outside_working_hours_moves_nothing(self):
        ticket = self._open()
        with freeze_time("2026-03-06 20:00:00"):
            ticket.waiting_for = "part"
        with freeze_time("2026-03-08 20:00:00"):
            ticket.waiting_for = False
        self.assertEqual(self._clock(ticket, "response").deadline, datetime(2026, 3, 9, 16))

    def test_change_of_reason_is_one_wait_after_the_other(self):
        ticket = self._open()
        with freeze_time("2026-03-09 09:00:00"):
            ticket.waiting_for = "customer"
        with freeze_time("2026-03-09 10:00:00"):
            ticket.waiting_for = "part"
        with freeze_time("2026-03-09 11:00:00"):
            ticket.waiting_for = False
        self.assertEqual(ticket.pause_ids.mapped("reason"), ["customer", "part"])
        self.assertEqual(self._clock(ticket, "response").deadline, datetime(2026, 3, 9, 18))

    def test_late_is_one_rule(self):
        """The team's count, the filter and the card: open, and missed or past a deadline that runs."""
        past, missed, waiting, closed, fresh = (self._open() for __ in range(5))
        with freeze_time("2026-03-09 10:00:00"):
            waiting.waiting_for = "customer"
        missed.is_breached = closed.is_breached = True
        closed.stage_id = self.stages["cancelled"]
        with freeze_time("2026-03-09 16:00:01"):
            fresh.clock_ids._stop({fresh: datetime(2026, 3, 9, 15)})
            tickets = past | missed | waiting | closed | fresh
            ours = [("id", "in", tickets.ids)]
            late = past | missed
            Ticket = self.env["after.sales.ticket"]
            self.assertEqual(Ticket.search([("is_late", "=", True), *ours]), late.sorted())
            self.assertEqual(Ticket.search([("is_late", "=", False), *ours]), (tickets - late).sorted())
            self.assertEqual(tickets.filtered("is_late"), late)
            team = self.team.with_user(self.agent)
            self.assertEqual((team.open_count, team.late_count), (4, 2))
            action = team.action_view_late()
            self.assertTrue(action["context"]["search_default_late"])
            teams = self.team | self.team.copy() | self.team.copy()
            teams.invalidate_recordset(["late_count"])
            with self.assertQueryCount(3):
                teams.mapped("late_count")

    def test_waiting_clock_is_never_missed(self):
        """D35: a clock that stands still can neither be missed nor told to be."""
        ticket = self._open()
        with freeze_time("2026-03-09 10:00:00"):
            ticket.waiting_for = "customer"
        self._run_cron("2026-03-20 10:00:00")
        self.assertFalse(any(ticket.clock_ids.mapped("breached")))

    def test_breach_is_stamped_by_the_job_and_stays(self):
        """D40, P-09: the job stamps, nobody has to open the call; the stamp does not go away."""
        ticket = self._open(user_id=self.agent.id)
        clock = self._clock(ticket, "response")
        self._run_cron("2026-03-09 15:59:00")
        self.assertFalse(clock.breached)
        self._run_cron("2026-03-09 16:01:00")
        self.assertTrue(clock.breached)
        self.assertTrue(ticket.is_breached)
        self.assertEqual(ticket.activity_ids.user_id, self.agent)
        with freeze_time("2026-03-09 17:00:00"):
            ticket._stop_clocks(("response",))
        self.assertEqual((clock.state, clock.worked_hours, clock.overrun_hours), ("breached", 9.0, 1.0))
        ticket.service_level_id = self.env["after.sales.service.level"].create(
            {"name": "Lenient", "response_hours": 400, "restore_hours": 400, "resolve_hours": 400}
        )
        self.assertEqual((clock.state, clock.target_hours), ("breached", 8.0))

    def test_stopped_late_is_missed_even_before_the_job_ran(self):
        ticket = self._open()
        with freeze_time("2026-03-09 17:30:00"):
            ticket._stop_clocks(("response",))
        clock = self._clock(ticket, "response")
        self.assertEqual((clock.state, clock.overrun_hours), ("breached", 1.5))

    def test_result_stands_for_ever(self):
        """D38: nothing rewrites a clock that has stopped."""
        ticket = self._open()
        with freeze_time("2026-03-09 10:00:00"):
            ticket._stop_clocks(("response",))
        clock = self._clock(ticket, "response")
        self.assertEqual((clock.state, clock.worked_hours), ("met", 3.0))
        with self.assertRaises(UserError):
            clock.deadline = datetime(2027, 1, 1)
        with self.assertRaises(AccessError):
            clock.with_user(self.manager).write({"breached": True})
        self._run_cron("2026-04-01 10:00:00")
        self.assertEqual(clock.state, "met")

    def test_calendar_without_hours_has_no_deadline(self):
        """P-07, D41: no deadline is an answer, never compared with a date."""
        self.team.calendar_id = self._create_calendar("Closed", days=())
        ticket = self._open()
        self.assertEqual(ticket.clock_ids.mapped("deadline"), [False] * 3)
        self.assertFalse(ticket.date_deadline)
        self._run_cron("2027-01-01 10:00:00")
        self.assertEqual(set(ticket.clock_ids.mapped("state")), {"running"})
        ticket.copy()
        with freeze_time("2026-03-09 10:00:00"):
            ticket._stop_clocks(("response",))
        self.assertEqual(self._clock(ticket, "response").state, "met")

    def test_public_holiday_is_not_worked(self):
        """P-20: holidays of the calendar are taken out."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": datetime(2026, 3, 9),
                "date_to": datetime(2026, 3, 9, 23, 59, 59),
            }
        )
        self.assertEqual(self._clock(self._open(), "response").deadline, datetime(2026, 3, 10, 16))

    def test_daylight_saving(self):
        """The clocks go forward in Rome on 29 March 2026: Monday's nine o'clock is an hour earlier in UTC."""
        self.team.calendar_id = self._create_calendar("Rome", tz="Europe/Rome")
        ticket = self._open("2026-03-27 15:00:00")  # Friday 16:00 in Rome
        self.assertEqual(
            self._clock(ticket, "response").deadline, datetime(2026, 3, 30, 14)
        )  # Monday 16:00 in Rome

    def test_night_shift_over_the_hour_that_is_missing(self):
        self.team.calendar_id = self._create_calendar(
            "Rome, nights", tz="Europe/Rome", shifts=((0, 6),), days=range(7)
        )
        ticket = self._open(
            "2026-03-28 22:30:00"
        )  # an hour that is skipped lies in this shift: five hours, not six
        self.assertEqual(self._clock(ticket, "response").deadline, datetime(2026, 3, 30, 1))

    def test_calendar_of_the_service_level_comes_first(self):
        """D36: chosen by the contract's level, else the team, else the company."""
        round_the_clock = self._create_calendar(
            "Round the clock", shifts=((0, 12), (12, 24)), days=range(7), company_id=False
        )
        self.level.calendar_id = round_the_clock
        self.assertEqual(self._clock(self._open(), "response").deadline, datetime(2026, 3, 7))
        self.level.calendar_id = self.team.calendar_id = False
        self.company.resource_calendar_id = self.calendar
        self.assertEqual(self._clock(self._open(), "response").deadline, datetime(2026, 3, 9, 16))

    def test_call_taken_on_the_phone_is_answered(self):
        with freeze_time("2026-03-06 16:00:00"):
            ticket = self._create_ticket(self.agent, channel="phone")
        self.assertEqual(self._clock(ticket, "response").state, "met")
        self.assertEqual(self._clock(ticket, "restored").state, "running")

    def test_better_level_plans_anew(self):
        ticket = self._open()
        with freeze_time("2026-03-06 16:30:00"):
            ticket.service_level_id = self.env["after.sales.service.level"].create(
                {"name": "Fast", "response_hours": 1, "on_site_hours": 4}
            )
        self.assertEqual(set(ticket.clock_ids.mapped("kind")), {"response", "on_site"})
        self.assertEqual(self._clock(ticket, "response").deadline, datetime(2026, 3, 6, 17))

    def test_solved_and_cancelled(self):
        solved, cancelled = self._open(), self._open()
        for ticket in (solved, cancelled):
            ticket.unit_id = self._create_covered_unit(labour=100, travel=100, serial=f"SN-{ticket.id}")
        with freeze_time("2026-03-09 10:00:00"):
            solved.action_check_coverage()
            solved.authorise_reason = "Agreed on the phone"
            solved.action_authorise()
            solved.waiting_for = "customer"
        with freeze_time("2026-03-09 11:00:00"):
            solved.action_done()
            cancelled.action_cancel()
        self.assertEqual(self._clock(solved, "resolved").state, "met")
        self.assertEqual(self._clock(solved, "resolved").worked_hours, 3.0)
        self.assertFalse(solved.waiting_for)
        self.assertEqual(set(cancelled.clock_ids.mapped("state")), {"dropped"})

    def test_works_again(self):
        ticket = self._open()
        with freeze_time("2026-03-09 11:00:00"):
            ticket.with_user(self.agent).action_restored()
        self.assertEqual(self._clock(ticket, "restored").state, "met")
        self.assertEqual(self._clock(ticket, "resolved").state, "running")

    def test_batch_costs_a_few_statements_each(self):
        def create(number):
            self.env["after.sales.ticket"].create(
                [
                    {"subject": f"Call {n}", "partner_id": self.consumer.id, "team_id": self.team.id}
                    for n in range(number)
                ]
            )

        create(1)
        few, many = (self._count_statements(lambda n=n: create(n)) for n in (10, 30))
        self.assertLessEqual((many - few) / 20, 4)  # 8 are promised, 2 were measured: its number and a pause

    def _run_cron(self, when):
        self.env.flush_all()
        with freeze_time(when), self.enter_registry_test_mode():
            self.env.ref("after_sales_helpdesk.ir_cron_stamp_breaches").method_direct_trigger()
        self.env.invalidate_all()

    def test_job_works_in_batches(self):
        tickets = [self._open() for __ in range(3)]
        cron = self.env.ref("after_sales_helpdesk.ir_cron_stamp_breaches")
        cron.code = "model._cron_stamp_breaches(batch_size=2)"
        self._run_cron("2026-03-12 16:00:00")
        for ticket in tickets:
            self.assertTrue(self._clock(ticket, "response").breached)

    def test_date_of_reporting_starts_the_clock(self):
        """Somebody may register late what was reported earlier: the promise runs from the report."""
        reported = datetime(2026, 3, 6, 15)
        ticket = self._open(date_reported=reported)
        self.assertEqual(self._clock(ticket, "response").deadline, datetime(2026, 3, 9, 15))
        self.assertEqual(self._clock(ticket, "response").start, reported)
