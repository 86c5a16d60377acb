from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTeam(HelpdeskCommon):
    """Who gets a call, who is sent, what people learned and how they keep the standards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bea = cls._create_user("hd_bea", "after_sales_warranty.group_after_sales_agent")
        cls.team.member_ids = cls.agent | cls.bea
        cls.skill = cls.env["after.sales.skill"].create({"name": "Gas burners", "validity_months": 12})

    def _technician(self, name, **values):
        return self.env["resource.resource"].create(
            {"name": name, "is_technician": True, "calendar_id": self.calendar.id, "tz": "UTC", **values}
        )

    def _visit(self, technician, start="2026-03-09 10:00:00", **values):
        return self.env["after.sales.intervention"].create(
            {
                "partner_id": self.consumer.id,
                "technician_ids": technician.ids,
                "date_start": start,
                "state": "planned",
                **values,
            }
        )

    # Assignment -----------------------------------------------------------------------------------------------------

    def test_nobody_is_chosen_by_hand(self):
        self.assertFalse(self._create_ticket().user_id)

    def test_in_turns(self):
        self.team.assignment = "turns"
        tickets = [self._create_ticket() for __ in range(4)]
        users = [ticket.user_id for ticket in tickets]
        self.assertEqual(set(users[:2]), {self.agent, self.bea})
        self.assertEqual(users[2:], users[:2])
        self.assertEqual(self._create_ticket(user_id=self.manager.id).user_id, self.manager)

    def test_fewest_open_calls(self):
        for __ in range(3):
            self._create_ticket(user_id=self.agent.id)
        self.team.assignment = "load"
        tickets = self.env["after.sales.ticket"].create(
            [
                {"subject": f"Call {n}", "partner_id": self.consumer.id, "team_id": self.team.id}
                for n in range(5)
            ]
        )
        self.assertEqual(len(tickets.filtered(lambda t: t.user_id == self.bea)), 4)

    def test_who_is_on_leave_gets_none(self):
        self.team.assignment = "turns"
        resource = self._technician("Bea", user_id=self.bea.id, is_technician=False)
        with freeze_time("2026-03-09 08:00:00"):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "resource_id": resource.id,
                    "calendar_id": self.calendar.id,
                    "company_id": self.company.id,
                    "date_from": datetime(2026, 3, 9),
                    "date_to": datetime(2026, 3, 20),
                }
            )
            users = {self._create_ticket().user_id for __ in range(3)}
        self.assertEqual(users, {self.agent})

    def test_everybody_away_on_a_holiday(self):
        self.team.assignment = "load"
        for user in (self.agent, self.bea):
            self._technician(user.name, user_id=user.id)
        with freeze_time("2026-03-07 09:00:00"):  # Saturday
            self.assertTrue(self._create_ticket().user_id)

    # Training -------------------------------------------------------------------------------------------------------

    def test_training_gives_the_skill_until_it_expires(self):
        """HD-36."""
        tom = self._technician("Tom")
        training = self.env["after.sales.training"].create(
            {"resource_id": tom.id, "skill_id": self.skill.id, "date": "2026-03-01", "trainer": "The maker"}
        )
        self.assertEqual(training.date_end, date(2027, 3, 1))
        self.assertEqual(tom.skill_ids, self.skill)
        self.assertEqual(tom._get_valid_skills(date(2027, 3, 1))[tom], self.skill)
        self.assertFalse(tom._get_valid_skills(date(2027, 3, 2))[tom])
        failed = training.copy({"outcome": "failed", "resource_id": self._technician("Tim").id})
        self.assertFalse(failed.resource_id.skill_ids)

    def test_manager_is_told_before_a_skill_expires(self):
        tom = self._technician("Tom")
        values = {"resource_id": tom.id, "skill_id": self.skill.id}
        Training = self.env["after.sales.training"]
        soon = Training.create(values | {"date": "2026-01-01", "date_end": "2026-04-01"})
        Training.create(values | {"date": "2025-01-01", "date_end": "2026-03-20"})
        with freeze_time("2026-03-09 08:00:00"):
            Training._cron_watch()
            Training._cron_watch()
        activity = self.env["mail.activity"].search(
            [("res_model", "=", "after.sales.training"), ("res_id", "in", tom.after_sales_training_ids.ids)]
        )
        self.assertEqual(activity.res_id, soon.id)
        self.assertIn("Gas burners", activity.summary)
        renewed = Training.create(values | {"date": "2026-03-10", "date_end": "2026-05-01"})
        self.assertTrue(renewed._get_watch_alert(date(2026, 3, 10)))
        self.assertFalse(soon._get_watch_alert(date(2026, 3, 10)))

    def test_training_is_the_managers_to_write(self):
        tom = self._technician("Tom", user_id=self.technician_user.id)
        tim = self._technician("Tim")
        Training = self.env["after.sales.training"]
        mine, his = (Training.create({"resource_id": r.id, "skill_id": self.skill.id}) for r in (tom, tim))
        Own = Training.with_user(self.technician_user)
        self.assertEqual(Own.search([("id", "in", (mine | his).ids)]), mine)
        with self.assertRaises(AccessError):
            mine.with_user(self.technician_user).date_end = False
        with self.assertRaises(AccessError):
            Own.create({"resource_id": tom.id, "skill_id": self.skill.id})
        self.assertEqual(
            Training.search([("is_valid", "=", True), ("id", "in", (mine | his).ids)]), mine | his
        )

    # Suggestion -----------------------------------------------------------------------------------------------------

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
        self.assertIn("Gas burners", rows[lapsed].reason)
        self.assertGreater(rows[busy].score, rows[lapsed].score)
        action = rows[known].action_choose()
        visit = self.env[action["res_model"]].with_user(self.agent).with_context(**action["context"]).new({})
        self.assertEqual((visit.ticket_id._origin, visit.technician_ids._origin), (ticket, known))
        self.assertEqual(visit.date_start, datetime(2026, 3, 9, 10))

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
        self.consumer.write({"partner_latitude": 0, "partner_longitude": 0})
        self.assertFalse(any(self._suggest(ticket).line_ids.mapped("is_distance_known")))
        with self.assertRaises(AccessError):
            wizard.with_user(self.technician_user).read(["hours"])

    # Scorecard ------------------------------------------------------------------------------------------------------

    def test_scorecard(self):
        """HD-37: deadlines kept, visits on time, rating: by person, from what was done."""
        kept, missed = (self._create_ticket(channel="email", user_id=self.agent.id) for __ in range(2))
        kept._stop_clocks(("response",))
        missed._stop_clocks(("response",), fields.Datetime.now() + timedelta(days=30))
        kept.sudo().rating_apply(5, token=kept._rating_get_access_token())
        kept.date_closed = fields.Datetime.now()
        tom = self._technician("Tom", user_id=self.technician_user.id)
        visit = self._visit(tom, ticket_id=kept.id, state="in_progress")
        self.env["after.sales.session"].create(
            {
                "intervention_id": visit.id,
                "technician_id": tom.id,
                "kind": "work",
                "date_start": "2026-03-09 10:40:00",
                "date_stop": "2026-03-09 11:40:00",
            }
        )
        visit.write(
            {
                "state": "done",
                "outcome": "solved",
                "date_done": "2026-03-09 12:00:00",
                "signed_on": "2026-03-09 12:00:00",
            }
        )
        self.env.flush_all()
        Card = self.env["after.sales.scorecard"].with_user(self.manager)
        rates = {
            (user, standard): rate
            for user, standard, rate in Card._read_group(
                [("ticket_id", "in", (kept | missed).ids)], ["user_id", "standard"], ["kept_rate:avg"]
            )
        }
        self.assertEqual(rates[self.agent, "clock"], 50)
        self.assertEqual(rates[self.agent, "rating"], 100)
        self.assertEqual(rates[self.technician_user, "on_time"], 0)
        self.assertEqual(rates[self.technician_user, "first_visit"], 100)
        self.assertEqual(rates[self.technician_user, "signature"], 100)
        own = Card.with_user(self.technician_user).search([("ticket_id", "in", (kept | missed).ids)])
        self.assertEqual(own.user_id, self.technician_user)
