from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import AGENT, TECHNICIAN
from .renewal_common import RenewalCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-15")
class TestRenewalRun(RenewalCommon):
    """Runs: preview, changes by hand, approval, and who may do what."""

    def test_reasons_are_in_the_language_of_the_company(self):
        """Whoever prepares the run: its readers work in the company."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.company.partner_id.lang = "it_IT"
        prepared = self._open_run(self._create_tacit())
        self.assertEqual(self.manager.lang, "en_US")
        self.assertEqual(prepared.line_ids.reason, "Prezzi invariati")
        prepared.line_ids.action_leave_out()
        self.assertNotIn("Left out", prepared.line_ids.reason)

    def test_totals_are_of_what_is_renewed(self):
        """A row that is left out counts neither before nor after; other currencies are added up apart."""
        dollar = self.env.ref("base.USD")
        other = self.env.ref("base.EUR") if self.company.currency_id == dollar else dollar
        other.active = True
        self.env["res.currency.rate"].create({"currency_id": other.id, "rate": 2.0, "name": "2026-01-01"})
        contracts = self._create_tacit() | self._create_tacit() | self._create_tacit()
        run = self._open_run(
            contracts | self._create_tacit(currency_id=other.id),
            adjustment_id=self._create_adjustment(percent=10).id,
        )
        agent = run.with_user(self._create_user("totals_agent", AGENT))
        agent.line_ids[0].action_leave_out()
        self.assertEqual(agent.problem_count, 1)
        currency = self.company.currency_id
        own, foreign = sorted(agent.totals.splitlines(), key=lambda line: currency.format(240.0) not in line)
        for amount in (2400.0, 2640.0, 240.0):
            self.assertIn(currency.format(amount), own)
        self.assertIn(f"+{other.format(120.0)}", foreign)
        agent.line_ids[0].action_take_in()
        agent.invalidate_recordset()
        self.assertIn(currency.format(3600.0), agent.totals)
        run.action_approve()
        self.assertIn(currency.format(3960.0), run.totals)

    def test_two_runs_renew_once(self):
        contract = self._create_tacit()
        one, two = self._open_run(contract), self._open_run(contract)
        one.action_approve()
        two.action_approve()
        self.assertEqual(two.line_ids.state, "left_out")
        self.assertIn("renewed already", two.line_ids.reason)
        self.assertEqual(len(contract.successor_ids), 1)
        self.assertEqual((one.state, two.state), ("done", "done"))

    def test_approved_rows_do_not_change(self):
        contract = self._create_tacit()
        run = self._open_run(contract)
        run.action_approve()
        row = run.line_ids
        with self.assertRaisesRegex(UserError, "no longer in preparation"):
            row.new_value = 1.0
        with self.assertRaisesRegex(UserError, "no longer in preparation"):
            row.price_ids.new_price = 1.0
        with self.assertRaisesRegex(UserError, "no longer in preparation"):
            row.action_leave_out()
        with self.assertRaisesRegex(UserError, "no longer in preparation"):
            row.write({"state": "ready"})
        with self.assertRaisesRegex(UserError, "no longer in preparation"):
            row.unlink()
        with self.assertRaisesRegex(UserError, "no longer in preparation"):
            run.action_preview()
        with self.assertRaisesRegex(UserError, "is kept"):
            run.unlink()
        with self.assertRaisesRegex(UserError, "cannot be cancelled"):
            run.action_cancel()

    def test_contract_changed_after_the_preview(self):
        contract = self._create_tacit()
        run = self._open_run(contract, adjustment_id=self._create_adjustment(percent=5).id)
        contract.line_ids.price_unit = 2400.0
        run.action_approve()
        self.assertEqual(run.line_ids.state, "left_out")
        self.assertIn("changed after the preview", run.line_ids.reason)
        self.assertFalse(contract.successor_id)

    def test_only_a_manager_approves(self):
        """The agent prepares, the technician looks."""
        agent, technician = self._create_user("a1", AGENT), self._create_user("t1", TECHNICIAN)
        contract = self._create_tacit()
        run = Form.from_action(self.env(user=agent), contract.with_user(agent).action_renew()).save()
        run.line_ids.new_value = 1300.0
        self.assertEqual(run.line_ids.price_ids.new_price, 1300.0)
        self.assertTrue(run.line_ids.is_manual)
        for call in (
            run.action_approve,
            run.action_cancel,
            run.action_retry,
            run.action_send_letters,
            lambda: run.write({"state": "approved"}),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(run.with_user(technician).line_ids.new_value, 1300.0)
        with self.assertRaises(AccessError):
            contract.with_user(technician).action_renew()
        run.with_user(self.manager).action_approve()
        self.assertEqual(contract.successor_id.amount_untaxed, 1300.0)

    def test_renew_stores_nothing_before_it_is_saved(self):
        """Who looks and discards leaves no run behind; saved, each chosen contract has its row and its prices."""
        agent, runs = (
            self._create_user("looks_first", AGENT),
            self.env["after.sales.renewal"].search_count([]),
        )
        contracts = self._create_tacit() | self._create_tacit()
        action = contracts.with_user(agent).action_renew()
        form = Form.from_action(self.env(user=agent), action)
        self.assertEqual(form.contract_ids[:], contracts)
        self.env.flush_all()
        self.assertEqual(self.env["after.sales.renewal"].search_count([]), runs)
        form.contract_ids.remove(id=contracts[1].id)
        run = form.save()
        self.assertRecordValues(
            run.line_ids, [{"contract_id": contracts[0].id, "old_value": 1200.0, "state": "ready"}]
        )
        run.action_preview()
        self.assertEqual(run.contract_ids, contracts[0])

    def test_accountant_opens_renewed_contracts(self):
        """Who bills reads both terms, their run and their alerts, and changes nothing."""
        accountant = self._create_user("books_r", "account.group_account_invoice")
        contract = self._create_tacit()
        after = self._renew(contract)
        for term in (contract, after):
            values = term.with_user(accountant).read(["alert_count", "is_withdrawal_free", "renewal_row_ids"])
            self.assertTrue(values)
        self.assertFalse(contract.renewal_row_ids.with_user(accountant).has_access("write"))

    def test_preview_of_a_period(self):
        """Contracts by their end, kind and template; rows by hand stay when it is worked out again."""
        rule = self._create_adjustment(percent=10)
        inside, explicit = self._create_tacit(), self._create_contract()
        later = self._create_tacit(date_start=date(2026, 6, 1))
        run = (
            self.env["after.sales.renewal"]
            .with_user(self.manager)
            .create({"date_from": date(2026, 12, 1), "date_to": date(2026, 12, 31), "renewal_kind": "tacit"})
        )
        run.action_preview()
        self.assertIn(inside, run.line_ids.contract_id)
        self.assertFalse((explicit | later) & run.line_ids.contract_id)
        row = run.line_ids.filtered(lambda r: r.contract_id == inside)
        self.assertEqual((row.old_value, row.new_value, row.reason), (1200.0, 1200.0, "Prices stay"))
        run.adjustment_id = rule
        run.action_preview()
        row = run.line_ids.filtered(lambda r: r.contract_id == inside)
        self.assertEqual((row.new_value, row.difference, row.percent), (1320.0, 120.0, 10.0))
        row.price_ids.new_price = 1250.0
        run.action_preview()
        self.assertEqual(row.new_value, 1250.0)
        row.action_leave_out()
        run.action_preview()
        self.assertEqual(row.state, "left_out")
        row.action_take_in()
        row = run.line_ids.filtered(lambda r: r.contract_id == inside)
        self.assertEqual((row.state, row.new_value), ("ready", 1320.0))
        empty = self.env["after.sales.renewal"].create({})
        with self.assertRaisesRegex(UserError, "Enter the period"):
            empty.action_preview()

    def test_other_company(self):
        """A run takes its own company's contracts; a manager elsewhere sees neither."""
        other = self._create_other_company()
        contract = self._create_tacit()
        stranger = self._create_user(
            "stranger_r",
            "after_sales_warranty.group_after_sales_manager",
            company_id=other.id,
            company_ids=[other.id],
        )
        run = self._open_run(contract)
        with self.assertRaises(AccessError):
            run.with_user(stranger).line_ids.mapped("new_value")
        foreign = self._create_tacit(company_id=other.id)
        with self.assertRaisesRegex(UserError, "same company"):
            (contract | foreign).action_renew()
        with self.assertRaises(UserError):
            self._open_run(foreign)
