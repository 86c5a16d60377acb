from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestExecution(ComplaintCommon):
    def _execute(self, complaint, **values):
        decision = self._decide(self._assess(complaint), **values)
        complaint.action_execute()
        return decision.measure_ids.sudo()

    # ------------------------------------------------------------
    # Credit note
    # ------------------------------------------------------------

    def test_part_of_an_invoice_to_the_cent(self):
        """Amounts that no net price with 22 % reaches are reached all the same: tax follows the invoice's share.

        497.40 net, 109.43 VAT, 606.83 in all. 50.00 are 50.00 / 606.83 = 8.2395 %: VAT 9.02, net 40.98.
        """
        invoice = self._create_invoice((497.40, self.vat))
        self.assertEqual(invoice.amount_total, 606.83)
        measure = self._execute(self._create_complaint(invoice_id=invoice.id), amount=50.0)
        refund = measure.refund_id
        self.assertRecordValues(
            refund,
            [
                {
                    "state": "draft",
                    "amount_total": 50.0,
                    "amount_tax": 9.02,
                    "amount_untaxed": 40.98,
                    "reversed_entry_id": invoice.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(refund.invoice_line_ids.account_id, invoice.invoice_line_ids.account_id)
        self.assertIn(measure.complaint_id.name, refund.invoice_line_ids.name)
        refund.action_post()
        self.assertEqual(refund.amount_total, 50.0)

    def test_every_cent(self):
        """No amount is off by a cent, whatever the taxes."""
        reduced = self.vat.copy({"name": "VAT 10", "amount": 10})
        included = self.vat.copy({"name": "VAT 22 included", "price_include_override": "tax_included"})
        self.price_reduction.limit_ids.unlink()
        self.env["after.sales.complaint.limit"].create(
            {"remedy_id": self.price_reduction.id, "role": "agent", "is_unlimited": True}
        )
        for lines in (
            [(497.40, self.vat)],
            [(100.0, self.vat), (33.33, reduced), (12.0, self.env["account.tax"])],
            [(122.0, included), (7.77, included)],
        ):
            invoice = self._create_invoice(*lines)
            for amount in (0.01, 9.98, 33.34, 61.03):
                with self.subTest(lines=len(lines), amount=amount):
                    measure = self._execute(self._create_complaint(invoice_id=invoice.id), amount=amount)
                    self.assertEqual(measure.refund_id.amount_total, amount)
                    measure.refund_id.button_cancel()

    def test_the_whole_invoice(self):
        invoice = self._create_invoice((40.0, self.vat), (10.0, self.vat))
        measure = self._execute(
            self._create_complaint(invoice_id=invoice.id), amount=61.0, remedy=self._remedy("refund")
        )
        self.assertRecordValues(measure.refund_id, [{"amount_total": 61.0, "amount_tax": 11.0}])

    def test_posted_when_the_remedy_says_so(self):
        self.price_reduction.post_credit_note = True
        invoice = self._create_invoice()
        measure = self._execute(self._create_complaint(invoice_id=invoice.id), amount=50.0)
        self.assertEqual(measure.refund_id.state, "posted")
        self.assertEqual(measure.document, measure.refund_id.name)

    def test_never_more_than_the_invoice(self):
        invoice = self._create_invoice((50.0, self.vat))
        complaint = self._assess(self._create_complaint(invoice_id=invoice.id))
        with self.assertRaisesRegex(UserError, "at most"):
            self._decide(complaint, amount=61.01)
        complaint = self._create_complaint(invoice_id=invoice.id)
        self._execute(complaint, amount=60.0)
        other = self._assess(self._create_complaint(invoice_id=invoice.id))
        with self.assertRaisesRegex(UserError, "at most"):
            self._decide(other, amount=1.01)
        other = self._assess(self._create_complaint(invoice_id=invoice.id))
        self.assertEqual(self._decide(other, amount=1.0).state, "approved")

    def test_credited_meanwhile(self):
        """Between decision and execution someone credited the invoice: nothing is half done."""
        invoice = self._create_invoice((50.0, self.vat))
        complaint = self._assess(self._create_complaint(invoice_id=invoice.id))
        decision = self._decide(complaint, amount=60.0)
        invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        with self.assertRaisesRegex(UserError, "at most"):
            complaint.action_execute()
        self.assertEqual(decision.measure_ids.state, "planned")

    def test_not_twice(self):
        invoice = self._create_invoice()
        measure = self._execute(self._create_complaint(invoice_id=invoice.id), amount=50.0)
        with self.assertRaisesRegex(UserError, "already carried out"):
            measure.with_user(self.agent).action_execute()
        self.assertEqual(len(invoice.reversal_move_ids), 1)

    def test_draft_invoice_and_no_invoice(self):
        invoice = self._create_invoice(post=False)
        complaint = self._assess(self._create_complaint(invoice_id=invoice.id))
        with self.assertRaisesRegex(UserError, "not posted"):
            self._decide(complaint, amount=5.0)
        complaint = self._assess(self._create_complaint())
        with self.assertRaisesRegex(UserError, "which invoice"):
            self._decide(complaint, amount=5.0)

    def test_invoice_of_someone_else(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        invoice = self._create_invoice(partner_id=stranger.id)
        complaint = self._assess(self._create_complaint())
        with self.assertRaisesRegex(ValidationError, "not an invoice of"):
            self._decide(complaint, amount=5.0, invoice_id=invoice.id)

    def test_a_reduction_makes_nothing_invoiceable_again(self):
        """Only the line complained about is credited, and the order's invoiced quantity stays."""
        product = self.env["product.product"].create(
            {
                "name": "Visit",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.set(self.vat.ids)],
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 1, "price_unit": 100.0}),
                    Command.create({"product_id": product.id, "product_uom_qty": 2, "price_unit": 30.0}),
                ],
            }
        )
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        complaint = self._create_complaint(sale_order_id=order.id, sale_line_id=order.order_line[0].id)
        self.assertEqual(complaint.invoice_id, invoice, "the invoice is found from the order")
        self._execute(complaint, amount=12.2)
        self.assertEqual(order.order_line.mapped("qty_invoiced"), [1.0, 2.0])
        self.assertEqual(order.invoice_status, "invoiced")

    # ------------------------------------------------------------
    # Other documents
    # ------------------------------------------------------------

    def test_voucher(self):
        remedy = self._remedy("voucher")
        remedy.program_id = self.env["loyalty.program"].create(
            {"name": "Vouchers", "program_type": "gift_card", "company_id": self.company.id}
        )
        measure = self._execute(self._create_complaint(), amount=25.0, remedy=remedy)
        card = measure.card_id
        self.assertRecordValues(
            card, [{"partner_id": self.customer.id, "points": 25.0, "program_id": remedy.program_id.id}]
        )
        self.assertTrue(card.expiration_date)
        self.assertEqual(measure.document, card.code)

    def test_call(self):
        complaint = self._create_complaint()
        measure = self._execute(complaint, amount=0.0, remedy=self._remedy("repair"))
        ticket = measure.ticket_id
        self.assertRecordValues(ticket, [{"partner_id": self.customer.id, "company_id": self.company.id}])
        self.assertIn(complaint.name, ticket.subject)
        self.assertEqual(
            set(ticket.coverage_ids.mapped("payer")), {"goodwill"}, "the customer pays nothing of it"
        )
        self.assertEqual(ticket.coverage_ids.override_user_id, self.agent)
        self.assertFalse(ticket.is_uncovered)
        self.assertEqual(ticket.with_user(self.agent).after_sales_complaint_count, 1)
        action = ticket.with_user(self.agent).action_open_complaints()
        self.assertEqual(self.env["after.sales.complaint"].search(action["domain"]), complaint)

    def test_free_order(self):
        product = self.env["product.product"].create({"name": "Filter", "type": "consu", "list_price": 40.0})
        complaint = self._create_complaint(product_id=product.id)
        measure = self._execute(complaint, amount=0.0, remedy=self._remedy("replacement"))
        self.assertRecordValues(
            measure.order_id, [{"state": "draft", "amount_total": 0.0, "origin": complaint.name}]
        )

    def test_several_remedies(self):
        invoice = self._create_invoice()
        complaint = self._assess(self._create_complaint(invoice_id=invoice.id))
        decision = (
            self.env["after.sales.complaint.decision"]
            .with_user(self.agent)
            .create(
                {
                    "complaint_id": complaint.id,
                    "reason": "We repair and reduce the price.",
                    "measure_ids": [
                        Command.create({"remedy_id": self.price_reduction.id, "amount": 30.0}),
                        Command.create({"remedy_id": self._remedy("repair").id}),
                    ],
                }
            )
        )
        decision.action_submit()
        decision.measure_ids[0].action_execute()
        self.assertEqual(complaint.state, "decided", "one remedy is still to come")
        decision.measure_ids[1].action_execute()
        self.assertEqual(complaint.state, "executed")
