from unittest import mock

from odoo.exceptions import ValidationError
from odoo.http import Request, content_disposition
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.after_sales_warranty.tests.header_common import HeaderMixin

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestDispute(HeaderMixin, AfterSalesBillingCommon, HttpCase):
    """A customer reads what his invoice is made of and questions a line: that is a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls._do_visit(cls._create_unit("SN4711"))
        cls.invoice = cls._bill(post_invoices=True)
        cls.line = cls.invoice.invoice_line_ids.filtered(lambda line: line.price_unit == 35.0)
        cls.reader = new_test_user(cls.env, "reader", groups="base.group_portal", partner_id=cls.customer.id)
        cls.url = f"/my/invoices/{cls.invoice.id}/work"

    def _send(self, **data):
        return self.url_open(
            self.url, data={"csrf_token": Request.csrf_token(self), **data}, allow_redirects=False
        )

    def _get_call(self):
        return self.env["after.sales.ticket"].search([("disputed_move_id", "=", self.invoice.id)])

    def test_question_on_the_portal(self):
        self.authenticate("reader", "reader")
        invoice_page = self.url_open(f"/my/invoices/{self.invoice.id}")
        self.assertIn(f"{self.url}?access_token", invoice_page.text)
        answer = self._send(line_id=self.line.id, description="You were here anyway")
        self.assertEqual(answer.status_code, 303)
        call = self._get_call()
        self.assertRecordValues(
            call,
            [
                {
                    "disputed_line_id": self.line.id,
                    "partner_id": self.customer.id,
                    "parent_id": self.visit.ticket_id.id,
                    "unit_id": self.visit.unit_id.id,
                    "channel": "portal",
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertIn(self.invoice.name, call.subject)
        self.assertIn("here anyway", call.description)
        self.assertEqual(self.invoice.after_sales_dispute_count, 1)
        self.assertIn(call.name, self.invoice.message_ids[0].body)
        self.assertIn(f"call {call.name}", self.url_open(self.url).text)

    def test_second_word_goes_to_the_same_call(self):
        for text in ("First", "Second"):
            self.invoice._after_sales_dispute(self.line.id, self.customer, text)
        call = self._get_call()
        self.assertEqual(len(call), 1)
        self.assertIn("Second", call.message_ids[0].body)

    def test_what_cannot_be_questioned(self):
        other = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [(0, 0, {"name": "Other", "price_unit": 5.0})],
            }
        )
        for line, text, message in (
            (self.line.id, "  ", "not right"),
            (self.line.id, "x" * 4001, "too long"),
            (other.invoice_line_ids.id, "Mine", "Choose the line"),
            (0, "Mine", "Choose the line"),
        ):
            with self.assertRaisesRegex(ValidationError, message):
                self.invoice._after_sales_dispute(line, self.customer, text)
        self.assertFalse(self._get_call())

    def test_bad_form_keeps_the_words(self):
        self.authenticate("reader", "reader")
        answer = self._send(line_id="1; DROP", description="Keep <b>these</b> words")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("Choose the line", answer.text)
        self.assertNotIn("<b>these</b>", answer.text)

    def test_strangers_see_nothing(self):
        new_test_user(self.env, "stranger", groups="base.group_portal")
        for login in (None, "stranger"):
            self.authenticate(login, login)
            answer = self.url_open(self.url, allow_redirects=False)
            self.assertEqual(answer.status_code, 303)
            self._send(line_id=self.line.id, description="Not mine")
        self.assertFalse(self._get_call())

    def test_statement_is_named_as_the_one_of_the_mail(self):
        self.authenticate("reader", "reader")
        with mock.patch.object(
            type(self.env["ir.actions.report"]), "_render_qweb_pdf", lambda *args, **kwargs: (b"%PDF", "pdf")
        ):
            answer = self.url_open(f"{self.url}?report_type=pdf")
        name = self.invoice._get_after_sales_statement_filename()
        self.assertIn("tatement", name)
        self.assertEqual(answer.headers["Content-Disposition"], content_disposition(name))

    def test_whoever_has_the_link(self):
        """The invoice came by mail: its link is enough to look and to ask, in the name of its customer."""
        token = self.invoice._portal_ensure_token()
        self.authenticate(None, None)
        page = self.url_open(f"{self.url}?access_token={token}")
        self.assertIn("SN4711", page.text)
        answer = self._send(access_token=token, line_id=self.line.id, description="Why?")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self._get_call().partner_id, self.customer)
        self.assertEqual(self._get_header(page.url), self.company.name)

    def test_draft_has_no_page(self):
        self.invoice.button_draft()
        self.authenticate("reader", "reader")
        self.assertEqual(self.url_open(self.url, allow_redirects=False).status_code, 303)
