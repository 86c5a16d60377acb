from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_team import TeamCommon


@tagged("post_install", "-at_install")
class TestTeam(TeamCommon):
    """Who gets a call, what people learned and how they keep the standards."""

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
