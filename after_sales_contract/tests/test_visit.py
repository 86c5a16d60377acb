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
