from ast import literal_eval
from datetime import date

from lxml import etree

from odoo.tests import freeze_time, tagged

from .common import MANAGER, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestWatch(AfterSalesCommon):
    """Law, terms and policies that change are told of in time, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("watch_manager", MANAGER)
        cls.pack = cls.env["after.sales.rule.pack"].create({"name": "Test law", "code": "TEST"})

    def _rule(self, code="refund_days", **values):
        return self.env["after.sales.warranty.rule"].create(
            {
                "pack_id": self.pack.id,
                "name": "A rule",
                "code": code,
                "value": 5,
                "value_unit": "day",
                **values,
            }
        )

    def _run(self, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref("after_sales_warranty.ir_cron_watch_law").method_direct_trigger()

    def _told(self, records):
        self.env.invalidate_all()
        return [len(record.activity_ids) for record in records]

    def test_rules(self):
        ends = self._rule(date_to="2030-03-31")
        followed = self._rule("loaner_days", date_to="2030-03-31")
        successor = self._rule("loaner_days", date_from="2030-04-01")
        starts = self._rule("repair_act", date_from="2030-03-31")
        late = self._rule("court_fine", date_to="2030-12-31")
        silent = self._rule("penalty_percent")
        rules = ends + followed + successor + starts + late + silent
        self._run("2030-01-20")
        self.assertEqual(self._told(rules), [0, 0, 0, 0, 0, 0])
        self._run("2030-02-10")
        self.assertEqual(self._told(rules), [1, 0, 1, 1, 0, 0])
        self.assertIn("A rule", ends.activity_ids.summary)
        self.assertEqual(ends.activity_ids.date_deadline, date(2030, 3, 31))
        self.assertTrue(ends.activity_ids.user_id.has_group(MANAGER))
        self._run("2030-02-11")
        ends.activity_ids.action_feedback()
        self._run("2030-03-01")
        self.assertEqual(self._told(rules), [0, 0, 1, 1, 0, 0], "once, also when it was done")
        ends.date_to = "2030-04-30"
        self._run("2030-03-20")
        self.assertEqual(self._told(ends), [1], "another date is another change")

    def test_job_that_missed_the_day(self):
        ends = self._rule(date_to="2030-03-31")
        self._run("2030-04-20")
        self.assertEqual(self._told(ends), [1])

    def test_terms(self):
        term = self._create_term(date_to="2030-03-31")
        other = self._create_term("Other")
        self._run("2030-02-10")
        self._run("2030-02-12")
        self.assertEqual(self._told(term + other), [1, 0])

    def test_old_policy(self):
        policy = self.env["after.sales.policy"].create(
            {"name": "Promise", "warranty_terms": "<p>x</p>", "date_from": "2030-01-01"}
        )
        with freeze_time("2030-01-01"):
            policy.action_publish()
        self._run("2030-12-31")
        self.assertEqual(self._told(policy), [0])
        self._run("2031-01-01")
        self._run("2031-02-01")
        self.assertEqual(self._told(policy), [1])
        self._run("2032-01-01")
        self.assertEqual(self._told(policy), [2], "every year")

    def _filter(self, model, name):
        arch = etree.fromstring(self.env[model].get_view(view_type="search")["arch"])
        return literal_eval(arch.find(f".//filter[@name='{name}']").get("domain"))

    @freeze_time("2030-02-10")
    def test_filters(self):
        ends = self._rule(date_to="2030-03-31")
        starts = self._rule("repair_act", date_from="2030-03-31")
        self._rule("court_fine", date_to="2030-12-31")
        self._rule("penalty_percent")
        domain = [("pack_id", "=", self.pack.id), *self._filter(ends._name, "changes_soon")]
        self.assertEqual(self.env[ends._name].search(domain), ends + starts)
        term = self._create_term(date_to="2030-03-31")
        self._create_term("Other")
        self.assertEqual(term.search(self._filter(term._name, "changes_soon")), term)
        policies = self.env["after.sales.policy"]
        old, new = policies.create(
            [
                {"name": "Old", "warranty_terms": "<p>x</p>", "date_from": "2029-02-10"},
                {
                    "name": "New",
                    "warranty_terms": "<p>x</p>",
                    "date_from": "2029-02-11",
                    "country_id": self.env.ref("base.it").id,
                },
            ]
        )
        (old + new).action_publish()
        self.assertEqual(policies.search(self._filter(policies._name, "old")), old)
