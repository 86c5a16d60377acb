from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestLetter(ComplaintCommon):
    def _render(self, complaint):
        html, __ = self.env["ir.actions.report"]._render_qweb_html(
            "after_sales_complaint.action_report_complaint_letter", complaint.ids
        )
        return html.decode()

    def test_decision_with_reasons_remedy_and_recourse(self):
        self.team.external_recourse = "<p>Arbitration board of the chamber of commerce</p>"
        invoice = self._create_invoice()
        complaint = self._assess(self._create_complaint(invoice_id=invoice.id, tag="Letter of 3 March"))
        self._decide(complaint, amount=50.0, reason="The planner sent nobody on Monday.")
        letter = self._render(complaint)
        for text in (
            complaint.name,
            "Letter of 3 March",
            invoice.name,
            "The planner sent nobody on Monday.",
            "Price reduction",
            "50.00",
            "Arbitration board of the chamber of commerce",
            "You can contest this decision until",
            "Your legal rights are not affected",
        ):
            self.assertIn(text, letter)

    def test_refusal_and_appeal(self):
        complaint = self._contested_complaint()
        self.assertIn("We cannot grant what you ask for", self._render(complaint))
        self._decide(complaint, self.reviewer, amount=0, remedy=self._remedy("apology"), outcome="goodwill")
        letter = self._render(complaint)
        self.assertIn("Decision on your appeal", letter)
        self.assertNotIn("You can contest this decision until", letter)

    def test_sent_with_the_mail(self):
        complaint = self._assess(self._create_complaint())
        self._decide(complaint, remedy=self._remedy("apology"), amount=0)
        complaint.action_send_decision()
        message = complaint.message_ids.filtered(lambda m: self.customer in m.partner_ids)[0]
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertIn(complaint.name.replace("/", "-"), message.attachment_ids.name)
