from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

MAIL = """Return-Path: {return_path}
To: {to}
From: {email_from}
Subject: {subject}
Message-Id: {msg_id}
Date: {date}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
{extra}
The technician came two days late.
"""


@tagged("post_install", "-at_install")
class TestMail(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.env["after.sales.complaint.team"].create(
            {"name": "Complaint desk", "alias_name": "desk", "company_id": cls.env.company.id}
        )
        cls.customer = cls.env["res.partner"].create({"name": "Maria Rossi", "email": "maria@example.com"})

    def _receive(self, **values):
        return self.format_and_process(
            MAIL,
            f"Maria Rossi <{values.pop('sender', 'maria@example.com')}>",
            f"desk@{self.alias_domain}",
            subject=values.pop("subject", "Two days late"),
            target_model="after.sales.complaint",
            target_field="subject",
            **values,
        )

    def test_a_mail_opens_a_complaint_and_is_acknowledged(self):
        with self.mock_mail_gateway():
            complaint = self._receive()
        self.assertRecordValues(
            complaint,
            [
                {
                    "subject": "Two days late",
                    "partner_id": self.customer.id,
                    "channel": "email",
                    "team_id": self.desk.id,
                    "state": "acknowledged",
                    "company_id": self.env.company.id,
                }
            ],
        )
        self.assertRegex(complaint.name, r"^CMP/")
        self.assertIn("two days late", complaint.description)
        self.assertEqual(len(self._new_mails.filtered(lambda m: complaint.name in (m.subject or ""))), 1)

    def test_unknown_sender(self):
        with self.mock_mail_gateway():
            complaint = self._receive(sender="nobody@elsewhere.example.com", subject="Never again")
        self.assertRecordValues(
            complaint,
            [{"partner_id": False, "email": "nobody@elsewhere.example.com", "state": "acknowledged"}],
        )

    def test_not_acknowledged_when_the_desk_does_not_want_it(self):
        self.desk.auto_acknowledge = False
        with self.mock_mail_gateway():
            complaint = self._receive()
        self.assertEqual(complaint.state, "received")

    def test_reply_lands_in_the_complaint(self):
        with self.mock_mail_gateway():
            complaint = self._receive()
            count = self.env["after.sales.complaint"].search_count([])
            message = complaint.message_ids[-1]
            self._receive(subject="Re: Two days late", extra=f"References: {message.message_id}\n")
        self.assertEqual(self.env["after.sales.complaint"].search_count([]), count)
        self.assertEqual(len(complaint.message_ids.filtered(lambda m: m.message_type == "email")), 2)
