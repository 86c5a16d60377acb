from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.after_sales_contract.tools.profit import recognise

from ..tools import months
from .common import VISIT_DAY, AfterSalesKpiCommon

CHARGE = "after.sales.charge.fact"
MONTH = "after.sales.contract.month"
MARCH = date(2026, 3, 1)


@tagged("post_install", "-at_install")
class TestMoneyFacts(AfterSalesKpiCommon):
    def test_golden_visit_on_demand(self):
        """35.00 + 46 × 0.62 + 1.5 × 38.00 + 3 × 52.00 + 2 × 78.00 + 46.48 + 120.00 + 18.40 = 617.40 in full;
        part A (120.00) is the warranty's, so the customer pays 497.40."""
        unit = self._create_unit()
        self._golden_visit(unit)
        amount, customer = self._one(CHARGE, [], ["amount:sum", "amount_customer:sum"])
        self.assertAlmostEqual(amount, 617.40)
        self.assertAlmostEqual(customer, 497.40)
        charges = self.env["after.sales.charge"].search([("unit_id", "=", unit.id)])
        part_a = charges.filtered(lambda charge: charge.product_id == self.part_a)
        cost, warranty, contract, paid = self._one(
            CHARGE, [], ["cost:sum", "cost_warranty:sum", "cost_contract:sum", "cost_customer:sum"]
        )
        self.assertAlmostEqual(cost, sum(charges.mapped("cost")))
        self.assertAlmostEqual(warranty, part_a.cost)
        self.assertAlmostEqual(contract, 0.0)
        self.assertAlmostEqual(paid, cost - warranty)

    def test_sources_and_ratios(self):
        self._golden_visit(self._create_unit())
        rows = {
            source: value for source, value in self._facts(CHARGE)._read_group([], ["source"], ["amount:sum"])
        }
        self.assertAlmostEqual(rows["labour"], 312.0)
        self.assertAlmostEqual(rows["travel"], 35 + 28.52 + 57 + 46.48)
        self.assertAlmostEqual(rows["part"], 138.4)
        [rate] = self._one(CHARGE, [], ["billable_rate:avg"])
        self.assertAlmostEqual(rate, 497.40 * 100 / 617.40)

    def test_supplier_recovery(self):
        """Part A cost 70.00, the supplier bears it: 50.00 agreed, paid once the credit note is posted."""
        supplier = self.env["res.partner"].create({"name": "Maker", "is_company": True})
        unit = self._create_unit(supplier_id=supplier.id, supplier_warranty_end=date(2027, 1, 1))
        charge = self._golden_visit(unit).visit_charge_ids.filtered("amount_recoverable")
        claim = self.env["after.sales.supplier.claim"]._make(charge)
        names = ["recoverable", "recovery_claimed", "recovery_agreed", "recovered", "cost_warranty_net"]
        sums = [f"{name}:sum" for name in names]
        self.assertEqual(self._one(CHARGE, [], sums), (70.0, 0.0, 0.0, 0.0, 70.0))
        claim.action_mark_sent()
        claim.line_ids.amount_agreed = 50.0
        claim._answer()
        claim.action_settle()
        self.assertEqual(self._one(CHARGE, [], sums), (70.0, 70.0, 50.0, 0.0, 70.0), "pending does not count")
        claim.line_ids.move_line_id.move_id.action_post()
        claim.action_claim_rest()
        claim.follow_up_ids.action_mark_sent()
        self.assertEqual(self._one(CHARGE, [], sums), (70.0, 70.0, 50.0, 50.0, 20.0))
        [rate] = self._one(CHARGE, [("recovery_supplier_id", "=", supplier.id)], ["recovery_rate:avg"])
        self.assertAlmostEqual(rate, 5000 / 70)
        kpi = self.env.ref("after_sales_kpi.after_sales_kpi_supplier_recovery")
        kpi._refresh(MARCH, MARCH, self.company)
        value = kpi.value_ids.filtered(lambda value: value.company_id == self.company)
        self.assertAlmostEqual(value.value, 5000 / 70)

    def test_cancelled_and_instalments_are_no_work(self):
        charge = self._create_charge()
        self.assertAlmostEqual(self._one(CHARGE, [], ["amount:sum"])[0], 104.0)
        charge._cancel()
        self._create_charge(kind="instalment", quantity=1, price_unit=100)
        self.assertFalse(self._one(CHARGE, [], ["amount:sum"])[0])

    def test_company_currency_at_the_date(self):
        """200 dollars at 2.0 dollars a euro on the day, whatever the rate is later."""
        usd = self.env["res.currency"].create({"name": "KPD", "symbol": "k", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            [
                {"currency_id": usd.id, "name": "2026-01-01", "rate": 2.0, "company_id": self.company.id},
                {"currency_id": usd.id, "name": "2026-06-01", "rate": 4.0, "company_id": self.company.id},
            ]
        )
        self._create_charge(currency_id=usd.id, quantity=2.0, price_unit=100.0)
        converted = usd._convert(200.0, self.company.currency_id, self.company, VISIT_DAY)
        self.assertAlmostEqual(self._one(CHARGE, [], ["amount:sum"])[0], converted)
        self.assertAlmostEqual(converted, 100.0)

    # ------------------------------------------------------------
    # Contracts
    # ------------------------------------------------------------
    def _months(self, contract):
        self.env[MONTH].invalidate_model()
        return {fact.date: fact for fact in self._facts(MONTH).search([("contract_id", "=", contract.id)])}

    def test_worked_recognition(self):
        """Yearly contract of 1200 from 15 March, one instalment: 17 of 365 days in March, 55.89."""
        contract = self._create_contract(start=date(2025, 3, 15), interval_unit="year")
        [instalment] = contract.instalment_ids
        self.assertEqual((instalment.date_to, instalment.amount), (date(2026, 3, 14), 1200.0))
        rows = self._months(contract)
        self.assertAlmostEqual(rows[date(2025, 3, 1)].revenue, 55.89)
        self.assertEqual(rows[date(2025, 3, 1)].service_days, 17)
        self.assertAlmostEqual(sum(row.revenue for row in rows.values()), 1200.0)
        self.assertEqual(sum(row.service_days for row in rows.values()), 365)

    def test_view_follows_the_pure_rule(self):
        """Whatever the plan, each month of the view is the sum of what the rule recognises, to the cent."""
        for start, price, unit, interval in (
            (date(2025, 1, 31), 999.99, "month", 1),
            (date(2024, 2, 29), 1234.56, "month", 3),
            (date(2025, 11, 7), 100.0, "week", 2),
        ):
            contract = self._create_contract(start=start, price=price, interval_unit=unit, interval=interval)
            expected = {}
            for row in contract.instalment_ids.filtered(lambda row: row.state != "cancelled"):
                for month, value in recognise(
                    Decimal(f"{row.amount:.2f}"), row.date_from, row.date_to
                ).items():
                    expected[month] = expected.get(month, 0) + value
            rows = self._months(contract)
            self.assertEqual(rows.keys(), expected.keys())
            for month, value in expected.items():
                self.assertAlmostEqual(rows[month].revenue, float(value), msg=f"{contract.name} {month}")

    def test_contract_result(self):
        """Travel and call-out are included, part A is the warranty's: the customer pays 376.88 beyond the
        contract, and the cost of part A is not the contract's."""
        unit = self._create_unit()
        contract = self._create_contract(inclusions=(("travel", 100.0), ("call_out", 100.0)), units=unit)
        self._golden_visit(unit, contract=contract)
        row = self._months(contract)[MARCH]
        charges = self.env["after.sales.charge"].search([("contract_id", "=", contract.id)])
        part_a = charges.filtered(lambda charge: charge.product_id == self.part_a)
        self.assertAlmostEqual(row.revenue_extra, 376.88)
        self.assertAlmostEqual(row.cost, sum(charges.mapped("cost")) - part_a.cost)
        labour = charges.filtered(lambda charge: charge.kind in ("labour", "overtime"))
        self.assertAlmostEqual(row.cost_labour, sum(labour.mapped("cost")))
        self.assertAlmostEqual(
            row.cost_part,
            sum((charges - part_a).filtered(lambda charge: charge.kind == "part").mapped("cost")),
        )
        self.assertAlmostEqual(row.cost_labour + row.cost_travel + row.cost_part + row.cost_expense, row.cost)
        self.assertAlmostEqual(row.margin, row.revenue + 376.88 - row.cost)
        self.assertAlmostEqual(row.margin_rate, row.margin * 100 / (row.revenue + 376.88))
        self.assertFalse(row.is_forecast)

    def test_credited_days_are_neither_earned_nor_served(self):
        contract = self._create_contract(start=date(2026, 1, 1), interval_unit="year")
        self._bill()
        contract._stop(date(2026, 6, 30))
        self.assertEqual(contract.credit_ids.days, 184)
        rows = self._months(contract).values()
        self.assertAlmostEqual(sum(row.revenue for row in rows), contract.amount_untaxed)
        self.assertEqual(sum(row.service_days for row in rows), 181)

    def test_price_that_its_order_billed(self):
        """It has no instalments and is earned by days like any other."""
        contract = self._create_contract(start=date(2026, 1, 1), interval_unit="year", run=False)
        contract.line_ids.is_prepaid = True
        contract.action_start()
        self.assertFalse(contract.instalment_ids)
        rows = self._months(contract)
        self.assertAlmostEqual(rows[MARCH].revenue, 101.92, msg="1200 by 31 of 365 days")
        self.assertAlmostEqual(sum(row.revenue for row in rows.values()), 1200.0)

    def test_days_of_service_follow_the_contract(self):
        """Two prices are no second day; paused days and those after an early end are none, whoever paid them ahead."""
        contract = self._create_contract(start=date(2026, 1, 1), interval_unit="year", run=False)
        contract.line_ids.copy({"contract_id": contract.id})
        contract.action_start()
        self._bill()
        contract._pause(date(2026, 2, 16), date(2026, 3, 31))
        contract._stop(date(2026, 5, 10))
        days = {month.month: row.service_days for month, row in self._months(contract).items()}
        self.assertEqual(
            {month: value for month, value in days.items() if value}, {1: 31, 2: 15, 4: 30, 5: 10}
        )
        self.assertAlmostEqual(
            sum(row.revenue for row in self._months(contract).values()), contract.amount_untaxed
        )

    def test_drafts_and_cancelled_instalments_earn_nothing(self):
        contract = self._create_contract(run=False)
        self.assertFalse(self._months(contract))
        contract.action_start()
        self.assertEqual(len(self._months(contract)), 12)
        free = contract.instalment_ids[-1:]
        free.state = "cancelled"
        month = self._months(contract)[free.date_from]
        self.assertEqual((month.revenue, month.service_days), (0.0, free.date_to.day))

    def test_result_of_many_contracts(self):
        """A loss and a gain together: the rate of both is of their sums."""
        big = self._create_contract(price=12000.0)
        small = self._create_contract(price=1200.0)
        charge = self._create_charge(
            contract_id=small.id,
            partner_id=self.customer.id,
            allocation_ids=[Command.create({"payer": "contract", "share": 1.0})],
        )
        charge.cost = 500.0
        domain = [("contract_id", "in", (big + small).ids), ("date", "=", MARCH)]
        revenue, margin, rate = self._one(
            MONTH, domain, ["revenue_total:sum", "margin:sum", "margin_rate:avg"]
        )
        self.assertAlmostEqual(margin, revenue - 500.0)
        self.assertAlmostEqual(rate, margin * 100 / revenue)
        [(__, loss)] = self._facts(MONTH)._read_group(
            domain + [("margin", "<", 0)], ["contract_id"], ["margin:sum"]
        )
        self.assertLess(loss, 0)

    def test_ids_name_record_and_month(self):
        contract = self._create_contract()
        for row in self._months(contract).values():
            self.assertEqual(
                divmod(row.id, months.SLOTS), (contract.id, (row.date.year - 1970) * 12 + row.date.month - 1)
            )
            self.assertEqual(row.action_open_record()["res_id"], contract.id)
