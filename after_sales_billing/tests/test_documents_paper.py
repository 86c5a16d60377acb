from datetime import date, datetime

from lxml.html import fromstring

from odoo import Command
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestDocumentsPaper(AfterSalesBillingCommon):
    """D89: the statement of work, and what the printed invoice says of the service."""

    def test_statement_of_work(self):
        visit = self._do_visit(self._create_unit("SN4711"))
        invoice = self._bill(post_invoices=True).with_user(self.accountant)
        html = (
            self.env["ir.actions.report"]
            .with_user(self.accountant)
            ._render_qweb_html("after_sales_billing.report_statement", invoice.ids)[0]
        )
        text = html.decode()
        for word in (visit.name, visit.ticket_id.name, "SN4711", "Part A", "Part B", "Part A replaced"):
            self.assertIn(word, text)
        self.assertIn("617.40", text, "The full value, covered part included")
        self.assertIn("497.40", text)

    def test_statement_in_the_order_of_the_days(self):
        """As on the invoice: by day, then by number; the workshop's work says for which call and serial."""
        self.customer.after_sales_billing_grouping = "all"
        later, first = self.env["after.sales.intervention"].create(
            [
                {"ticket_id": self._create_ticket(unit_id=self._create_unit(serial).id).id}
                for serial in ("S1", "S2")
            ]
        )
        for visit, day in ((later, 10), (first, 9)):
            self._create_charge(
                intervention_id=visit.id, ticket_id=visit.ticket_id.id, date=date(2026, 3, day)
            )
        ticket = self._create_ticket(unit_id=self._create_unit("SN-SHOP").id)
        workshop = self._create_charge(ticket_id=ticket.id, name="Repair", date=date(2026, 3, 8))
        covered = self._create_charge(
            ticket_id=ticket.id,
            name="Part under warranty",
            date=date(2026, 3, 8),
            allocation_ids=[Command.create({"payer": "warranty", "share": 1.0})],
        )
        self.assertEqual(covered.billing_state, "nothing")
        loose = self._create_charge(name="Other", date=date(2026, 3, 20))
        invoice = self._bill(post_invoices=True).with_user(self.accountant)
        rows = invoice._get_after_sales_statement()
        self.assertEqual(
            [visit for visit, __ in rows], [visit.browse() for visit in (later, later)] + [first, later]
        )
        self.assertEqual([charges for __, charges in rows][:2], [loose, workshop | covered])
        html = (
            self.env["ir.actions.report"]
            .with_user(self.accountant)
            ._render_qweb_html("after_sales_billing.report_statement", invoice.ids)[0]
        )
        titles = [" ".join(title.itertext()).split() for title in fromstring(html).xpath("//h5")]
        self.assertIn("SN-SHOP", titles[1])
        self.assertIn(ticket.name, titles[1])
        self.assertNotIn("Report", titles[1])

    def test_statement_goes_with_the_invoice(self):
        self._do_visit(self._create_unit(), parts=False)
        invoice = self._bill(post_invoices=True)
        send = self.env["account.move.send"]
        template = send._get_default_mail_template_id(invoice)
        reports = [
            data.get("dynamic_report")
            for data in send._get_default_mail_attachments_widget(invoice, template)
        ]
        self.assertEqual(reports.count("after_sales_billing.report_statement"), 1)
        self.customer.after_sales_no_statement = True
        reports = [
            data.get("dynamic_report")
            for data in send._get_default_mail_attachments_widget(invoice, template)
        ]
        self.assertNotIn("after_sales_billing.report_statement", reports)

    def test_sent_invoice_has_its_statement(self):
        self._do_visit(self._create_unit(), parts=False)
        invoice = self._bill(post_invoices=True).with_user(self.accountant)
        wizard = (
            self.env["account.move.send.wizard"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"sending_methods": ["email"]})
        )
        wizard.action_send_and_print()
        attachments = invoice.message_ids.attachment_ids
        self.assertTrue(attachments.filtered(lambda file: file.name.startswith("Statement of work")))

    def test_no_statement_for_instalments_alone(self):
        self._create_contract()
        self.assertFalse(self._bill()._after_sales_wants_statement())

    def test_invoice_pdf_shows_the_service_period(self):
        self._create_contract()
        invoice = self._bill(post_invoices=True)
        html = (
            self.env["ir.actions.report"]._render_qweb_html("account.report_invoice", invoice.ids)[0].decode()
        )
        self.assertIn("Service Period", html)
        self.assertIn("01/01/2026 - 03/31/2026", html)
        plain = self.init_invoice("out_invoice", products=self.product_a, post=True)
        html = (
            self.env["ir.actions.report"]._render_qweb_html("account.report_invoice", plain.ids)[0].decode()
        )
        self.assertNotIn("Service Period", html)

    def test_service_time_zone(self):
        """A visit after midnight local time is billed under the local day, whatever it is in UTC"""
        visit = self._do_visit(self._create_unit(), parts=False)
        self.assertEqual(set(visit.visit_charge_ids.mapped("date")), {date(2026, 3, 10)})
        self.assertLess(
            max(visit.visit_charge_ids.filtered("date_to").mapped("date_to")), datetime(2026, 3, 11)
        )
