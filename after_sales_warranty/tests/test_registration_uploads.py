from odoo.tests import tagged

from .test_registration_pages import PDF, PNG, PagesCommon

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@tagged("post_install", "-at_install")
class TestRegistrationUploads(PagesCommon):
    """Files that are refused leave nothing behind: no record, no half of the files."""

    def test_refused(self):
        table = [
            ("script in SVG", [("receipt.svg", SVG)], "type that we do not accept"),
            ("SVG named as PNG", [("receipt.png", SVG)], "type that we do not accept"),
            (
                "program named as PDF",
                [("receipt.pdf", b"MZ\x90\x00" + bytes(64))],
                "type that we do not accept",
            ),
            (
                "HTML",
                [("receipt.pdf", b"<html><script>alert(1)</script></html>")],
                "type that we do not accept",
            ),
            ("zip", [("receipt.pdf", b"PK\x03\x04" + bytes(64))], "type that we do not accept"),
            ("empty", [("receipt.pdf", b"")], "is empty"),
            ("good one first", [("ok.pdf", PDF), ("bad.exe", b"MZ\x90\x00")], "type that we do not accept"),
            ("too many", [("a.pdf", PDF)] * 6, "too many files"),
            ("too large", [("large.pdf", PDF + bytes(11 * 1024 * 1024))], "is too large"),
        ]
        attachments = self.env["ir.attachment"]
        for login in (None, "customer"):
            self.authenticate(login, login and "customer-pass")
            url = "/my/units/register" if login else "/after-sales/register"
            for name, files, message in table:
                with self.subTest(name, login=login):
                    page = self._send(url, files, **self._form())
                    self.assertEqual(page.status_code, 400)
                    self.assertIn(message, page.text)
                    self.assertIn("PDF, JPEG, PNG, WebP or HEIC", page.text)
                    self.assertNotIn("<script>alert(1)", page.text)
        self.assertFalse(self.registrations.search([("serial", "=", "FREE")]))
        self.assertFalse(attachments.search([("res_model", "=", "after.sales.registration")]))

    def test_names(self):
        self._login()
        names = ["../../etc/passwd", "a\u202egpj.exe", "x" * 300 + ".png", "<b>.png", "..."]
        self._send("/my/units/register", [(name, PNG) for name in names], **self._form())
        stored = self.registrations.search([("serial", "=", "FREE")]).attachment_ids.mapped("name")
        self.assertEqual(len(stored), 5)
        for name in stored:
            self.assertRegex(name, r"^[^/\\<>\u202e]{1,80}\.png$")

    def test_more_than_the_server_takes(self):
        """Fifty megabytes in one file, and a body larger than five files may be."""
        self._login()
        page = self._send("/my/units/register", [("huge.pdf", PDF + bytes(50 * 1024**2))], **self._form())
        self.assertIn(page.status_code, (400, 413))
        self.assertFalse(self.registrations.search([("serial", "=", "FREE")]))
