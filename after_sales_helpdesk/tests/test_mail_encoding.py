from itertools import count

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mail import TicketMailCommon


@tagged("post_install", "-at_install", "mail_flow")
class TestMailEncoding(TicketMailCommon):
    """Whatever charset a mail names, its call is opened and its text can be read."""

    numbers = count(1)

    def _receive_raw(self, content_type, body, subject=b"Boiler"):
        mail = b"\n".join(
            (
                b"From: Carla <carla@example.com>",
                b"To: " + self.address.encode(),
                b"Subject: " + subject,
                b"Message-ID: <raw.%d@example.com>" % next(self.numbers),
                b"MIME-Version: 1.0",
                b"Content-Type: " + content_type,
                b"Content-Transfer-Encoding: 8bit",
                b"",
                body,
            )
        )
        before = self.env["after.sales.ticket"].search([])
        with (
            self.mock_mail_gateway(),
            self.mock_mail_app(),
            mute_logger("odoo.addons.mail.models.mail_thread"),
        ):
            self.env["mail.thread"].message_process(None, mail)
        return self.env["after.sales.ticket"].search([]) - before

    def test_unknown_charset_opens_a_readable_call(self):
        cases = {
            b'text/plain; charset="x-unknown"': ("La caldaia è fredda".encode(), "La caldaia è fredda"),
            b"text/plain; charset=utf-8mb4": ("котёл не греет".encode(), "котёл не греет"),
            b"text/plain; charset=win-1251": ("котёл не греет".encode("cp1251"), "котёл не греет"),
            b"text/html; charset=idna": ("<p>È fredda</p>".encode("cp1252"), "È fredda"),
            b"text/plain; charset=undefined": (b"Perch\xe9", "Perché"),
            b"text/plain; charset=base64": (b"It is cold", "It is cold"),
            b'text/plain; charset="a\x00b"': (b"It is cold", "It is cold"),
            b"text/plain; charset=\xff\xfe": (b"It is cold", "It is cold"),
            b"text/plain": ("perché".encode(), "perch"),
            b"text/plain; charset=utf-8": (b"It is c\x00old \xff", "It is c"),
        }
        for content_type, (body, text) in cases.items():
            with self.subTest(content_type):
                ticket = self._receive_raw(content_type, body)
                self.assertEqual(len(ticket), 1)
                self.assertIn(text, ticket.description)
                self.assertIn(text, ticket.message_ids.filtered(lambda m: m.message_type == "email").body)

    def test_unknown_charset_in_the_subject(self):
        for subject in (
            b"=?x-unknown?Q?Caldaia_fredda_=E0?=",
            b"Caldaia fredda \xe0",
            b"=?utf-8?B?x?= Caldaia fredda",
        ):
            with self.subTest(subject):
                ticket = self._receive_raw(b"text/plain; charset=utf-8", b"Come", subject=subject)
                self.assertIn("Caldaia fredda", ticket.subject)

    def test_unknown_parts_are_kept(self):
        """Beside the text: a drawing of a type that the parser does not know, and a file of a broken charset."""
        body = b"\n".join(
            (
                b"--x",
                b"Content-Type: text/plain; charset=foo",
                b"",
                b"Perch\xe9",
                b"--x",
                b'Content-Type: model/step; name="part.step"',
                b'Content-Disposition: attachment; filename="part.step"',
                b"",
                b"ISO-10303-21",
                b"--x",
                b"Content-Type: text/csv; charset=foo",
                b'Content-Disposition: attachment; filename="log.csv"',
                b"",
                b"caff\xe8",
                b"--x--",
            )
        )
        ticket = self._receive_raw(b'multipart/mixed; boundary="x"', body)
        self.assertIn("Perché", ticket.description)
        files = ticket.message_ids.attachment_ids.sorted("name")
        self.assertEqual(files.mapped("name"), ["log.csv", "part.step"])
        self.assertEqual(files[1].raw, b"ISO-10303-21")
