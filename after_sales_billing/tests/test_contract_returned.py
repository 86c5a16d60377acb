import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestContractReturned(AfterSalesBillingCommon):
    """An accountant credited an instalment by hand: the contract gives back no more than what is still billed."""

    def _create_monthly(self, **vals):
        """From 1 May, 65.00 a month."""
        return self._create_contract(start=date(2026, 5, 1), price=780.0, **vals)

    def _bill_month(self, month, contract):
        moves = self._bill(date_to=date(2026, month, 1), post_invoices=True)
        return moves.filtered(lambda move: move.invoice_line_ids.after_sales_contract_id == contract)

    def _credit(self, invoice, amount=None, post=True):
        refund = self._reverse(invoice)
        if amount is not None:
            refund.invoice_line_ids[0].price_unit = amount
            refund.invoice_line_ids[1:].unlink()
        if post:
            refund.action_post()
        return refund

    def _create_may_and_june(self, **vals):
        contract = self._create_monthly(**vals)
        return contract, self._bill_month(5, contract), self._bill_month(6, contract)

    def _stop(self, contract, day):
        """By the wizard, as an agent; returns what it said would follow."""
        action = contract.with_user(self.agent).action_stop()
        wizard = Form.from_action(self.env(user=self.agent), action)
        wizard.date = day
        effects = wizard.effects
        wizard.save().action_apply()
        return effects

    def _assert_given(self, contract, amount):
        """What the contract gives back, and what the next run credits."""
        self.assertEqual(round(contract.credit_amount, 2), amount)
        if amount:
            refund = self._bill(date_to=date(2026, 6, 30), post_invoices=True)
            self.assertRecordValues(refund, [{"move_type": "out_refund", "amount_untaxed": amount}])
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill(date_to=date(2026, 6, 30))

    # ------------------------------------------------------------------
    # Early end, transfer
    # ------------------------------------------------------------------

    def test_credited_in_full(self):
        contract, may, june = self._create_may_and_june()
        self._credit(may)
        self._credit(june)
        effects = self._stop(contract, date(2026, 5, 11))
        self.assertNotIn("Credit of", effects)
        self.assertIn("Credited by hand before, and not again", effects)
        self.assertIn("65.00", effects)
        self.assertNotIn("Still to be paid", effects)
        self._assert_given(contract, 0.0)
        self.assertEqual(set(contract.credit_ids.mapped("status")), {"billed"}, "nothing is left to do")
        self.assertEqual(contract.credit_ids.mapped("amount_returned"), [41.94, 65.0])
        self.assertEqual([row["amount"] for row in contract._get_portal_instalments()], [65.0, 65.0])

    def test_credited_in_part(self):
        contract, __, june = self._create_may_and_june()
        self._credit(june, 30.0)
        self.assertIn("35.00", self._stop(contract, date(2026, 5, 31)))
        self._assert_given(contract, 35.0)

    def test_part_of_a_period(self):
        """15 of 30 days are worth 32.50: what was credited by hand goes off that, and is not asked back."""
        for by_hand, given in ((30.0, 2.5), (40.0, 0.0), (32.5, 0.0)):
            contract, __, june = self._create_may_and_june()
            self._credit(june, by_hand)
            self._stop(contract, date(2026, 6, 15))
            self._assert_given(contract, given)

    def test_draft_or_undone_credit_note(self):
        contract, may, june = self._create_may_and_june()
        self._credit(may).with_user(self.accountant).button_cancel()
        self._credit(june, 30.0, post=False)
        self._stop(contract, date(2026, 5, 31))
        self._assert_given(contract, 65.0)

    def test_edited_draft(self):
        """Billed for less than planned: no more than that comes back."""
        contract = self._create_monthly()
        self._bill_month(5, contract)
        draft = self._bill(date_to=date(2026, 6, 1))
        draft.invoice_line_ids.price_unit = 50.0
        draft.action_post()
        self._stop(contract, date(2026, 5, 31))
        self._assert_given(contract, 50.0)

    def test_goodwill_for_another_month(self):
        contract, may, __ = self._create_may_and_june()
        self._credit(may)
        self._stop(contract, date(2026, 6, 15))
        self._assert_given(contract, 32.5)

    def test_transfer(self):
        contract, __, june = self._create_may_and_june()
        self._credit(june, 30.0)
        other = self.env["res.partner"].create({"name": "Bianchi Srl", "is_company": True})
        contract.with_user(self.agent)._transfer(other, date(2026, 6, 1))
        self.assertEqual(contract.credit_amount, 35.0)

    def test_ended_twice(self):
        """First from mid-June, then from June: together what the days cost."""
        contract, __, june = self._create_may_and_june()
        self._credit(june, 30.0)
        self._stop(contract, date(2026, 6, 15))
        self.assertEqual(contract.credit_amount, 2.5)
        self._stop(contract, date(2026, 5, 31))
        self._assert_given(contract, 35.0)

    def test_credited_by_hand_after_the_end(self):
        """The contract's credit was planned, and in a preview: the run gives back what is left of it."""
        for by_hand, given in ((30.0, 2.5), (65.0, 0.0)):
            contract, __, june = self._create_may_and_june()
            self._stop(contract, date(2026, 6, 15))
            self._create_run(date_to=date(2026, 6, 30)).action_preview()
            self.assertEqual(contract.credit_amount, 32.5)
            refund = self._credit(june, by_hand)
            if given:
                self._create_run(date_to=date(2026, 6, 30)).action_preview()
                self.assertEqual(contract.credit_amount, given)
                refund.with_user(self.accountant).button_draft()
                self._create_run(date_to=date(2026, 6, 30)).action_preview()
                self.assertEqual(contract.credit_amount, 32.5, "nothing was credited after all")
                refund.action_post()
                run = self._bill(date_to=date(2026, 6, 30), post_invoices=True)
                self.assertRecordValues(run, [{"move_type": "out_refund", "amount_untaxed": given}])
            with self.assertRaisesRegex(UserError, "Nothing is due"):
                self._bill(date_to=date(2026, 6, 30))
            self.assertEqual(contract.credit_amount, given)

    def test_any_credits(self):
        """He ends up having paid for each month what its days cost; less where he was credited more."""
        rng = random.Random(19)
        for __ in range(4):
            contract, may, june = self._create_may_and_june()
            by_hand = [rng.choice((0.0, rng.randrange(1, 6500) / 100)) for __ in range(2)]
            for invoice, amount in zip((may, june), by_hand, strict=True):
                if amount:
                    self._credit(invoice, amount)
            stop = date(2026, 5, 1) + timedelta(days=rng.randrange(61))
            used = ((stop - date(2026, 5, 1)).days + 1, (stop - date(2026, 5, 31)).days)
            shares = (min(used[0], 31) / 31, max(used[1], 0) / 30)
            contract._stop(stop)
            paid = 130.0 - sum(by_hand) - contract.credit_amount
            expected = sum(
                min(65.0 - back, 65.0 * share) for back, share in zip(by_hand, shares, strict=True)
            )
            self.assertAlmostEqual(paid, expected, delta=0.011, msg=f"{stop}, {by_hand}")

    # ------------------------------------------------------------------
    # Pauses
    # ------------------------------------------------------------------

    def test_pause_of_a_billed_year(self):
        contract = self._create_contract(price=365.0, interval_unit="year")
        invoice = self._bill(date_to=date(2026, 1, 1), post_invoices=True)
        self._credit(invoice, 10.0)
        contract.with_user(self.agent)._pause(date(2026, 6, 1), date(2026, 6, 20))
        self._assert_given(contract, 10.0)
        contract.with_user(self.agent)._pause(date(2026, 7, 1), date(2026, 7, 5))
        self._bill(date_to=date(2026, 6, 30), post_invoices=True)
        self.assertEqual(contract.credit_amount, 15.0)
        self._stop(contract, date(2026, 7, 10))
        self.assertEqual(contract.credit_amount, 365.0 - 10.0 - 166.0, "166 of 191 days were served")

    def test_pause_that_the_plan_makes_up_for(self):
        contract, __, june = self._create_may_and_june()
        self._credit(june, 30.0)
        contract = contract.with_user(self.agent)

        def to_come():
            rows = contract.instalment_ids.filtered(lambda row: row.state == "planned" and not row.is_billed)
            return round(sum(rows.mapped("amount")), 2)

        self.assertEqual(to_come(), 650.0)
        action = contract.action_pause()
        wizard = Form.from_action(self.env(user=self.agent), action)
        wizard.date, wizard.date_until = date(2026, 6, 1), date(2026, 6, 15)
        self.assertIn("worth $\N{NO-BREAK SPACE}2.50", wizard.effects)
        wizard.save().action_apply()
        self.assertEqual(to_come(), 647.5)
        self.assertFalse(contract.is_plan_outdated)
        contract._resume(date(2026, 6, 6))
        self.assertEqual(to_come(), 650.0, "five days are worth less than what was credited")
        self._credit(june, 20.0)
        contract.action_update_plan()
        self.assertEqual(to_come(), 650.0, "goodwill is not asked back")
        contract._pause(date(2026, 6, 16))
        contract._resume(date(2026, 6, 26))
        self.assertEqual(to_come(), 650.0, "15 days are worth 32.50, 50.00 were credited")
        contract._pause(date(2026, 6, 26), date(2026, 7, 10))
        self.assertEqual(to_come(), round(650.0 - 65.0 * 10 / 31, 2), "July's days, not five more of June")

    # ------------------------------------------------------------------
    # Units
    # ------------------------------------------------------------------

    def _create_per_unit(self, name):
        """Two units, 91.00 a quarter for each."""
        units = self._create_unit(f"{name}-1", covered=False) | self._create_unit(f"{name}-2", covered=False)
        line = {
            "product_id": self.contract_product.id,
            "name": "Maintenance",
            "price_unit": 364.0,
            "pricing": "per_unit",
            "tax_ids": [Command.set(self.vat.ids)],
        }
        contract = self._create_contract(
            units=units, interval_unit="quarter", line_ids=[Command.create(line)]
        )
        self._bill(date_to=date(2026, 3, 31), post_invoices=True)
        return contract, units, self._bill(date_to=date(2026, 4, 1), post_invoices=True)

    def test_unit_that_leaves(self):
        """51 days are worth 51.00."""
        for by_hand, given in ((40.0, 11.0), (60.0, 0.0)):
            contract, units, invoice = self._create_per_unit(f"U{by_hand}")
            self._credit(invoice, by_hand)
            units[1].sudo()._end("Scrapped.", custody="returned")
            row = contract.instalment_ids.filtered("correction")
            self.assertEqual(row.mapped("amount"), [-given] if given else [])
            self.assertFalse(contract.is_plan_outdated)
            if given:
                refund = self._bill(date_to=date(2026, 6, 30), post_invoices=True)
                self.assertRecordValues(refund, [{"move_type": "out_refund", "amount_untaxed": given}])
            later = self._bill(date_to=date(2026, 12, 31), post_invoices=True)
            self.assertEqual(later.amount_untaxed, 182.0, "two quarters of the one that is left")
            contract.action_update_plan()
            self.assertFalse(contract.is_plan_outdated)
            contract._stop(date(2026, 5, 10))
            self.assertEqual(
                contract.credit_amount,
                182.0 + 51.0 - max(by_hand - 51.0, 0.0),
                "and the other one, whose days were not credited by hand before",
            )
            self._bill(date_to=date(2026, 12, 31), post_invoices=True)
