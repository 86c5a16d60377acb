from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.after_sales_warranty.tests.common import MANAGER

from .common_field import DAY, FieldCommon


@tagged("post_install", "-at_install")
class TestPoolReserved(FieldCommon):
    """CT-15, D26: a planned visit keeps the hours that it will take, until it is done or does not come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._create_unit()
        cls.contract = cls._create_pool_contract(cls.unit, 10.0, date_to=date(2026, 3, 31))
        cls.pool = cls.contract.pool_ids
        cls.mate = cls._create_technician("mate")

    def _plan(self, hours=8.0, day=1, crew=None, start=9, **values):
        """A visit of so many hours from 10:00 in Rome, so many days from now, planned by an agent."""
        begin = DAY + timedelta(days=day, hours=start)
        visit = self._create_visit(
            self.agent,
            unit_id=self.unit.id,
            contract_id=self.contract.id,
            technician_ids=[Command.set((crew or self.technician).ids)],
            date_start=begin,
            date_end=begin + timedelta(hours=hours),
            **values,
        )
        visit.action_plan()
        return visit

    def _figures(self, pool=None):
        pool = pool or self.pool
        pool.invalidate_recordset()
        return pool.bought, pool.reserved, pool.used, pool.balance

    def test_follows_the_plan(self):
        visit = self._plan(3)
        self.assertEqual(self._figures(), (10.0, 3.0, 0.0, 10.0))
        entry = self.pool.entry_ids.filtered(lambda row: row.kind == "reserve")
        self.assertRecordValues(
            entry,
            [
                {
                    "res_model": visit._name,
                    "res_id": visit.id,
                    "date": date(2026, 3, 12),
                    "partner_id": self.consumer.id,
                    "hours": 3.0,
                }
            ],
        )
        self.assertIn(visit.name, entry.name)
        visit.date_end = visit.date_start + timedelta(hours=2)
        self.assertEqual(self.pool.reserved, 2.0)
        visit.technician_ids = self.technician | self.mate
        self.assertEqual(self.pool.reserved, 4.0)
        visit.date_start = False
        self.assertEqual(self.pool.reserved, 0.0)
        visit.date_start = DAY + timedelta(days=2)
        self.assertEqual(self._figures(), (10.0, 2.0, 0.0, 10.0), "the service's hour, for two")
        visit.action_cancel()
        self.assertEqual(self._figures(), (10.0, 0.0, 0.0, 10.0))
        self.assertFalse(visit.pool_hours)

    def test_done_takes_what_was_worked_and_never_both(self):
        visit = self._plan(8, day=0)
        self.assertEqual(self._figures(), (10.0, 8.0, 0.0, 10.0))
        self._add_session(visit, "work", 9, 18)
        self._finish(visit.with_user(self.technician_user))
        self.assertEqual(self._figures(), (10.0, 0.0, 9.0, 1.0), "its own hours did not stand in its way")
        visit.action_reopen()
        self.assertEqual(self._figures(), (10.0, 0.0, 0.0, 10.0))
        visit.action_done()
        self.assertEqual(self._figures(), (10.0, 0.0, 9.0, 1.0))

    def test_started_without_a_plan_keeps_them_too(self):
        """As planned where a time is known, else as long as the service takes from now on."""
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id, contract_id=self.contract.id)
        visit.action_start()
        self.assertEqual(self._figures(), (10.0, 8.0, 0.0, 10.0))
        visit.date_end = visit.date_start + timedelta(hours=2)
        self.assertEqual(self.pool.reserved, 2.0)
        self._add_session(visit, "work", 9, 10)
        self._finish(visit)
        self.assertEqual(self._figures(), (10.0, 0.0, 1.0, 9.0))
        at_once = self._create_visit(
            self.technician_user, unit_id=self.unit.id, contract_id=self.contract.id, date_start=False
        )
        at_once.action_start()
        self.assertEqual(self.pool.reserved, 1.0)

    def test_nobody_there_gives_them_back(self):
        for outcome, why in (("customer_absent", False), ("refused", "Not today")):
            with self.subTest(outcome=outcome):
                visit = self._plan(2, day=0)
                self.assertEqual(self.pool.reserved, 2.0)
                self._finish(visit.with_user(self.technician_user), outcome, outcome_reason=why)
                self.assertEqual(self._figures(), (10.0, 0.0, 0.0, 10.0))

    def test_another_day_is_another_pool(self):
        april = self.pool.copy(
            {"name": "April", "date_from": date(2026, 4, 1), "date_to": date(2026, 4, 30), "entry_ids": False}
        )
        april.entry_ids = [Command.create({"name": "Bought", "quantity": 5.0})]
        visit = self._plan(4)
        moved = DAY + timedelta(days=25)
        visit.write({"date_start": moved, "date_end": moved + timedelta(hours=1)})
        self.assertEqual((self.pool.reserved, april.reserved), (0.0, 1.0))
        overnight = self._plan(4, day=20, start=20)
        self.assertEqual((self.pool.reserved, april.reserved), (2.0, 3.0), "22:00 to 02:00 of two months")
        overnight.action_cancel()
        self.assertEqual((self.pool.reserved, april.reserved), (0.0, 1.0))

    def test_weighed_as_consumption_is(self):
        """10:00 to 19:00 in Rome: seven ordinary hours, two of overtime at one and a half."""
        self.pool.weight_ids = [Command.create({"band_id": self.overtime.id, "weight": 1.5})]
        visit = self._plan(9)
        self.assertEqual((self.pool.reserved, visit.pool_hours), (10.0, 10.0))
        self.assertFalse(visit.pool_hours_missing)

    def test_planning_is_not_held_up_by_an_empty_pool(self):
        self._plan(8)
        second = self._plan(5, day=2)
        self.assertEqual(self.pool.available, 0.0)
        self.assertRecordValues(second, [{"state": "planned", "pool_hours": 5.0, "pool_hours_missing": 3.0}])
        self.assertIn("5.00 h of the hour pool needed, 2.00 h left", second.planning_warning)
        third = self._plan(1, day=3)
        self.assertIn("1.00 h of the hour pool needed, 0.00 h left", third.planning_warning)
        moved = self.env["after.sales.intervention"].with_user(self.agent)
        answer = moved.plan_on_timeline(
            third._name, third.id, self.technician.id, str(DAY + timedelta(days=4, hours=9))
        )
        self.assertIn("0.00 h left", answer["warning"])

    def test_call_warns_of_its_visit(self):
        call = self._create_ticket(self.agent, unit_id=self.unit.id, contract_id=self.contract.id)
        call.action_check_coverage()
        call.action_authorise()
        visit = self._plan(12, ticket_id=call.id)
        self.assertIn(f"{visit.name}: 12.00 h of the hour pool needed, 10.00 h left", call.pool_alert)
        visit.action_cancel()
        self.assertFalse(call.pool_alert)

    def test_hours_that_come_free_go_to_who_waits(self):
        first, second = self._plan(8), self._plan(6, day=2)
        self.assertEqual(second.pool_hours_missing, 4.0)
        first.date_end = first.date_start + timedelta(hours=5)
        self.assertEqual((self.pool.reserved, second.pool_hours_missing), (10.0, 1.0))
        agent = self.env["after.sales.pool.entry"].with_user(self.agent)
        agent.create({"pool_id": self.pool.id, "name": "Top-up", "quantity": 4.0})
        self.assertEqual((self.pool.reserved, second.pool_hours_missing), (11.0, 0.0))
        self.assertFalse(second.planning_warning)

    def test_pool_that_opens_later_keeps_hours_for_what_is_planned_in_it(self):
        visit = self._plan(3, day=25)
        self.assertFalse(visit.pool_hours)
        april = self.pool.copy({"name": "April", "date_from": date(2026, 4, 1), "date_to": False})
        april.entry_ids = [Command.create({"name": "Bought", "quantity": 5.0})]
        self.assertEqual((april.reserved, visit.pool_hours), (3.0, 3.0))

    def test_what_others_pay_takes_no_hours(self):
        self.contract.inclusion_ids = [Command.create({"cost_class": "labour", "share": 50.0})]
        self._plan(4)
        self.assertEqual(self.pool.reserved, 2.0, "half of it is the contract's")
        call = self._create_ticket(self.agent, unit_id=self.unit.id, contract_id=self.contract.id)
        call.action_check_coverage()
        call.action_authorise()
        visit = self._plan(4, day=2, ticket_id=call.id)
        self.assertEqual(self.pool.reserved, 4.0)
        manager = self._create_user("pool_boss", MANAGER)
        labour = call.coverage_ids.filtered(lambda row: row.cost_class == "labour")
        labour.with_user(manager)._override("goodwill", 0.0, "A gift")
        self.assertEqual((self.pool.reserved, visit.pool_hours), (2.0, 0.0))

    def test_reserved_hours_reach_no_threshold(self):
        self._plan(9)
        self.assertEqual((self.pool.used_rate, self.pool.alert), (0.0, False))
        statement = self.pool._make_statements(date(2026, 3, 31))
        self.assertRecordValues(statement, [{"used": 0.0, "bought": 10.0, "balance": 10.0}])

    def test_technician_plans_his_own(self):
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id, contract_id=self.contract.id)
        visit.action_plan()
        self.assertEqual(self.pool.reserved, 8.0)
        self.pool.date_to = DAY
        visit.action_cancel()
        self.assertEqual(self.pool.reserved, 0.0)

    def test_release_by_hand_is_for_what_was_entered_by_hand(self):
        self._plan(3)
        self.pool.entry_ids.with_user(self.agent).action_release()
        self.assertEqual(self.pool.reserved, 3.0)

    def test_ended_contract_does_not_hold_up_a_visit_of_its_time(self):
        self.contract.write({"date_closed": DAY + timedelta(days=5), "state": "ended"})
        visit = self._plan(3)
        self.assertEqual(visit.state, "planned")

    def test_visits_are_planned_together(self):
        """What is looked up for one is looked up once for all; who sells no hours is only asked whether he does."""
        visits = self.env["after.sales.intervention"].union(*(self._plan(0.5, day=n + 1) for n in range(14)))

        def count(some):
            return self._count_statements(some._reserve_pool_hours)

        count(visits[:2])
        few, many = count(visits[:2]), count(visits[2:])
        self.assertLessEqual(many, few)
        self.assertEqual(self.pool.reserved, 7.0)
        visits.action_cancel()
        self.env["after.sales.pool"].search([]).closed_on = DAY  # those of the demo, too
        later = self.env["after.sales.intervention"].union(*(self._plan(0.5, day=n + 1) for n in range(6)))
        later.mapped("technician_ids")
        with self.assertQueryCount(2):
            later._reserve_pool_hours()
