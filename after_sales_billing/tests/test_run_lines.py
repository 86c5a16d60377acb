from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestRunLines(AfterSalesBillingCommon):
    """What an invoice says: a line for each rate, taxes, terms, currency and language."""

    def test_one_line_per_rate(self):
        """D85: same rate, one line; another rate, another line; never an average"""
        self._create_charge(quantity=1.0)
        self._create_charge(quantity=2.5)
        self._create_charge(quantity=1.0, price_unit=60.0)
        invoice = self._bill()
        self.assertEqual(
            sorted((line.quantity, line.price_unit) for line in invoice.invoice_line_ids),
            [(1.0, 60.0), (3.5, 52.0)],
        )

    def test_band_is_named_where_it_made_the_price(self):
        line = self.tariff._get_line("travel_time")
        charge = self._create_charge(
            kind="travel_time",
            product_id=line.product_id.id,
            band_id=self.bands[1].id,
            tariff_line_id=line.id,
            source_model="after.sales.session",
        )
        self.assertEqual(charge._get_billing_title(), "Travel time")
        line.band_id = self.bands[1]
        self.assertEqual(charge._get_billing_title(), "Travel time (Evening and weekend)")
        line.product_id.name = "Travel, evening and weekend"
        self.assertEqual(charge._get_billing_title(), "Travel, evening and weekend", "not said twice")

    def test_description_typed_by_hand(self):
        """What somebody wrote of it tells the customer more than the product alone."""
        common = {"kind": "part", "product_id": self.part_a.id}
        own = self._create_charge(name="Fitted in the workshop", **common)
        plain = self._create_charge(name="Part A", **common)
        invoice = self._bill()
        titles = {
            entry.charge_id: entry.move_line_id.name.splitlines()[0]
            for entry in invoice.after_sales_entry_ids
        }
        self.assertEqual(titles, {own: "Part A: Fitted in the workshop", plain: "Part A"})
        report = self.env.ref("after_sales_billing.action_report_statement")
        html, __ = report.with_user(self.accountant)._render_qweb_html(report.report_name, invoice.ids)
        self.assertIn("Part A: Fitted in the workshop", html.decode())

    def test_share_is_a_discount(self):
        allocation = [
            Command.create({"payer": "customer", "share": 0.4}),
            Command.create({"payer": "goodwill", "share": 0.6}),
        ]
        charge = self._create_charge(allocation_ids=allocation)
        invoice = self._bill()
        self.assertRecordValues(
            invoice.invoice_line_ids,
            [{"quantity": 2.0, "price_unit": 52.0, "discount": 60.0, "price_subtotal": 41.6}],
        )
        self.assertEqual(charge.entry_ids.amount, 41.6)

    def test_odd_share_to_the_cent(self):
        allocation = [
            Command.create({"payer": "customer", "share": 0.333333}),
            Command.create({"payer": "goodwill", "share": 0.666667}),
        ]
        charges = [
            self._create_charge(quantity=quantity, price_unit=price, allocation_ids=allocation)
            for quantity, price in ((7.0, 1234.56), (1.25, 99.99), (3.0, 0.01))
        ]
        invoice = self._bill()
        self.assertAlmostEqual(invoice.amount_untaxed, sum(charge.amount_customer for charge in charges), 2)

    def test_taxes_by_fiscal_position(self):
        exempt = self.env["account.tax"].create({"name": "Exempt", "amount": 0.0, "type_tax_use": "sale"})
        position = self.env["account.fiscal.position"].create({"name": "Exporter"})
        exempt.write({"fiscal_position_ids": position.ids, "original_tax_ids": self.vat.ids})
        self.customer.property_account_position_id = position
        self._do_visit(self._create_unit(), parts=False)
        invoice = self._bill()
        self.assertEqual(invoice.fiscal_position_id, position)
        self.assertEqual(invoice.invoice_line_ids.tax_ids, exempt)

    def test_taxes_quantity_and_unit_as_agreed(self):
        """D19: what the contract says is billed: no tax is mapped a second time, three hours stay three hours."""
        position = self.env["account.fiscal.position"].create({"name": "Domestic"})
        other = self.vat.copy({"name": "Goods", "original_tax_ids": self.vat.ids})
        other.fiscal_position_ids = position
        self.customer.property_account_position_id = position
        line = {
            "product_id": self.contract_product.id,
            "price_basis": "month",
            "price_unit": 111.0,
            "quantity": 3.0,
            "discount": 10.0,
            "uom_id": self.uom_hour.id,
            "tax_ids": [Command.set(self.vat.ids)],
        }
        self._create_contract(start=date(2026, 1, 16), line_ids=[Command.create(line)], alignment="calendar")
        lines = self._bill(date_to=date(2026, 2, 28)).invoice_line_ids.sorted("after_sales_date_from")
        self.assertEqual(lines.tax_ids, self.vat)
        self.assertRecordValues(
            lines,
            [
                {"quantity": 1.0, "product_uom_id": self.env.ref("uom.product_uom_unit").id},
                {"quantity": 3.0, "product_uom_id": self.uom_hour.id},
            ],
        )
        self.assertEqual(lines.mapped("price_subtotal")[1:], [299.7])

    def test_terms_of_the_contract(self):
        plan = self.env["account.analytic.plan"].create({"name": "Contracts"})
        account = self.env["account.analytic.account"].create(
            {"name": "Rossi", "plan_id": plan.id, "company_id": self.company.id}
        )
        self._create_contract(payment_term_id=self.pay_terms_b.id, analytic_account_id=account.id)
        invoice = self._bill()
        self.assertEqual(invoice.invoice_payment_term_id, self.pay_terms_b)
        for line in invoice.invoice_line_ids:
            self.assertEqual(line.analytic_distribution, {str(account.id): 100.0})

    def test_currency_without_rate(self):
        """Odoo would bill it at one: it waits, and the reason says what is missing."""
        currency = self.env["res.currency"].create({"name": "XQX", "symbol": "x"})
        charge = self._create_charge(currency_id=currency.id)
        run = self._create_run()
        run.action_preview()
        self.assertIn("exchange rate of XQX", run.line_ids.reason)
        self.env["res.currency.rate"].create({"currency_id": currency.id, "name": "2026-01-01", "rate": 2.0})
        self.assertEqual(self._bill().amount_untaxed, charge.amount_customer)

    def test_other_currency(self):
        currency = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "Swiss", "currency_id": currency.id})
        self._create_contract(pricelist_id=pricelist.id)
        self._create_charge()
        run = self._create_run(invoice_date=date(2026, 3, 31), post_invoices=True)
        run.action_preview()
        self.assertEqual(run.amount_ready, 150.0 + 104.0)
        run.action_bill()
        foreign = run.move_ids.filtered(lambda move: move.currency_id == currency)
        self.assertRecordValues(
            foreign, [{"state": "posted", "amount_untaxed": 300.0, "amount_total": 366.0}]
        )
        self.assertEqual(-sum(foreign.invoice_line_ids.mapped("balance")), 150.0)
        self.assertEqual(len(run.move_ids), 2, "Currencies never share an invoice")

    def test_tariff_in_another_currency_keeps_the_digits_of_prices(self):
        """0.62 a kilometre at 0.95 is 0.589: its digits are those of prices, not the cents of the currency."""
        self.env.ref("product.decimal_price").digits = 4
        currency = self.setup_other_currency("CHF", rates=[("2020-01-01", 0.95)])
        pricelist = self.env["product.pricelist"].create({"name": "Swiss", "currency_id": currency.id})
        unit = self._create_unit(covered=False)
        visit = self._do_visit(unit, self._create_contract(units=unit, price=0.0, pricelist_id=pricelist.id))
        travelled = visit.visit_charge_ids.filtered(lambda charge: charge.kind == "travel_km")
        self.assertRecordValues(travelled, [{"quantity": 46.0, "price_unit": 0.589, "amount": 27.09}])
        line = self._bill().invoice_line_ids.filtered(lambda line: line.product_id == travelled.product_id)
        self.assertRecordValues(line, [{"quantity": 46.0, "price_unit": 0.589, "price_subtotal": 27.09}])

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        labour = self.tariff._get_line("labour", self.bands[0]).product_id
        labour.with_context(lang="it_IT").name = "Manodopera"
        self.customer.lang = "it_IT"
        ticket = self._create_ticket()
        self._create_charge(ticket_id=ticket.id)
        invoice = self._bill()
        self.assertIn("Manodopera", invoice.invoice_line_ids.name)
        self.assertIn(f"Chiamata {ticket.name}", invoice.invoice_line_ids.name)
