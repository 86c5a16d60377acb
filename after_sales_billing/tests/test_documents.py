from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestDocuments(AfterSalesBillingCommon):
    """What becomes of the sources when their invoice is deleted, cancelled, reopened, credited, corrected."""

    def _entries(self, charge):
        return charge.sudo().with_context(active_test=False).entry_ids

    # ------------------------------------------------------------------
    # Delete, cancel
    # ------------------------------------------------------------------

    def test_deleting_the_draft_frees_its_sources(self):
        """D86: and the ledger still knows what it was billed on"""
        contract = self._create_contract()
        charge = self._create_charge()
        run = self._create_run()
        run.action_bill()
        self.assertEqual(charge.billing_state, "billed")
        run.move_ids.unlink()
        self.assertEqual(set(run.line_ids.mapped("state")), {"freed"})
        self.assertEqual(
            (run.amount_billed, run.charge_count), (0.0, 0), "and the run does not boast of them"
        )
        self.assertEqual(charge.billing_state, "to_bill")
        self.assertFalse(any(contract.instalment_ids.mapped("is_billed")))
        entry = self._entries(charge)
        self.assertRecordValues(entry, [{"active": False, "move_id": False}])
        self.assertTrue(entry.document_name)
        again = self._bill()
        self.assertEqual(sum(again.mapped("amount_untaxed")), 404.0)

    def test_deleting_a_line_frees_its_source_only(self):
        first, second = self._create_charge(), self._create_charge(kind="overtime", quantity=1.0)
        invoice = self._bill()
        line = second.entry_ids.move_line_id
        invoice.with_user(self.accountant).write({"invoice_line_ids": [Command.delete(line.id)]})
        self.assertEqual((first.billing_state, second.billing_state), ("billed", "to_bill"))
        self.assertEqual(self._bill().amount_untaxed, 52.0)

    def test_cancelling_frees_and_reopening_takes_back(self):
        charge = self._create_charge()
        invoice = self._bill().with_user(self.accountant)
        line = invoice.after_sales_run_id.line_ids
        invoice.button_cancel()
        self.assertEqual((charge.billing_state, line.state), ("to_bill", "freed"))
        self.assertEqual(line.reason, "Document cancelled")
        invoice.button_draft()
        self.assertEqual((charge.billing_state, line.state), ("billed", "billed"))
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        invoice.action_post()
        self.assertEqual(charge.entry_ids.document_name, invoice.name)

    def test_reopening_is_refused_when_billed_elsewhere(self):
        charge = self._create_charge()
        first = self._bill(post_invoices=True).with_user(self.accountant)
        first.button_draft()
        first.button_cancel()
        second = self._bill()
        self.assertEqual(charge.entry_ids.move_id, second)
        with self.assertRaises(UserError) as caught:
            first.button_draft()
        self.assertIn("has meanwhile been billed", str(caught.exception))
        self.assertEqual(first.state, "cancel")
        second.with_user(self.accountant).unlink()
        first.button_draft()
        first.action_post()
        self.assertEqual(charge.entry_ids.move_id, first)

    def test_copied_invoice_bills_nothing(self):
        charge = self._create_charge()
        invoice = self._bill()
        copied = invoice.with_user(self.accountant).copy()
        self.assertFalse(copied.after_sales_entry_ids)
        self.assertFalse(copied.invoice_line_ids.after_sales_origin_id)
        copied.unlink()
        self.assertEqual(charge.billing_state, "billed")

    def test_draft_edited_by_hand(self):
        """The ledger says what was posted, not what was planned"""
        charge = self._create_charge()
        invoice = self._bill().with_user(self.accountant)
        invoice.invoice_line_ids.price_unit = 40.0
        invoice.action_post()
        self.assertEqual(charge.entry_ids.amount, 80.0)
        self.assertEqual(charge.amount_customer, 104.0)

    # ------------------------------------------------------------------
    # Credit
    # ------------------------------------------------------------------

    def test_credit_adds_a_row_and_frees_nothing(self):
        charges = self._create_charge(quantity=1.0) + self._create_charge(quantity=3.0)
        invoice = self._bill(post_invoices=True)
        refund = self._reverse(invoice)
        refund.action_post()
        self.assertRecordValues(
            charges, [{"billing_state": "billed", "amount_credited": amount} for amount in (52.0, 156.0)]
        )
        self.assertEqual(sum(refund.after_sales_entry_ids.mapped("amount")), -208.0)
        self.assertEqual(set(refund.after_sales_entry_ids.mapped("kind")), {"credit"})
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        self.assertEqual(
            refund.invoice_line_ids.after_sales_date_from, invoice.invoice_line_ids.after_sales_date_from
        )

    def test_partial_credit(self):
        charges = self._create_charge(quantity=1.0) + self._create_charge(quantity=3.0)
        invoice = self._bill(post_invoices=True)
        refund = self._reverse(invoice)
        refund.invoice_line_ids.quantity = 1.0
        refund.action_post()
        self.assertEqual(sum(charges.mapped("amount_credited")), 52.0)
        self.assertEqual(charges.mapped("amount_credited"), [13.0, 39.0])
        with self.assertRaisesRegex(UserError, "credited in full"):
            charges.with_user(self.accountant).action_bill_again()

    def test_credit_without_lines_of_the_invoice(self):
        """A price reduction entered by hand on a credit note of the invoice is shared out over its sources"""
        charges = self._create_charge(quantity=1.0) + self._create_charge(quantity=3.0, kind="overtime")
        invoice = self._bill(post_invoices=True)
        refund = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": date(2026, 4, 2),
                "reversed_entry_id": invoice.id,
                "invoice_line_ids": [Command.create({"name": "Delay", "price_unit": 10.0, "quantity": 1.0})],
            }
        )
        refund.action_post()
        self.assertEqual(charges.mapped("amount_credited"), [2.5, 7.5])
        self.assertEqual(set(charges.mapped("billing_state")), {"billed"})

    def test_bill_again_when_the_draft_was_edited(self):
        """What counts is what the invoice came to, not what the charge expected: lower, and higher."""
        for price, name in ((50.0, "cheaper"), (60.0, "dearer")):
            charge = self._create_charge(name=name, quantity=1.0)
            invoice = self._bill()
            invoice.invoice_line_ids.price_unit = price
            invoice.action_post()
            part = self._reverse(invoice)
            part.invoice_line_ids.price_unit = 49.0 if price == 50.0 else 52.0
            part.action_post()
            with self.assertRaisesRegex(UserError, "credited in full"):
                charge.with_user(self.accountant).action_bill_again()
            rest = self._reverse(invoice)
            rest.invoice_line_ids.price_unit = price - part.amount_untaxed
            rest.action_post()
            charge.with_user(self.accountant).action_bill_again()
            self.assertEqual(charge.billing_state, "to_bill")
            charge._cancel()

    def test_deleted_credit_note_leaves_no_row(self):
        charge = self._create_charge()
        invoice = self._bill(post_invoices=True)
        refund = self._reverse(invoice)
        self.assertEqual(charge.amount_credited, 0.0, "a draft credits nothing")
        refund.action_post()
        self.assertEqual(charge.amount_credited, 104.0)
        refund.button_draft()
        self.assertEqual(charge.amount_credited, 0.0)
        refund.with_context(force_delete=True).unlink()
        self.assertEqual((charge.amount_credited, charge.billing_state), (0.0, "billed"))

    def test_bill_again_after_full_credit(self):
        charge = self._create_charge()
        with self.assertRaises(AccessError):
            charge.with_user(self.manager).action_bill_again()
        with self.assertRaisesRegex(UserError, "not billed"):
            charge.with_user(self.accountant).action_bill_again()
        invoice = self._bill(post_invoices=True)
        with self.assertRaisesRegex(UserError, "credited in full"):
            charge.with_user(self.accountant).action_bill_again()
        refund = self._reverse(invoice)
        with self.assertRaisesRegex(UserError, "credited in full"):  # its draft is still being edited
            charge.with_user(self.accountant).action_bill_again()
        refund.action_post()
        charge.with_user(self.accountant).action_bill_again()
        self.assertEqual(charge.billing_state, "to_bill")
        second = self._bill()
        self.assertEqual(charge.entry_ids.move_id, second)
        invoice = invoice.with_user(self.accountant)
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "has meanwhile been billed"):
            invoice.action_post()

    def test_corrected_invoice_takes_over(self):
        """Odoo's "reverse and create invoice": the corrected draft carries the sources, the wrong one no more"""
        charge = self._create_charge()
        invoice = self._bill(post_invoices=True)
        corrected = self._reverse(invoice, modify=True)
        self.assertEqual(corrected.move_type, "out_invoice")
        self.assertRecordValues(charge, [{"billing_state": "billed", "amount_credited": 0.0}])
        self.assertEqual(charge.entry_ids.move_id, corrected)
        corrected.unlink()
        self.assertEqual(charge.billing_state, "to_bill")

    # ------------------------------------------------------------------
    # Sources
    # ------------------------------------------------------------------

    def test_billed_charge_is_not_cancelled(self):
        visit = self._do_visit(self._create_unit(), parts=False)
        self._bill()
        charges = visit.visit_charge_ids
        self.assertEqual(set(charges.mapped("billing_state")), {"billed"})
        with self.assertRaises(UserError):
            charges[0].with_user(self.manager).action_cancel()
        visit.with_user(self.agent).action_reopen()
        self.assertEqual(
            set(charges.mapped("state")), {"confirmed"}, "Reopening cancels what is not billed only"
        )

    def test_reopened_before_billing(self):
        visit = self._do_visit(self._create_unit(), parts=False)
        visit.with_user(self.agent).action_reopen()
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        visit.with_user(self.technician_user).write({"per_diem_days": 0.0, "outcome": "solved"})
        visit.with_user(self.technician_user).action_done()
        self.assertEqual(self._bill().amount_untaxed, 35.0 + 28.52 + 57.0 + 156.0 + 156.0)

    def test_price_of_a_billed_instalment_is_fixed(self):
        contract = self._create_contract()
        self._bill()
        with self.assertRaisesRegex(UserError, "billed"):
            contract.line_ids.price_unit = 2400.0
        with self.assertRaisesRegex(UserError, "billed"):
            contract.action_cancel()
