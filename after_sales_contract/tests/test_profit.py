from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools.misc import formatLang

from .common import AGENT, MANAGER, ContractCommon


class TestProfit(ContractCommon):
    """CT-26, D31: revenue by days of service, cost by source, margin and forecast."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profit = cls.env["after.sales.contract.profit"]
        plan = cls.env["account.analytic.plan"].create({"name": "Contracts"})
        cls.account = cls.env["account.analytic.account"].create({"name": "SC", "plan_id": plan.id})
        cls.column = plan._column_name()

    def _spend(self, amount, day, product=None, account=None):
        return self.env["account.analytic.line"].create(
            {
                "name": "Work",
                "amount": -amount,
                "date": day,
                "product_id": product.id if product else False,
                "company_id": self.company.id,
                self.column: (account or self.account).id,
            }
        )

    def _sum(self, contract, *domain):
        rows = self.profit.search([("contract_id", "=", contract.id), *domain])
        return round(sum(rows.mapped("revenue")), 2), round(sum(rows.mapped("cost")), 2)

    @freeze_time("2026-03-31 10:00:00")
    def test_revenue_by_days_of_service(self):
        """The worked check of kpi.md: 1200 a year from 15 March, 17 of 365 days in March: 55.89."""
        contract = self._create_contract(date_start=date(2026, 3, 15), interval_unit="year")
        self.assertEqual(self._sum(contract, ("is_forecast", "=", False)), (55.89, 0.0))
        self.assertEqual(self._sum(contract), (1200.0, 0.0))
        months = self.profit._read_group([("contract_id", "=", contract.id)], ["date:month"], ["revenue:sum"])
        self.assertEqual(len(months), 13)
        ids = self.profit.search([("contract_id", "=", contract.id)]).ids
        self.assertEqual(len(ids), len(set(ids)))
        with freeze_time("2026-04-10 10:00:00"):
            self.env.invalidate_all()
            self.assertEqual(
                self._sum(contract, ("is_forecast", "=", False)), (round(1200 * 27 / 365, 2), 0.0)
            )
            self.assertEqual(
                self._sum(contract), (1200.0, 0.0), "cut in the middle of a month, nothing is lost"
            )

    @freeze_time("2026-03-14 10:00:00")
    def test_margin_cost_by_source_and_forecast(self):
        labour = self.env.ref("after_sales_contract.product_labour")
        travel = self.env.ref("after_sales_contract.product_travel_km")
        contract = self._create_contract(
            analytic_account_id=self.account.id,
            interval_unit="year",
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 1460.0, "discount": 50.0})],
        )
        self._spend(60.0, date(2026, 2, 1), labour)
        self._spend(20.0, date(2026, 2, 2), travel)
        self._spend(15.0, date(2026, 2, 3), self.filter)
        self._spend(5.0, date(2026, 2, 4))
        other = self.env["account.analytic.account"].create(
            {"name": "Other", "plan_id": self.account.plan_id.id}
        )
        self._spend(1000.0, date(2026, 2, 4), account=other)
        sources = dict(
            self.profit._read_group(
                [("contract_id", "=", contract.id), ("cost", "!=", 0)], ["source"], ["cost:sum"]
            )
        )
        self.assertEqual(sources, {"labour": 60.0, "travel": 20.0, "part": 15.0, "other": 5.0})
        self.assertAlmostEqual(contract.result_revenue, 730 * 73 / 365, places=2)
        self.assertRecordValues(
            contract,
            [
                {
                    "result_cost": 100.0,
                    "result_margin": 46.0,
                    "forecast_revenue": 730.0,
                    "forecast_cost": 500.0,
                }
            ],
        )
        self.assertEqual(contract.forecast_margin, 230.0)
        for words in ("60.00", "31.5", "500.00"):
            self.assertIn(words, contract.result_explained)
        by_product = self.profit._read_group(
            [("contract_id", "=", contract.id)], ["product_id"], ["revenue:sum"]
        )
        self.assertEqual(dict(by_product)[self.fee], 730.0)

    @freeze_time("2026-06-30 10:00:00")
    def test_early_end_and_top_up(self):
        contract = self._create_contract(scope="customer", includes=(), pool_hours=5)
        contract.pool_ids.action_top_up()
        contract.action_end()
        earned, __ = self._sum(contract, ("source", "=", "service"))
        self.assertAlmostEqual(
            earned, sum(contract.instalment_ids.filtered(lambda r: r.state == "planned").mapped("amount"))
        )
        self.assertEqual(self._sum(contract, ("source", "=", "top_up")), (480.0, 0.0))
        self.assertFalse(self.profit.search([("contract_id", "=", contract.id), ("is_forecast", "=", True)]))

    def _create_of_units(self):
        """One unit from September on, a second one from October: 365 a year each, so about 1 a unit and day."""
        first, second = self._create_unit(serial="P-1"), self._create_unit(serial="P-2")
        contract = self._create_contract(
            units=first,
            date_start=date(2026, 9, 1),
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 365.0, "pricing": "per_unit"})
            ],
        )
        contract.cover_ids = [
            Command.create(
                {"unit_id": second.id, "start_policy": "contract_start", "date_from": date(2026, 10, 1)}
            )
        ]
        contract._sync_plan()
        return contract

    @freeze_time("2026-11-29 10:00:00")
    def test_units_that_join_in_a_period(self):
        """What is earned of an instalment goes by the units of each day, never beyond what is billed for them."""
        contract = self._create_of_units()
        self.assertEqual(contract.instalment_ids[0].amount, 152.42)
        self.assertEqual(
            self._sum(contract, ("date", "<", "2026-10-01")), (30.08, 0.0), "30 of 152 unit-days"
        )
        self._billed(contract.instalment_ids[0])
        contract._transfer(self.business, date(2026, 11, 29), units=False)
        self.env.invalidate_all()
        self.assertEqual(contract.amount_untaxed, 148.41, "89 and 59 unit-days")
        self.assertEqual((contract.result_revenue, contract.forecast_revenue), (148.4, 148.41))
        with freeze_time("2026-12-01 10:00:00"):
            self.env.invalidate_all()
            self.assertEqual(contract.result_revenue, 148.41)

    @freeze_time("2026-11-29 10:00:00")
    def test_units_that_join_without_credit(self):
        contract = self._create_of_units()
        contract._transfer(self.business, date(2026, 11, 29), units=False)
        self.assertEqual((contract.result_revenue, contract.forecast_revenue), (148.41, 148.41))
        self.assertEqual(self._sum(contract, ("date", "<", "2026-10-01")), (30.08, 0.0))

    @freeze_time("2026-06-30 10:00:00")
    def test_early_end_with_credit(self):
        """What is given back was never earned; so for a price that the document billed which sold it."""
        billed, prepaid = self._create_contract(), self._create_contract()
        self._billed(*billed.instalment_ids)
        prepaid.line_ids.is_prepaid = True
        prepaid._sync_plan()
        self.assertEqual(
            (prepaid.result_revenue, prepaid.forecast_revenue), (595.07, 1200.0), "181 of 365 days"
        )
        for contract in (billed, prepaid):
            contract._stop(date(2026, 8, 31))
            self.assertEqual(contract.credit_amount, 397.83)
            self.assertEqual(self._sum(contract), (contract.amount_untaxed, 0.0))
            self.assertEqual(contract.amount_untaxed, 802.17)
            later = self._sum(contract, ("date", ">", "2026-08-31"))
            self.assertEqual(later, (0.0, 0.0), "what was billed for later days and what is credited of it")

    @freeze_time("2026-11-15 10:00:00")
    def test_pause_without_end(self):
        """Nothing is earned while nobody has resumed the contract, whether its days are billed or not."""
        billed, prepaid, planned = (self._create_contract(interval_unit="year") for __ in range(3))
        self._billed(*billed.instalment_ids)
        prepaid.line_ids.is_prepaid = True
        prepaid._sync_plan()
        for contract in billed, prepaid, planned:
            with self.subTest(contract=contract.name):
                contract._pause(date(2026, 11, 1))
                self.assertEqual(self._sum(contract, ("date", ">=", "2026-11-01")), (0.0, 0.0))
                self.assertEqual(self._sum(contract), (999.45, 0.0), "304 of 365 days")
                contract._resume(date(2026, 12, 1))
                self.env.invalidate_all()
                self.assertEqual(self._sum(contract), (1101.37, 0.0), "335 of 365 days")

    @freeze_time("2026-03-31 10:00:00")
    def test_other_currency(self):
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "q", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            [
                {"currency_id": currency.id, "name": "2026-01-01", "rate": 2.0},
                {"currency_id": currency.id, "name": "2026-04-01", "rate": 4.0},
            ]
        )
        contract = self._create_contract(currency_id=currency.id)
        earned, __ = self._sum(contract, ("date", "<", "2026-04-01"))
        rows = contract.instalment_ids.sorted("date_from")
        self.assertAlmostEqual(earned, rows[0].amount / 2, places=1)
        later, __ = self._sum(contract, ("date", ">=", "2026-04-01"), ("date", "<", "2026-07-01"))
        self.assertAlmostEqual(later, rows[1].amount / 4, places=1)

    @freeze_time("2026-03-31 10:00:00")
    def test_explanation_sums_up_in_another_currency(self):
        """What one reads row by row is what stands above it, to the cent."""
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "q", "rounding": 0.01})
        self.env["res.currency.rate"].create({"currency_id": currency.id, "name": "2026-01-01", "rate": 2.0})
        for price in (100.01, 100.03, 365.05, 1200.0):
            contract = self._create_contract(
                currency_id=currency.id,
                date_start=date(2026, 3, 31),
                interval_unit="year",
                line_ids=[Command.create({"product_id": self.fee.id, "price_unit": price})],
            )
            rows = self.profit.search([("contract_id", "=", contract.id)])
            self.assertEqual(rows.mapped("revenue"), [round(row.revenue, 2) for row in rows])
            self.assertAlmostEqual(sum(rows.mapped("revenue")), price / 2, delta=0.0051)
            earned = formatLang(self.env, contract.result_revenue, currency_obj=self.company.currency_id)
            self.assertIn(earned, contract.result_explained.replace("&nbsp;", "\xa0"))

    def test_who_sees_it(self):
        contract = self._create_contract()
        manager, agent = self._create_user("p_boss", MANAGER), self._create_user("p_agent", AGENT)
        self.assertTrue(self.profit.with_user(manager).search([("contract_id", "=", contract.id)]))
        Form(contract.with_user(manager))
        accountant = self._create_user("p_books", "account.group_account_invoice")
        self.assertTrue(self.profit.with_user(accountant).search([("contract_id", "=", contract.id)]).read())
        self.assertTrue(contract.with_user(accountant).read(["result_margin", "result_explained"]))
        menus = self.env["ir.ui.menu"].with_user(accountant).load_menus(False)
        self.assertIn(self.env.ref("after_sales_contract.after_sales_contract_profit_menu_account").id, menus)
        with self.assertRaises(AccessError):
            self.profit.with_user(agent).search([("contract_id", "=", contract.id)])
        with self.assertRaises(AccessError):
            contract.with_user(agent).read(["result_margin"])
        Form(contract.with_user(agent))
        other = self._create_other_company()
        manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.profit.with_user(manager).search([("contract_id", "=", contract.id)]))

    def test_proposals_earn_nothing(self):
        contract = self._create_contract(start=False)
        contract.action_propose()
        self.assertFalse(self.profit.search([("contract_id", "=", contract.id)]))
        self.assertEqual((contract.result_revenue, contract.forecast_cost), (0.0, 0.0))
