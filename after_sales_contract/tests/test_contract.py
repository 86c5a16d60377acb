from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import AGENT, ContractCommon


class TestContract(ContractCommon):
    def test_found_by_number_reference_and_customer(self):
        """In pickers, in the search of contracts and in that of due instalments."""
        contract = self._create_contract(partner_id=self.business.id, reference="PO-7788")
        agent = self.env(user=self._create_user("finder", AGENT))
        contracts, instalments = agent["after.sales.contract"], agent["after.sales.contract.instalment"]
        for words in (contract.name, "PO-77", self.business.name):
            self.assertIn(contract.id, [row[0] for row in contracts.name_search(words)], words)
            self.assertIn(contract, contracts.search([("display_name", "ilike", words)]), words)
            self.assertEqual(
                instalments.search([("contract_id", "ilike", words)]).contract_id & contract, contract, words
            )
        shown = contract.with_context(formatted_display_name=True).display_name
        self.assertEqual(shown, f"{contract.name} (PO-7788)\t--{self.business.name}--")

    def test_terms_come_from_the_template(self):
        """CT-23: the template's terms become the contract's own; changing it later changes nothing."""
        template = self._create_contract_template(
            duration=18, duration_unit="month", notice=2, notice_unit="month"
        )
        contract = self.env["after.sales.contract"].create(
            {
                "partner_id": self.business.id,
                "template_id": template.id,
                "date_start": date(2026, 1, 31),
                "timing": "arrears",
                "line_ids": [Command.create({"product_id": self.fee.id})],
            }
        )
        self.assertRecordValues(
            contract,
            [
                {
                    "duration": 18,
                    "interval_unit": "quarter",
                    "timing": "arrears",
                    "date_end": date(2027, 7, 30),
                    "date_notice": date(2027, 5, 30),
                    "currency_id": self.company.currency_id.id,
                }
            ],
        )
        self.assertEqual(contract.inclusion_ids.mapped("cost_class"), ["labour", "travel", "call_out"])
        template.duration = 6
        template.inclusion_ids.unlink()
        self.assertEqual(contract.duration, 18)
        self.assertEqual(len(contract.inclusion_ids), 3)
        self.assertNotEqual(contract.name, "/")

    def test_default_templates_are_ready(self):
        """CT-29: the minute the app is installed, an agent picks a template and a customer and starts."""
        agent = self._create_user("newcomer", AGENT)
        for name, price in (("full", 1440.0), ("travel", 360.0), ("pool", 480.0)):
            form = Form(self.env["after.sales.contract"].with_user(agent))
            form.partner_id = self.consumer
            form.template_id = self.env.ref(f"after_sales_contract.after_sales_contract_template_{name}")
            form.date_start = date(2026, 1, 1)
            contract = form.save()
            contract.action_start()
            self.assertEqual((contract.state, contract.amount_untaxed), ("running", price))
            self.assertAlmostEqual(sum(contract.instalment_ids.mapped("amount")), price)
            self.assertEqual(contract.pool_balance, 10.0 if name == "pool" else 0.0)
            self.assertEqual(bool(contract.visit_ids), name == "full")

    def test_prices_of_a_template_speak_the_customer_s_language(self):
        """What the template took from the product; words that somebody wrote stay as they are."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.fee.with_context(lang="it_IT").name = "Canone di assistenza"
        self.business.lang = "it_IT"
        own = Command.create({"product_id": self.fee.id, "name": "Express fee"})
        template = self._create_contract_template(line_ids=[Command.create({"product_id": self.fee.id}), own])
        contract = self.env["after.sales.contract"].create(
            {"partner_id": self.business.id, "template_id": template.id}
        )
        self.assertEqual(contract.line_ids.mapped("name"), ["Canone di assistenza", "Express fee"])

    def test_shared_template_with_a_tariff(self):
        """A template of all companies has the tariff of each: those of another do not take over ours."""
        tariff = self._create_tariff()
        template = self._create_contract_template()
        with Form(template) as form:
            form.tariff_id = tariff
        self.assertEqual(self._create_contract(start=False, template_id=template.id).tariff_id, tariff)
        other = self._create_other_company()
        theirs = self.env["after.sales.contract"].create(
            {"partner_id": self.business.id, "company_id": other.id, "template_id": template.id}
        )
        self.assertFalse(theirs.tariff_id)

    def test_value_of_a_year(self):
        """What is charged once is no value of each year."""
        fees = [{"price_unit": 1200.0}, {"price_unit": 90.0, "price_basis": "once"}]
        contract = self._create_contract(
            line_ids=[Command.create({"product_id": self.fee.id, **vals}) for vals in fees]
        )
        self.assertEqual((contract.amount_untaxed, contract.amount_year), (1290.0, 1200.0))

    def test_value_of_a_year_of_short_terms(self):
        """A year costs twelve months, however short the term; the rest of a term is worth as much a year as the whole."""
        for start, days in ((date(2026, 2, 1), 28), (date(2026, 3, 10), 28), (date(2026, 1, 1), 90)):
            for basis, price, unit in (
                ("month", 10.0, "month"),
                ("quarter", 30.0, "quarter"),
                ("year", 120.0, "week"),
            ):
                contract = self._create_contract(
                    start=False,
                    date_start=start,
                    duration=days,
                    duration_unit="day",
                    interval_unit=unit,
                    line_ids=[
                        Command.create({"product_id": self.fee.id, "price_unit": price, "price_basis": basis})
                    ],
                )
                self.assertEqual(contract.amount_year, 120.0, (start, days, basis))
        contract = self._create_contract(
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 240.0})]
        )
        self.assertEqual(contract._transfer(self.business, date(2026, 5, 20)).amount_year, 240.0)
        term = self._create_contract(
            duration=2,
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 500.0, "price_basis": "term"})
            ],
        )
        self.assertEqual(term.amount_year, 250.0)
        self.assertEqual(contract.instalment_ids.filtered(lambda row: row.amount == 90).is_partial, False)

    def test_form_as_agent(self):
        user = self._create_user("agent", "after_sales_warranty.group_after_sales_agent")
        template = self._create_contract_template(
            line_ids=[Command.create({"product_id": self.fee.id, "price_basis": "year"})]
        )
        with Form(self.env["after.sales.contract"].with_user(user)) as form:
            form.partner_id = self.business
            form.template_id = template
            form.date_start = date(2026, 1, 1)
            self.assertEqual(form.date_end, date(2026, 12, 31))
            self.assertEqual(len(form.line_ids), 1)
        contract = form.record
        self.assertEqual(contract.amount_untaxed, 1200.0)
        self.assertEqual(len(contract.inclusion_ids), 3)
        contract.action_propose()
        contract.action_start()
        self.assertEqual(contract.state, "running")
        self.assertEqual(len(contract.instalment_ids), 4)

    def test_life(self):
        contract = self._create_contract(start=False)
        with self.assertRaisesRegex(UserError, "state Draft"):
            contract.action_notice()
        contract.action_propose()
        contract.action_start()
        contract.tacit_renewal = True
        contract._give_notice(date(2026, 3, 1))
        self.assertEqual(contract.state, "notice")
        self.assertFalse(contract.tacit_renewal)
        contract.action_withdraw_notice()
        self.assertEqual(contract.state, "running")
        contract.action_cancel()
        self.assertEqual(set(contract.instalment_ids.mapped("state")), {"cancelled"})
        contract.action_draft()
        self.assertEqual(contract.state, "draft")
        contract.unlink()

    def test_nothing_starts_incomplete(self):
        contract = self._create_contract(start=False, line_ids=False)
        with self.assertRaisesRegex(UserError, "no price line: add what the customer pays"):
            contract.action_start()
        contract = self._create_contract(start=False, date_start=False)
        with self.assertRaisesRegex(UserError, "no first day"):
            contract.action_propose()
        contract = self._create_contract(start=False)
        contract.date_end = False
        with self.assertRaisesRegex(UserError, "no last day"):
            contract.action_start()

    def test_live_contract_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "cancel it first"):
            self._create_contract().unlink()

    @mute_logger("odoo.sql_db")
    def test_end_before_start(self):
        contract = self._create_contract(start=False)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            contract.date_end = date(2025, 1, 1)
        with self.assertRaises(ValidationError):
            contract.date_closed = date(2027, 1, 1)
        with self.assertRaises(ValidationError):
            contract.line_ids.date_from = date(2025, 1, 1)

    @freeze_time("2026-06-01")
    def test_not_begun_cannot_end(self):
        contract = self._create_contract(date_start=date(2026, 9, 1))
        with self.assertRaisesRegex(UserError, "has not begun"):
            contract.action_end()

    def test_cron_ends_what_is_over(self):
        over = self._create_contract()
        closed = self._create_contract(date_start=date(2026, 6, 1))
        tacit = self._create_contract(tacit_renewal=True)
        running = self._create_contract(date_start=date(2026, 7, 1))
        with freeze_time("2026-08-01"):
            closed.date_closed = date(2026, 12, 1)
            closed.action_end()
            self.assertEqual(closed.state, "running")
        cron = self.env.ref("after_sales_contract.ir_cron_end_contracts")
        with freeze_time("2027-01-01"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((over.state, closed.state, running.state), ("ended", "ended", "running"))
        self.assertEqual(tacit.state, "running")

    def test_copy_is_a_draft_without_history(self):
        contract = self._create_contract(units=self._create_unit(serial="C1"))
        copy = contract.copy()
        self.assertEqual(copy.state, "draft")
        self.assertNotEqual(copy.name, contract.name)
        self.assertEqual(len(copy.line_ids), 1)
        self.assertEqual(len(copy.inclusion_ids), 3)
        self.assertFalse(copy.instalment_ids | copy.line_ids.instalment_ids)

    def test_customer_shows_contracts(self):
        contract = self._create_contract()
        address = self.env["res.partner"].create({"name": "Site", "parent_id": self.consumer.id})
        self.assertEqual(address.after_sales_contract_count, 1)
        action = address.action_view_after_sales_contracts()
        self.assertEqual(self.env["after.sales.contract"].search(action["domain"]), contract)
