from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.after_sales_warranty.tests.header_common import HeaderMixin
from odoo.addons.mail.tests.common import MailCase

from .common_field import SIGNATURE


@tagged("post_install", "-at_install")
class TestTicketPortal(HeaderMixin, HttpCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.business = cls.env["res.partner"].create({"name": "Busy Ltd", "is_company": True})
        bob = cls.env["res.partner"].create(
            {"name": "Bob", "email": "bob@example.com", "parent_id": cls.business.id}
        )
        cls.bob = new_test_user(cls.env, "portal_bob", groups="base.group_portal", partner_id=bob.id)
        cls.stranger = new_test_user(cls.env, "portal_stranger", groups="base.group_portal")
        cls.ticket = cls.env["after.sales.ticket"].create(
            {
                "subject": "Printer on fire",
                "partner_id": cls.business.id,
                "service_id": cls.env.ref("after_sales_contract.after_sales_service_repair").id,
            }
        )
        cls.ticket._check_coverage()
        cls.url = f"/my/calls/{cls.ticket.id}"

    def test_customer_sees_list_and_page(self):
        self.authenticate("portal_bob", "portal_bob")
        for query in ("", "?filterby=open&sortby=name", "?filterby=nonsense&sortby=id;drop", "/page/2"):
            with self.subTest(query=query):
                self.assertIn(self.ticket.name, self.url_open("/my/calls" + query).text)
        self.assertNotIn(self.ticket.name, self.url_open("/my/calls?filterby=finished").text)
        page = self.url_open(self.url).text
        self.assertIn("Printer on fire", page)
        self.assertIn("you pay 100 %", page)
        self.assertIn("/my/calls", self.url_open("/my").text)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["after_sales_ticket_count"]})
        self.assertEqual(counters["after_sales_ticket_count"], 1)

    def test_merged_call_says_into_which(self):
        other = self.ticket.copy({"subject": "It burns"})
        with self.mock_mail_gateway(), self.mock_mail_app():
            other._merge_into(self.ticket)
        self.assertIn(
            self.business, self._new_msgs.filtered(lambda m: other.name in (m.body or "")).partner_ids
        )
        self.authenticate(None, None)
        page = html.fromstring(self.url_open(other._get_share_url()).text)
        (link,) = page.xpath("//*[@name='merged']//a")
        self.assertEqual(link.text, self.ticket.name)
        self.assertIn("Printer on fire", self.url_open(link.get("href")).text)
        other.partner_id = self.stranger.partner_id
        self.assertNotIn("access_token", other._get_merged_url())

    def test_company_at_the_head(self):
        self.assertEqual(self._get_header(self.ticket.get_portal_url()), self.env.company.name)

    def test_stranger_sees_nothing(self):
        self.authenticate("portal_stranger", "portal_stranger")
        self.assertNotIn(self.ticket.name, self.url_open("/my/calls").text)
        for url in (self.url, "/my/calls/999999999", f"{self.url}?access_token=wrong"):
            with self.subTest(url=url):
                self.assertNotIn("Printer on fire", self.url_open(url).text)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["after_sales_ticket_count"]})
        self.assertEqual(counters["after_sales_ticket_count"], 0)

    def test_link_of_the_mail_opens_without_login(self):
        self.authenticate(None, None)
        self.assertNotIn("Printer on fire", self.url_open(self.url).text)
        self.assertIn("Printer on fire", self.url_open(self.ticket._get_share_url()).text)

    def _create_foreign_call(self, logo=False):
        """A call of another company than the one that visitors of the site belong to."""
        company = self.env["res.company"].create({"name": f"Second Service Centre {bool(logo)}"})
        company.logo = logo or company.logo
        return self.env["after.sales.ticket"].create(
            {"subject": "Noise", "partner_id": self.business.id, "company_id": company.id}
        )

    def test_pages_name_the_company_of_the_call(self):
        """With its logo, or by its name where it has none: not with the words Your logo."""
        for logo in (False, SIGNATURE):
            ticket = self._create_foreign_call(logo)
            token = ticket._rating_get_access_token()
            self.authenticate(None, None)
            for path in (f"/rate/{token}/5", f"/rate/{token}/submit_feedback", ticket._get_share_url()):
                with self.subTest(path=path, logo=bool(logo)):
                    page = self.url_open(path).text
                    self.assertIn("Second Service Centre", page)
                    self.assertEqual(f'src="/logo.png?company={ticket.company_id.id}"' in page, bool(logo))
                    self.assertNotIn(self.env.company.name, page)

    def test_site_is_named_once(self):
        self.env["res.partner"].create(
            {"name": "Kitchen", "type": "delivery", "parent_id": self.business.id, "street": "Via Po 1"}
        )
        self.authenticate("portal_bob", "portal_bob")
        page = html.fromstring(self.url_open("/my/calls/new").text)
        options = [
            " ".join(row.text_content().split()) for row in page.xpath("//select[@name='site_id']/option")
        ]
        self.assertIn("Busy Ltd, Kitchen Via Po 1", options)

    def test_coverage_is_explained_in_the_language_of_the_reader(self):
        """Whatever the customer's own language was when it was decided."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.business.lang = "it_IT"
        self.ticket._check_coverage()
        row = self.ticket.coverage_ids[0]
        english = "No warranty and no contract covers it."
        self.assertEqual(row.with_context(lang="en_US").reason, english)
        self.assertNotEqual(row.with_context(lang="it_IT").reason, english)
        self.bob.lang = "en_US"
        self.authenticate("portal_bob", "portal_bob")
        self.assertIn(english, self.url_open(self.url).text)
