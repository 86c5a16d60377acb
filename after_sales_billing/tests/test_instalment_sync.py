from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestInstalmentSync(AfterSalesBillingCommon):
    """A charge that is not billed follows its contract; the database finds those that have anything to follow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        line = {
            "product_id": cls.contract_product.id,
            "price_basis": "month",
            "price_unit": 111.0,
            "quantity": 3.0,
            "discount": 10.0,
            "uom_id": cls.uom_hour.id,
            "tax_ids": [Command.set(cls.vat.ids)],
        }
        odd = {**line, "price_unit": 33.335, "quantity": 1.0, "discount": 7.0}
        cls.contract = cls._create_contract(  # a part of a month first: one piece at its amount
            start=date(2026, 1, 16),
            line_ids=[Command.create(line), Command.create(odd)],
            alignment="calendar",
        )
        cls._create_run(date_to=date(2026, 2, 28)).action_preview()
        cls.charges = cls.env["after.sales.charge"].search([("contract_id", "=", cls.contract.id)])
        cls.line = cls.contract.line_ids[0]
        cls.of_line = cls.charges.filtered(
            lambda charge: cls.env[charge.source_model].browse(charge.source_id).line_id == cls.line
        )

    def _get_changed(self):
        model = self.env["after.sales.contract.instalment"]
        return self.charges.browse(model._get_changed_charge_ids([("id", "in", self.charges.ids)]))

    def _preview(self):
        self._create_run(date_to=date(2026, 2, 28)).action_preview()

    def test_nothing_changed(self):
        self.assertEqual((len(self.charges), len(self.of_line)), (4, 2))
        self.assertFalse(self._get_changed() & self.of_line, "Told by the database alone")
        stamps = self.charges.mapped("write_date")
        self._preview()
        self.assertEqual(self.charges.mapped("write_date"), stamps)

    def test_each_term_is_followed(self):
        """Whatever of a contract changes without its plan being made anew reaches the charge."""
        other = self.env["res.partner"].create({"name": "Payer", "parent_id": self.customer.id})
        product = self._create_service("Other service")
        exempt = self.vat.copy({"name": "Exempt", "amount": 0.0})
        rows = self.line.instalment_ids[:2].sudo()
        checks = [
            (
                rows,
                {"date_due": date(2026, 1, 2)},
                lambda: self.of_line.mapped("date")[0] == date(2026, 1, 2),
            ),
            (
                rows,
                {"description": "Agreed text"},
                lambda: set(self.of_line.mapped("name")) == {"Agreed text"},
            ),
            (rows, {"amount": 7.0}, lambda: self.of_line.mapped("amount") == [7.0, 7.0]),
            (self.contract, {"invoice_partner_id": other.id}, lambda: self.charges.partner_id == other),
            (self.line, {"product_id": product.id}, lambda: self.of_line.product_id == product),
            (self.line, {"tax_ids": [Command.set(exempt.ids)]}, lambda: self.of_line.tax_ids == exempt),
            (self.line, {"tax_ids": [Command.clear()]}, lambda: not self.of_line.tax_ids),
        ]
        for records, values, holds in checks:
            with self.subTest(**values):
                records.write(values)
                self.assertGreaterEqual(self._get_changed(), self.of_line)
                self._preview()
                self.assertTrue(holds())
                self.assertFalse(self._get_changed() & self.of_line)

    def test_what_is_no_longer_owed_is_cancelled(self):
        self._create_charge(date=date(2026, 2, 10))
        self.contract.action_cancel()
        self._preview()
        self.assertEqual(set(self.charges.mapped("state")), {"cancelled"})
