import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .common import AfterSalesBillingCommon

NBSP = "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestContractCreditByHand(AfterSalesBillingCommon):
    """An accountant credited an instalment by hand: the contract gives back no more of it than is still billed."""

    def _bill_up_to(self, day):
        return self._bill(date_to=day, post_invoices=True)

    def _create_may_and_june(self, **vals):
        """From 1 May, 65.00 a month; both are billed."""
        contract = self._create_contract(start=date(2026, 5, 1), price=780.0, **vals)
        found = []
        for month in (5, 6):
            moves = self._bill_up_to(date(2026, month, 1))
            found.append(
                moves.filtered(lambda move: move.invoice_line_ids.after_sales_contract_id == contract)
            )
        return contract, *found

    def _create_year(self):
        """365.00 for a year that is billed: no instalment is to come."""
        contract = self._create_contract(price=365.0, interval_unit="year")
        return contract, self._bill_up_to(date(2026, 1, 1))

    def _credit(self, invoice, amount=None, post=True):
        refund = self._reverse(invoice)
        if amount is not None:
            refund.invoice_line_ids[0].price_unit = amount
            refund.invoice_line_ids[1:].unlink()
        if post:
            refund.action_post()
        return refund

    def _change(self, contract, kind, **vals):
        """By the wizard, as an agent; returns what it said would follow."""
        action = getattr(contract.with_user(self.agent), f"action_{kind}")()
        wizard = Form.from_action(self.env(user=self.agent), action)
        for name, value in vals.items():
            wizard[name] = value
        effects = wizard.effects
        wizard.save().action_apply()
        return effects

    def _assert_given(self, contract, amount):
        """What the contract gives back, and what the next run credits."""
        self.assertEqual(round(contract.credit_amount, 2), amount)
        if amount:
            refund = self._bill_up_to(date(2026, 6, 30))
            self.assertRecordValues(refund, [{"move_type": "out_refund", "amount_untaxed": amount}])
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill_up_to(date(2026, 6, 30))
        self.assertFalse(contract.is_plan_outdated)

    def _end_in_may(self, contract):
        return self._change(contract, "stop", date=date(2026, 5, 31))

    def _get_warnings(self, contract):
        return contract.activity_ids.filtered(lambda activity: "taken back" in (activity.summary or ""))

    def test_credit_note_taken_back_after_the_end(self):
        """The invoice bills days again that nobody serves: who answers for the contract is told."""
        contract, may, june = self._create_may_and_june()
        refund = self._credit(june, 30.0)
        self._end_in_may(contract)
        self._assert_given(contract, 35.0)
        self._credit(may).with_user(self.accountant).button_draft()
        self.assertFalse(self._get_warnings(contract), "the days of May are served")
        refund.with_user(self.accountant).button_draft()
        note = html2plaintext(self._get_warnings(contract).note)
        self.assertIn(f"{june.name} bills ${NBSP}30.00 again", note)
        self.assertIn(refund.name, note)

    def test_what_the_contract_dropped_is_not_billed_again(self):
        contract, __, june = self._create_may_and_june()
        refund = self._credit(june)
        june.after_sales_entry_ids.charge_id.with_user(self.accountant).action_bill_again()
        self._end_in_may(contract)
        with self.assertRaisesRegex(UserError, "nobody owes what would be billed again"):
            refund.with_user(self.accountant).button_draft()
        self.assertEqual((refund.state, june.amount_residual), ("posted", 0.0))

    # ------------------------------------------------------------------
    # Early end, transfer
    # ------------------------------------------------------------------

    def test_credited_in_full(self):
        contract, may, june = self._create_may_and_june()
        self._credit(may)
        self._credit(june)
        effects = self._change(contract, "stop", date=date(2026, 5, 11))
        self.assertNotIn("Credit of", effects)
        self.assertEqual(effects.count(f"${NBSP}65.00 were credited, or left out"), 2)
        self.assertFalse(contract.credit_ids)
        self._assert_given(contract, 0.0)

    def test_credited_in_part(self):
        contract, __, june = self._create_may_and_june()
        self._credit(june, 30.0)
        self.assertIn("35.00", self._change(contract, "stop", date=date(2026, 5, 31)))
        self._assert_given(contract, 35.0)

    def test_part_of_a_period(self):
        """15 of 30 days are worth 32.50: given back as long as so much is billed, and what was credited by hand is said."""
        for by_hand, given in ((30.0, 32.5), (40.0, 25.0), (65.0, 0.0)):
            contract, __, june = self._create_may_and_june()
            self._credit(june, by_hand)
            effects = self._change(contract, "stop", date=date(2026, 6, 15))
            self.assertIn(
                f"06/01/2026 - 06/30/2026, Maintenance contract, ${NBSP}{by_hand:.2f} were credited", effects
            )
            self.assertNotIn("05/01/2026", effects)
            self._assert_given(contract, given)

    def test_draft_or_undone_credit_note(self):
        contract, may, june = self._create_may_and_june()
        self._credit(may).with_user(self.accountant).button_cancel()
        self._credit(june, 30.0, post=False)
        effects = self._change(contract, "stop", date=date(2026, 5, 31))
        self.assertNotIn("by hand", effects)
        self._assert_given(contract, 65.0)

    def test_edited_draft(self):
        """Billed for less than planned: no more than that comes back."""
        contract = self._create_contract(start=date(2026, 5, 1), price=780.0)
        self._bill_up_to(date(2026, 5, 1))
        draft = self._bill(date_to=date(2026, 6, 1))
        draft.invoice_line_ids.price_unit = 50.0
        draft.action_post()
        self._change(contract, "stop", date=date(2026, 5, 31))
        self._assert_given(contract, 50.0)

    def test_tax_in_the_price(self):
        """The invoice of 65.00 comes to 53.28 without its tax: that is no credit."""
        included = self.vat.copy({"name": "VAT inside", "price_include_override": "tax_included"})
        self.contract_product.taxes_id = included
        contract = self._create_contract(start=date(2026, 5, 1), price=780.0)
        contract.line_ids.tax_ids = included
        self._bill_up_to(date(2026, 5, 1))
        invoice = self._bill_up_to(date(2026, 6, 1))
        self.assertEqual(invoice.amount_total, 65.0)
        self._credit(invoice, 13.0)
        effects = self._change(contract, "stop", date=date(2026, 5, 31))
        self.assertIn(f"${NBSP}13.00 were credited", effects)
        self.assertEqual(contract.credit_amount, 52.0)

    def test_transfer(self):
        contract, __, june = self._create_may_and_june()
        self._credit(june, 30.0)
        other = self.env["res.partner"].create({"name": "Bianchi Srl", "is_company": True})
        effects = self._change(contract, "transfer", partner_id=other, date=date(2026, 6, 1))
        self.assertIn(f"${NBSP}30.00 were credited", effects)
        self.assertEqual(contract.credit_amount, 35.0)
        moves = self._bill_up_to(date(2026, 6, 30))
        self.assertEqual(
            {move.partner_id: (move.move_type, move.amount_untaxed) for move in moves},
            {contract.partner_id: ("out_refund", 35.0), other: ("out_invoice", 65.0)},
        )

    def test_ended_twice(self):
        """First from mid-June, then from June: together no more than is billed of it."""
        contract, __, june = self._create_may_and_june()
        self._credit(june, 40.0)
        self._change(contract, "stop", date=date(2026, 6, 15))
        self._assert_given(contract, 25.0)
        self._change(contract, "stop", date=date(2026, 5, 31))
        self.assertEqual(contract.credit_amount, 25.0)
        self.assertFalse(contract.is_plan_outdated)

    def test_end_after_a_pause_that_the_plan_makes_up_for(self):
        """No instalment to come falls below zero for what a credit may not give back."""
        contract, __, june = self._create_may_and_june()
        self._credit(june)
        self._change(contract, "pause", date=date(2026, 6, 1), date_until=date(2026, 6, 10))
        self._change(contract, "stop", date=date(2026, 7, 5))
        self.assertFalse(contract.credit_ids)
        july = contract.instalment_ids.filtered(lambda row: row.state == "planned" and not row.is_billed)
        self.assertRecordValues(july, [{"date_to": date(2026, 7, 5), "amount": 0.0}])
        self.assertFalse(contract.is_plan_outdated)

    # ------------------------------------------------------------------
    # Pauses
    # ------------------------------------------------------------------

    def test_pause(self):
        contract, invoice = self._create_year()
        self._credit(invoice, 350.0)
        effects = self._change(contract, "pause", date=date(2026, 6, 1), date_until=date(2026, 6, 20))
        self.assertIn(f"20, worth ${NBSP}15.00. It is credited", effects)
        self.assertIn(f"${NBSP}350.00 were credited, or left out", effects)
        self._assert_given(contract, 15.0)
        self._change(contract, "pause", date=date(2026, 7, 1), date_until=date(2026, 7, 5))
        self._change(contract, "stop", date=date(2026, 7, 10))
        self.assertEqual(contract.credit_amount, 15.0)

    def test_pause_that_the_plan_makes_up_for(self):
        """The instalments to come are lower by the days, whatever was credited by hand; that is said."""
        contract, __, june = self._create_may_and_june()
        self._credit(june, 30.0)
        effects = self._change(contract, "pause", date=date(2026, 6, 1), date_until=date(2026, 6, 15))
        self.assertIn(f"worth ${NBSP}32.50", effects)
        self.assertIn(f"${NBSP}30.00 were credited", effects)
        open_rows = contract.instalment_ids.filtered(lambda row: row.state == "planned" and not row.is_billed)
        self.assertAlmostEqual(sum(open_rows.mapped("amount")), 650.0 - 32.5)

    # ------------------------------------------------------------------
    # Credited by hand when the credit was planned
    # ------------------------------------------------------------------

    def _plan_credit(self):
        """Of June 32.50 are to come back: planned, and in a preview."""
        contract, __, june = self._create_may_and_june()
        self._change(contract, "stop", date=date(2026, 6, 15))
        run = self._create_run(date_to=date(2026, 6, 30))
        run.action_preview()
        self.assertEqual(run.line_ids.mapped("amount"), [-32.5])
        return contract, june, run, contract.credit_ids

    def _get_notes(self, contract):
        return " ".join(html2plaintext(body) for body in contract.message_ids.mapped("body"))

    def test_still_enough_is_billed(self):
        contract, june, __, __ = self._plan_credit()
        self._credit(june, 32.5)
        self._assert_given(contract, 32.5)
        self.assertNotIn("instead of", self._get_notes(contract))

    def test_planned_credit_is_lowered(self):
        contract, june, __, __ = self._plan_credit()
        self._credit(june, 50.0)
        self._create_run(date_to=date(2026, 6, 30)).action_preview()
        self._assert_given(contract, 15.0)
        self.assertIn(
            f"Credit for 06/16/2026 - 06/30/2026: ${NBSP}15.00 instead of ${NBSP}32.50, because ${NBSP}50.00 of",
            self._get_notes(contract),
        )

    def test_planned_credit_is_taken_out(self):
        contract, june, __, credit = self._plan_credit()
        self._credit(june)
        self._create_contract(start=date(2026, 6, 1))
        others = self._bill_up_to(date(2026, 6, 30))
        self.assertNotIn(contract, others.invoice_line_ids.after_sales_contract_id)
        self._assert_given(contract, 0.0)
        self.assertEqual(credit.state, "cancelled")
        self.assertEqual(credit.charge_ids.mapped("state"), ["cancelled"])
        self.assertIn(f"${NBSP}0.00 instead of ${NBSP}32.50", self._get_notes(contract))

    def test_credited_between_preview_and_run(self):
        """What the preview showed is not billed: the next one shows what is left."""
        contract, june, run, __ = self._plan_credit()
        self._credit(june, 50.0)
        run.action_bill()
        self.assertFalse(run.line_ids.move_id)
        self._assert_given(contract, 15.0)

    # ------------------------------------------------------------------
    # Whatever happens
    # ------------------------------------------------------------------

    def test_never_more_than_is_billed(self):
        rng = random.Random(19)
        for __ in range(6):
            contract, *invoices = self._create_may_and_june()
            for stop in sorted(rng.sample(range(61), 2), reverse=True):
                invoice = rng.choice(invoices)
                if not invoice.reversal_move_ids:
                    self._credit(invoice, rng.randrange(1, 6501) / 100)
                contract.with_user(self.agent)._stop(date(2026, 5, 1) + timedelta(days=stop))
            self._create_run(date_to=date(2026, 6, 30)).action_preview()
            for row, credits in contract.credit_ids.grouped("credited_id").items():
                given = -sum(credits.mapped("amount"))
                self.assertLessEqual(round(given, 2), round(row.amount_billed, 2), f"{stop} {row.date_from}")
            self.assertFalse(contract.is_plan_outdated)
