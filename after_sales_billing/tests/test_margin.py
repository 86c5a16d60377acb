from datetime import date

from odoo.tests import tagged

from .common_cost import CostAccountsCommon

PIVOT = ["amount_charged:sum", "cost_charged:sum", "margin:sum", "cost_covered:sum"]


@tagged("post_install", "-at_install")
class TestMargin(CostAccountsCommon):
    """What the accountant reads as margin by cost class."""

    def test_by_cost_class(self):
        """Of half covered work half of the cost is a loss of the warranty, not of the charge."""
        common = {"quantity": 1.0, "state": "confirmed", "date": date(2026, 3, 2)}
        charges = self._create_covered(
            cost=40.0, price_unit=100.0, customer=0.5, warranty=0.5, **common
        ) | self._create_covered(
            cost=30.0,
            name="Labour",
            kind="labour",
            product_id=False,
            price_unit=50.0,
            customer=1.0,
            **common,
        )
        rows = (
            self.env["after.sales.charge"]
            .with_user(self.accountant)
            .formatted_read_group([("id", "in", charges.ids)], ["cost_class"], PIVOT)
        )
        found = {row["cost_class"]: [row[measure] for measure in PIVOT] for row in rows}
        self.assertEqual(found, {"part": [50.0, 20.0, 30.0, 20.0], "labour": [50.0, 30.0, 20.0, 0.0]})

    def test_in_the_currency_of_the_company(self):
        """Charged in another currency: at the rate of the day of the work."""
        foreign = self.setup_other_currency("GBP", rates=[("2026-01-01", 2.0), ("2026-04-01", 4.0)])
        charge = self._create_covered(
            cost=40.0,
            price_unit=100.0,
            quantity=1.0,
            customer=1.0,
            currency_id=foreign.id,
            date=date(2026, 3, 2),
        )
        self.assertRecordValues(charge, [{"amount_charged": 50.0, "margin": 10.0}])

    def test_no_rate_counts_nothing(self):
        """One to one it would only look like an amount: it counts from the day there is a rate."""
        currency = self.env["res.currency"].create({"name": "XQX", "symbol": "x"})
        charge = self._create_covered(
            cost=40.0,
            price_unit=1000.0,
            quantity=1.0,
            customer=0.5,
            warranty=0.5,
            currency_id=currency.id,
            date=date(2026, 3, 2),
        )
        nothing = {"amount_charged": 0.0, "cost_charged": 0.0, "margin": 0.0, "cost_covered": 20.0}
        self.assertRecordValues(charge, [nothing])
        other = self.setup_other_company(name="Second")["company"]
        rates = self.env["res.currency.rate"]
        rates.create({"name": "2026-01-01", "rate": 7.0, "currency_id": currency.id, "company_id": other.id})
        self.assertRecordValues(charge, [nothing])
        rates.with_user(self._create_role("bill_adviser", "account.group_account_manager")).create(
            {
                "name": "2026-01-01",
                "rate": 10.0,
                "currency_id": currency.id,
                "company_id": self.company.id,
            }
        )
        self.assertRecordValues(
            charge, [{"amount_charged": 50.0, "cost_charged": 20.0, "margin": 30.0, "cost_covered": 20.0}]
        )

    def test_rate_of_a_company_beside_a_shared_one(self):
        """Where a shared rate is known already, the first one of a company alone is no first one."""
        currency = self.env["res.currency"].create({"name": "XQX", "symbol": "x"})
        rates = self.env["res.currency.rate"]
        shared = {"name": "2026-01-01", "currency_id": currency.id}
        rates.create({**shared, "rate": 10.0, "company_id": False})
        charge = self._create_charge(
            quantity=1.0, price_unit=100.0, currency_id=currency.id, date=date(2026, 3, 2)
        )
        self.assertEqual(charge.amount_charged, 10.0)
        rates.create({**shared, "rate": 5.0, "company_id": self.company.id})
        self.assertEqual(charge.amount_charged, 10.0)

    def test_billed_is_what_counts(self):
        """A draft edited by hand, then a credit note, in a foreign currency: the margin follows the ledger."""
        foreign = self.setup_other_currency("GBP", rates=[("2026-01-01", 2.0), ("2026-04-01", 4.0)])
        charge = self._create_charge(
            quantity=1.0,
            price_unit=100.0,
            cost=40.0,
            currency_id=foreign.id,
            date=date(2026, 3, 2),
            tax_ids=[],
        )
        self.assertRecordValues(charge, [{"amount_charged": 50.0, "margin": 10.0}])
        invoice = self._bill()
        self.assertEqual(charge.amount_charged, 50.0)
        invoice.invoice_line_ids.price_unit = 90.0
        invoice.action_post()
        self.assertRecordValues(charge, [{"amount_charged": 45.0, "margin": 5.0}])
        refund = self._reverse(invoice)
        self.assertRecordValues(charge, [{"amount_charged": 45.0, "margin": 5.0}])
        refund.invoice_line_ids.price_unit = 30.0
        refund.action_post()
        self.assertRecordValues(charge, [{"amount_charged": 30.0, "cost_charged": 40.0, "margin": -10.0}])
        rows = (
            self.env["after.sales.charge"]
            .with_user(self.accountant)
            .formatted_read_group([("id", "=", charge.id)], ["cost_class"], PIVOT)
        )
        self.assertEqual([rows[0][measure] for measure in PIVOT], [30.0, 40.0, -10.0, 0.0])
        refund.button_draft()
        self.assertEqual(charge.amount_charged, 45.0, "a draft credits nothing")
        refund.button_cancel()
        self.assertEqual(charge.amount_charged, 45.0)
        invoice.button_draft()
        invoice.unlink()
        self.assertRecordValues(charge, [{"amount_charged": 50.0, "margin": 10.0}])

    def test_what_another_payer_changes(self):
        """The cost becomes known later, goodwill takes it over: the margin follows; a loss is a loss."""
        charge = self._create_covered(cost=0.0, price_unit=10.0, quantity=1.0, customer=1.0)
        charge.cost = 25.0
        self.assertEqual(charge.margin, -15.0)
        charge.with_user(self.manager)._override_payers({"goodwill": 1.0}, "An old customer")
        self.assertRecordValues(charge, [{"amount_charged": 0.0, "margin": 0.0, "cost_covered": 25.0}])

    def test_the_report_opens_for_the_accountant(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_billing.after_sales_charge_action_margin"
        )
        charges = self.env["after.sales.charge"].with_user(self.accountant)
        views = {kind: charges.get_view(view_id, kind)["arch"] for view_id, kind in action["views"]}
        for kind in ("pivot", "graph", "list"):
            self.assertIn('name="margin"', views[kind])
