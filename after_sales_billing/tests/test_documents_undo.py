from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestDocumentsUndo(AfterSalesBillingCommon):
    """A credit note that set its charges free is undone: nothing is owed twice, nothing is lost."""

    def _bill_and_credit(self, *shares):
        """A charge of 104.00, billed and credited in these parts, set free again."""
        charge = self._create_charge().with_user(self.accountant)
        invoice = self._bill(post_invoices=True).with_user(self.accountant)
        refunds = invoice.browse()
        for share in shares:
            refund = self._reverse(invoice)
            refund.invoice_line_ids.quantity *= share
            refund.action_post()
            refunds |= refund
        charge.action_bill_again()
        self.assertEqual(charge.billing_state, "to_bill")
        return charge, invoice, refunds

    def _get_billed(self, charge):
        return charge.sudo()._get_amounts_billed().get(charge.sudo())

    def test_what_was_set_free_counts_for_nobody(self):
        """Whoever looks at the freed rows too sees the same sums and the same state."""
        charge, *__ = self._bill_and_credit(1.0)
        seen = charge.sudo().with_context(active_test=False)
        self.assertEqual(seen._get_amounts_billed(), {})
        self.assertEqual(seen.amount_credited, 0.0)
        self.env.add_to_compute(charge._fields["billing_state"], seen)
        self.assertEqual(seen.billing_state, "to_bill")

    def test_refused_when_billed_again(self):
        for post in (False, True):
            charge, invoice, refunds = self._bill_and_credit(0.25, 0.75)
            again = self._bill(post_invoices=post).with_user(self.accountant)
            for undo in ("button_draft", "button_cancel"):
                for refund in refunds:
                    with self.assertRaises(UserError) as caught:
                        getattr(refund, undo)()
                    self.assertIn(again.name or again.display_name, str(caught.exception))
                    self.assertIn("Cancel or delete that document first", str(caught.exception))
                    self.assertEqual(refund.state, "posted")
            with self.assertRaisesRegex(UserError, "meanwhile been billed"):
                refunds.with_context(force_delete=True).unlink()
            self.assertEqual((self._get_billed(charge), charge.entry_ids.move_id), (104.0, again))
            again.button_cancel() if post else again.unlink()
            self.assertEqual(charge.billing_state, "to_bill")
            refunds[0].button_draft()
            self.assertEqual(self._get_billed(charge), 26.0, "three quarters are credited still")
            refunds[1].button_cancel()
            self.assertEqual(self._get_billed(charge), 104.0)
            self.assertEqual((charge.entry_ids.move_id & invoice, charge.billing_state), (invoice, "billed"))

    def test_billed_by_its_invoice_again(self):
        charge, invoice, refund = self._bill_and_credit(1)
        line = invoice.after_sales_run_id.line_ids
        self.assertEqual(line.state, "freed")
        refund.button_draft()
        self.assertEqual((charge.billing_state, line.state), ("billed", "billed"))
        self.assertEqual((self._get_billed(charge), charge.amount_charged), (104.0, 104.0))
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        with self.assertRaisesRegex(UserError, "credited in full"):
            charge.action_bill_again()
        refund.action_post()
        self.assertEqual(self._get_billed(charge), 0.0)
        charge.action_bill_again()
        self.assertEqual(self._bill().amount_untaxed, 104.0)

    def test_cancelled_and_deleted(self):
        charge, __, refund = self._bill_and_credit(1)
        refund.button_cancel()
        self.assertEqual((charge.billing_state, self._get_billed(charge)), ("billed", 104.0))
        refund.with_context(force_delete=True).unlink()
        self.assertEqual((charge.billing_state, self._get_billed(charge)), ("billed", 104.0))

    def test_round_and_round(self):
        """Two invoices, both credited: the one that is due again keeps the other one from being so."""
        charge, first, refund = self._bill_and_credit(1)
        second = self._bill(post_invoices=True)
        other = self._reverse(second)
        other.action_post()
        charge.action_bill_again()
        refund.button_draft()
        self.assertEqual(charge.entry_ids.move_id & first, first)
        with self.assertRaises(UserError) as caught:
            other.with_user(self.accountant).button_draft()
        self.assertIn(first.name, str(caught.exception))

    def test_invoice_opened_and_posted_again(self):
        """Its credit note still credits it."""
        charge, invoice, __ = self._bill_and_credit(1)
        invoice.button_draft()
        self.assertEqual(charge.billing_state, "to_bill")
        invoice.action_post()
        self.assertEqual((charge.billing_state, self._get_billed(charge)), ("billed", 0.0))
        charge.action_bill_again()

    def test_corrected_invoice_keeps_the_charge(self):
        charge = self._create_charge()
        invoice = self._bill(post_invoices=True)
        corrected = self._reverse(invoice, modify=True).with_user(self.accountant)
        corrected.invoice_line_ids.price_unit = 50.0
        corrected.action_post()
        refund = invoice.reversal_move_ids.with_user(self.accountant)
        with self.assertRaises(UserError) as caught:
            refund.button_draft()
        self.assertIn(corrected.name, str(caught.exception))
        self.assertEqual(charge.entry_ids.move_id, corrected)

    def test_cancelled_charge_is_owed_by_nobody(self):
        charge, __, refund = self._bill_and_credit(1)
        charge.with_user(self.manager).action_cancel()
        with self.assertRaisesRegex(UserError, "cancelled meanwhile"):
            refund.button_draft()

    def test_credit_note_that_freed_nothing(self):
        charge = self._create_charge()
        invoice = self._bill(post_invoices=True)
        refund = self._reverse(invoice)
        refund.action_post()
        refund.with_user(self.accountant).button_draft()
        self.assertEqual((charge.billing_state, self._get_billed(charge)), ("billed", 104.0))
