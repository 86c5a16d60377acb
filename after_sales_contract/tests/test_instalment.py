from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError

from .common import AGENT, ContractCommon


class TestInstalment(ContractCommon):
    def _rows(self, contract):
        rows = contract.instalment_ids.filtered(lambda row: row.state == "planned").sorted("date_from")
        return [(row.date_from, row.date_to, row.date_due, row.amount) for row in rows]

    def test_status_says_billed(self):
        """Lists, filter and calendar tell billed ones from those that are still planned."""
        contract = self._create_contract()
        rows = contract.instalment_ids.sorted("date_from")
        self._billed(rows[0])
        rows[3]._drop()
        rows = rows.with_user(self._create_user("statusreader", AGENT))
        with freeze_time("2026-04-01 10:00:00"):
            self.assertEqual(rows.mapped("status"), ["billed", "due", "planned", "cancelled"])
        self.assertEqual(sum(rows.mapped("amount_owed")), 900.0, "a cancelled one is in no total")
        summed = etree.fromstring(rows.get_view(view_type="list")["arch"]).findall(".//field[@sum]")
        self.assertEqual([node.get("name") for node in summed], ["amount_owed"])
        self.assertIn(rows[0].currency_id.format(300.0), rows[0].display_name)
        arch = etree.fromstring(rows.get_view(view_type="search")["arch"])
        planned = arch.find(".//filter[@name='planned']").get("domain")
        self.assertIn("('is_billed', '=', False)", planned)

    def test_quarters_in_advance(self):
        contract = self._create_contract()
        self.assertEqual(
            self._rows(contract),
            [
                (date(2026, 1, 1), date(2026, 3, 31), date(2026, 1, 1), 300.0),
                (date(2026, 4, 1), date(2026, 6, 30), date(2026, 4, 1), 300.0),
                (date(2026, 7, 1), date(2026, 9, 30), date(2026, 7, 1), 300.0),
                (date(2026, 10, 1), date(2026, 12, 31), date(2026, 10, 1), 300.0),
            ],
        )
        self.assertEqual(contract.amount_untaxed, 1200.0)
        self.assertEqual(contract.next_due_date, date(2026, 1, 1))

    def test_arrears_on_calendar_months(self):
        """D05: five days of February are billed by days, and the text says so."""
        contract = self._create_contract(
            date_start=date(2026, 2, 24),
            duration=3,
            duration_unit="month",
            interval_unit="month",
            timing="arrears",
            alignment="calendar",
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 280.0, "price_basis": "month"})
            ],
        )
        rows = contract.instalment_ids.sorted("date_from")
        self.assertEqual(rows[0].days, 5)
        self.assertEqual(rows[0].amount, 50.0)
        self.assertTrue(rows[0].is_partial)
        self.assertIn("(5 days)", rows[0].description)
        self.assertEqual(rows.mapped("date_due")[:2], [date(2026, 2, 28), date(2026, 3, 31)])
        self.assertEqual(rows[1].amount, 280.0)
        self.assertEqual(rows[-1].date_to, date(2026, 5, 23))
        self.assertEqual(sum(rows.mapped("amount")), contract.amount_untaxed)

    def test_numbers_of_days_and_years(self):
        """Each language has its own plural forms: the invoice says 2 and 5 days, the proposal 2 years."""
        self.env["res.lang"]._activate_lang("ru_RU")
        self.consumer.lang = "ru_RU"
        contract = self._create_contract(
            start=False, date_start=date(2026, 2, 27), alignment="calendar", interval_unit="month"
        )
        contract.action_propose()
        self.assertIn("(2 дня)", contract.instalment_ids.sorted("date_from")[0].description)
        open_start = self._create_contract(start=False, date_start=False, duration=2)
        html, __ = self.env["ir.actions.report"]._render_qweb_html(
            "after_sales_contract.report_contract", open_start.ids
        )
        self.assertIn("2 года", html.decode())

    def test_billing_moves_no_cent(self):
        """What is billed as it was planned leaves the other instalments as they are, and the plan in step."""
        contract = self._create_contract(
            interval_unit="month",
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 1000.01})],
        )
        rows = contract.instalment_ids.sorted("date_from")
        before = rows.mapped("amount")
        for count in (1, 2, 5, 11):
            self._billed(*rows[:count])
            self.assertFalse(contract.is_plan_outdated)
            contract._sync_plan()
            self.assertEqual(contract.instalment_ids.sorted("date_from").mapped("amount"), before)

    def test_price_of_the_term_to_the_cent(self):
        contract = self._create_contract(
            interval_unit="month",
            line_ids=[
                Command.create(
                    {"product_id": self.fee.id, "price_unit": 1000.0, "price_basis": "term", "discount": 3.33}
                )
            ],
        )
        self.assertEqual(contract.amount_untaxed, 966.7)
        self.assertEqual(round(sum(contract.instalment_ids.mapped("amount")), 2), 966.7)
        self.assertEqual(len(contract.instalment_ids), 12)

    def test_line_that_stops_early_costs_its_days(self):
        """D06: a line may end before the contract, whatever is billed of it."""
        contract = self._create_contract(
            interval_unit="month",
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 365.0, "price_basis": "term"})
            ],
        )
        self._billed(contract.instalment_ids.sorted("date_from")[0])
        contract.line_ids.date_to = date(2026, 4, 10)
        contract.action_update_plan()
        rows = contract.instalment_ids.filtered(lambda row: row.state == "planned").sorted("date_from")
        self.assertEqual(rows[-1].date_to, date(2026, 4, 10))
        self.assertEqual(round(sum(rows.mapped("amount")), 2), 101.39)  # three months and 10 of 30 days

    def test_plan_follows_the_lines(self):
        """A line added in the middle has its first part pro rata; the other rows are the same records as before."""
        contract = self._create_contract()
        rows = contract.instalment_ids
        contract.line_ids = [
            Command.create({"product_id": self.fee.id, "price_unit": 365.0, "date_from": date(2026, 6, 1)})
        ]
        self.assertTrue(contract.is_plan_outdated)
        contract.action_update_plan()
        self.assertFalse(contract.is_plan_outdated)
        self.assertEqual(rows, contract.instalment_ids & rows)
        added = (contract.instalment_ids - rows).sorted("date_from")
        self.assertEqual(added.mapped("date_from"), [date(2026, 6, 1), date(2026, 7, 1), date(2026, 10, 1)])
        self.assertEqual(added[0].days, 30)
        self.assertEqual(added.mapped("amount"), [30.08, 91.25, 91.25])  # 30 of 91 days, then whole quarters

    def test_priced_by_unit_from_its_cover(self):
        """A unit costs from the day it is covered; the others from the start."""
        delivered = date(2025, 12, 1)
        first, second = (self._create_unit(serial=n, delivery_date=delivered) for n in ("A1", "A2"))
        contract = self._create_contract(
            units=first,
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 365.0, "pricing": "per_unit"})
            ],
            interval_unit="year",
        )
        self.assertEqual(self._rows(contract)[0][3], 365.0)
        contract.cover_ids = [Command.create({"unit_id": second.id, "date_from": date(2026, 12, 1)})]
        self.assertTrue(contract.is_plan_outdated)
        contract.action_update_plan()
        self.assertEqual(self._rows(contract)[0][3], 365.0 + 31)

    def test_billed_rows_stay(self):
        contract = self._create_contract()
        first = contract.instalment_ids.sorted("date_from")[0]
        self._billed(first)
        contract.cover_ids = [Command.create({"unit_id": self._create_unit(serial="B1").id})]
        contract.action_update_plan()
        self.assertEqual(first.amount, 300.0)
        self.assertEqual(contract.next_due_date, date(2026, 4, 1))
        with self.assertRaisesRegex(UserError, "billed"):
            contract.line_ids.price_unit = 5.0
        with self.assertRaisesRegex(UserError, "billed"):
            contract.interval_unit = "month"
        with self.assertRaisesRegex(UserError, "billed"):
            contract.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "end the contract"):
            contract.action_cancel()
        with self.assertRaisesRegex(UserError, "billed"):
            first.unlink()

    def test_early_end_keeps_the_days_used(self):
        """Nothing past the end is owed: the partial quarter is priced by its days, the rest is cancelled."""
        contract = self._create_contract()
        contract.date_closed = date(2026, 5, 15)
        contract.action_end()
        self.assertEqual(contract.state, "ended")
        rows = self._rows(contract)
        self.assertEqual([row[1] for row in rows], [date(2026, 3, 31), date(2026, 5, 15)])
        self.assertEqual(round(sum(row[3] for row in rows), 2), contract.amount_untaxed)
        self.assertEqual(contract.amount_untaxed, 448.35)  # 45 of the 91 days of the quarter
        self.assertEqual(len(contract.instalment_ids.filtered(lambda row: row.state == "cancelled")), 2)

    def test_due_domain(self):
        contract = self._create_contract()
        draft = self._create_contract(start=False)
        draft.action_propose()
        Instalment = self.env["after.sales.contract.instalment"]
        due = Instalment.search(Instalment._get_due_domain(date(2026, 5, 1)))
        self.assertEqual(due & contract.instalment_ids, contract.instalment_ids.sorted("date_due")[:2])
        self.assertFalse(due & draft.instalment_ids)
        self.assertTrue(draft.instalment_ids)
        self.assertEqual(Instalment.search_count([("is_billed", "=", True)]), 0)

    def test_rows_are_made_by_the_plan_alone(self):
        """An agent starts, pauses and ends contracts; what that makes owed or given back he does not write himself."""
        agent = self._create_user("plan_agent", AGENT)
        contract = self._create_contract(start=False)
        contract.with_user(agent).action_start()
        row = contract.instalment_ids[0].with_user(agent)
        self.assertTrue(row)
        with self.assertRaises(AccessError):
            row.copy({"date_from": date(2030, 1, 1), "amount": -5000, "credit_reason": "stop"})
        with self.assertRaises(AccessError):
            row.state = "cancelled"
        with self.assertRaises(AccessError):
            row.unlink()
        other = self._create_contract(start=False)
        other.action_propose()
        other.with_user(agent).action_draft()
        self.assertFalse(other.instalment_ids)

    def test_back_to_draft_forgets_the_plan(self):
        contract = self._create_contract(start=False)
        contract.action_propose()
        contract.action_draft()
        self.assertFalse(contract.instalment_ids)

    def test_currency_without_cents(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env["res.currency.rate"].create({"currency_id": yen.id, "name": "2020-01-01", "rate": 150.0})
        contract = self._create_contract(
            currency_id=yen.id,
            interval_unit="month",
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 100000.0})],
        )
        self.assertEqual(contract.currency_id, yen)
        self.assertEqual(sum(contract.instalment_ids.mapped("amount")), 100000.0)
        self.assertTrue(all(row.amount == int(row.amount) for row in contract.instalment_ids))
