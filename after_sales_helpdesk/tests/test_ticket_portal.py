from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.mail.tests.common import MailCase


@tagged("post_install", "-at_install")
class TestTicketPortal(HttpCase, MailCase):
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

    def test_rating_page_names_the_company_of_the_call(self):
        """Of another company than the one that visitors of the site belong to."""
        company = self.env["res.company"].create({"name": "Second Service Centre"})
        ticket = self.env["after.sales.ticket"].create(
            {"subject": "Noise", "partner_id": self.business.id, "company_id": company.id}
        )
        token = ticket._rating_get_access_token()
        self.authenticate(None, None)
        for path in ("5", "submit_feedback"):
            with self.subTest(path=path):
                page = self.url_open(f"/rate/{token}/{path}").text
                self.assertIn("Second Service Centre", page)
                self.assertIn(f"/logo.png?company={company.id}", page)
                self.assertNotIn(self.env.company.name, page)
