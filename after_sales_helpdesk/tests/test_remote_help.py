from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_field import DAY, FieldCommon


@tagged("post_install", "-at_install")
class TestRemoteHelp(FieldCommon):
    """Work on the telephone is logged on the call, once, in the ledger of the visits (D50)."""

    def _open_log(self, ticket, user=None):
        ticket = ticket.with_user(user or self.agent)
        return Form.from_action(ticket.env, ticket.action_log_time())

    def _log(self, ticket, start, stop, user=None, **values):
        """Log time from ``start`` to ``stop``, hours of the day in UTC; return its intervention."""
        before = ticket.sudo().intervention_ids
        with self._open_log(ticket, user) as form:
            form.technician_id = values.pop("technician_id", self.technician)
            form.date_start = DAY + timedelta(hours=start)
            form.date_stop = DAY + timedelta(hours=stop)
            for name, value in {"note": "Told him how", **values}.items():
                setattr(form, name, value)
        form.record.action_log()
        return ticket.sudo().intervention_ids - before

    def test_the_next_time_begins_where_the_last_one_ended(self):
        """Logged one right after the other they do not overlap; what is long past leaves the usual quarter of an hour."""
        ticket = self._create_ticket(self.agent)
        for minute, start, hours in ((0, "19:45", 0.25), (6, "20:00", 0.1), (40, "20:25", 0.25)):
            with freeze_time(f"2026-03-11 20:{minute:02}:00"):
                with self._open_log(ticket) as form:
                    form.note = "Told him how"
                    self.assertEqual(f"{form.date_start:%H:%M}", start)
                    self.assertAlmostEqual(form.hours, hours)
                form.record.action_log()
        self.assertEqual(len(ticket.sudo().intervention_ids), 3)

    def test_agent_logs_time_and_it_is_charged_without_call_out(self):
        ticket = self._create_ticket(self.agent)
        visit = self._log(ticket, 10, 10.5, note="Reset by telephone")
        self.assertRecordValues(
            visit,
            [
                {
                    "is_remote": True,
                    "state": "done",
                    "call_out": False,
                    "technician_ids": self.technician.ids,
                    "date_start": DAY + timedelta(hours=10),
                    "date_end": DAY + timedelta(hours=10.5),
                    "date_arrival": False,
                    "work_done": "Reset by telephone",
                    "hours_work": 0.5,
                }
            ],
        )
        self.assertRecordValues(
            self._get_charges(visit),
            [{"kind": "labour", "quantity": 0.5, "amount": 26.0, "cost": 15.5, "ticket_id": ticket.id}],
        )
        self.assertEqual(visit.session_ids.note, "Reset by telephone")
        self.assertFalse(visit._make_charges() | visit.session_ids._make_charges(), "once")
        self.assertEqual(ticket.state, "registered", "the call goes its own way")

    def test_the_service_asks_for_what_only_a_visit_can_answer(self):
        """A checklist, a call-out fee and a signature belong to who goes there."""
        self.service.charge_call_out = True
        self.service.check_ids = [Command.create({"name": "Seal is tight", "is_required": True})]
        visit = self._log(self._create_ticket(self.agent, service_id=self.service.id), 10, 11)
        self.assertRecordValues(
            visit, [{"state": "done", "service_id": self.service.id, "call_out": False, "check_ids": []}]
        )
        self.assertEqual(self._get_charges(visit).mapped("kind"), ["labour"])

    def test_covered_as_the_labour_of_a_visit(self):
        unit = self._create_covered_unit(labour=100.0)
        visit = self._log(self._create_ticket(self.agent, unit_id=unit.id), 10, 11)
        self.assertRecordValues(
            self._get_charges(visit), [{"kind": "labour", "amount": 52.0, "amount_customer": 0.0}]
        )

    def test_hour_pool_pays(self):
        unit = self._create_unit()
        contract = self._create_pool_contract(unit, 5.0)
        self._log(self._create_ticket(self.agent, unit_id=unit.id), 10, 12)
        self.assertEqual(contract.pool_ids.balance, 3.0)

    def test_hours_of_the_call_are_those_of_visits_and_telephone(self):
        ticket = self._create_ticket(self.agent)
        self._log(ticket, 10, 10.5)
        visit = self._create_visit(ticket_id=ticket.id)
        self._add_session(visit, "travel", 12, 13)
        self._add_session(visit, "work", 13, 15)
        ticket.invalidate_recordset()
        self.assertEqual(ticket.with_user(self.agent).hours_logged, 3.5)
        action = ticket.with_user(self.agent).action_view_sessions()
        sessions = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(sessions.mapped("hours")), 3.5)

    def test_duration_and_end_follow_each_other(self):
        form = self._open_log(self._create_ticket(self.agent))
        self.assertEqual(form.date_stop, fields.Datetime.now(), "it just ended")
        form.date_start = DAY + timedelta(hours=9)
        form.hours = 1.5
        self.assertEqual(form.date_stop, DAY + timedelta(hours=10.5))
        form.date_stop = DAY + timedelta(hours=11)
        self.assertEqual(form.hours, 2.0)
        form.date_start = DAY + timedelta(hours=10)
        self.assertEqual((form.date_stop, form.hours), (DAY + timedelta(hours=12), 2.0))

    def test_what_took_longer_began_earlier(self):
        form = self._open_log(self._create_ticket(self.agent))
        form.hours = 2.0
        now = fields.Datetime.now()
        self.assertEqual((form.date_start, form.date_stop), (now - timedelta(hours=2), now))

    def test_who_helped_is_who_logs_it(self):
        """An agent who is an employee logs his own time without being a technician."""
        employee = self.env["hr.employee"].create(
            {
                "name": "Ada Agent",
                "user_id": self.agent.id,
                "company_id": self.company.id,
                "hourly_cost": 20.0,
            }
        )
        ticket = self._create_ticket(self.agent)
        self.assertEqual(self._open_log(ticket).technician_id, employee.resource_id)
        visit = self._log(ticket, 10, 11, technician_id=employee.resource_id)
        self.assertEqual(self._get_charges(visit).cost, 20.0)

    def test_agent_who_is_nobody_yet_logs_his_time(self):
        """Neither technician nor employee: the first time that he helps he gets his line in the book, and keeps it."""
        ticket = self._create_ticket(self.agent)
        self.assertFalse(self._open_log(ticket).technician_id, "opening the form makes nobody")
        visit = self._log(ticket, 10, 11, technician_id=self.env["resource.resource"])
        self.assertRecordValues(
            visit.technician_id,
            [
                {
                    "user_id": self.agent.id,
                    "name": self.agent.name,
                    "company_id": self.company.id,
                    "is_technician": False,
                    "resource_type": "user",
                }
            ],
        )
        self.assertEqual(self._get_charges(visit).cost, 30.0, "what the tariff says")
        again = self._log(ticket, 11, 12, technician_id=self.env["resource.resource"])
        self.assertEqual(again.technician_id, visit.technician_id)
        self.assertEqual(self._open_log(ticket).technician_id, visit.technician_id)

    def test_employee_goes_before_a_line_made_earlier(self):
        ticket = self._create_ticket(self.agent)
        self._log(ticket, 10, 11, technician_id=self.env["resource.resource"])
        employee = self.env["hr.employee"].create(
            {"name": "Ada Agent", "user_id": self.agent.id, "company_id": self.company.id}
        )
        self.assertEqual(self._open_log(ticket).technician_id, employee.resource_id)

    def test_technician_logs_his_own_time(self):
        self.team.member_ids = self.technician_user
        ticket = self._create_ticket(self.agent)
        self.assertEqual(self._open_log(ticket, self.technician_user).technician_id, self.technician)
        visit = self._log(ticket, 10, 11, self.technician_user)
        self.assertEqual(len(self._get_charges(visit)), 1)

    def test_bad_input_is_refused_and_nothing_stays(self):
        ticket = self._create_ticket(self.agent)
        visit = self._create_visit()
        self._add_session(visit, "work", 13, 15)
        for start, stop, exception, text in (
            (-12, 18, IntegrityError, "one_day"),  # told in words by test_impossible_sessions
            (10, 9, UserError, "cannot end before it starts"),
            (10, 10, UserError, "how long"),
            (19, 23, ValidationError, "cannot lie in the future"),
            (14, 14.5, ValidationError, f"another session at that time, on {visit.name}"),
        ):
            with (
                self.subTest(text=text),
                mute_logger("odoo.sql_db"),
                self._quietly_refused(exception, text),
            ):
                self._log(ticket, start, stop)
        self._log(ticket, 10, 11)
        with self._quietly_refused(ValidationError, "another session"):
            self._log(ticket, 10, 11)
        self.assertEqual(len(ticket.intervention_ids), 1)

    def test_finished_call_is_reopened_first(self):
        ticket = self._create_ticket(self.agent)
        ticket.cancel_reason = "By mistake"
        ticket.action_cancel()
        with self._quietly_refused(UserError, "reopen it first"):
            ticket.with_user(self.agent).action_log_time()

    def test_help_is_an_answer_and_no_arrival(self):
        self.level.on_site_hours = 24
        ticket = self._create_ticket(self.agent, channel="email", date_reported=DAY + timedelta(hours=9))
        self._log(ticket, 10, 11)
        clocks = ticket.clock_ids.grouped("kind")
        self.assertEqual(clocks["response"].stop, DAY + timedelta(hours=10))
        self.assertEqual(clocks["on_site"].state, "running")

    def test_planned_call_waits_for_its_visit(self):
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.write({"authorise_reason": "Urgent"})
        ticket.action_authorise()
        self._log(ticket, 9, 9.5)
        self.assertEqual(ticket.state, "authorised", "help alone neither solves nor reopens it")
        visit = self._create_visit(ticket_id=ticket.id)
        visit.action_plan()
        self._log(ticket, 10, 10.5)
        self.assertEqual(ticket.state, "planned")
        self._finish(visit)
        self.assertEqual(ticket.state, "done")

    def test_corrected_as_a_visit_is(self):
        ticket = self._create_ticket(self.agent)
        visit = self._log(ticket, 10, 11).with_user(self.agent)
        visit.action_reopen()
        visit.session_ids.date_stop = DAY + timedelta(hours=12)
        visit.work_done = False
        with self._quietly_refused(UserError, "say what you did"):
            visit.action_done()
        visit.work_done = "Told him how"
        visit.action_done()
        self.assertRecordValues(self._get_charges(visit), [{"quantity": 2.0, "amount": 104.0}])

    def test_telephone_is_no_visit_to_the_customer(self):
        self._log(self._create_ticket(self.agent), 10, 11)
        suggestion = self.env["after.sales.technician.suggestion"].with_user(self.agent)
        wizard = suggestion.create({"ticket_id": self._create_ticket(self.agent).id})
        wizard.action_search()
        self.assertEqual(
            wizard.line_ids.filtered(lambda line: line.technician_id == self.technician).visit_count, 0
        )
