import re
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase

from .common import AGENT, AfterSalesCommon

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
PDF = b"%PDF-1.4 receipt"


class PagesCommon(AfterSalesCommon, HttpCase):
    """Two customers with a unit each, one unit without owner, and forms sent as a browser does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("agent", AGENT, password="agent-pass")
        cls.customer = cls._create_user(
            "customer", "base.group_portal", password="customer-pass", email="customer@example.com"
        )
        cls.neighbour = cls._create_user(
            "neighbour", "base.group_portal", password="neighbour-pass", email="neighbour@example.com"
        )
        cls._create_term()
        today = fields.Date.context_today(cls.env.user)
        cls.bought = today - timedelta(days=5)
        cls.sold = {"delivery_date": today - timedelta(days=10)}
        cls.free = cls._create_unit(serial="FREE", partner_id=False, **cls.sold)
        cls.mine = cls._create_unit(serial="MINE", partner_id=cls.customer.partner_id.id, **cls.sold)
        cls.theirs = cls._create_unit(serial="THEIRS", partner_id=cls.neighbour.partner_id.id, **cls.sold)
        cls.registrations = cls.env["after.sales.registration"]

    def _login(self):
        self.authenticate("customer", "customer-pass")

    def _token(self, url):
        return re.search(r'name="csrf_token" value="([^"]+)"', self.url_open(url).text).group(1)

    def _send(self, url, files=(), page=None, **values):
        """Post a form as a browser does: the token from the page, fields and files together."""
        data = {"csrf_token": self._token(page or url), **values}
        parts = [("files", (name, content, "application/octet-stream")) for name, content in files]
        return self.url_open(url, data=data, files=parts or None, timeout=60)

    def _form(self, **values):
        consents = self.env["after.sales.consent"].search([("is_required", "=", True)])
        return {
            "serial": "FREE",
            "contact_name": "Vera Visitor",
            "email": "vera@example.com",
            "purchase_date": str(self.bought),
            **{f"consent_{consent.id}": "1" for consent in consents},
            **values,
        }
