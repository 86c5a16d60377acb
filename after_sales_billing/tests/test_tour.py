from odoo.tests import HttpCase, tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install", "browser")
class TestBillingTour(AfterSalesBillingCommon, HttpCase):
    def test_an_accountant_bills_two_customers(self):
        """In Chromium: preview and invoices, which he posts as Odoo posts them."""
        self._do_visit(self._create_unit())
        other = self.env["res.partner"].create({"name": "Bianchi Spa"})
        self._create_charge(partner_id=other.id)
        run = self._create_run()
        self.start_tour(
            f"/odoo/action-after_sales_billing.after_sales_billing_run_action/{run.id}",
            "after_sales_billing_run",
            login=self.accountant.login,
        )
        self.assertEqual(run.move_ids.partner_id, self.customer | other)
        run.move_ids.action_post()
        self.assertEqual(set(run.move_ids.mapped("state")), {"posted"})
