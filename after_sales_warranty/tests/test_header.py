from odoo import fields
from odoo.tests import tagged

from .header_common import HeaderMixin
from .pages_common import PagesCommon


@tagged("post_install", "-at_install")
class TestHeader(HeaderMixin, PagesCommon):
    """A page about one product or promise stands under the company that gave it, not the one visitors come to."""

    def test_under_the_company_of_the_document(self):
        self.env["after.sales.policy"].create(
            {"name": "Terms", "warranty_terms": "<p>Two years</p>", "date_from": fields.Date.today()}
        ).action_publish()
        for url in (
            self.mine.get_portal_url(),
            f"/after-sales/warranty/{self.mine.warranty_ids.access_code}",
            f"/after-sales/register/{self.company.id}",
            f"/after-sales/register/{self.company.id}/thanks",
            f"/after-sales/policy/{self.company.id}",
        ):
            with self.subTest(url):
                self.assertEqual(self._get_header(url), self.company.name)

    def test_without_a_document(self):
        for url in ("/after-sales/warranty/NONE", "/after-sales/register", "/after-sales/policy/999999999"):
            with self.subTest(url):
                self.assertIn("Elsewhere", self._get_header(url))

    def test_thanks_go_on_with_the_same_company(self):
        page = self._send(f"/after-sales/register/{self.company.id}", **self._form())
        self.assertIn(f'href="/after-sales/register/{self.company.id}"', page.text)
