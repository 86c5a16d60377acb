from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import AfterSalesBillingCommon

LINE = (
    "display_type",
    "account_id",
    "currency_id",
    "balance",
    "amount_currency",
    "debit",
    "credit",
    "amount_residual",
    "price_unit",
    "discount",
    "price_subtotal",
    "price_total",
    "tax_ids",
    "tax_line_id",
    "tax_tag_ids",
    "tax_base_amount",
)
MOVE = ("move_type", "amount_untaxed", "amount_tax", "amount_total", "amount_total_signed", "amount_residual")


@tagged("post_install", "-at_install")
class TestRunBalance(AfterSalesBillingCommon):
    """What we tell Odoo of the balance of lines is what it finds by itself: the invoices are the same, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tags = cls.env["account.account.tag"].create(
            [
                {
                    "name": name,
                    "applicability": "taxes",
                    "country_id": cls.company.account_fiscal_country_id.id,
                }
                for name in ("+base", "+tax")
            ]
        )
        for lines in (cls.vat.invoice_repartition_line_ids, cls.vat.refund_repartition_line_ids):
            for line in lines:
                line.tag_ids = tags[0] if line.repartition_type == "base" else tags[1]
        cls.odd = [
            Command.create({"payer": "customer", "share": 1 / 3}),
            Command.create({"payer": "goodwill", "share": 2 / 3}),
        ]

    def _get_facts(self, move):
        """All that the accounts say of an invoice, whatever its ids."""
        lines = move.line_ids.sorted(lambda line: (line.display_type, line.sequence, line.id))
        return [tuple(move[name] for name in MOVE)] + [tuple(line[name] for name in LINE) for line in lines]

    def _assert_the_same(self, said, **vals):
        """Bill twice, and let Odoo find the balances the second time."""
        billing = self.env.registry["after.sales.billing"]
        told, prepare = [], billing._prepare_line_balance

        def listen(*args):
            told.append(prepare(*args))
            return told[-1]

        with patch.object(billing, "_prepare_line_balance", listen):
            move = self._bill(**vals)
        self.assertEqual([bool(vals) for vals in told], said)
        facts = self._get_facts(move)
        move.unlink()
        with patch.object(billing, "_prepare_line_balance", lambda *args: {}):
            move = self._bill(**vals)
        self.assertEqual(facts, self._get_facts(move))
        return move

    def test_taxes_with_tags_and_odd_shares(self):
        for quantity, price in ((7.0, 1234.56), (1.25, 99.99), (3.0, 0.01)):
            self._create_charge(quantity=quantity, price_unit=price, allocation_ids=self.odd)
        move = self._assert_the_same([True, True, True])
        self.assertTrue(move.invoice_line_ids.tax_tag_ids)

    def test_without_taxes(self):
        self._create_charge(tax_ids=False, price_unit=99.99, quantity=1.25)
        self._create_charge(tax_ids=False, price_unit=0.07, allocation_ids=self.odd)
        self._assert_the_same([True, True])

    def test_with_and_without_taxes_on_one_invoice(self):
        self._create_charge()
        self._create_charge(tax_ids=False, price_unit=99.99)
        self._assert_the_same([True, True])

    def test_rounding_of_the_whole_invoice(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        for price in (33.333, 66.667, 10.005):
            self._create_charge(quantity=1.0, price_unit=price)
        self._assert_the_same([True, True, True])

    def test_tax_in_the_price_is_left_to_odoo(self):
        included = self.vat.copy({"name": "VAT inside", "price_include_override": "tax_included"})
        self._create_charge(tax_ids=included.ids)
        move = self._assert_the_same([False])
        self.assertEqual(move.amount_total, 104.0)

    def test_other_currency_is_left_to_odoo(self):
        currency = self.setup_other_currency("EUR")
        self._create_charge(currency_id=currency.id)
        self._assert_the_same([False])

    def test_tags_of_a_product_are_left_to_odoo(self):
        charge = self._create_charge(tax_ids=False)
        charge.product_id.account_tag_ids = self.env["account.account.tag"].create(
            {"name": "Exempt", "applicability": "products"}
        )
        move = self._assert_the_same([False])
        self.assertTrue(move.invoice_line_ids.tax_tag_ids)

    def test_credit_note(self):
        self._create_charge(quantity=-2.0)
        self._create_charge(quantity=-1.0, price_unit=0.05, tax_ids=False)
        move = self._assert_the_same([True, True])
        self.assertEqual(move.move_type, "out_refund")

    def test_line_of_a_lump_sum(self):
        """Quantity, price and share do not make the amount: one piece at the amount."""
        charge = self._create_charge(quantity=3.0, price_unit=10.0)
        charge.allocation_ids.sudo().amount = 29.5
        self._assert_the_same([True])

    def test_free_lines(self):
        self.customer.after_sales_show_covered = True
        visit = self._do_visit(self._create_unit())
        self.assertTrue(visit.visit_charge_ids.filtered(lambda charge: not charge.amount_customer))
        move = self._assert_the_same([True] * 8)
        self.assertTrue(move.invoice_line_ids.filtered(lambda line: line.discount == 100.0))

    def test_fewer_writes(self):
        """Odoo writes a line again only for the tags of its taxes."""
        self._create_charge()
        self._create_charge(tax_ids=False)
        lines, written = self.env.registry["account.move.line"], []
        write = lines.write

        def count(records, vals):
            written.extend(vals)
            return write(records, vals)

        with patch.object(lines, "write", count):
            self._bill()
        self.assertEqual((written.count("balance"), written.count("tax_tag_ids")), (1, 1))
