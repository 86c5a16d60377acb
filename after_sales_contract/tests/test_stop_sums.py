from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form

from .common import MANAGER
from .life_common import LifeCommon


@freeze_time("2026-05-15 10:00:00")
class TestStopSums(LifeCommon):
    """However instalments were agreed: after an early end, what is billed and credited is the price of the days served."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("planner", MANAGER)

    def _edit(self, contract, amounts, settle="spread"):
        action = contract.with_user(self.manager).action_edit_plan()
        wizard = Form.from_action(self.env(user=self.manager), action)
        for index, amount in amounts.items():
            with wizard.row_ids.edit(index) as row:
                row.amount = amount
        wizard.settle = settle
        if settle == "accept":
            wizard.reason = "Agreed on the telephone"
        wizard.save().action_apply()

    def _rows(self, contract):
        return contract.instalment_ids.filtered(lambda row: row.state == "planned")

    def _assert_settled(self, contract, price):
        self.assertEqual(round(sum(self._rows(contract).mapped("amount")), 2), price)
        self.assertEqual(contract.amount_untaxed, price)
        self.assertFalse(contract.is_plan_outdated)

    def test_lower_at_first(self):
        """100 for the first quarter, more later: the rest of what was used is still due."""
        contract = self._create_contract()
        self._edit(contract, {0: 100.0})
        rows = contract.instalment_ids.sorted("date_from")[:2]
        self.assertEqual(rows.mapped("amount"), [100.0, 366.67])
        self._bill(rows)
        wizard = self._wizard(contract, "stop", date=date(2026, 6, 30))
        self.assertIn("133.33", wizard.effects)
        wizard.save().action_apply()
        self.assertFalse(contract.credit_ids)
        self.assertEqual((self._rows(contract) - rows).mapped("amount"), [133.33])
        self._assert_settled(contract, 600.0)
        contract._stop(date(2026, 3, 31))
        self.assertEqual(contract.credit_amount, 166.67)
        self._assert_settled(contract, 300.0)

    def test_credit_of_what_later_rows_would_have_evened_out(self):
        """An earlier quarter is open, a later one was billed for too much: each is worth its days."""
        contract = self._create_contract()
        self._edit(contract, {1: 900.0})
        rows = contract.instalment_ids.sorted("date_from")
        self._bill(rows[1])
        contract._stop(date(2026, 6, 30))
        self.assertEqual((rows[0].amount, contract.credit_amount), (300.0, 600.0))
        self._assert_settled(contract, 600.0)

    def test_accepted_difference_stays_with_its_instalment(self):
        """A hundred less for the strike in the first quarter is kept; one for the last quarter was never earned."""
        contract, other = self._create_contract(), self._create_contract()
        self._edit(contract, {0: 200.0}, "accept")
        self._edit(other, {3: 200.0}, "accept")
        self._bill((contract | other).instalment_ids.filtered(lambda row: row.date_from < date(2026, 7, 1)))
        contract._stop(date(2026, 6, 20))
        other._stop(date(2026, 6, 20))
        self.assertEqual(
            (contract.credit_amount, other.credit_amount), (32.97, 32.97), "10 of 91 days at 300"
        )
        self._assert_settled(contract, 467.03)
        self._assert_settled(other, 567.03)

    def test_accepted_difference_of_a_cut_quarter(self):
        """The quarter in which the contract ends was agreed at 209: each of its 91 days is worth 2.30."""
        contract = self._create_contract()
        self._edit(contract, {1: 209.0}, "accept")
        self._bill(contract.instalment_ids.sorted("date_from")[:2])
        contract._stop(date(2026, 6, 20))
        self.assertEqual(contract.credit_amount, 22.97)
        self._assert_settled(contract, 486.03)
        contract._stop(date(2026, 5, 31))
        self._assert_settled(contract, 440.1)

    def test_accepted_difference_reset(self):
        """What is billed was agreed: only the rest is computed anew."""
        contract = self._create_contract()
        self._edit(contract, {0: 200.0, 3: 250.0}, "accept")
        self._bill(contract.instalment_ids.sorted("date_from")[0])
        action = contract.with_user(self.manager).action_edit_plan()
        Form.from_action(self.env(user=self.manager), action).save().action_reset()
        self.assertEqual([row[2] for row in self._planned(contract)], [200.0, 300.0, 300.0, 300.0])

    def test_prepaid_in_an_open_pause(self):
        """Its document billed the year; April is owed of the second quarter, nothing after it."""
        contract = self._create_contract()
        contract.line_ids.is_prepaid = True
        contract._sync_plan()
        contract._pause(date(2026, 5, 1))
        contract._stop(date(2026, 5, 31))
        self.assertEqual(contract.amount_untaxed, 398.9)
        self.assertEqual(contract.credit_amount, 801.1)
        contract._stop(date(2026, 3, 31))
        self.assertEqual((contract.credit_amount, contract.amount_untaxed), (900.0, 300.0))

    def test_prepaid_after_a_closed_pause(self):
        contract = self._create_contract()
        contract.line_ids.is_prepaid = True
        contract._sync_plan()
        contract._pause(date(2026, 2, 1), date(2026, 2, 28))
        self.assertEqual(contract.credit_amount, 92.05, "28 of the 365 days that the document billed")
        contract._stop(date(2026, 6, 30))
        self.assertEqual((contract.credit_amount, contract.amount_untaxed), (693.33, 506.67))

    def test_billed_elsewhere_until_a_day(self):
        """A contract taken over from another system: its first half is billed there, and no new plan asks for it."""
        unit = self._create_unit(serial="OLD-1")
        contract = self._create_contract(units=unit, start=False)
        contract.line_ids.copy({"date_from": date(2026, 7, 1)})
        contract.line_ids[0].write({"is_prepaid": True, "date_to": date(2026, 6, 30)})
        contract.action_start()
        rest = [
            (date(2026, 7, 1), date(2026, 9, 30), 300.0),
            (date(2026, 10, 1), date(2026, 12, 31), 300.0),
        ]
        self.assertEqual(self._planned(contract), rest)
        unit._end("Scrapped")
        contract.action_update_plan()
        self.assertEqual(self._planned(contract), rest)
        self.assertFalse(contract.is_plan_outdated)
        self.assertEqual(contract.amount_untaxed, 1200.0)

    def test_pause_after_an_early_end_was_entered(self):
        """The end is known and credited; days that are paused before it are credited too, once."""
        contract = self._create_contract()
        self._bill(contract.instalment_ids.sorted("date_from")[:2])
        contract._stop(date(2026, 6, 20))
        self.assertEqual(contract.credit_amount, 32.97)
        contract._pause(date(2026, 6, 1), date(2026, 6, 10))
        self._assert_settled(contract, 534.07)
        self.assertEqual(contract.credit_amount, 65.93)

    def test_no_credit_is_larger_than_its_instalment(self):
        """Paid far ahead: the credit of the last quarter is its amount, the rest is one of the quarter before."""
        contract = self._create_contract()
        self._edit(contract, {0: 900.0})
        rows = contract.instalment_ids.sorted("date_from")[:2]
        self.assertEqual(rows.mapped("amount"), [900.0, 100.0])
        self._bill(rows)
        contract._stop(date(2026, 3, 31))
        credits = {row.credited_id: row.amount for row in contract.credit_ids}
        self.assertEqual(credits, {rows[1]: -100.0, rows[0]: -600.0})
        self._assert_settled(contract, 300.0)

    def test_ends_again_and_again(self):
        """Each earlier end credits the rest, also where two credits begin on the same day."""
        contract = self._create_contract(
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 1000.01})]
        )
        self._edit(contract, {0: 700.0})
        self._bill(contract.instalment_ids.sorted("date_from")[:3])
        for day in (
            date(2026, 9, 30),
            date(2026, 6, 30),
            date(2026, 5, 5),
            date(2026, 3, 31),
            date(2026, 1, 1),
        ):
            with freeze_time("2026-01-01"):
                contract._stop(day)
            self._assert_settled(contract, contract.amount_untaxed)
        self.assertEqual(contract.amount_untaxed, 2.78)
