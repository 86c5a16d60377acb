from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .common import AGENT, ContractCommon


class TestPlanInput(ContractCommon):
    """Bad input gets an answer that says what to do, and changes nothing."""

    def test_currency_without_rate(self):
        """Odoo would take it at par with the company's own."""
        currency = self.env["res.currency"].create({"name": "XQZ", "symbol": "q", "rounding": 0.01})
        contract = self._create_contract(start=False, currency_id=currency.id)
        with self.assertRaisesRegex(UserError, "no exchange rate of XQZ"):
            contract.action_start()
        self.assertFalse(contract.instalment_ids)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": date(2025, 1, 1), "rate": 2.0}
        )
        contract.action_start()
        self.assertEqual(sum(contract.instalment_ids.mapped("amount")), 1200.0)

    def test_draft_in_a_currency_without_rate_warns(self):
        """It can be saved; whoever writes it is told at once, and not only when it is started."""
        agent = self.env(user=self._create_user("currency_agent", AGENT))
        currency = self.env["res.currency"].create({"name": "XQZ", "symbol": "q", "rounding": 0.01})
        contract = self._create_contract(start=False).with_env(agent)
        with Form(contract) as form:
            self.assertFalse(form.currency_note)
            form.currency_id = currency
            self.assertIn("no exchange rate of XQZ", form.currency_note)
        self.assertIn("no exchange rate of XQZ", contract.currency_note)
        with self.assertRaisesRegex(UserError, "no exchange rate of XQZ"), self.cr.savepoint():
            contract.action_propose()
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": date(2025, 1, 1), "rate": 2.0}
        )
        contract.invalidate_recordset(["currency_note"])
        self.assertFalse(contract.currency_note)
        contract.action_propose()
        self.assertEqual(contract.state, "proposed")

    def test_price_of_no_product(self):
        line = Command.create({"product_id": self.fee.id, "pricing": "per_product", "price_unit": 1.0})
        with self.assertRaisesRegex(UserError, "choose the product or family"):
            self._create_contract(line_ids=[line])

    def test_unit_twice_on_one_day(self):
        unit = self._create_unit(serial="T-1")
        contract = self._create_contract(units=unit)
        contract.cover_ids.date_to = date(2026, 6, 30)
        cover = {"unit_id": unit.id, "date_from": date(2026, 6, 1)}
        with (
            self.assertRaisesRegex(ValidationError, "covers .*T-1 twice from 06/01/2026"),
            self.cr.savepoint(),
        ):
            contract.cover_ids = [Command.create(cover)]
        contract.cover_ids = [Command.create({**cover, "date_from": date(2026, 7, 1)})]

    def test_term_that_covers_nothing_is_shown(self):
        """The warranty outlasts the contract: the customer would pay for nothing."""
        self._create_term(duration=24)
        unit = self._create_unit(serial="T-4", delivery_date=date(2026, 3, 10))
        contract = self._create_contract(units=unit, start=False, cover_policy="warranty_end")
        agent = self._create_user("late_cover_agent", AGENT)
        self.assertEqual(contract.with_user(agent).late_cover_date, date(2028, 3, 11))
        contract.write({"date_start": date(2028, 1, 1), "date_end": date(2028, 12, 31)})
        self.assertFalse(contract.with_user(agent).late_cover_date)
        self.assertFalse(self._create_contract(units=unit).late_cover_date, "covered from its own start")

    def test_list_without_units_is_shown(self):
        """Before the start and after it, until a unit is listed; what covers everything, or waits for its delivery, lists none."""
        agent = self._create_user("lists_nothing", AGENT)
        contract = self._create_contract(start=False).with_user(agent)
        with Form(contract) as form:
            self.assertTrue(form.is_cover_missing)
            form.scope = "customer"
            self.assertFalse(form.is_cover_missing)
            form.scope = "listed"
        contract.action_start()
        self.assertTrue(contract.is_cover_missing)
        contract.cover_ids = [Command.create({"unit_id": self._create_unit(serial="T-5").id})]
        self.assertFalse(contract.is_cover_missing)
        machine = self.env["product.product"].create({"name": "Oven", "after_sales_tracked": True})
        order = self.env["sale.order"].create(
            {"partner_id": self.consumer.id, "order_line": [Command.create({"product_id": machine.id})]}
        )
        sold = self._create_contract(sale_order_id=order.id).with_user(agent)
        self.assertFalse(sold.is_cover_missing, "its units are on their way")

    def test_unit_of_two_contracts_is_shown(self):
        """It may be meant (parts here, labour there): nobody is stopped, everybody sees it."""
        unit = self._create_unit(serial="T-2")
        first = self._create_contract(units=unit)
        second = self._create_contract(units=unit, start=False)
        self.assertIn(first.name, second.double_cover_note)
        self.assertFalse(first.double_cover_note, "a draft covers nothing")
        second.action_start()
        first.invalidate_recordset(["double_cover_note"])
        self.assertIn(second.name, first.double_cover_note)
        later = self._create_contract(units=unit, date_start=date(2027, 1, 1))
        self.assertFalse(later.double_cover_note, "one after the other")

    def test_warnings_follow_the_form(self):
        """Who adds, moves or takes out a unit sees what comes of it before he saves."""
        agent = self.env(user=self._create_user("form_agent", AGENT))
        self._create_term(duration=24)
        unit = self._create_unit(serial="T-7", delivery_date=date(2026, 3, 10))
        other = self._create_contract(units=unit)
        contract = self._create_contract(start=False).with_env(agent)
        with Form(contract) as form:
            with form.cover_ids.new() as cover:
                cover.unit_id, cover.start_policy = unit, "warranty_end"
            self.assertEqual(form.late_cover_date, date(2028, 3, 11))
            self.assertFalse(form.double_cover_note)
            with form.cover_ids.edit(0) as cover:
                cover.start_policy = "contract_start"
            self.assertFalse(form.late_cover_date)
            self.assertIn(other.name, form.double_cover_note)
        self.assertIn(other.name, contract.double_cover_note)
        with Form(contract) as form:
            with form.cover_ids.edit(0) as cover:
                cover.date_from = date(2027, 2, 1)
            self.assertEqual(form.late_cover_date, date(2027, 2, 1))
            self.assertFalse(form.double_cover_note)
            form.cover_ids.remove(0)
            self.assertFalse(form.late_cover_date)

    def test_cover_after_the_end_meets_nothing(self):
        """The warranty of a unit outlasts its contract, or the contract ended early: it is not covered there at all."""
        self._create_term(duration=24)
        unit = self._create_unit(serial="T-5", delivery_date=date(2025, 3, 10))
        late = self._create_contract(units=unit, cover_policy="warranty_end")
        self.assertGreater(late.cover_ids.date_from, late.date_end)
        other = self._create_contract(units=unit, date_start=date(2026, 6, 1))
        self.assertFalse(late.double_cover_note)
        self.assertFalse(other.double_cover_note)
        other._stop(date(2026, 8, 31))
        after = self._create_contract(units=unit, date_start=date(2026, 9, 1))
        self.assertFalse(after.double_cover_note)
        self.assertFalse(other.double_cover_note)

    def test_cancelled_contract_covers_nothing(self):
        unit = self._create_unit(serial="T-6")
        self._create_contract(units=unit)
        second = self._create_contract(units=unit)
        self.assertTrue(second.double_cover_note)
        second.action_cancel()
        second.invalidate_recordset(["double_cover_note"])
        self.assertFalse(second.double_cover_note)

    def test_in_force_without_dates(self):
        contract = self._create_contract()
        with self.assertRaisesRegex(ValidationError, "keeps its start"):
            contract.date_start = False

    def test_template_changed_under_running_contracts(self):
        template = self._create_contract_template(
            line_ids=[Command.create({"product_id": self.fee.id, "quantity": 2})], free_months=1
        )
        contract = self.env["after.sales.contract"].create(
            {"partner_id": self.consumer.id, "template_id": template.id, "date_start": date(2026, 1, 1)}
        )
        contract.action_start()
        before = contract.instalment_ids.mapped("amount")
        template.line_ids.quantity = 5
        template.write({"free_months": 6, "interval_unit": "month", "leave_policy": "period", "duration": 3})
        contract.invalidate_recordset()
        contract.action_update_plan()
        self.assertEqual(contract.instalment_ids.mapped("amount"), before)
        self.assertEqual((contract.free_months, contract.leave_policy), (1, "credit"))
