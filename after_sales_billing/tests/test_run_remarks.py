from datetime import date

from odoo import Command, fields
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestRunRemarks(AfterSalesBillingCommon):
    """What may be meant and may be forgotten is said before it is billed, and stops nothing."""

    def _preview(self, **vals):
        run = self._create_run(**vals)
        run.action_preview()
        return run

    def test_tax_missing(self):
        """Its invoice stays a draft on which the accountant puts the tax; the others are posted."""
        self._create_charge()
        other = self.env["res.partner"].create({"name": "Bianchi Spa"})
        self._create_charge(partner_id=other.id, tax_ids=[Command.clear()])
        run = self._preview(post_invoices=True)
        self.assertEqual(set(run.line_ids.mapped("state")), {"ready"})
        good, bare = run.line_ids.sorted(lambda line: line.partner_id == other)
        self.assertFalse(good.reason)
        self.assertIn("No tax is on it", bare.reason)
        run.action_bill()
        self.assertEqual((good.move_id.state, bare.move_id.state), ("posted", "draft"))
        self.assertIn("Left as a draft: no tax", bare.reason)
        self.assertFalse(good.reason)
        draft = bare.move_id.with_user(self.accountant)
        draft.invoice_line_ids.tax_ids = self.vat
        draft.action_post()
        self.assertRecordValues(draft, [{"state": "posted", "amount_total": 126.88}])

    def test_no_tax_on_purpose(self):
        """Free work, a position that takes taxes away, and a company that charges none are left alone."""
        self.customer.property_account_position_id = self.env["account.fiscal.position"].create(
            {"name": "No taxes"}
        )
        self._create_charge(tax_ids=[Command.clear()])
        self.assertFalse(any(self._preview().line_ids.mapped("reason")))
        self.customer.property_account_position_id = False
        self.company.account_sale_tax_id = False
        run = self._preview(post_invoices=True)
        self.assertFalse(any(run.line_ids.mapped("reason")))
        run.action_bill()
        self.assertEqual(run.move_ids.state, "posted")

    def test_invoice_dated_before_the_work(self):
        charge = self._create_charge()
        self._create_charge(kind="instalment")
        day = charge.date
        self.assertNotIn("before the work", self._preview(invoice_date=day).remarks or "")
        run = self._preview(invoice_date=fields.Date.subtract(day, days=1))
        self.assertRegex(run.remarks, r"before the work that is billed to: Rossi Srl(\n|$)")
        run.action_bill()
        self.assertEqual(charge.billing_state, "billed")

    def test_no_rate_stands_in_no_sum(self):
        """Added one to one it would only look like an amount."""
        currency = self.env["res.currency"].create({"name": "XQX", "symbol": "x"})
        self._create_charge(currency_id=currency.id, quantity=1.0, price_unit=1040.0)
        self.customer.active = False
        self._create_charge()
        run = self._preview()
        self.assertRecordValues(run, [{"problem_count": 2, "amount_problem": 104.0}])
        self.assertIn(f"for lack of an exchange rate: {currency.format(1040.0)}", run.remarks)

    def test_incomplete_address(self):
        self._create_charge()
        whole = {"street": "Via Roma 1", "city": "Milano", "country_id": self.env.ref("base.it").id}
        self.customer.write(whole)
        self.assertFalse(self._preview().remarks)
        self.customer.country_id = False
        run = self._preview()
        self.assertRegex(run.remarks, r"incomplete .*: Rossi Srl$")
        self.assertEqual(run.line_ids.state, "ready")
        run.action_bill()
        self.assertFalse(run.remarks, "said before it is billed")

    def test_bad_debtors_and_warnings(self):
        """As in Odoo itself nothing stops the bill; who bills reads it before, and warnings only if he reads any."""
        site = self.env["res.partner"].create({"name": "Site", "parent_id": self.customer.id})
        self._create_charge(partner_id=site.id)
        self._create_charge(partner_id=self.env["res.partner"].create({"name": "Bianchi Spa"}).id)
        self.assertNotRegex(self._preview().remarks, "bad debtors|warning")
        self.customer.trust = "bad"
        self.customer.sale_warn_msg = "Bankrupt"
        run = self._preview()
        self.assertRegex(run.remarks, r"bad debtors: Rossi Srl, Site(\n|$)")
        self.assertNotIn("warning", run.remarks)
        self.accountant.group_ids += self.env.ref("sale.group_warning_sale")
        run = self._preview()
        self.assertRegex(run.remarks, r"warning on these customers: Rossi Srl, Site(\n|$)")
        run.action_bill()
        self.assertEqual(set(run.line_ids.mapped("state")), {"billed"})

    def test_locked_day(self):
        self._create_charge()
        self.customer.write(
            {"street": "Via Roma 1", "city": "Milano", "country_id": self.env.ref("base.it").id}
        )
        self.company.sale_lock_date = date(2026, 3, 31)
        run = self._preview(invoice_date=date(2026, 3, 31))
        self.assertIn("03/31/2026", run.remarks)
        self.assertIn("lock date", run.remarks)
        run.invoice_date = date(2026, 4, 1)
        self.assertFalse(run.remarks)
