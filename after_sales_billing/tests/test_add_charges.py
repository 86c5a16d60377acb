from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestAddCharges(AfterSalesBillingCommon):
    """D24: what is due is billed on an invoice that the accountant began, and is due no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._begin_invoice(cls.customer)

    @classmethod
    def _begin_invoice(cls, partner, **vals):
        goods = {"product_id": cls.part_b.id, "quantity": 2.0, "tax_ids": [Command.set(cls.vat.ids)]}
        return (
            cls.env["account.move"]
            .with_user(cls.accountant)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": date(2026, 3, 31),
                    "invoice_line_ids": [Command.create(goods)],
                    **vals,
                }
            )
        )

    def _open(self, invoice=None):
        action = (invoice or self.invoice).action_add_after_sales_charges()
        return self.env[action["res_model"]].with_user(self.accountant).browse(action["res_id"])

    def test_instalments_and_work(self):
        """Three months that no run has found yet, and work; what is left out stays due."""
        contract = self._create_contract()
        charge, later = self._create_charge(), self._create_charge(kind="overtime", quantity=1.0)
        with Form(self.invoice) as form:
            self.assertEqual(form.after_sales_due_count, 5)
        wizard = self._open()
        self.assertEqual(
            sorted(wizard.charge_ids.mapped("amount_customer")), [52.0, 100.0, 100.0, 100.0, 104.0]
        )
        with Form(wizard) as form:
            form.charge_ids.remove(later.id)
        wizard.action_add()
        self.assertRecordValues(self.invoice, [{"amount_untaxed": 440.8, "amount_total": 537.78}])
        self.assertEqual(self.invoice.invoice_line_ids[0].product_id, self.part_b, "ours come below")
        self.assertIn(contract.name, self.invoice.invoice_origin)
        self.assertIn(charge.name, self.invoice.invoice_line_ids[-1].name)
        rows = contract.instalment_ids.sorted("date_from")[:3]
        self.assertTrue(all(rows.mapped("is_billed")))
        self.assertEqual(rows.charge_ids.entry_ids.move_id, self.invoice)
        self.invoice.invalidate_recordset(["after_sales_due_count"])
        self.assertEqual(self.invoice.after_sales_due_count, 1)
        self.assertEqual(self._bill().amount_untaxed, 52.0, "a run bills the rest")
        self.invoice.action_post()
        self.assertEqual(charge.entry_ids.document_name, self.invoice.name)
        self.assertTrue(self.invoice._get_after_sales_statement())

    def test_removed_line_and_deleted_draft_free(self):
        first, second = self._create_charge(), self._create_charge(kind="overtime", quantity=1.0)
        self._open().action_add()
        line = second.entry_ids.move_line_id
        self.invoice.write({"invoice_line_ids": [Command.delete(line.id)]})
        self.assertEqual((first.billing_state, second.billing_state), ("billed", "to_bill"))
        self.invoice.unlink()
        self.assertEqual(first.billing_state, "to_bill")

    def test_credit_lowers_the_invoice(self):
        self._create_charge(price_unit=-5.0)
        self._open().action_add()
        self.assertEqual(self.invoice.amount_untaxed, 26.8)

    def test_below_the_headings_of_the_draft(self):
        """Its last section would add the work to its own subtotal."""
        self.invoice.invoice_line_ids = [
            Command.create({"display_type": "line_section", "name": "Goods", "sequence": 1})
        ]
        charge = self._create_charge()
        self.customer.lang = "en_US"
        self._open().action_add()
        heading, line = self.invoice.invoice_line_ids.sorted("sequence")[-2:]
        self.assertRecordValues(heading, [{"display_type": "line_section", "name": "After-sales service"}])
        self.assertEqual(line, charge.entry_ids.move_line_id)

    def test_tax_within_the_price(self):
        tax = self.vat.copy({"name": "22 % included", "price_include_override": "tax_included"})
        self._create_charge(quantity=1.0, price_unit=122.0, tax_ids=[Command.set(tax.ids)])
        self._open().action_add()
        self.assertRecordValues(self.invoice, [{"amount_untaxed": 136.8, "amount_total": 166.9}])

    def test_references_of_the_customer(self):
        self.invoice.ref = "Order 7"
        self._create_contract(reference="Order 9")
        self._open().action_add()
        self.assertEqual(self.invoice.ref, "Order 7, Order 9")

    def test_free_work_goes_along(self):
        self.customer.after_sales_show_covered = True
        free = self._do_visit(self._create_unit()).visit_charge_ids.filtered(
            lambda charge: charge.product_id == self.part_a
        )
        wizard = self._open()
        self.assertNotIn(free, wizard.charge_ids)
        wizard.action_add()
        line = free.entry_ids.move_line_id
        self.assertRecordValues(
            line, [{"move_id": self.invoice.id, "discount": 100.0, "price_subtotal": 0.0}]
        )

    def test_stopped_charge_is_no_problem_any_more(self):
        charge = self._create_charge()
        product, charge.sudo().product_id = charge.product_id, False
        self._create_run().action_preview()
        self.env["after.sales.billing"]._record_failure(charge, "No product", self._create_run())
        charge.sudo().product_id = product
        self._open().action_add()
        self.assertFalse(charge.billing_error)
        self.assertFalse(charge.sudo().activity_ids)

    # === NOT OFFERED, REFUSED ===#

    def test_only_what_this_customer_owes(self):
        """Neither other customers, currencies, nor what is due after the date of the invoice; a delivery address is his."""
        other = self.env["res.partner"].create({"name": "Bianchi Spa"})
        address = self.env["res.partner"].create({"name": "Plant", "parent_id": self.customer.id})
        currency = self.setup_other_currency("CHF")
        own = self._create_charge(partner_id=address.id)
        foreign = self._create_charge(partner_id=other.id)
        francs = self._create_charge(currency_id=currency.id)
        self._create_charge(date=date(2026, 4, 1))
        self._create_contract(partner_id=other.id)
        wizard = self._open()
        self.assertEqual(wizard.charge_ids, own)
        for charge, words in ((foreign, "not due from Rossi Srl"), (francs, "in USD")):
            wizard.charge_ids = charge
            with self.assertRaisesRegex(UserError, words):
                wizard.action_add()
        self.assertEqual(
            self._open(self._begin_invoice(self.customer, currency_id=currency.id)).charge_ids, francs
        )
        paid = self._create_contract(partner_id=other.id, invoice_partner_id=self.customer.id)
        self.assertEqual(self._open().charge_ids.contract_id, paid)

    def test_payer_changed_since_the_charge(self):
        """A charge follows its contract: the one who paid before is not asked any more."""
        other = self.env["res.partner"].create({"name": "Bianchi Spa"})
        contract = self._create_contract()
        self._create_run().action_preview()
        contract.sudo().invoice_partner_id = other
        with self.assertRaisesRegex(UserError, "Nothing else is due"):
            self.invoice.action_add_after_sales_charges()
        wizard = self._open(self._begin_invoice(other))
        self.assertEqual(wizard.charge_ids.contract_id, contract)

    def test_other_fiscal_position(self):
        """Its taxes and its accounts would come from two."""
        position = self.env["account.fiscal.position"].create({"name": "Reverse charge"})
        self._create_contract(fiscal_position_id=position.id)
        with self.assertRaisesRegex(UserError, "another fiscal position \\(Reverse charge\\)"):
            self._open().action_add()
        self.invoice.fiscal_position_id = position
        self._open().action_add()

    def test_what_a_run_holds_up(self):
        currency = self.env["res.currency"].create({"name": "XQX", "symbol": "x"})
        self._create_charge(currency_id=currency.id)
        invoice = self._begin_invoice(self.customer, currency_id=currency.id)
        with self.assertRaisesRegex(UserError, "no exchange rate of XQX"):
            self._open(invoice).action_add()
        self._create_charge(product_id=False)
        with self.assertRaisesRegex(UserError, "There is no product"):
            self._open().action_add()

    def test_recurring_invoice(self):
        """Each copy of it would bill the work again."""
        self._create_charge()
        self.invoice.auto_post = "monthly"
        self.assertEqual(self.invoice.after_sales_due_count, 0)
        with self.assertRaisesRegex(UserError, "draft invoices of customers only"):
            self.invoice.action_add_after_sales_charges()
        self.invoice.auto_post = "no"
        self._open().action_add()
        with self.assertRaisesRegex(UserError, "billed once"):
            self.invoice.auto_post = "yearly"

    def test_nothing_due(self):
        self.assertEqual(self.invoice.after_sales_due_count, 0)
        with self.assertRaisesRegex(UserError, "Nothing else is due from Rossi Srl"):
            self.invoice.action_add_after_sales_charges()
        self._create_charge()
        wizard = self._open()
        wizard.charge_ids = False
        with self.assertRaisesRegex(UserError, "at least one"):
            wizard.action_add()

    def test_posted_meanwhile(self):
        self._create_charge()
        wizard = self._open()
        self.invoice.action_post()
        self.assertEqual(self.invoice.after_sales_due_count, 0)
        with self.assertRaisesRegex(UserError, "draft invoices of customers only"):
            wizard.action_add()

    def test_billed_or_changed_meanwhile(self):
        contract = self._create_contract()
        charge = self._create_charge()
        wizard = self._open()
        self._bill(with_instalments=False)
        with self.assertRaisesRegex(UserError, "look again at what is due"):
            wizard.action_add()
        wizard = self._open()
        self.assertNotIn(charge, wizard.charge_ids)
        contract.instalment_ids.sudo().description = "Other words"
        with self.assertRaisesRegex(UserError, "look again at what is due"):
            wizard.action_add()
        self.assertEqual(self.invoice.amount_untaxed, 36.8)

    def test_product_without_account_is_named(self):
        self._create_charge(product_id=self.part_a.id)
        wizard = self._open()
        self._forget_accounts()
        with self.assertRaisesRegex(UserError, "Part A has no income account"):
            wizard.action_add()

    def test_other_company(self):
        company = self.setup_other_company(name="Branch")["company"]
        stranger = self._create_role("bill_stranger", "account.group_account_invoice", company=company)
        self._create_charge()
        with self.assertRaises(AccessError):
            self.invoice.with_user(stranger).action_add_after_sales_charges()
        with self.assertRaises(AccessError):
            self._open().with_user(stranger).action_add()

    def test_accountants_only(self):
        self._create_charge()
        wizard = self._open()
        for user in (self.agent, self.technician_user):
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_add()
            with self.assertRaises(AccessError):
                self.invoice.with_user(user).action_add_after_sales_charges()
