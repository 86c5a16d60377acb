from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestCoveredWork(AfterSalesBillingCommon):
    """What warranty or contract paid is shown on the invoice to customers who want to see it, and counted once."""

    def _visit(self, **partner):
        self.customer.write(partner)
        visit = self._do_visit(self._create_unit())
        return visit, visit.visit_charge_ids.filtered(lambda charge: charge.product_id == self.part_a)

    def test_shown_at_full_discount(self):
        __, free = self._visit(after_sales_show_covered=True, lang="en_US")
        run = self._create_run()
        run.action_preview()
        self.assertIn(free, run.line_ids.charge_id)
        run.action_bill()
        move = run.move_ids
        self.assertAlmostEqual(move.amount_untaxed, 497.40)
        line = move.invoice_line_ids.filtered(lambda line: line.product_id == self.part_a)
        self.assertRecordValues(
            line, [{"quantity": 1.0, "price_unit": 120.0, "discount": 100.0, "price_subtotal": 0.0}]
        )
        self.assertIn("Paid by: Warranty", line.name)
        self.assertEqual(free.billing_state, "billed")
        move.action_post()
        self.assertAlmostEqual(
            sum(charge.amount for charge in move._get_after_sales_statement()[0][1]), 617.40
        )

    def test_deleted_invoice_sets_it_free(self):
        __, free = self._visit(after_sales_show_covered=True)
        self._bill().unlink()
        self.assertEqual(free.billing_state, "nothing")
        self.assertIn(self.part_a, self._bill().invoice_line_ids.product_id)

    def test_not_shown_without_wish(self):
        __, free = self._visit()
        self.assertNotIn(self.part_a, self._bill().invoice_line_ids.product_id)
        self.assertEqual(free.billing_state, "nothing")

    def test_never_an_invoice_of_free_work_alone(self):
        """D88: where nothing is due there is no invoice, whatever the customer wants to read on one."""
        visit, free = self._visit(after_sales_show_covered=True)
        (visit.visit_charge_ids - free)._cancel()
        run = self._create_run()
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            run.action_preview()

    def test_guilty_charge_leaves_the_free_one_alone(self):
        """When what is due cannot be billed, what is free waits for it without a problem of its own."""
        visit, free = self._visit(after_sales_show_covered=True)
        due = visit.visit_charge_ids - free
        due[1:]._cancel()
        due[0].product_id = False
        self.assertEqual(due[0].billing_state, "to_bill")
        run = self._create_run()
        run.action_preview()
        with self.assertRaisesRegex(UserError, "problem"):
            run.action_bill()
        self.assertFalse(free.billing_error)
