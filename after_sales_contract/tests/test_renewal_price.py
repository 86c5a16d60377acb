from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .renewal_common import RenewalCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-15")
class TestRenewalPrice(RenewalCommon):
    """CT-12..14: prices of the next term, the whole contract, per product and flat."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_tacit(
            line_ids=[
                Command.create({"product_id": cls.fee.id, "price_unit": 1200.0}),
                Command.create({"product_id": cls.extra.id, "price_unit": 10.0, "price_basis": "month"}),
            ]
        )

    def _row(self, rule, contract=None):
        return self._open_run(contract or self.contract, adjustment_id=rule.id).line_ids

    def test_ways_to_adjust(self):
        """A table: rule, new prices, new value, words of the reason."""
        create = self._create_adjustment
        ruled = {
            "scope": "product",
            "line_ids": [Command.create({"product_id": self.fee.id, "method": "price", "amount": 1000})],
        }
        several = {
            "scope": "product",
            "line_ids": [
                Command.create({"product_id": self.fee.id, "method": "amount", "amount": 30}),
                Command.create({"product_id": self.extra.id, "method": "percent", "percent": -50}),
            ],
        }
        self.extra.list_price = 12.5
        table = [
            (create(percent=5), [1260.0, 10.5], 1386.0, "+5.00 %"),
            (create(percent=-100), [0.0, 0.0], 0.0, "-100.00 %"),
            (create("amount", amount=132), [1320.0, 11.0], 1452.0, "Share of"),
            (create("pricelist"), [1200.0, 12.5], 1350.0, "Current pricelist"),  # D12
            (create(**ruled), [1000.0, 10.0], 1120.0, "No rule for this product"),
            (create(**several), [1230.0, 5.0], 1290.0, "-50.00 %"),
            (create("price", "flat", amount=1400), [1272.76, 10.61], 1400.08, "Flat price of"),
            (create("amount", "flat", amount=-120), [1091.28, 9.06], 1200.0, "Flat"),
        ]
        for rule, prices, value, words in table:
            with self.subTest(rule=rule.name):
                row = self._row(rule)
                if rule.scope == "flat":
                    # met to the cent, whatever the shares are
                    self.assertEqual(row.new_value, 1400.0 if rule.method == "price" else 1200.0)
                else:
                    self.assertEqual(row.price_ids.mapped("new_price"), prices)
                    self.assertAlmostEqual(row.new_value, value, 2)
                self.assertEqual(row.old_value, 1320.0)
                self.assertIn(words, row.reason)

    def test_renewed_at_the_new_prices(self):
        after = self._renew(self.contract, adjustment_id=self._create_adjustment(percent=5).id)
        self.assertEqual(after.line_ids.mapped("price_unit"), [1260.0, 10.5])
        self.assertEqual(after.amount_untaxed, 1386.0)
        self.assertEqual(self.contract.amount_untaxed, 1320.0)

    def test_fixed_prices_are_left_as_they_are(self):
        """D08: a fixed price is revised by no rule and no hand on the total."""
        self.contract.line_ids[1].is_price_fixed = True
        row = self._row(self._create_adjustment(percent=10))
        self.assertEqual(row.price_ids.mapped("new_price"), [1320.0, 10.0])
        self.assertIn("Fixed price", row.reason)
        row.new_value = 1520.0
        self.assertEqual(row.price_ids.mapped("new_price"), [1400.0, 10.0])
        flat = self._row(self._create_adjustment("price", "flat", amount=1000))
        self.assertEqual(flat.price_ids.mapped("new_price"), [880.0, 10.0])

    def test_value_by_hand(self):
        """What stands beside the value follows it, and the reason says whose it is; the run's totals are those sums."""
        row = self._row(self._create_adjustment(percent=10))
        self.assertEqual((row.old_value, row.difference, row.percent), (1320.0, 132.0, 10.0))
        row.new_value = 1386.0
        self.assertRecordValues(
            row,
            [
                {
                    "old_value": 1320.0,
                    "new_value": 1386.0,
                    "difference": 66.0,
                    "percent": 5.0,
                    "is_manual": True,
                    "reason": f"Set by hand by {self.manager.name}",
                }
            ],
        )
        self.assertEqual(sum(row.price_ids.mapped("new_value")), row.new_value)
        row.price_ids[0].new_price = 1320.0
        self.assertEqual(
            (row.new_value, row.difference), (1320.0 + row.price_ids[1].new_value, row.new_value - 1320.0)
        )
        form = Form(row.with_user(self.manager))
        form.new_value = 1452.0
        self.assertEqual((form.difference, form.percent), (132.0, 10.0), "before it is saved")
        form.save()
        self.assertEqual((row.difference, row.percent), (132.0, 10.0))
        self.assertIn(self.manager.name, row.reason)

    def test_price_edited_in_its_form(self):
        """The form sends the new value along: it is the sum of the prices already, and spreads over none of them."""
        row = self._row(self._create_adjustment(percent=10))
        with Form(row) as form, form.price_ids.edit(0) as price:
            price.new_price = 1500.0
        self.assertEqual(row.price_ids.mapped("new_price"), [1500.0, 11.0])
        self.assertEqual((row.new_value, row.is_manual), (1632.0, True))
        self.assertIn("Set by hand", row.price_ids[0].reason)
        self.assertNotIn("Set by hand", row.price_ids[1].reason)

    def test_amount_below_zero(self):
        """Who reads the reason reads no sign and "more" together."""
        row = self._row(self._create_adjustment("amount", "flat", amount=-20))
        self.assertRegex(row.reason, r"^Flat: \D*20\.00\D* less$")
        self.assertEqual(row.difference, -20.0)
        self.assertRegex(
            self._row(self._create_adjustment("amount", "flat", amount=20)).reason, "20.00.* more$"
        )

    def test_ended_lines_are_not_revised(self):
        """D09: only what is valid on the revision date."""
        self.contract.line_ids[1].date_to = date(2026, 3, 31)
        row = self._row(self._create_adjustment(percent=10))
        self.assertEqual(row.price_ids.contract_line_id, self.contract.line_ids[0])
        self.contract.line_ids[0].date_to = date(2026, 3, 31)
        row = self._row(self._create_adjustment(percent=10))
        self.assertEqual(row.state, "left_out")
        self.assertIn("no price that is valid", row.reason)

    def test_index(self):
        """D11: two months of the table, three quarters of the variation; the next renewal starts from the last month."""
        index = self._create_index(
            {date(2025, 11, 15): 120.0, date(2026, 11, 1): 123.6, date(2027, 11, 1): 120.0}
        )
        rule = self._create_adjustment("index", index_id=index.id, index_share=75, never_below=True)
        row = self._row(rule)
        self.assertEqual(row.price_ids.mapped("new_price"), [1227.0, 10.23])
        self.assertIn("11/2025 to 11/2026: +3.00 %, applied +2.25 %", row.reason)
        self.assertEqual(row.index_month, date(2026, 11, 1))
        after = self._renew(self.contract, adjustment_id=rule.id)
        self.assertEqual(after.index_base_month, date(2026, 11, 1))
        row = self._row(rule, after)
        self.assertEqual(row.difference, 0)
        self.assertIn("applied +0.00 %", row.reason)
        rule.never_below = False
        self.assertLess(self._row(rule, after).difference, 0)

    def test_index_not_published(self):
        """The row is left out with its reason, the others are renewed; published later, it is taken in."""
        index = self._create_index({date(2025, 11, 1): 120.0})
        rule = self._create_adjustment("index", index_id=index.id)
        plain = self._create_tacit()
        self.contract.adjustment_id = rule
        run = self._open_run(self.contract | plain)
        row = run.line_ids.filtered(lambda r: r.contract_id == self.contract)
        self.assertEqual((row.state, run.line_ids[1].state), ("left_out", "ready"))
        self.assertIn("CPI has no figure for 11/2026", row.reason)
        self.assertEqual((row.old_value, row.new_value, row.difference), (1320.0, 1320.0, 0.0))
        index.value_ids = [Command.create({"month": date(2026, 11, 1), "value": 126.0})]
        run.action_preview()
        self.assertEqual(run.line_ids.mapped("state"), ["ready", "ready"])
        self.assertEqual(sorted(run.line_ids.mapped("new_value")), [1200.0, 1386.0])

    def test_holes_of_an_index(self):
        """Who keeps the table sees which months are missing; who renews reads which one his contract waits for."""
        index = self._create_index(
            {date(2025, 9, 1): 119.0, date(2025, 12, 1): 120.0, date(2026, 11, 1): 123.0}
        )
        with Form(index.with_user(self.manager)) as form:
            self.assertIn("10/2025, 11/2025, 01/2026", form.missing_months)
            self.assertNotIn("12/2025", form.missing_months)
            with form.value_ids.new() as row:
                row.month, row.value = date(2025, 10, 20), 119.5
            self.assertNotIn("10/2025", form.missing_months)
        self.assertIn(date(2025, 10, 1), index.value_ids.mapped("month"))
        row = self._row(self._create_adjustment("index", index_id=index.id))
        self.assertEqual(row.state, "left_out")
        self.assertIn("CPI has no figure for 11/2025", row.reason)

    def test_figures_are_imported(self):
        """Figures come from a file; any day stands for its month, and a month has one figure."""
        self._create_index({}, "FOI")
        result = (
            self.env["after.sales.index.value"]
            .with_user(self.manager)
            .load(
                ["index_id", "month", "value"],
                [["FOI", "2026-01-31", "100.5"], ["FOI", "2026-02-01", "100.9"]],
            )
        )
        self.assertFalse(result["messages"])
        rows = self.env["after.sales.index.value"].browse(result["ids"])
        self.assertEqual(rows.sorted("month").mapped("month"), [date(2026, 1, 1), date(2026, 2, 1)])
        self.assertEqual(rows.index_id.last_month, date(2026, 2, 1))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            rows[0].copy({"month": date(2026, 1, 9)})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            rows[0].value = 0

    def test_foreign_currency(self):
        """Amounts follow the day's rate; a currency without rate is no par, but a reason."""
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "Q", "rounding": 0.01})
        values = {
            "currency_id": currency.id,
            "name": date(2026, 1, 1),
            "rate": 2.0,
            "company_id": self.company.id,
        }
        rate = self.env["res.currency.rate"].create(values)
        contract = self._create_tacit(currency_id=currency.id)
        rate.unlink()
        rule = self._create_adjustment("amount", amount=100)
        row = self._row(rule, contract)
        self.assertEqual(row.state, "left_out")
        self.assertIn("no rate of QQQ", row.reason)
        percent = self._row(self._create_adjustment(percent=10), contract)
        self.assertEqual((percent.state, percent.new_value), ("ready", 1320.0))
        rate.create(values)
        row = self._row(rule, contract)
        self.assertEqual((row.old_value, row.new_value), (1200.0, 1400.0))

    def test_rules_that_make_no_sense(self):
        for values in (
            {"scope": "product"},
            {"scope": "flat", "method": "percent"},
            {"scope": "contract", "method": "price"},
            {"scope": "contract", "method": "index"},
            {"scope": "flat", "method": "price", "amount": -1},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_adjustment(**values)
        row = self._row(self._create_adjustment("amount", amount=-5000))
        self.assertEqual(row.state, "left_out")
        self.assertIn("negative", row.reason)
