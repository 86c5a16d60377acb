from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ACCOUNTANT
from .common_cost import CostAccountsCommon


@tagged("post_install", "-at_install")
class TestCostAccounts(CostAccountsCommon):
    """BI-17: the real cost of covered work is on the cost accounts of warranty and contract, to the cent, once."""

    def test_warranty_cost_of_a_visit(self):
        """Of a visit to a unit under warranty, part A was free: its 70 go to warranties, and the result stays."""
        visit = self._do_visit(self._create_unit())
        part = visit.visit_charge_ids.filtered(lambda charge: charge.product_id == self.part_a)
        self.assertRecordValues(part, [{"cost_state": "to_post", "cost_to_post": 70.0}])
        self.assertFalse((visit.visit_charge_ids - part).filtered("cost_state"), "the customer pays the rest")
        move = self._post(visit.visit_charge_ids)
        self.assertRecordValues(
            move,
            [
                {
                    "state": "draft",
                    "move_type": "entry",
                    "date": date(2026, 3, 31),
                    "ref": "Cost of covered work, March 2026",
                }
            ],
        )
        self.assertEqual(self._get_lines(move), [(self.warranty_account, 70.0), (self.absorbed, -70.0)])
        self.assertRecordValues(part, [{"cost_state": "posted", "cost_to_post": 0.0}])
        move.action_post()
        self.assertEqual(move.state, "posted")
        with self.assertRaisesRegex(UserError, "know it already"):
            visit.visit_charge_ids.with_user(self.accountant).action_post_cost()

    def test_who_posts_sees_the_items(self):
        """Invoicing without full accounting has no tab of journal items: a button shows account, debit and credit."""
        move = self._post(self._create_covered(cost=70.0, warranty=1.0))
        self.assertFalse(self.accountant.has_group("account.group_account_readonly"))
        form = move.get_view(view_type="form")["arch"]
        self.assertIn("action_view_after_sales_items", form)
        action = move.action_view_after_sales_items()
        items = self.env["account.move.line"].with_user(self.accountant)
        arch = items.get_view(action["views"][0][0], "list")["arch"]
        for fname in ("account_id", "debit", "credit"):
            self.assertIn(f'name="{fname}"', arch)
        rows = items.search(action["domain"]).read(["account_id", "debit", "credit"])
        self.assertEqual(sorted((row["debit"], row["credit"]) for row in rows), [(0.0, 70.0), (70.0, 0.0)])

    def test_each_payer_has_his_account(self):
        """Shared between four payers, to the cent; the customer's part is no cost of ours."""
        charge = self._create_covered(
            cost=100.01, customer=0.25, warranty=0.25, contract=0.2, pool=0.1, goodwill=0.2
        )
        move = self._post(charge)
        self.assertEqual(
            sorted((line.account_id.code, line.balance) for line in move.line_ids),
            sorted(
                [
                    (self.warranty_account.code, 25.01),
                    (self.contract_account.code, 20.0),
                    (self.contract_account.code, 10.0),
                    (self.goodwill_account.code, 20.0),
                    (self.absorbed.code, -75.01),
                ]
            ),
        )
        self.company.after_sales_goodwill_cost_account_id = False
        move = self._post(self._create_covered(cost=10.0, goodwill=1.0))
        self.assertEqual(self._get_lines(move)[0], (self.warranty_account, 10.0))

    def test_contract_keeps_its_result(self):
        """Both sides bear the contract's analytic account: what it costs is counted once."""
        contract = self._create_contract(inclusions=[("part", 100.0)])
        contract.analytic_account_id = self.env["account.analytic.account"].create(
            {"name": "Contract", "plan_id": self.env["account.analytic.plan"].search([], limit=1).id}
        )
        charge = self._create_covered(cost=70.0, contract=1.0, contract_id=contract.id)
        account = contract.analytic_account_id
        move = self._post(charge)
        move.action_post()
        self.assertEqual(move.line_ids.mapped("analytic_distribution"), [{str(account.id): 100.0}] * 2)
        self.assertIn(contract.name, move.line_ids[0].name)
        own = self.env["account.analytic.line"].search([(account.plan_id._column_name(), "=", account.id)])
        self.assertAlmostEqual(sum(own.mapped("amount")), -70.0)
        profit = self.env["after.sales.contract.profit"].search(
            [("contract_id", "=", contract.id), ("cost", "!=", 0)]
        )
        self.assertAlmostEqual(sum(profit.mapped("cost")), 70.0)

    def test_cost_known_later(self):
        """A cost that changes posts the difference, up or down; another payer moves it to his account."""
        charge = self._create_covered(cost=70.0, warranty=1.0)
        self._post(charge).action_post()
        charge.sudo().cost = 95.5
        self.assertRecordValues(charge, [{"cost_state": "to_post", "cost_to_post": 25.5}])
        self.assertEqual(
            self._get_lines(self._post(charge)), [(self.warranty_account, 25.5), (self.absorbed, -25.5)]
        )
        charge.sudo().cost = 90.0
        self.assertEqual(
            self._get_lines(self._post(charge)), [(self.warranty_account, -5.5), (self.absorbed, 5.5)]
        )
        charge.with_user(self.manager)._override_payers({"goodwill": 1.0}, "It was misuse")
        self.assertRecordValues(charge, [{"cost_state": "to_post", "cost_to_post": 0.0}])
        move = self._post(charge)
        self.assertEqual(
            sorted(self._get_lines(move), key=lambda row: row[1]),
            [(self.warranty_account, -90.0), (self.absorbed, 0.0), (self.goodwill_account, 90.0)],
        )
        self.assertEqual(charge.cost_state, "posted")

    def test_cancelled_charge_takes_its_cost_back(self):
        charge = self._create_covered(cost=70.0, warranty=1.0)
        self._post(charge)
        charge.with_user(self.manager).action_cancel()
        self.assertRecordValues(charge, [{"cost_state": "to_post", "cost_to_post": -70.0}])
        self.assertEqual(
            self._get_lines(self._post(charge)), [(self.warranty_account, -70.0), (self.absorbed, 70.0)]
        )
        self.assertFalse(charge.cost_state)

    def test_entry_that_goes_frees_its_charges(self):
        """Deleted, cancelled, a line taken off: it is to be posted again, and the ledger keeps the history."""
        charge = self._create_covered(cost=70.0, warranty=1.0)
        self._post(charge).unlink()
        self.assertEqual(charge.cost_to_post, 70.0)
        move = self._post(charge)
        move.action_post()
        move.button_draft()
        self.assertEqual(charge.cost_state, "posted")
        move.button_cancel()
        self.assertEqual(charge.cost_to_post, 70.0)
        move.button_draft()
        self.assertEqual(charge.cost_state, "posted", "a cancelled entry that is used again counts again")
        move.button_cancel()
        self._post(charge)
        with self.assertRaisesRegex(UserError, "meanwhile been billed"):
            move.button_draft()
        rows = self.env["after.sales.billing.entry"].with_context(active_test=False)
        self.assertEqual(rows.search_count([("charge_id", "=", charge.id), ("side", "=", "cost")]), 3)

    def test_reversed_entry(self):
        """A reversal has its row: the cost is to be posted again, until the reversal itself goes."""
        charge = self._create_covered(cost=70.0, warranty=1.0)
        move = self._post(charge)
        move.action_post()
        reversal = move._reverse_moves([{"date": date(2026, 4, 1)}])
        self.assertEqual(charge.cost_to_post, 70.0)
        reversal.action_post()
        self.assertEqual(charge.cost_to_post, 70.0)
        self.assertEqual(reversal.after_sales_charge_count, 1)
        reversal.button_draft()
        reversal.unlink()
        self.assertEqual(charge.cost_state, "posted")
        move._reverse_moves([{"date": date(2026, 4, 1)}], cancel=True)
        self.assertEqual(charge.cost_to_post, 70.0)
        self._post(charge)
        self.assertEqual(charge.cost_state, "posted")

    def test_edited_draft(self):
        """What the accountant changed is posted as he wants it; the difference stays in the list."""
        charges = self._create_covered(cost=70.0, warranty=1.0) | self._create_covered(
            cost=30.0, warranty=1.0
        )
        move = self._post(charges)
        debit, credit = move.line_ids.sorted("balance", reverse=True)
        move.line_ids = [
            Command.update(debit.id, {"balance": 90.0}),
            Command.update(credit.id, {"balance": -90.0}),
        ]
        move.action_post()
        self.assertEqual(charges.mapped("cost_to_post"), [7.0, 3.0])

    def test_months_and_locked_periods(self):
        """An entry for each month of work; a locked one moves it to the next open day, as Odoo does."""
        march = self._create_covered(cost=70.0, warranty=1.0)
        april = self._create_covered(cost=30.0, warranty=1.0, date=date(2026, 4, 20))
        with freeze_time("2026-04-22"):
            moves = self._post(march | april)
            self.assertEqual(moves.mapped("date"), [date(2026, 3, 31), date(2026, 4, 22)])
            self.company.fiscalyear_lock_date = date(2026, 3, 31)
            moves.action_post()
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assertGreater(moves[0].date, date(2026, 3, 31))

    def test_without_accounts_nothing_is_written(self):
        charge = self._create_covered(cost=70.0, warranty=1.0)
        self.company.after_sales_absorbed_account_id = False
        self.company.after_sales_cost_journal_id = False
        with self.assertRaisesRegex(UserError, "Journal of Covered Cost, Absorbed Costs Account"):
            charge.with_user(self.accountant).action_post_cost()
        self.assertFalse(charge.sudo().entry_ids)
        with self.assertRaises(ValidationError):
            self.company.after_sales_absorbed_account_id = self.company_data["default_account_revenue"]

    def test_settings(self):
        """Who sets up accounting chooses the accounts, of his own company only."""
        other = self._create_other_company()
        self.company.after_sales_goodwill_cost_account_id = False
        settings = self.env["res.config.settings"]
        settings.get_views([(False, "form")])
        settings.create(
            {
                "after_sales_goodwill_cost_account_id": self.goodwill_account.id,
                "after_sales_cost_auto": True,
            }
        ).execute()
        self.assertRecordValues(
            self.company,
            [
                {
                    "after_sales_goodwill_cost_account_id": self.goodwill_account.id,
                    "after_sales_cost_auto": True,
                }
            ],
        )
        with self.assertRaises(UserError):
            self.company.after_sales_goodwill_cost_account_id = other.after_sales_absorbed_account_id

    def test_foreign_currency_and_second_company(self):
        """The cost is in the company's currency, whatever the price is in; each company has its accounts and entries."""
        other = self._create_other_company()
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 2.0)])
        mine = self._create_covered(cost=70.0, warranty=1.0, currency_id=dollar.id)
        theirs = self._create_covered(
            cost=50.0, warranty=1.0, company_id=other.id, product_id=False, tax_ids=[Command.clear()]
        )
        move = self._post(mine)
        self.assertRecordValues(
            move.line_ids, [{"currency_id": self.company.currency_id.id}] * len(move.line_ids)
        )
        with self.assertRaises(AccessError):
            theirs.with_user(self.accountant).action_post_cost()
        both = self._create_role("bill_both", ACCOUNTANT)
        both.company_ids = [Command.link(other.id)]
        charges = self._create_covered(cost=5.0, warranty=1.0) | theirs
        moves = self._post(charges, both)
        self.assertEqual(moves.company_id, self.company | other)
        their_move = moves.filtered(lambda move: move.company_id == other)
        self.assertEqual(their_move.line_ids[0].account_id, other.after_sales_warranty_cost_account_id)

    def test_rights(self):
        """An accountant posts and reads; an agent cannot, and nobody writes the ledger."""
        charge = self._create_covered(cost=70.0, warranty=1.0)
        for user in (self.agent, self.manager):
            with self.assertRaises(AccessError):
                charge.with_user(user).action_post_cost()
        self._post(charge)
        entry = charge.with_user(self.accountant).entry_ids
        self.assertRecordValues(
            entry, [{"side": "cost", "kind": "post", "payer": "warranty", "amount": 70.0}]
        )
        with self.assertRaises(AccessError):
            entry.write({"amount": 1.0})

    def test_from_the_item_to_the_charge_and_back(self):
        charge = self._create_covered(cost=70.0, warranty=1.0)
        move = self._post(charge)
        self.assertEqual(charge.with_user(self.accountant).action_view_cost_moves()["res_id"], move.id)
        self.assertEqual(move.after_sales_charge_count, 1)
        self.assertEqual(move.action_view_after_sales_charges()["domain"], [("id", "in", charge.ids)])
        action = move.line_ids[0].action_view_after_sales_charges()
        self.assertEqual(action["domain"], [("id", "in", charge.ids)])
        self.assertEqual(charge.invoice_count, 0, "an entry is no invoice")
        due = (
            self.env["after.sales.charge"].with_user(self.accountant).search([("cost_state", "=", "posted")])
        )
        self.assertIn(charge, due)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_second_row(self):
        charge = self._create_covered(cost=70.0, warranty=1.0)
        self._post(charge)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            charge.sudo().entry_ids.copy()

    def test_statements_for_more_charges(self):
        """Posting further charges takes the statements of their rows, not of each."""
        counts = []
        for number in (2, 4, 24):
            charges = self.env["after.sales.charge"].union(
                *(self._create_covered(cost=10.0, warranty=1.0) for __ in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._post(charges)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2] - counts[1], 20, "less than one for each further charge")
