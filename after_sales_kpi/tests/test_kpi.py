from ast import literal_eval
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AfterSalesKpiCommon


@tagged("post_install", "-at_install")
class TestKpi(AfterSalesKpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mttr = cls.env.ref("after_sales_kpi.after_sales_kpi_mttr_elapsed")
        cls.month = fields.Date.today().replace(day=1)

    def _values(self, kpi, company=None):
        return {
            value.date: value
            for value in self.env["after.sales.kpi.value"].search(
                [("kpi_id", "=", kpi.id), ("company_id", "=", (company or self.company).id)]
            )
        }

    def test_every_shipped_figure_is_complete(self):
        """Name, formula, unit, direction; and each can be read on an empty and on a living company."""
        for kpi in self.kpi.search([]):
            self.assertTrue(kpi.description, kpi.code)
            kpi._read_facts(self.month, self.month)
        self._golden_visit(self._create_unit())
        for kpi in self.kpi.search([]):
            kpi._read_facts(date(2026, 1, 1), self.month)
            self.assertFalse(kpi.error)

    def test_values_by_month(self):
        """Numerator and denominator are kept, empty months have no value, several months are divided late."""
        last, before = self.month - relativedelta(months=1), self.month - relativedelta(months=2)
        reported = datetime.combine(before, datetime.min.time()).replace(day=5, hour=8)
        self._call(reported, done=reported + timedelta(hours=10))
        reported = datetime.combine(last, datetime.min.time()).replace(day=5, hour=8)
        for __ in range(3):
            self._call(reported, done=reported + timedelta(hours=2))
        self.mttr.with_user(self.manager).action_refresh()
        values = self._values(self.mttr)
        self.assertEqual(len(values), 24)
        self.assertRecordValues(
            values[before] + values[last] + values[self.month],
            [
                {"numerator": 10.0, "denominator": 1.0, "value": 10.0, "is_measured": True, "status": "good"},
                {"numerator": 6.0, "denominator": 3.0, "value": 2.0, "is_measured": True, "status": "good"},
                {"numerator": 0.0, "denominator": 0.0, "value": 0.0, "is_measured": False, "status": "none"},
            ],
        )
        self.assertEqual(values[last].value_text, "2.0 h")
        self.assertFalse(values[self.month].value_text, "nothing measured is empty, not zero")
        [(value,)] = (
            self.env["after.sales.kpi.value"]
            .with_user(self.agent)
            ._read_group(
                [("kpi_id", "=", self.mttr.id), ("company_id", "=", self.company.id)], [], ["value:avg"]
            )
        )
        self.assertEqual(value, 4.0)
        kpi = self.mttr.with_user(self.agent)
        self.assertEqual((kpi.last_value_text, kpi.previous_value_text), ("2.0 h", "10.0 h"))
        self.assertEqual(kpi.last_month, values[last].display_name)
        self.assertIn(str(last.year), kpi.last_month)
        self.assertTrue(kpi.trend)

    def test_refresh_is_repeatable_and_bounded(self):
        self._call(self._ago(3), done=self._ago(2))
        self.mttr._refresh_due()
        values = self._values(self.mttr)
        self.mttr._refresh_due()
        self.assertEqual(self._values(self.mttr), values)

    def test_late_facts_until_frozen(self):
        """A month is recomputed while it is open and stands once it is frozen; a manager can reopen it."""
        month = date(2026, 1, 1)
        self._call(datetime(2026, 1, 12, 8), done=datetime(2026, 1, 12, 10))
        self.mttr.freeze_days = 40
        with freeze_time("2026-02-15"):
            self.mttr._refresh(month, month, self.company)
        value = self._values(self.mttr)[month]
        self.assertFalse(value.frozen_on)
        self._call(datetime(2026, 1, 20, 8), done=datetime(2026, 1, 20, 12))
        with freeze_time("2026-03-20"):
            self.mttr._refresh(month, month, self.company)
        self.assertEqual((value.value, value.frozen_on), (3.0, date(2026, 3, 20)))
        self._call(datetime(2026, 1, 25, 8), done=datetime(2026, 1, 25, 17))
        self.mttr._refresh(month, month, self.company)
        self.assertEqual(value.value, 3.0)
        with self.assertRaises(UserError):
            value.with_user(self.agent).action_recompute()
        value.with_user(self.manager).action_recompute()
        self.assertEqual((value.value, value.frozen_on), (5.0, fields.Date.today()))

    def test_target_is_kept_with_the_value(self):
        """A new target judges what is still open; a frozen month keeps the one it was judged by."""
        month = date(2026, 1, 1)
        self._call(datetime(2026, 1, 12, 8), done=datetime(2026, 1, 12, 18))
        self.mttr.write({"target": 8.0, "freeze_days": 0})
        self.mttr._refresh(month, month, self.company)
        value = self._values(self.mttr)[month]
        self.assertEqual((value.target, value.status), (8.0, "bad"))
        self.mttr.target = 20.0
        self.mttr._refresh(month, month, self.company)
        self.assertEqual((value.target, value.status), (8.0, "bad"))

    def test_drill_down_to_the_records(self):
        kept = self._call(datetime(2026, 1, 12, 8), done=datetime(2026, 1, 12, 18))
        self._call(datetime(2026, 1, 12, 8), done=datetime(2026, 2, 12, 18))
        installation = self.env.ref("after_sales_contract.after_sales_service_installation")
        self._call(datetime(2026, 1, 12, 8), done=datetime(2026, 1, 12, 18), service_id=installation.id)
        self.mttr._refresh(date(2026, 1, 1), date(2026, 1, 1), self.company)
        value = self._values(self.mttr)[date(2026, 1, 1)].with_user(self.agent)
        action = value.action_open_facts()
        facts = self.env[action["res_model"]].with_user(self.agent).search(action["domain"])
        self.assertEqual(facts.ticket_id, kept)
        self.assertEqual(facts.action_open_record()["res_id"], kept.id)

    def test_two_facts_and_their_own_bases(self):
        """Warranty cost per unit in warranty: 70.00 of part A over the units of the month."""
        unit = self._create_unit()
        self._golden_visit(unit)
        kpi = self.env.ref("after_sales_kpi.after_sales_kpi_warranty_cost")
        march = date(2026, 3, 1)
        kpi._refresh(march, march, self.company)
        value = self._values(kpi)[march].with_user(self.manager)
        charges = self.env["after.sales.charge"].search([("product_id", "=", self.part_a.id)])
        self.assertAlmostEqual(value.numerator, sum(charges.mapped("cost")))
        base = value.action_open_denominator()
        self.assertEqual(base["res_model"], "after.sales.unit.month")
        units = self.env[base["res_model"]].with_user(self.manager).search(base["domain"])
        self.assertEqual(sum(units.mapped("in_warranty")), value.denominator)
        self.assertIn(unit, units.unit_id)
        self.assertEqual(value.currency_id.format(value.value), value.value_text)

    def test_open_calls_have_a_history(self):
        """Two open calls yesterday, three today: 2.5 on the mean of the days."""
        kpi = self.env.ref("after_sales_kpi.after_sales_kpi_open_calls")
        Backlog = self.env["after.sales.backlog"].sudo()
        with freeze_time("2026-03-10 22:00:00"):
            self._call(datetime(2026, 3, 1, 9))
            self._call(datetime(2026, 1, 1, 9))
            Backlog._take()
            Backlog._take()
        with freeze_time("2026-03-11 22:00:00"):
            self._call(datetime(2026, 3, 11, 9))
            Backlog._take()
        own = [("company_id", "=", self.company.id)]
        rows = Backlog.with_user(self.agent)._read_group(own, ["date:day"], ["open_count:sum"])
        self.assertEqual([count for __, count in rows], [2, 3])
        kpi._refresh(date(2026, 3, 1), date(2026, 3, 1), self.company)
        self.assertEqual(self._values(kpi)[date(2026, 3, 1)].value, 2.5)

    def test_cron_isolates_a_broken_figure(self):
        broken = self.env.ref("after_sales_kpi.after_sales_kpi_remote_fix")
        self._force(broken, numerator="no_such_field:sum")
        cron = self.env.ref("after_sales_kpi.ir_cron_refresh").sudo()
        with (
            mute_logger("odoo.addons.after_sales_kpi.models.after_sales_kpi_refresh"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertIn("no_such_field", broken.error)
        self.assertTrue(self._values(self.mttr))
        self.assertFalse(self.mttr.error)

    def test_wrong_definitions_are_refused(self):
        for vals in (
            {"numerator": "resolved"},
            {"numerator": "nothing:sum"},
            {"date_field": "state"},
            {"domain": "[('nothing', '=', 1)]"},
            {"domain": "import os"},
            {"denominator_fact": "after.sales.delivery.fact"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.mttr.write(vals)
                self.env.flush_all()

    def test_own_figure(self):
        """A manager defines a figure of his own over any fact."""
        kpi = self.kpi.with_user(self.manager).create(
            {
                "name": "Reopened calls",
                "code": "reopened",
                "unit": "percent",
                "direction": "lower",
                "fact": "after.sales.ticket.fact",
                "date_field": "date_reported",
                "numerator": "reopen_count:sum",
                "denominator": "call_count:sum",
                "domain": "[('team_id', '!=', False)]",
            }
        )
        self._call(self._ago(0))
        kpi.action_refresh()
        self.assertEqual(literal_eval(kpi.domain), [("team_id", "!=", False)])
        self.assertIn(self.month, self._values(kpi))
