from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestGoldenExample(AfterSalesBillingCommon):
    """The golden example to the cent, invoiced and posted by an accountant with Odoo's own rights only.

    On demand:   35.00 call-out + 46 km x 0.62 = 28.52 + 1.5 h x 38.00 = 57.00 + 3 h x 52.00 = 156.00
                 + 2 h x 78.00 = 156.00 + per-diem 46.48 + part A 0.00 (warranty) + part B 18.40
                 = 497.40; VAT 22 % = 109.43 (109.428); total 606.83.
    Contract including call-out and travel (hours and km): 497.40 - 35.00 - 28.52 - 57.00
                 = 376.88; VAT 22 % = 82.91 (82.9136); total 459.79.
    """

    def _get_lines(self, invoice):
        return {
            (line.product_id.name, line.quantity, line.price_unit, line.price_subtotal)
            for line in invoice.invoice_line_ids
        }

    def test_on_demand(self):
        visit = self._do_visit(self._create_unit())
        invoice = self._bill()
        self.assertEqual(
            self._get_lines(invoice),
            {
                ("Call-out fee", 1.0, 35.0, 35.0),
                ("Travel distance", 46.0, 0.62, 28.52),
                ("Travel time", 1.5, 38.0, 57.0),
                ("Labour", 3.0, 52.0, 156.0),
                ("Overtime", 2.0, 78.0, 156.0),
                ("Per-diem", 1.0, 46.48, 46.48),
                ("Part B", 1.0, 18.4, 18.4),
            },
        )
        self.assertRecordValues(
            invoice,
            [{"state": "draft", "amount_untaxed": 497.40, "amount_tax": 109.43, "amount_total": 606.83}],
        )
        invoice.with_user(self.accountant).action_post()
        self.assertRecordValues(
            invoice, [{"state": "posted", "amount_total": 606.83, "partner_id": self.customer.id}]
        )
        covered = visit.visit_charge_ids.filtered(lambda charge: charge.product_id == self.part_a)
        self.assertRecordValues(
            covered, [{"billing_state": "nothing", "amount": 120.0, "amount_customer": 0.0}]
        )

    def test_contract_with_call_out_and_travel(self):
        unit = self._create_unit()
        contract = self._create_contract(
            price=0.0, units=unit, inclusions=[("call_out", 100.0), ("travel", 100.0)]
        )
        self._do_visit(unit, contract)
        invoice = self._bill(post_invoices=True)
        self.assertEqual(
            self._get_lines(invoice),
            {
                ("Labour", 3.0, 52.0, 156.0),
                ("Overtime", 2.0, 78.0, 156.0),
                ("Per-diem", 1.0, 46.48, 46.48),
                ("Part B", 1.0, 18.4, 18.4),
            },
        )
        self.assertRecordValues(
            invoice,
            [{"state": "posted", "amount_untaxed": 376.88, "amount_tax": 82.91, "amount_total": 459.79}],
        )

    def test_lines_tell_what_they_are(self):
        unit = self._create_unit("SN4711")
        visit = self._do_visit(unit)
        invoice = self._bill()
        labour = invoice.invoice_line_ids.filtered(lambda line: line.price_unit == 52.0)
        for word in (visit.name, visit.ticket_id.name, "SN4711"):
            self.assertIn(word, labour.name)
        self.assertRecordValues(
            labour,
            [
                {
                    "after_sales_date_from": visit.date_start.date(),
                    "after_sales_date_to": visit.date_start.date(),
                }
            ],
        )
        self.assertTrue(invoice.after_sales_period)
