from io import BytesIO
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestRunSend(AfterSalesBillingCommon):
    """What a run posts goes out by Odoo's own sending, once; what cannot be sent says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.silent = cls.env["res.partner"].create({"name": "No Mail Ltd"})
        cls.paper = cls.env["res.partner"].create({"name": "Paper Ltd", "email": "paper@example.com"})
        cls.paper.invoice_sending_method = "manual"

    def _run(self, **vals):
        ticket = self._create_ticket()
        self._create_charge(ticket_id=ticket.id)
        self._create_charge(partner_id=self.silent.id)
        self._create_charge(partner_id=self.paper.id)
        run = self._create_run(post_invoices=True, **vals)
        run.action_bill()
        return run

    def _get_move(self, run, partner):
        return run.move_ids.filtered(lambda move: move.partner_id == partner)

    def _send(self):
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()

    def _count_mails(self, move):
        return len(move.message_ids.filtered(lambda message: message.message_type == "comment"))

    def _print_one_at_a_time(self):
        """As an unpatched wkhtmltopdf, whatever this machine has."""
        original = type(self.env["ir.actions.report"])._run_wkhtmltopdf

        def run(reports, bodies, **options):
            if len(bodies) > 1:
                raise UserError("one at a time")
            return original(reports, bodies, **options)

        self.patch(type(self.env["ir.actions.report"]), "_run_wkhtmltopdf", run)

    def test_drafts_and_posted_are_not_sent_by_themselves(self):
        run = self._run()
        self.assertFalse(any(run.move_ids.mapped("sending_data")))
        self.assertRecordValues(run, [{"sent_count": 0, "sending_count": 0, "unsent_count": 3}])
        draft = self._create_run(post_invoices=False, send_invoices=True)
        self._create_charge()
        draft.action_bill()
        self.assertRecordValues(draft, [{"sending_count": 0, "unsent_count": 0}])
        with self.assertRaisesRegex(UserError, "has been sent"):
            draft.action_send()
        with self.assertRaisesRegex(UserError, "no posted invoice"):
            draft.action_print()

    def test_sent_by_the_run(self):
        """The mail goes to the customer with invoice and statement of work; the others say why they stay."""
        run = self._run(send_invoices=True)
        self.assertRecordValues(run, [{"sent_count": 0, "sending_count": 1, "unsent_count": 2}])
        move = self._get_move(run, self.customer)
        self.assertEqual(move.sending_data["author_user_id"], self.accountant.id)
        reasons = {line.partner_id: line.reason for line in run.line_ids}
        self.assertFalse(reasons[self.customer])
        self.assertIn("No Mail Ltd has no e-mail address", reasons[self.silent])
        self.assertIn("Print it", reasons[self.paper])
        self._send()
        self.assertRecordValues(run, [{"sent_count": 1, "sending_count": 0, "unsent_count": 2}])
        message = move.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(message.partner_ids, self.customer)
        self.assertTrue(any("tatement" in name for name in message.attachment_ids.mapped("name")))
        self.assertEqual(
            self._get_move(run, self.silent) | self._get_move(run, self.paper), run._get_unsent()
        )

    def test_nothing_is_sent_twice(self):
        run = self._run(send_invoices=True)
        move = self._get_move(run, self.customer)
        run.action_send()
        self._send()
        run.action_send()
        self.assertFalse(move.sending_data)
        self._send()
        self.assertEqual(self._count_mails(move), 1)

    def test_sent_by_the_button_once_the_address_is_known(self):
        run = self._run()
        action = run.action_send()
        self.assertEqual(action["params"]["type"], "warning")
        message = action["params"]["message"]
        self.assertIn("sent in the background: 1. Invoices that cannot be sent: 2; see", message)
        self.silent.email = "now@example.com"
        run.action_send()
        self.assertFalse(run.line_ids.filtered(lambda line: line.partner_id == self.silent).reason)
        self._send()
        self.assertRecordValues(run, [{"sent_count": 2, "unsent_count": 1}])
        self.assertEqual(run.action_view_unsent()["res_id"], self._get_move(run, self.paper).id)

    def test_nothing_is_said_of_none_that_fail(self):
        run = self._run()
        self.silent.email = "now@example.com"
        self.paper.invoice_sending_method = "email"
        self.assertEqual(run.action_send()["params"]["message"], "Invoices being sent in the background: 3.")

    def test_sending_switched_off(self):
        self.env.ref("account.ir_cron_account_move_send").active = False
        run = self._run(send_invoices=True)
        self.assertEqual(run.unsent_count, 3)
        line = run.line_ids.filtered(lambda line: line.partner_id == self.customer)
        self.assertIn("switched off", line.reason)

    def test_refused_while_sending(self):
        """What the exchange system refuses says why on the run, and no longer once it went out."""
        run = self._run(send_invoices=True)
        line = run.line_ids.filtered(lambda line: line.partner_id == self.customer)
        sender = type(self.env["account.move.send"])

        def refuse(sends, invoices_data):
            for data in invoices_data.values():
                data["error"] = {"error_title": "Refused", "errors": ["The tax code is missing"]}

        with patch.object(sender, "_call_web_service_before_invoice_pdf_render", refuse):
            self._send()
        self.assertEqual(run.unsent_count, 3)
        self.assertIn("Not sent: ", line.reason)
        self.assertIn("The tax code is missing", line.reason)
        line.move_id._generate_and_send()
        self.assertFalse(line.reason)

    def test_setting_of_the_company(self):
        self.company.write({"after_sales_billing_post": True, "after_sales_billing_send": True})
        self.assertTrue(self._create_run().send_invoices)

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_print(self):
        """All in one document: each invoice, as it was sent if it was, followed by its statement of work."""
        run = self._run()
        action = run.action_print()
        report = self.env.ref("after_sales_billing.action_report_run_documents").with_user(self.accountant)
        self.assertEqual(action["report_name"], report.report_name)
        moves = run.move_ids.sorted("id")
        html = report._render_qweb_html(report.report_name, moves.ids)[0].decode()
        for move in moves:
            self.assertIn(move.name, html)
        self.assertEqual(html.count("Statement of Work"), 1, "Only one of them is for a call")
        self._print_one_at_a_time()
        whole, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report.report_name, moves.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertGreaterEqual(
            PdfFileReader(BytesIO(whole), strict=False).numPages, 4, "One of them with a statement"
        )

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_invoices_that_cannot_be_printed_together(self):
        """Odoo prints the invoices that it sends in one go; where that fails each is printed alone."""
        run = self._run()
        self._print_one_at_a_time()
        send = self.env["account.move.send"].with_context(force_report_rendering=True)
        report = self.env.ref("account.account_invoices")
        data = {move: {"pdf_report": report} for move in run.move_ids}
        send._prepare_invoice_pdf_report(data)
        self.assertEqual({row["pdf_attachment_values"]["raw"][:4] for row in data.values()}, {b"%PDF"})
