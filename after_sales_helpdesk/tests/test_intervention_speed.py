from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_field import DAY, FieldCommon


@tagged("post_install", "-at_install")
class TestInterventionSpeed(FieldCommon):
    """Visits in a batch: what is looked up for one is looked up once for all."""

    def _create_visits(self, number, **values):
        return self.env["after.sales.intervention"].create(
            [
                {
                    "partner_id": self.consumer.id,
                    "technician_ids": [Command.set(self.technician.ids)],
                    "date_start": DAY + timedelta(days=n),
                    **values,
                }
                for n in range(number)
            ]
        )

    def _prepare_sessions(self, visits):
        return [
            {
                "intervention_id": visit.id,
                "technician_id": self.technician.id,
                "kind": "work",
                "date_start": visit.date_start - timedelta(days=60),
                "date_stop": visit.date_start - timedelta(days=60, hours=-1),
            }
            for visit in visits
        ]

    def test_further_visit_with_its_checklist(self):
        service = self.service.copy(
            {"code": "SPEED", "check_ids": [Command.create({"name": n}) for n in ("Leaks", "Noise")]}
        )
        for languages in (1, 2):
            few, many = (
                self._count_statements(lambda n=n: self._create_visits(n, service_id=service.id))
                for n in (2, 22)
            )
            with self.subTest(languages=languages):
                self.assertLessEqual((many - few) / 20, 2, "its number, and the row of its technician")
            self.env["res.lang"]._activate_lang("it_IT")
        visits = self._create_visits(2, service_id=service.id)
        for visit in visits:
            self.assertEqual(visit.check_ids.mapped("name"), ["Leaks", "Noise"])

    def test_overlap_is_two_statements_for_all_sessions(self):
        """What this transaction sees, and what the constraint knows of others."""
        visits = self._create_visits(12)
        sessions = self.env["after.sales.session"].create(self._prepare_sessions(visits))
        self.env.flush_all()
        with self.assertQueryCount(2):
            sessions._check_overlap()

    def test_overlap_within_a_batch_is_found(self):
        vals_list = self._prepare_sessions(self._create_visits(3))
        vals_list[2]["date_start"] = vals_list[1]["date_start"] + timedelta(minutes=30)
        vals_list[2]["date_stop"] = vals_list[2]["date_start"] + timedelta(hours=1)
        with self._quietly_refused(ValidationError, "another session"):
            self.env["after.sales.session"].create(vals_list)

    def test_calls_of_a_batch_move_on_by_their_own_outcome(self):
        tickets = self.env["after.sales.ticket"]
        for __ in range(3):
            tickets += self._create_ticket(self.agent, service_id=self.service.id)
        tickets.action_check_coverage()
        tickets.authorise_reason = "Agreed"
        tickets.action_authorise()
        visits = self.env["after.sales.intervention"]
        for n, ticket in enumerate(tickets):
            visits += self._create_visit(
                self.agent, ticket_id=ticket.id, date_start=DAY + timedelta(days=n), date_end=False
            )
        extra = self._create_visit(
            self.agent, ticket_id=tickets[2].id, date_start=DAY + timedelta(days=9), date_end=False
        )
        (visits + extra).action_plan()
        visits.action_start()
        visits.check_ids.is_done = True
        visits.outcome = "solved"
        visits[1].write({"outcome": "second_visit", "outcome_reason": "Part missing"})
        visits.action_done()
        self.assertEqual(tickets.mapped("state"), ["done", "authorised", "planned"])
