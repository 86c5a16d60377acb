from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common import AGENT, MANAGER, TECHNICIAN, ContractCommon


class TestPlanChanges(ContractCommon):
    """CT-05, D10: prices that change on a day, instalments that are agreed by hand, free months, prices for once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("plan_agent", AGENT)
        cls.manager = cls._create_user("plan_manager", MANAGER)

    def _amounts(self, contract):
        rows = contract.instalment_ids.filtered(lambda row: row.state == "planned")
        return rows.sorted(lambda row: (row.date_from, row.id)).mapped("amount")

    def _change_prices(self, contract, day, mode="percent", value=10.0):
        wizard = Form.from_action(
            self.env(user=self.agent), contract.with_user(self.agent).action_change_prices()
        )
        wizard.date = day
        wizard.mode = mode
        wizard.value = value
        return wizard

    def _edit(self, contract, user=None):
        user = user or self.manager
        return Form.from_action(self.env(user=user), contract.with_user(user).action_edit_plan())

    def test_one_today(self):
        """Around midnight the wizards propose one day, that of the company, wherever their user lives."""
        contract = self._create_contract()
        self.company.partner_id.tz = "Europe/Rome"
        self.agent.tz = "America/New_York"
        with freeze_time("2026-05-15 23:30:00"):
            prices = Form.from_action(
                self.env(user=self.agent), contract.with_user(self.agent).action_change_prices()
            )
            pause = Form.from_action(self.env(user=self.agent), contract.with_user(self.agent).action_pause())
        self.assertEqual((prices.date, pause.date), (date(2026, 5, 16), date(2026, 5, 16)))

    # === PLANNED PRICES ===#

    def test_planned_price_change(self):
        """D10: known in advance, seen in the plan at once, applied once; the old price stays to be read."""
        contract = self._create_contract()
        self._change_prices(contract, date(2026, 7, 1)).save().action_apply()
        self.assertEqual(self._amounts(contract), [300.0, 300.0, 330.0, 330.0])
        old, new = contract.line_ids.sorted("id")
        self.assertEqual(
            (old.date_to, new.date_from, new.price_unit), (date(2026, 6, 30), date(2026, 7, 1), 1320.0)
        )
        self.assertEqual(new.previous_line_id, old)
        self.assertFalse(contract.is_plan_outdated)
        wizard = self._change_prices(contract, date(2026, 7, 1), "price", 1320.0).save()
        with self.assertRaisesRegex(UserError, "No price would change"):
            wizard.action_apply()
        new.with_user(self.agent).action_withdraw_change()
        self.assertEqual(self._amounts(contract), [300.0] * 4)
        self.assertFalse(contract.line_ids.date_to)

    def test_plan_edited_in_its_form(self):
        """It is outdated when an edit changes what is owed, and by no other."""
        contract = self._create_contract().with_user(self.agent)
        with Form(contract) as form:
            self.assertFalse(form.is_plan_outdated)
            with form.cover_ids.new() as cover:
                cover.unit_id = self._create_unit(serial="F-1", delivery_date=date(2025, 3, 10))
            self.assertFalse(form.is_plan_outdated, "the price is of the contract, not of its units")
            with form.line_ids.edit(0) as line:
                line.price_unit = 1300.0
            self.assertTrue(form.is_plan_outdated)
        self.assertTrue(contract.is_plan_outdated)
        with Form(contract) as form, form.line_ids.edit(0) as line:
            line.price_unit = 1200.0
        self.assertFalse(form.is_plan_outdated)

    def test_change_in_the_middle_of_a_period(self):
        """Both prices of the quarter by their days: 45 and 46 of 91."""
        contract = self._create_contract()
        self._change_prices(contract, date(2026, 5, 16), "amount", 364.0).save().action_apply()
        self.assertEqual(self._amounts(contract), [300.0, 148.35, 197.65, 391.0, 391.0])

    def test_only_prices_in_force_change(self):
        """D09: what has ended, or begins later, keeps its price."""
        contract = self._create_contract()
        contract.line_ids = [
            Command.create({"product_id": self.fee.id, "price_unit": 5.0, "date_to": date(2026, 3, 31)}),
            Command.create({"product_id": self.fee.id, "price_unit": 80.0, "price_basis": "once"}),
        ]
        wizard = self._change_prices(contract, date(2026, 7, 1)).save()
        self.assertEqual(wizard.row_ids.line_id, contract.line_ids[0])

    def test_billed_period_keeps_its_price(self):
        """The refusal says until when the price is billed and what to do: a later day, or credit."""
        contract = self._create_contract()
        self._billed(*contract.instalment_ids.sorted("date_from")[:2])
        wizard = self._change_prices(contract, date(2026, 6, 1)).save()
        with self.assertRaisesRegex(UserError, r"billed until 06/30/2026.*credit"):
            wizard.action_apply()
        self.assertEqual(len(contract.line_ids), 1)
        self._change_prices(contract, date(2026, 7, 1)).save().action_apply()
        self.assertEqual(self._amounts(contract), [300.0, 300.0, 330.0, 330.0])

    def test_change_before_the_contract_begins(self):
        """The wizard proposes the first day on which there are prices to change."""
        later = self._create_contract(date_start=date(2027, 3, 1))
        wizard = Form.from_action(self.env, later.action_change_prices())
        self.assertEqual(wizard.date, date(2027, 3, 1))
        self.assertEqual(len(wizard.row_ids), 1)

    def test_cancelled_wizard_changes_nothing(self):
        """D22: opening a wizard and leaving it changes nothing."""
        contract = self._create_contract()
        self._change_prices(contract, date(2026, 7, 1)).save()
        self._edit(contract).save()
        self.assertEqual(self._amounts(contract), [300.0] * 4)
        self.assertEqual(len(contract.line_ids), 1)
        self.assertFalse(any(contract.instalment_ids.mapped("is_manual")))

    # === AGREED INSTALMENTS ===#

    def test_edited_plan_keeps_its_sum(self):
        contract = self._create_contract()
        wizard = self._edit(contract)
        with wizard.row_ids.edit(0) as row:
            row.amount = 600.0
            row.date_due = date(2026, 1, 15)
        self.assertEqual(wizard.difference, 300.0)
        wizard.save().action_apply()
        self.assertEqual(self._amounts(contract), [600.0, 200.0, 200.0, 200.0])
        self.assertEqual(contract.next_due_date, date(2026, 1, 15))
        contract.action_update_plan()
        self.assertEqual(self._amounts(contract), [600.0, 200.0, 200.0, 200.0])
        self.assertEqual(contract.amount_untaxed, 1200.0)
        self._edit(contract).save().action_reset()
        self.assertEqual(self._amounts(contract), [300.0] * 4)

    def test_accepted_difference_is_price(self):
        contract = self._create_contract()
        wizard = self._edit(contract)
        with wizard.row_ids.edit(3) as row:
            row.amount = 200.0
        wizard.settle = "accept"
        wizard.reason = "Goodwill for the strike"
        wizard.save().action_apply()
        self.assertEqual(self._amounts(contract), [300.0, 300.0, 300.0, 200.0])
        self.assertEqual((contract.amount_untaxed, contract.line_ids.agreed_difference), (1100.0, -100.0))
        self.assertFalse(contract.is_plan_outdated)
        self.assertIn("Goodwill for the strike", contract.message_ids.mapped("body")[1])

    def test_difference_needs_somewhere_to_go(self):
        contract = self._create_contract(interval_unit="year")
        wizard = self._edit(contract)
        with wizard.row_ids.edit(0) as row:
            row.amount = 1000.0
        with self.assertRaisesRegex(UserError, "none is left to take the difference of .*200.00"):
            wizard.save().action_apply()

    def test_who_may_edit(self):
        """By right, and only until it is billed."""
        contract = self._create_contract()
        first = contract.instalment_ids.sorted("date_from")[0]
        with self.assertRaises(AccessError):
            self._edit(contract, self.agent)
        with self.assertRaises(AccessError):
            first.with_user(self.agent).amount = 1.0
        with self.assertRaises(AccessError):
            contract.line_ids.with_user(self.agent).agreed_difference = 1.0
        self._billed(first)
        self.assertEqual(len(self._edit(contract).save().row_ids), 3)
        with self.assertRaisesRegex(UserError, "credit its invoice"):
            first.with_user(self.manager).amount = 1.0

    def test_agreed_instalment_of_a_lost_period(self):
        """Its days are not under contract any more: it goes with them."""
        contract = self._create_contract()
        wizard = self._edit(contract)
        with wizard.row_ids.edit(3) as row:
            row.amount = 600.0
        wizard.save().action_apply()
        self.assertEqual(self._amounts(contract), [200.0, 200.0, 200.0, 600.0])
        contract.date_closed = date(2026, 9, 30)
        self.assertEqual(self._amounts(contract), [300.0] * 3)

    # === OTHER PRICES ===#

    def test_free_months(self):
        contract = self._create_contract(free_months=2, interval_unit="month")
        rows = contract.instalment_ids.sorted("date_from")
        self.assertEqual(contract.date_free_until, date(2026, 2, 28))
        self.assertEqual((len(rows), rows[0].date_from), (10, date(2026, 3, 1)))
        self.assertEqual(set(rows.mapped("amount")), {100.0})
        self.assertEqual(contract.amount_untaxed, 1000.0)
        self.assertEqual(contract.copy().free_months, 0)
        self._billed(rows[0])
        with self.assertRaisesRegex(UserError, "billed"):
            contract.free_months = 3

    def test_free_months_come_from_the_template(self):
        template = self._create_contract_template(
            free_months=1, leave_policy="period", inclusion_policy="ignore"
        )
        contract = self._create_contract(template_id=template.id, start=False)
        self.assertEqual(
            (contract.free_months, contract.leave_policy, contract.inclusion_policy), (1, "period", "ignore")
        )

    def test_price_for_once(self):
        """A fee on joining is due once, in full, though the contract ends early or begins free."""
        contract = self._create_contract(
            free_months=1,
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 99.0, "price_basis": "once"})],
        )
        row = contract.instalment_ids
        self.assertEqual((row.date_due, row.date_to, row.amount), (date(2026, 1, 1), date(2026, 1, 1), 99.0))
        self.assertIn("Once, on", row.description)
        contract.date_closed = date(2026, 6, 30)
        self.assertEqual(self._amounts(contract), [99.0])

    def test_price_of_a_product_and_of_a_family(self):
        """Quantities follow what is covered: two machines at one price, four pumps at that of their family."""
        family, below = self.env["product.category"].create([{"name": "Hydraulics"}, {"name": "Pumps"}])
        below.parent_id = family
        self.pump.categ_id = below
        contract = self._create_contract(
            units=[self._create_unit(serial=n, delivery_date=date(2025, 12, 1)) for n in ("P-1", "P-2")],
            line_ids=[
                Command.create(
                    {
                        "product_id": self.fee.id,
                        "pricing": "per_product",
                        "cover_product_id": self.machine.id,
                        "price_unit": 100.0,
                    }
                ),
                Command.create(
                    {
                        "product_id": self.fee.id,
                        "pricing": "per_product",
                        "cover_categ_id": family.id,
                        "price_unit": 10.0,
                    }
                ),
            ],
        )
        contract.cover_ids = [Command.create({"product_id": self.pump.id, "quantity": 4})]
        contract.action_update_plan()
        self.assertEqual(contract.line_ids.mapped("price_subtotal"), [200.0, 40.0])
        form = Form(contract.with_user(self.agent))
        with self.assertRaisesRegex(AssertionError, "cover_product_id"), form.line_ids.new() as line:
            line.product_id = self.fee
            line.pricing = "per_product"
        self.assertEqual(sum(self._amounts(contract)), 240.0)

    def test_the_price_in_words(self):
        contract = self._create_contract(
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 1200.0, "discount": 10})]
        )
        words = contract.line_ids.explanation.replace("\N{NO-BREAK SPACE}", " ")
        for part in ("less 10 percent", "(365 days): 1 × $ 1,080.00 × 1 = $ 1,080.00"):
            self.assertIn(part, words)
        action = contract.line_ids.with_user(self._create_user("plan_reader", TECHNICIAN)).action_explain()
        form = Form(contract.line_ids.with_user(self.agent), view=action["views"][0][0])
        self.assertEqual(len(form.planned_instalment_ids), 4)

    def test_next_date(self):
        """D21, D22: never before the start; while in force there is one, though all is billed."""
        contract = self._create_contract(date_start=date(2027, 3, 1), tacit_renewal=True)
        self.assertEqual(contract.next_due_date, date(2027, 3, 1))
        self._billed(*contract.instalment_ids)
        contract.invalidate_recordset(["next_due_date"])
        self.assertEqual(contract.next_due_date, date(2028, 3, 1))
        with self.assertRaises(ValidationError):
            contract.date_end = False

    def test_nothing_after_the_end(self):
        """D04: once an early end is entered, no period after it can be billed, though nobody updates the plan."""
        contract = self._create_contract()
        contract.date_closed = date(2026, 6, 30)
        Instalment = self.env["after.sales.contract.instalment"]
        due = Instalment.search(Instalment._get_due_domain(date(2027, 1, 1))) & contract.instalment_ids
        self.assertEqual(max(due.mapped("date_to")), date(2026, 6, 30))
