import base64

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestCallForm(HttpCase):
    """A customer opens a call on the portal with serial, photo and site (D44); a stranger gets nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.business = cls.env["res.partner"].create({"name": "Busy Ltd", "is_company": True})
        bob, cls.plant = cls.env["res.partner"].create(
            [
                {"name": "Bob", "email": "bob@example.com", "parent_id": cls.business.id},
                {"name": "Plant", "type": "delivery", "parent_id": cls.business.id, "city": "Turin"},
            ]
        )
        cls.bob = new_test_user(cls.env, "form_bob", groups="base.group_portal", partner_id=bob.id)
        cls.stranger = new_test_user(cls.env, "form_stranger", groups="base.group_portal")
        product = cls.env["product.product"].create({"name": "Press", "type": "consu"})
        cls.unit, cls.foreign = cls.env["after.sales.unit"].create(
            [
                {"product_id": product.id, "serial": "CF-1001", "partner_id": cls.business.id},
                {"product_id": product.id, "serial": "CF-2002", "partner_id": cls.stranger.partner_id.id},
            ]
        )
        cls.service = cls.env["after.sales.service"].create({"name": "Press repair", "trigger": "call"})

    def _send(self, files=None, **data):
        data = {"description": "It smokes.\nSince noon.", "csrf_token": http.Request.csrf_token(self), **data}
        before = self.env["after.sales.ticket"].search([])
        response = self.url_open("/my/calls/new", data=data, files=files, allow_redirects=False)
        return response, self.env["after.sales.ticket"].search([]) - before

    def test_serial_photo_and_site(self):
        self.authenticate("form_bob", "form_bob")
        page = self.url_open("/my/calls/new").text
        for text in ("Press repair", "CF-1001", "Turin"):
            self.assertIn(text, page)
        self.assertNotIn("CF-2002", page)
        response, ticket = self._send(
            files={"files": ("smoke.png", PNG, "image/png")},
            serial="cf 1001",
            site_id=self.plant.id,
            service_id=self.service.id,
            phone="02 1234 5678",
        )
        self.assertEqual(response.status_code, 303)
        self.assertRecordValues(
            ticket,
            [
                {
                    "subject": "It smokes.",
                    "channel": "portal",
                    "partner_id": self.bob.partner_id.id,
                    "unit_id": self.unit.id,
                    "site_id": self.plant.id,
                    "service_id": self.service.id,
                    "contact_phone": "02 1234 5678",
                }
            ],
        )
        self.assertEqual(ticket.message_ids.attachment_ids.mapped("name"), ["smoke.png"])
        self.assertIn("It smokes.", self.url_open(f"/my/calls/{ticket.id}").text)

    def test_what_is_not_his_is_refused(self):
        self.authenticate("form_bob", "form_bob")
        for values in (
            {"unit_id": self.foreign.id},
            {"site_id": self.stranger.partner_id.id},
            {"service_id": 999999},
        ):
            with self.subTest(values=values):
                response, ticket = self._send(**values)
                self.assertEqual(response.status_code, 400)
                self.assertIn("It smokes.", response.text)
                self.assertFalse(ticket)
        __, ticket = self._send(serial="CF-2002")  # somebody else's: kept as text, nothing is told
        self.assertEqual((ticket.serial, ticket.unit_id.id, ticket.contract_id.id), ("CF-2002", False, False))

    def test_bad_input(self):
        self.authenticate("form_bob", "form_bob")
        for values in ({"description": "  "}, {"description": "x" * 4001}):
            response, ticket = self._send(**values)
            self.assertEqual((response.status_code, len(ticket)), (400, 0))
        response, ticket = self._send(files={"files": ("evil.png", b"<svg onload=alert(1)>", "image/png")})
        self.assertEqual((response.status_code, len(ticket)), (400, 0))
        __, ticket = self._send(description="<script>alert(1)</script>", unit_id="nonsense")
        self.assertNotIn("<script", ticket.description)

    def test_service_that_needs_more(self):
        self.service.requirement_ids = [Command.create({"what": "file", "hint": "a photo of the plate"})]
        self.authenticate("form_bob", "form_bob")
        response, ticket = self._send(service_id=self.service.id)
        self.assertEqual((response.status_code, len(ticket)), (400, 0))
        self.assertIn("a photo of the plate", response.text)
        __, ticket = self._send(service_id=self.service.id, files={"files": ("plate.png", PNG, "image/png")})
        self.assertTrue(ticket)

    def test_stranger_without_login(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/calls/new").url)
        response, ticket = self._send()
        self.assertFalse(ticket)

    def test_in_another_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.bob.lang = "it_IT"
        self.authenticate("form_bob", "form_bob")
        self.assertEqual(self.url_open("/my/calls/new").status_code, 200)
        response, ticket = self._send()
        self.assertEqual((response.status_code, len(ticket)), (303, 1))
