from datetime import date, datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestDocuments(AfterSalesBillingCommon):
    """What becomes of the sources when their invoice is deleted, cancelled, reopened, credited, corrected."""

    def _reverse(self, invoice, modify=False, user=None):
        wizard = (
            self.env["account.move.reversal"]
            .with_user(user or self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": "Goodwill", "journal_id": invoice.journal_id.id, "date": date(2026, 4, 2)})
        )
        wizard.modify_moves() if modify else wizard.refund_moves()
        return wizard.new_move_ids

    def _entries(self, charge):
        return charge.sudo().with_context(active_test=False).entry_ids

    # ------------------------------------------------------------------
    # Delete, cancel
    # ------------------------------------------------------------------

    def test_deleting_the_draft_frees_its_sources(self):
        """D86: and the ledger still knows what it was billed on"""
        contract = self._create_contract()
        charge = self._create_charge()
        run = self._create_run()
        run.action_bill()
        self.assertEqual(charge.billing_state, "billed")
        run.move_ids.unlink()
        self.assertEqual(set(run.line_ids.mapped("state")), {"freed"})
        self.assertEqual(
            (run.amount_billed, run.charge_count), (0.0, 0), "and the run does not boast of them"
        )
        self.assertEqual(charge.billing_state, "to_bill")
        self.assertFalse(any(contract.instalment_ids.mapped("is_billed")))
        entry = self._entries(charge)
        self.assertRecordValues(entry, [{"active": False, "move_id": False}])
        self.assertTrue(entry.document_name)
        again = self._bill()
        self.assertEqual(sum(again.mapped("amount_untaxed")), 404.0)

    def test_deleting_a_line_frees_its_source_only(self):
        first, second = self._create_charge(), self._create_charge(kind="overtime", quantity=1.0)
        invoice = self._bill()
        line = second.entry_ids.move_line_id
        invoice.with_user(self.accountant).write({"invoice_line_ids": [Command.delete(line.id)]})
        self.assertEqual((first.billing_state, second.billing_state), ("billed", "to_bill"))
        self.assertEqual(self._bill().amount_untaxed, 52.0)

    def test_portal_leads_to_the_posted_invoice(self):
        contract = self._create_contract()
        invoice = self._bill()
        shown = contract._get_portal_instalments()[0]
        self.assertNotIn("url", shown, "a draft is not the customer's yet")
        invoice.action_post()
        shown = contract._get_portal_instalments()[0]
        self.assertEqual((shown["url"], shown["status"]), (invoice.access_url, f"{invoice.name}, to pay"))

    def test_cancelling_frees_and_reopening_takes_back(self):
        charge = self._create_charge()
        invoice = self._bill().with_user(self.accountant)
        line = invoice.after_sales_run_id.line_ids
        invoice.button_cancel()
        self.assertEqual((charge.billing_state, line.state), ("to_bill", "freed"))
        self.assertEqual(line.reason, "Document cancelled")
        invoice.button_draft()
        self.assertEqual((charge.billing_state, line.state), ("billed", "billed"))
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        invoice.action_post()
        self.assertEqual(charge.entry_ids.document_name, invoice.name)

    def test_reopening_is_refused_when_billed_elsewhere(self):
        charge = self._create_charge()
        first = self._bill(post_invoices=True).with_user(self.accountant)
        first.button_draft()
        first.button_cancel()
        second = self._bill()
        self.assertEqual(charge.entry_ids.move_id, second)
        with self.assertRaises(UserError) as caught:
            first.button_draft()
        self.assertIn("has meanwhile been billed", str(caught.exception))
        self.assertEqual(first.state, "cancel")
        second.with_user(self.accountant).unlink()
        first.button_draft()
        first.action_post()
        self.assertEqual(charge.entry_ids.move_id, first)

    def test_copied_invoice_bills_nothing(self):
        charge = self._create_charge()
        invoice = self._bill()
        copied = invoice.with_user(self.accountant).copy()
        self.assertFalse(copied.after_sales_entry_ids)
        self.assertFalse(copied.invoice_line_ids.after_sales_origin_id)
        copied.unlink()
        self.assertEqual(charge.billing_state, "billed")

    def test_draft_edited_by_hand(self):
        """The ledger says what was posted, not what was planned"""
        charge = self._create_charge()
        invoice = self._bill().with_user(self.accountant)
        invoice.invoice_line_ids.price_unit = 40.0
        invoice.action_post()
        self.assertEqual(charge.entry_ids.amount, 80.0)
        self.assertEqual(charge.amount_customer, 104.0)

    # ------------------------------------------------------------------
    # Credit
    # ------------------------------------------------------------------

    def test_credit_adds_a_row_and_frees_nothing(self):
        charges = self._create_charge(quantity=1.0) + self._create_charge(quantity=3.0)
        invoice = self._bill(post_invoices=True)
        refund = self._reverse(invoice)
        refund.action_post()
        self.assertRecordValues(
            charges, [{"billing_state": "billed", "amount_credited": amount} for amount in (52.0, 156.0)]
        )
        self.assertEqual(sum(refund.after_sales_entry_ids.mapped("amount")), -208.0)
        self.assertEqual(set(refund.after_sales_entry_ids.mapped("kind")), {"credit"})
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        self.assertEqual(
            refund.invoice_line_ids.after_sales_date_from, invoice.invoice_line_ids.after_sales_date_from
        )

    def test_partial_credit(self):
        charges = self._create_charge(quantity=1.0) + self._create_charge(quantity=3.0)
        invoice = self._bill(post_invoices=True)
        refund = self._reverse(invoice)
        refund.invoice_line_ids.quantity = 1.0
        refund.action_post()
        self.assertEqual(sum(charges.mapped("amount_credited")), 52.0)
        self.assertEqual(charges.mapped("amount_credited"), [13.0, 39.0])
        with self.assertRaisesRegex(UserError, "credited in full"):
            charges.with_user(self.accountant).action_bill_again()

    def test_credit_without_lines_of_the_invoice(self):
        """A price reduction entered by hand on a credit note of the invoice is shared out over its sources"""
        charges = self._create_charge(quantity=1.0) + self._create_charge(quantity=3.0, kind="overtime")
        invoice = self._bill(post_invoices=True)
        refund = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": date(2026, 4, 2),
                "reversed_entry_id": invoice.id,
                "invoice_line_ids": [Command.create({"name": "Delay", "price_unit": 10.0, "quantity": 1.0})],
            }
        )
        refund.action_post()
        self.assertEqual(charges.mapped("amount_credited"), [2.5, 7.5])
        self.assertEqual(set(charges.mapped("billing_state")), {"billed"})

    def test_deleted_credit_note_leaves_no_row(self):
        charge = self._create_charge()
        invoice = self._bill(post_invoices=True)
        refund = self._reverse(invoice)
        self.assertEqual(charge.amount_credited, 104.0)
        refund.unlink()
        self.assertEqual((charge.amount_credited, charge.billing_state), (0.0, "billed"))

    def test_bill_again_after_full_credit(self):
        charge = self._create_charge()
        with self.assertRaises(AccessError):
            charge.with_user(self.manager).action_bill_again()
        with self.assertRaisesRegex(UserError, "not billed"):
            charge.with_user(self.accountant).action_bill_again()
        invoice = self._bill(post_invoices=True)
        with self.assertRaisesRegex(UserError, "credited in full"):
            charge.with_user(self.accountant).action_bill_again()
        self._reverse(invoice).action_post()
        charge.with_user(self.accountant).action_bill_again()
        self.assertEqual(charge.billing_state, "to_bill")
        second = self._bill()
        self.assertEqual(charge.entry_ids.move_id, second)
        invoice = invoice.with_user(self.accountant)
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "has meanwhile been billed"):
            invoice.action_post()

    def test_corrected_invoice_takes_over(self):
        """Odoo's "reverse and create invoice": the corrected draft carries the sources, the wrong one no more"""
        charge = self._create_charge()
        invoice = self._bill(post_invoices=True)
        corrected = self._reverse(invoice, modify=True)
        self.assertEqual(corrected.move_type, "out_invoice")
        self.assertRecordValues(charge, [{"billing_state": "billed", "amount_credited": 0.0}])
        self.assertEqual(charge.entry_ids.move_id, corrected)
        corrected.unlink()
        self.assertEqual(charge.billing_state, "to_bill")

    # ------------------------------------------------------------------
    # Sources
    # ------------------------------------------------------------------

    def test_billed_charge_is_not_cancelled(self):
        visit = self._do_visit(self._create_unit(), parts=False)
        self._bill()
        charges = visit.visit_charge_ids
        self.assertEqual(set(charges.mapped("billing_state")), {"billed"})
        with self.assertRaises(UserError):
            charges[0].with_user(self.manager).action_cancel()
        visit.with_user(self.agent).action_reopen()
        self.assertEqual(
            set(charges.mapped("state")), {"confirmed"}, "Reopening cancels what is not billed only"
        )

    def test_reopened_before_billing(self):
        visit = self._do_visit(self._create_unit(), parts=False)
        visit.with_user(self.agent).action_reopen()
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        visit.with_user(self.technician_user).write({"per_diem_days": 0.0, "outcome": "solved"})
        visit.with_user(self.technician_user).action_done()
        self.assertEqual(self._bill().amount_untaxed, 35.0 + 28.52 + 57.0 + 156.0 + 156.0)

    def test_price_of_a_billed_instalment_is_fixed(self):
        contract = self._create_contract()
        self._bill()
        with self.assertRaisesRegex(UserError, "billed"):
            contract.line_ids.price_unit = 2400.0
        with self.assertRaisesRegex(UserError, "billed"):
            contract.action_cancel()

    # ------------------------------------------------------------------
    # There and back
    # ------------------------------------------------------------------

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

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------

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
