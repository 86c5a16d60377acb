from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..tools.pools import WorkRequest
from .common import AGENT, MANAGER, ContractCommon


class TestPoolRules(ContractCommon):
    """CT-15, D26, D28: what an hour pool pays, in which order, at which weight, and what happens beyond it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheap = cls._create_tariff("Overage", is_special=True)
        cls.coverage = cls.env["after.sales.coverage"]
        cls.contract = cls._create_contract(
            scope="customer", includes=(), pool_hours=10, pool_overage_tariff_id=cls.cheap.id
        )
        cls.pool = cls.contract.pool_ids

    def _work(self, key="labour", quantity=1.0, **values):
        plain = self._request(key=key, quantity=quantity)
        names = ("key", "company_id", "partner_id", "unit_id", "product_id", "cost_class", "date", "quantity")
        return WorkRequest(**{**{name: getattr(plain, name) for name in names}, **values})

    def _settle(self, *requests):
        decisions = self.coverage._resolve(requests)
        self.coverage._settle(
            [(r, decisions[r.key], "res.partner", self.consumer.id, str(r.key), "Visit") for r in requests]
        )
        return [decisions[r.key] for r in requests]

    def _figures(self, pool=None):
        pool = pool or self.pool
        pool.invalidate_recordset()
        return pool.bought, pool.used, pool.overage, pool.balance

    def test_overage_has_its_tariff_and_its_line(self):
        """D28: never below zero without an overage line, charged at the agreed overage tariff."""
        within, beyond = self._settle(self._work("a", 8.0), self._work("b", 4.0))
        self.assertFalse(within.tariff)
        self.assertEqual(beyond.tariff, (self.cheap._name, self.cheap.id))
        self.assertEqual(
            [(a.payer, a.quantity) for a in beyond.allocations], [("pool", 2.0), ("customer", 2.0)]
        )
        self.assertEqual(self._figures(), (10.0, 10.0, 2.0, 0.0))
        self.assertEqual(self.pool.used_rate, 100.0)
        (third,) = self._settle(self._work("c", 1.0))
        self.assertEqual((third.main_payer, third.tariff), ("customer", (self.cheap._name, self.cheap.id)))
        self.assertEqual(self._figures(), (10.0, 10.0, 3.0, 0.0))
        self.coverage._release("res.partner", [self.consumer.id])
        self.assertEqual(self._figures(), (10.0, 0.0, 0.0, 10.0))

    def test_topped_up_after_overage(self):
        """What went beyond is charged, not drawn: a top-up is there to be used, and nobody is told otherwise."""
        self._settle(self._work("a", 14.0))
        self.assertIn("used up; 4.00 hours", self.pool.alert)
        self.assertEqual(max(self.pool.alert_ids.threshold_id.mapped("value")), 110)
        self.env["after.sales.pool.entry"].create({"pool_id": self.pool.id, "name": "More", "quantity": 5})
        self.assertEqual(self._figures(), (15.0, 10.0, 4.0, 5.0))
        self.assertEqual(self.pool.used_rate, 66.67)
        self.assertFalse(self.pool.alert)
        self._settle(self._work("b", 2.08))
        self.assertEqual(self.pool.used_rate, 80.53)
        self.assertIn("81 % used, 2.92 hours left", self.pool.alert)

    def test_contract_tariff_within_the_pool(self):
        """The overage tariff is for what goes beyond: travel and covered hours keep the tariff of the contract."""
        agreed = self._create_tariff("Agreed", is_special=True)
        self.contract.tariff_id = agreed
        within, travel, beyond = self._decide(
            self._work("a", 8.0),
            self._work("t", cost_class="travel", kind="travel_time"),
            self._work("b", 4.0),
        )
        self.assertEqual(
            [d.tariff[1] for d in (within, travel, beyond)], [agreed.id, agreed.id, self.cheap.id]
        )

    def test_night_hour_counts_more(self):
        self.pool.weight_ids = [
            Command.create({"band_id": self.overtime.id, "weight": 1.5}),
            Command.create({"kind": "travel_time", "weight": 0.5}),
        ]
        day, night, travel = self._settle(
            self._work("day", 2.0, band_id=self.ordinary.id),
            self._work("night", 2.0, kind="overtime", band_id=self.overtime.id),
            self._work("travel", 2.0, cost_class="travel", kind="travel_time", band_id=self.ordinary.id),
        )
        self.assertEqual({d.main_payer for d in (day, night, travel)}, {"pool"})
        self.assertEqual(self._figures(), (10.0, 6.0, 0.0, 4.0))
        (late,) = self._settle(self._work("late", 4.0, band_id=self.overtime.id))
        self.assertAlmostEqual(
            sum(a.quantity for a in late.allocations if a.payer == "pool"), 4 / 1.5, places=2
        )
        self.assertAlmostEqual(self.pool.balance, 0.0, places=2)
        self.assertAlmostEqual(self.pool.overage, 2.0, places=1)

    def test_weight_names_what_it_is_for(self):
        """An empty row would weigh nothing; two of one activity are told as what they are."""
        weights = self.env["after.sales.pool.weight"]
        form = Form(self.pool)
        with self.assertRaisesRegex(AssertionError, "kind"), form.weight_ids.new():
            pass
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            weights.create({"pool_id": self.pool.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            weights.create([{"pool_id": self.pool.id, "kind": "labour"}] * 2)

    def test_several_pools_first_ending_first(self):
        second = self.env["after.sales.pool"].create(
            {
                "name": "Campaign",
                "contract_id": self.contract.id,
                "date_from": date(2026, 6, 1),
                "date_to": date(2026, 6, 30),
                "entry_ids": [Command.create({"name": "Gift", "quantity": 1.0})],
            }
        )
        (decision,) = self._settle(self._work("a", 3.0))
        self.assertEqual(decision.main_payer, "pool")
        self.assertEqual(second.balance, 0.0)
        self.assertEqual(self.pool.balance, 8.0)
        self.assertEqual(self.contract.pool_balance, 8.0)

    def test_shared_with_the_group(self):
        """A pool pays for the companies of a group that it is shared with, as long as its contract is in force."""
        sister, contact = self.env["res.partner"].create(
            [{"name": "Sister", "is_company": True}, {"name": "Stranger", "is_company": True}]
        )
        request = self._work("s", 2.0, partner_id=sister.id)
        self.assertEqual(self._decide(request)[0].main_payer, "customer")
        self.pool.shared_partner_ids = sister
        self.assertEqual(self._settle(request)[0].main_payer, "pool")
        self.assertEqual(self.pool.entry_ids.filtered(lambda e: e.kind == "consume").partner_id, sister)
        self.assertEqual(self._decide(self._work("x", partner_id=contact.id))[0].main_payer, "customer")
        late = self._work("late", partner_id=sister.id, date=date(2027, 1, 1))
        self.assertEqual(self._decide(late)[0].main_payer, "customer")
        contact.parent_id = sister
        contact.is_company = False
        with self.assertRaises(ValidationError):
            self.pool.shared_partner_ids = contact

    def test_reserved_hours_are_kept(self):
        """D26: bought, used, reserved, left."""
        cause = ("res.users", self.env.uid)
        figures = self.coverage._reserve(
            [
                (self._work(key, hours), *cause, "Planned visit")
                for key, hours in (("plan", 4.0), ("more", 2.0))
            ]
        )
        self.assertEqual(figures, {cause: (6.0, 0.0)})
        self.assertRecordValues(
            self.pool, [{"reserved": 6.0, "balance": 10.0, "available": 4.0, "used": 0.0}]
        )
        (decision,) = self._settle(self._work("now", 5.0))
        self.assertEqual(
            [(a.payer, a.quantity) for a in decision.allocations], [("pool", 4.0), ("customer", 1.0)]
        )
        self.coverage._release("res.users", [self.env.uid])
        self.assertEqual((self.pool.reserved, self.pool.available), (0.0, 6.0))

    def test_statements_do_not_grow_with_lines(self):
        def count(number):
            requests = [self._work(f"{number}/{i}", 0.1) for i in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.coverage._resolve(requests)
            return self.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(40), count(4))

    def test_agent_sells_and_reserves_manager_corrects(self):
        """Bad input: nobody gives or takes hours without the right to."""
        agent, manager = self._create_user("pool_agent", AGENT), self._create_user("pool_boss", MANAGER)
        entries = self.env["after.sales.pool.entry"]
        vals = {"pool_id": self.pool.id, "name": "By hand"}
        reserved = entries.with_user(agent).create({**vals, "kind": "reserve", "quantity": -2})
        entries.with_user(agent).create({**vals, "quantity": 1})
        self.assertEqual((self.pool.bought, self.pool.available), (11.0, 9.0))
        reserved.action_release()
        self.assertFalse(reserved.exists())
        for kind, hours in (("adjust", -5), ("adjust", 5), ("consume", -1), ("expire", -1)):
            with self.assertRaisesRegex(AccessError, "manager"):
                entries.with_user(agent).create({**vals, "kind": kind, "quantity": hours})
        entries.with_user(manager).create({**vals, "kind": "adjust", "quantity": -1, "name": "Counted twice"})
        self.assertEqual(self.pool.balance, 10.0)

    def test_wrong_sign_says_what_to_do(self):
        manager = self.env["after.sales.pool.entry"].with_user(self._create_user("pool_boss", MANAGER))
        vals = {"pool_id": self.pool.id, "name": "By hand"}
        for kind, hours, words in (
            ("purchase", 0, "how many hours"),
            ("adjust", 0, "how many hours"),
            ("purchase", -1, "without a minus: 1.00, not -1.00. To take hours back"),
            ("reserve", 1, "with a minus: -1.00, not 1.00."),
            ("consume", 1.5, "with a minus: -1.50"),
            ("overage", -1, "without a minus: 1.00"),
        ):
            with self.subTest(kind=kind, hours=hours):
                with self.assertRaisesRegex(UserError, words):
                    manager.create({**vals, "kind": kind, "quantity": hours})
        entry = manager.create({**vals, "kind": "reserve", "quantity": -1})
        with self.assertRaisesRegex(UserError, "with a minus: -2.00"):
            entry.quantity = 2
        with self.assertRaisesRegex(UserError, "without a minus: 1.00"):
            entry.kind = "purchase"

    def test_hours_that_are_not_there_are_not_reserved_by_hand(self):
        agent = self.env["after.sales.pool.entry"].with_user(self._create_user("pool_agent", AGENT))
        vals = {"pool_id": self.pool.id, "name": "By hand", "kind": "reserve"}
        agent.create({**vals, "quantity": -7})
        with self.assertRaisesRegex(
            UserError, "has 3.00 hours that are not reserved yet; 4.00 are asked for"
        ):
            agent.create([{**vals, "quantity": -1}, {**vals, "quantity": -3}])
        self.pool._consume([{"name": "Visit", "quantity": 3}])
        with self.assertRaisesRegex(UserError, "has 0.00 hours that are not reserved yet"):
            agent.create({**vals, "quantity": -1})
        self.pool.date_to = date(2026, 6, 30)
        with freeze_time("2026-07-01"), self.assertRaisesRegex(UserError, "ended on 06/30/2026"):
            agent.create({**vals, "quantity": -1})
        with freeze_time("2026-07-04"):
            self.pool._close(date(2026, 7, 4))
            with self.assertRaisesRegex(UserError, "is closed: hours can no longer be added or reserved"):
                agent.create({**vals, "quantity": -1})

    def test_closed_contract_takes_no_hours(self):
        self.contract.date_closed = date(2026, 6, 30)
        self.contract.state = "ended"
        with self.assertRaisesRegex(UserError, "is closed"):
            self.env["after.sales.pool.entry"].create(
                {"pool_id": self.pool.id, "name": "Late", "quantity": 1}
            )
        with self.assertRaisesRegex(UserError, "is closed"):
            self.pool.action_top_up()
        self.assertFalse(self.env["sale.order.line"].search([("after_sales_pool_id", "=", self.pool.id)]))

    def test_used_pool_is_not_deleted(self):
        self._settle(self._work("a", 1.0))
        with self.assertRaises(UserError):
            self.pool.unlink()
