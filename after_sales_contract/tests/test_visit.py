from datetime import date

from odoo import Command
from odoo.exceptions import UserError

from .common import ContractCommon


class TestVisit(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(
            visit_plan_ids=[
                Command.create(
                    {
                        "service_id": cls.service.id,
                        "interval": 1,
                        "interval_unit": "quarter",
                        "first_after": 31,
                    }
                )
            ]
        )

    def test_visits_on_working_days(self):
        """1 February 2026 is a Sunday: the visit is on Monday. D32: each visit carries contract and plan."""
        self.assertEqual(
            self.contract.visit_ids.mapped("date"),
            [date(2026, 2, 2), date(2026, 5, 1), date(2026, 8, 3), date(2026, 11, 2)],
        )
        self.assertEqual(self.contract.visit_ids.plan_id, self.contract.visit_plan_ids)
        self.assertEqual(set(self.contract.visit_ids.mapped("tolerance")), {7})

    def test_never_twice(self):
        visits = self.contract.visit_ids
        visits[0].action_done()
        visits[1].date = date(2026, 5, 20)
        visits[2].action_cancel()
        self.contract.action_update_plan()
        self.assertEqual(self.contract.visit_ids, visits)
        self.contract.visit_plan_ids.interval = 2
        self.contract.action_update_plan()
        self.assertEqual(self.contract.visit_ids.filtered(lambda v: v.state != "cancelled"), visits[0])

    def test_done_stays(self):
        visit = self.contract.visit_ids[0]
        visit.action_done()
        with self.assertRaises(UserError):
            visit.action_cancel()
        with self.assertRaises(UserError):
            visit.unlink()
        self.contract.action_cancel()
        self.assertEqual(visit.state, "done")
        self.assertEqual(set((self.contract.visit_ids - visit).mapped("state")), {"cancelled"})

    def test_replan(self):
        visit = self.contract.visit_ids[0]
        visit.action_cancel()
        visit.action_replan()
        self.assertEqual(visit.state, "planned")

    def test_day_off_of_the_company(self):
        """Tuesday 2 June 2026 is a holiday, and the Monday before it a bridge: each rule goes its own way."""
        calendar = self.company.resource_calendar_id
        calendar.tz = "Europe/Rome"
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Republic Day and bridge",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-05-31 22:00:00",
                "date_to": "2026-06-02 21:59:59",
            }
        )
        expected = {"previous": date(2026, 5, 29), "keep": date(2026, 6, 2), "next": date(2026, 6, 3)}
        contract = self._create_contract(
            date_start=date(2026, 6, 2),
            visit_plan_ids=[
                Command.create(
                    {
                        "service_id": self.service.id,
                        "interval": 1,
                        "interval_unit": "year",
                        "holiday_rule": rule,
                    }
                )
                for rule in expected
            ],
        )
        # No day of a term lies before it: there the next working day is taken.
        self.assertEqual(
            contract.visit_plan_ids.visit_ids.mapped("date"),
            [date(2026, 6, 3), date(2026, 6, 2), date(2026, 6, 3)],
        )
        contract = self._create_contract(
            date_start=date(2026, 5, 1),
            visit_plan_ids=[
                Command.create(
                    {
                        "service_id": self.service.id,
                        "interval": 1,
                        "interval_unit": "year",
                        "first_after": 32,
                        "holiday_rule": rule,
                    }
                )
                for rule in expected
            ],
        )
        for plan in contract.visit_plan_ids:
            self.assertEqual(plan.visit_ids.mapped("date"), [expected[plan.holiday_rule]], plan.holiday_rule)
            self.assertEqual(plan.visit_ids.date_planned, plan.visit_ids.date)
