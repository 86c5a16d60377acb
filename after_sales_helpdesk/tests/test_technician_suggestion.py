from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_team import TeamCommon


@tagged("post_install", "-at_install")
class TestTechnicianSuggestion(TeamCommon):
    """Who is sent to a call, when he can go and why he."""

    def _suggest(self, ticket, start=None):
        """The dialog as an agent opens it; with another start it is searched again."""
        agent = self.env(user=self.agent)
        with Form.from_action(agent, ticket.with_env(agent).action_suggest_technician()) as form:
            if start:
                form.date_start = start
                self.assertFalse(form.line_ids._records)
        if start:
            form.record.action_search()
        return form.record

    def test_proposed_start_is_in_working_hours(self):
        ticket = self._create_ticket(self.agent)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-09 00:00:00",
                "date_to": "2026-03-09 23:59:59",
            }
        )
        for now, start in (
            ("2026-03-05 10:20:00", datetime(2026, 3, 5, 11)),
            ("2026-03-05 12:20:00", datetime(2026, 3, 5, 14)),
            ("2026-03-07 10:20:00", datetime(2026, 3, 10, 9)),
        ):
            with self.subTest(now=now), freeze_time(now):
                self.assertEqual(self._suggest(ticket).date_start, start)
        self.team.calendar_id = self._create_calendar("Never", days=())
        with freeze_time("2026-03-07 10:20:00"):
            self.assertEqual(self._suggest(ticket).date_start, datetime(2026, 3, 7, 11))

    def test_best_technician(self):
        """Skill first, then free time over the whole duration, then knowledge of the customer and distance."""
        self.env["resource.resource"].search([]).is_technician = False
        service = self.service.copy({"code": "HD-GAS", "skill_ids": self.skill.ids, "duration": 2})
        able, busy, known, lapsed, unable = (
            self._technician(name) for name in ("Able", "Busy", "Known", "Lapsed", "Unable")
        )
        (able | busy | known | lapsed).skill_ids = self.skill
        self.env["after.sales.training"].create(
            {"resource_id": lapsed.id, "skill_id": self.skill.id, "date": "2024-01-01"}
        )
        for number in range(3):
            self._visit(known, start=f"2026-02-0{number + 2} 10:00:00", state="done")
        self._visit(busy, start="2026-03-09 11:30:00")
        ticket = self._create_ticket(self.agent, service_id=service.id)
        wizard = self._suggest(ticket, datetime(2026, 3, 9, 10))
        lines = wizard.line_ids.sorted("score", reverse=True)
        self.assertEqual(lines.technician_id[:3], known | able | busy)
        rows = {line.technician_id: line for line in lines}
        self.assertEqual((rows[known].visit_count, rows[known].is_free), (3, True))
        self.assertIn("visits to this customer: 3", rows[known].reason)
        self.assertFalse(rows[busy].is_free)
        self.assertEqual(rows[known].date_free, datetime(2026, 3, 9, 10))
        self.assertIn("Gas burners", rows[lapsed].reason)
        self.assertGreater(rows[busy].score, rows[lapsed].score)
        action = rows[known].action_choose()
        visit = self.env[action["res_model"]].with_user(self.agent).with_context(**action["context"]).new({})
        self.assertEqual((visit.ticket_id._origin, visit.technician_ids._origin), (ticket, known))
        self.assertEqual(visit.date_start, datetime(2026, 3, 9, 10))

    def test_next_free_moment(self):
        """From his own calendar, leave and visits; it is when his visit is planned, in a number of statements that does
        not grow with the technicians."""
        self.env["resource.resource"].search([]).is_technician = False
        shifts = self._create_calendar("Mornings", shifts=((8, 12),))
        busy, away, idle = (self._technician(name) for name in ("Busy", "Away", "Idle"))
        (busy | away).calendar_id = shifts
        idle.calendar_id = self._create_calendar("Nights", shifts=((0, 1),))
        self._visit(busy, start="2026-03-09 09:00:00")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": away.id,
                "calendar_id": shifts.id,
                "date_from": "2026-03-09 00:00:00",
                "date_to": "2026-03-10 23:00:00",
            }
        )
        service = self.service.copy({"code": "HD-TWO", "duration": 2})
        ticket = self._create_ticket(self.agent, service_id=service.id)
        wizard = self._suggest(ticket, datetime(2026, 3, 9, 8))
        rows = {line.technician_id: line for line in wizard.line_ids}
        self.assertEqual(rows[busy].date_free, datetime(2026, 3, 9, 10))
        self.assertEqual(rows[away].date_free, datetime(2026, 3, 11, 8))
        self.assertFalse(rows[idle].date_free)
        self.assertEqual(rows[away].action_choose()["context"]["default_date_start"], "2026-03-11 08:00:00")
        few = self._count_statements(wizard.action_search)
        for number in range(10):
            technician = self._technician(f"More {number}", calendar_id=shifts.id)
            self._visit(technician, start="2026-03-09 09:00:00")
        self.assertLessEqual(self._count_statements(wizard.action_search), few + 2)

    def test_near_by_where_he_is_that_day(self):
        self.env["resource.resource"].search([]).is_technician = False
        near, far = self._technician("Near"), self._technician("Far")
        milan, rome = self.env["res.partner"].create(
            [
                {"name": "Milan", "partner_latitude": 45.46, "partner_longitude": 9.19},
                {"name": "Rome", "partner_latitude": 41.9, "partner_longitude": 12.5},
            ]
        )
        self._visit(near, start="2026-03-09 15:00:00", site_id=milan.id, partner_id=milan.id)
        self._visit(far, start="2026-03-09 15:00:00", site_id=rome.id, partner_id=rome.id)
        self.consumer.write({"partner_latitude": 45.5, "partner_longitude": 9.2})
        ticket = self._create_ticket(self.agent)
        wizard = self._suggest(ticket, datetime(2026, 3, 9, 10))
        self.assertEqual(wizard.line_ids[:2].technician_id, near | far)
        self.assertLess(wizard.line_ids[0].distance_km, 10)
        self.assertEqual(wizard.line_ids[:2].mapped("is_distance_known"), [True, True])
        visit = self.env["after.sales.intervention"].search([("technician_ids", "in", near.ids)])
        self.assertRegex(wizard.line_ids[0].reason, rf"\d\.\d km from {visit.name} of that day")
        self.consumer.write({"partner_latitude": 0, "partner_longitude": 0})
        self.assertFalse(any(self._suggest(ticket).line_ids.mapped("is_distance_known")))
        with self.assertRaises(AccessError):
            wizard.with_user(self.technician_user).read(["hours"])
