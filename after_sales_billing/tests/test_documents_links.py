from odoo.tests import Form, tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestDocumentsLinks(AfterSalesBillingCommon):
    """From the invoice to its facts and back."""

    def test_portal_leads_to_the_posted_invoice(self):
        contract = self._create_contract()
        invoice = self._bill()
        shown = contract._get_portal_instalments()[0]
        self.assertNotIn("url", shown, "a draft is not the customer's yet")
        invoice.action_post()
        shown = contract._get_portal_instalments()[0]
        self.assertEqual((shown["url"], shown["status"]), (invoice.access_url, f"{invoice.name}, to pay"))
        self._reverse(invoice).action_post()
        shown = contract._get_portal_instalments()[0]
        self.assertEqual(shown["status"], f"{invoice.name}, credited in full")

    def test_smart_buttons(self):
        unit = self._create_unit()
        contract = self._create_contract(units=unit)
        visit = self._do_visit(unit, contract, parts=False)
        ticket = visit.ticket_id
        invoice = self._bill()
        for record in (visit, ticket, contract):
            record = record.with_user(self.accountant)
            self.assertEqual(record.invoice_count, 1)
            self.assertEqual(record.action_view_invoices()["res_id"], invoice.id)
        charge = visit.visit_charge_ids[0].with_user(self.accountant)
        self.assertEqual(charge.invoice_count, 1)
        self.assertEqual(charge.action_view_invoices()["res_id"], invoice.id)
        invoice = invoice.with_user(self.accountant)
        self.assertEqual(
            (
                invoice.after_sales_ticket_count,
                invoice.after_sales_intervention_count,
                invoice.after_sales_contract_count,
            ),
            (1, 1, 1),
        )
        self.assertEqual(invoice.after_sales_charge_count, len(visit.visit_charge_ids) + 3)
        self.assertEqual(invoice.action_view_after_sales_interventions()["res_id"], visit.id)
        self.assertEqual(invoice.action_view_after_sales_tickets()["res_id"], ticket.id)
        self.assertEqual(invoice.action_view_after_sales_contracts()["res_id"], contract.id)
        domain = invoice.action_view_after_sales_charges()["domain"]
        self.assertEqual(
            len(self.env["after.sales.charge"].with_user(self.accountant).search(domain)),
            invoice.after_sales_charge_count,
        )

    def test_forms_open_for_the_accountant(self):
        """From the invoice back to the facts with Odoo's invoicing rights only"""
        unit = self._create_unit()
        contract = self._create_contract(units=unit)
        visit = self._do_visit(unit, contract)
        invoice = self._bill()
        trip = self.env["after.sales.trip"].create(
            {"intervention_id": visit.id, "vehicle_id": self._create_vehicle().id, "distance": 5.0}
        )
        records = [
            visit.visit_charge_ids[0],
            visit,
            visit.ticket_id,
            contract,
            invoice,
            invoice.after_sales_run_id,
        ]
        for record in [*records, trip]:
            with self.subTest(model=record._name):
                self.assertTrue(Form(record.with_user(self.accountant)))
        for record in (visit, visit.ticket_id, contract, visit.visit_charge_ids[0]):
            with self.subTest(agent=record._name):
                self.assertTrue(Form(record.with_user(self.agent)))
        with self.subTest("technician"):
            self.assertTrue(Form(visit.with_user(self.technician_user)))
