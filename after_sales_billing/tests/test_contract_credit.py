from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestContractCredit(AfterSalesBillingCommon):
    """What a contract gives back, from its cause to the posted credit note, each by the person whose work it is."""

    def _create_per_unit(self, **vals):
        """Two units at 364.00 a year each, in quarters: 91.00 a quarter for each."""
        self.units = self._create_unit("CR-1", covered=False) | self._create_unit("CR-2", covered=False)
        self.units.delivery_date = date(2025, 12, 1)
        return self._create_contract(
            units=self.units,
            interval_unit="quarter",
            line_ids=[
                Command.create(
                    {
                        "product_id": self.contract_product.id,
                        "name": "Maintenance",
                        "price_unit": 364.0,
                        "pricing": "per_unit",
                        "tax_ids": [Command.set(self.vat.ids)],
                    }
                )
            ],
            **vals,
        )

    def _bill_up_to(self, day, **vals):
        return self._bill(date_to=day, post_invoices=True, **vals)

    def _assert_credit(self, move, amount, start, stop):
        self.assertRecordValues(
            move,
            [{"move_type": "out_refund", "state": "posted", "amount_untaxed": amount}],
        )
        self.assertRecordValues(
            move.invoice_line_ids, [{"after_sales_date_from": start, "after_sales_date_to": stop}]
        )

    # ------------------------------------------------------------------
    # Units
    # ------------------------------------------------------------------

    def test_unit_that_leaves(self):
        """Returned on 10 May, billed until the end of June: a credit note for 51 days, which names its invoice."""
        contract = self._create_per_unit()
        invoice = self._bill_up_to(date(2026, 4, 30))
        self.assertEqual(invoice.amount_untaxed, 364.0)
        self.units[1].sudo()._end("Returned with WH/IN/1.", custody="returned")
        refund = self._bill_up_to(date(2026, 5, 31))
        self._assert_credit(refund, 51.0, date(2026, 5, 11), date(2026, 6, 30))
        self.assertEqual(refund.amount_total, 62.22, "with its VAT")
        self.assertIn("(51 days)", refund.invoice_line_ids.name)
        self.assertIn(invoice.name, refund.invoice_line_ids.name)
        row = contract.instalment_ids.filtered("correction")
        self.assertTrue(row.is_billed)
        self.assertFalse(contract.is_plan_outdated)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill_up_to(date(2026, 5, 31))
        later = self._bill_up_to(date(2026, 12, 31))
        self.assertEqual(later.amount_untaxed, 182.0, "two quarters of the one unit that is left")

    def test_unit_that_leaves_without_credit(self):
        self._create_per_unit(leave_policy="period")
        self._bill_up_to(date(2026, 4, 30))
        self.units[1].sudo()._end("Returned.", custody="returned")
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill_up_to(date(2026, 5, 31))

    def test_deleted_draft_frees_the_credit(self):
        contract = self._create_per_unit()
        self._bill_up_to(date(2026, 4, 30))
        self.units[1].sudo()._end("Returned.", custody="returned")
        draft = self._bill(date_to=date(2026, 5, 31))
        row = contract.instalment_ids.filtered("correction")
        self.assertTrue(row.is_billed)
        draft.with_user(self.accountant).unlink()
        self.assertFalse(row.is_billed)
        self._assert_credit(self._bill_up_to(date(2026, 5, 31)), 51.0, date(2026, 5, 11), date(2026, 6, 30))

    # ------------------------------------------------------------------
    # Early end, pause, transfer
    # ------------------------------------------------------------------

    def test_early_end(self):
        """D06: stopped on 16 May by an agent, billed until the end of June."""
        contract = self._create_contract(interval_unit="quarter")
        self._bill_up_to(date(2026, 4, 30))
        contract.with_user(self.agent)._stop(date(2026, 5, 16))
        refund = self._bill_up_to(date(2026, 5, 31))
        self._assert_credit(refund, 148.35, date(2026, 5, 17), date(2026, 6, 30))
        self.assertTrue(contract.credit_ids.is_billed)
        self.assertFalse(contract.activity_ids, "the next run makes the credit note, nobody has to")
        net = contract.instalment_ids.filtered(lambda row: row.state == "planned").mapped("amount")
        self.assertEqual(round(sum(net), 2), contract.amount_untaxed)

    def test_credit_lowers_what_else_is_due(self):
        """Two contracts of a customer on one invoice: the credit of one is a line below zero of it."""
        stopped = self._create_contract(interval_unit="quarter")
        self._bill_up_to(date(2026, 4, 30))
        self._create_contract(start=date(2026, 5, 1), interval_unit="quarter")
        stopped._stop(date(2026, 5, 16))
        invoice = self._bill_up_to(date(2026, 5, 31), grouping="all")
        self.assertRecordValues(invoice, [{"move_type": "out_invoice", "state": "posted"}])
        self.assertEqual(sorted(invoice.invoice_line_ids.mapped("price_subtotal")), [-148.35, 300.0])

    def test_pause(self):
        contract = self._create_contract(interval_unit="year")
        self._bill_up_to(date(2026, 4, 30))
        contract.with_user(self.agent)._pause(date(2026, 6, 1), date(2026, 6, 30))
        self._assert_credit(self._bill_up_to(date(2026, 5, 31)), 98.63, date(2026, 6, 1), date(2026, 6, 30))

    def test_transfer(self):
        """What the old customer gets back of the quarter is what the new one pays for it."""
        contract = self._create_contract(interval_unit="quarter")
        self._bill_up_to(date(2026, 4, 30))
        other = self.env["res.partner"].create({"name": "Bianchi Srl", "is_company": True})
        contract.with_user(self.agent)._transfer(other, date(2026, 6, 1))
        moves = self._bill_up_to(date(2026, 6, 30))
        self._assert_credit(
            moves.filtered(lambda move: move.partner_id == self.customer),
            98.9,
            date(2026, 6, 1),
            date(2026, 6, 30),
        )
        self.assertRecordValues(
            moves.filtered(lambda move: move.partner_id == other),
            [{"move_type": "out_invoice", "amount_untaxed": 98.9}],
        )

    # ------------------------------------------------------------------
    # Prices
    # ------------------------------------------------------------------

    def test_price_of_an_invoiced_period(self):
        """Refused with the way to do it: credit the invoice; then the price changes and the period is billed anew."""
        contract = self._create_contract(interval_unit="quarter")
        invoice = self._bill_up_to(date(2026, 4, 30)).with_user(self.accountant)
        line = contract.line_ids.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Credit their invoices first"):
            line.price_unit = 1000.0
        with self.assertRaisesRegex(UserError, "is billed until .* credit the invoices"):
            line._change_price(date(2026, 2, 1), 1000.0)
        invoice._reverse_moves([{"invoice_date": date(2026, 5, 10)}], cancel=True)
        with self.assertRaisesRegex(UserError, "Credit their invoices first"):
            line.price_unit = 1000.0
        invoice._after_sales_get_charges().action_bill_again()
        line.price_unit = 1000.0
        contract.with_user(self.agent).action_update_plan()
        again = self._bill_up_to(date(2026, 4, 30))
        self.assertRecordValues(again, [{"move_type": "out_invoice", "amount_untaxed": 500.0}])

    def test_price_from_a_later_day(self):
        """The other way that the refusal names: a new price from the first day that is not billed."""
        contract = self._create_contract(interval_unit="quarter")
        self._bill_up_to(date(2026, 4, 30))
        contract.line_ids.with_user(self.agent)._change_price(date(2026, 7, 1), 2400.0)
        contract.with_user(self.agent).action_update_plan()
        self.assertEqual(self._bill_up_to(date(2026, 12, 31)).amount_untaxed, 1200.0)
