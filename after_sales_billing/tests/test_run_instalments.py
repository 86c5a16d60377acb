from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import after_sales_contract_instalment
from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestRunInstalments(AfterSalesBillingCommon):
    """The instalments of contracts: every missed period, nothing past the end, as the contract is when it is billed."""

    def test_missed_periods_one_line_each(self):
        """D02, D03: a run bills every period that was missed, one line per period, with its own dates"""
        contract = self._create_contract()
        invoice = self._bill()
        self.assertRecordValues(
            invoice.invoice_line_ids.sorted("after_sales_date_from"),
            [
                {
                    "price_subtotal": 100.0,
                    "after_sales_date_from": date(2026, month, 1),
                    "after_sales_date_to": date(2026, month, day),
                    "after_sales_contract_id": contract.id,
                    "tax_ids": self.vat.ids,
                }
                for month, day in ((1, 31), (2, 28), (3, 31))
            ],
        )
        self.assertEqual(invoice.invoice_origin, contract.name)
        self.assertEqual(contract.instalment_ids.filtered("is_billed").mapped("amount"), [100.0] * 3)
        self.assertEqual(
            self.env["after.sales.contract.instalment"].search_count(
                [("contract_id", "=", contract.id), ("is_billed", "=", False)]
            ),
            9,
        )
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        april = self._bill(date_to=date(2026, 4, 1))
        self.assertEqual(april.invoice_line_ids.after_sales_date_from, date(2026, 4, 1))

    def test_more_than_a_batch(self):
        """However many are due, each is billed once and none is left."""
        contracts = self._create_contract() | self._create_contract()
        with patch.object(after_sales_contract_instalment, "BATCH", 2):
            invoices = self._bill()
        self.assertEqual(sum(invoices.mapped("amount_untaxed")), 600.0)
        self.assertEqual(len(contracts.instalment_ids.filtered("is_billed").charge_ids), 6)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()

    def test_nothing_past_the_end(self):
        """D04: of a contract that ended no later period is billed"""
        contract = self._create_contract()
        contract.date_closed = date(2026, 2, 14)
        contract.action_end()
        invoice = self._bill(date_to=date(2026, 12, 31))
        self.assertEqual(max(invoice.invoice_line_ids.mapped("after_sales_date_to")), date(2026, 2, 14))
        self.assertEqual(
            sum(invoice.invoice_line_ids.mapped("price_subtotal")),
            sum(contract.instalment_ids.filtered(lambda row: row.state == "planned").mapped("amount")),
        )

    def test_drafts_are_not_billed(self):
        self._create_contract(run=False)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()

    def test_contract_changed_after_preview(self):
        """A charge that is not billed follows its contract until it is"""
        contract = self._create_contract()
        run = self._create_run()
        run.action_preview()
        self.assertEqual(run.amount_ready, 300.0)
        contract.line_ids.price_unit = 2400.0
        contract._sync_plan()
        invoice = self._bill()
        self.assertEqual(invoice.amount_untaxed, 600.0)

    def test_changed_between_preview_and_billing(self):
        """What nobody has seen in the preview is not billed by it; the rest is, and the next run brings the change."""
        contract, other = self._create_contract(), self._create_contract()
        run = self._create_run()
        run.action_preview()
        contract.line_ids.price_unit = 2400.0
        contract._sync_plan()
        run.action_bill()
        self.assertEqual(run.move_ids.amount_untaxed, 300.0)
        left = run.line_ids.filtered(lambda line: line.contract_id == contract)
        self.assertEqual((set(left.mapped("state")), left.move_id.ids), ({"skipped"}, []))
        self.assertIn("comes with the next run", left[0].reason)
        self.assertEqual(sum(other.instalment_ids.filtered("is_billed").mapped("amount")), 300.0)
        self.assertEqual(self._bill().amount_untaxed, 600.0)

    def test_ended_between_preview_and_billing(self):
        contract = self._create_contract()
        run = self._create_run()
        run.action_preview()
        contract.action_cancel()
        run.action_bill()
        self.assertFalse(run.move_ids)
        self.assertEqual(set(run.line_ids.mapped("state")), {"skipped"})

    def test_cancelled_contract_after_preview(self):
        contract = self._create_contract()
        run = self._create_run()
        run.action_preview()
        contract.action_cancel()
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        self.assertEqual(
            set(self.env["after.sales.charge"].search([]).mapped("state")) - {"cancelled"}, set()
        )

    def test_free_months_are_closed(self):
        contract = self._create_contract(price=0.0)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        charges = self.env["after.sales.charge"].search([("contract_id", "=", contract.id)])
        self.assertFalse(charges.filtered(lambda charge: charge.billing_state != "nothing"))
