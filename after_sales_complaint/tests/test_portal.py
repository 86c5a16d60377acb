from odoo.tests import HttpCase, tagged

from odoo.addons.after_sales_warranty.tests.header_common import HeaderMixin

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestPortal(HeaderMixin, ComplaintCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._create_user(
            "co_portal", "base.group_portal", partner_id=cls.customer.id, password="co_portal_pwd"
        )
        partner = cls.env["res.partner"].create({"name": "Stranger", "email": "stranger@example.com"})
        cls.stranger = cls._create_user(
            "co_stranger", "base.group_portal", partner_id=partner.id, password="co_stranger_pwd"
        )

    def _login(self, user):
        self.authenticate(user.login, f"{user.login}_pwd")

    def _post(self, url, **values):
        page = self.url_open("/my/complaints/new").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(url, data={"csrf_token": token, **values})

    def test_own_complaints_only(self):
        mine = self._create_complaint()
        self._login(self.portal_user)
        page = self.url_open("/my/complaints").text
        self.assertIn(mine.name, page)
        self.assertIn(mine.subject, self.url_open(f"/my/complaints/{mine.id}").text)
        self._login(self.stranger)
        self.assertNotIn(mine.name, self.url_open("/my/complaints").text)
        for url in (
            f"/my/complaints/{mine.id}",
            f"/my/complaints/{mine.id}?access_token=guess",
            "/my/complaints/999999",
        ):
            response = self.url_open(url)
            self.assertTrue(response.url.rstrip("/").endswith("/my"), url)
            self.assertNotIn(mine.subject, response.text)

    def test_by_the_link_of_the_mail(self):
        complaint = self._create_complaint()
        self.authenticate(None, None)
        page = self.url_open(complaint.get_portal_url()).text
        self.assertIn(complaint.subject, page)
        self.assertEqual(self._get_header(complaint.get_portal_url()), self.company.name)

    def test_the_decision_shows_only_when_it_was_told(self):
        complaint = self._assess(self._create_complaint())
        self._decide(complaint, remedy=self._remedy("apology"), amount=0, reason="The van broke down.")
        self._login(self.portal_user)
        self.assertNotIn("The van broke down.", self.url_open(f"/my/complaints/{complaint.id}").text)
        complaint.action_answer_by_hand()
        self.assertIn("The van broke down.", self.url_open(f"/my/complaints/{complaint.id}").text)

    def test_new_complaint(self):
        self._login(self.portal_user)
        form = self.url_open("/my/complaints/new").text
        for name in ("subject", "description", "remedy", "tag"):
            self.assertIn(f'name="{name}"', form)
        response = self._post(
            "/my/complaints/new",
            subject="Noise",
            description="It hums <script>alert(1)</script>",
            tag="A-1",
            order="999999",
            remedy=str(self.price_reduction.id),
        )
        complaint = self.env["after.sales.complaint"].search([("subject", "=", "Noise")])
        self.assertRecordValues(
            complaint,
            [
                {
                    "partner_id": self.customer.id,
                    "channel": "portal",
                    "tag": "A-1",
                    "sale_order_id": False,
                    "remedy_sought_id": self.price_reduction.id,
                    "state": "acknowledged",
                }
            ],
        )
        self.assertIn(complaint.name, response.text)
        self.assertNotIn("<script>alert(1)", response.text)

    def test_empty_and_huge(self):
        self._login(self.portal_user)
        before = self.env["after.sales.complaint"].search_count([])
        self.assertIn(
            "Tell us what it is about", self._post("/my/complaints/new", subject=" ", description="x").text
        )
        self.assertIn("too long", self._post("/my/complaints/new", subject="x", description="x" * 20001).text)
        self.assertEqual(self.env["after.sales.complaint"].search_count([]), before)

    def test_order_of_someone_else_is_not_taken(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.stranger.partner_id.id, "company_id": self.company.id}
        )
        order.action_confirm()
        self._login(self.portal_user)
        self._post("/my/complaints/new", subject="Not mine", description="x", order=str(order.id))
        self.assertFalse(
            self.env["after.sales.complaint"].search([("subject", "=", "Not mine")]).sale_order_id
        )

    def test_contest(self):
        complaint = self._decided_complaint(outcome="rejected")
        self._login(self.stranger)
        self._post(f"/my/complaints/{complaint.id}/answer", answer="contest", reason="Me too")
        self.assertEqual(complaint.state, "decided")
        self._login(self.portal_user)
        self._post(f"/my/complaints/{complaint.id}/answer", answer="contest", reason="")
        self.assertEqual(complaint.state, "decided")
        self._post(f"/my/complaints/{complaint.id}/answer", answer="contest", reason="I waited all day")
        self.assertEqual(complaint.state, "appealed")
        self.assertEqual(complaint.appeal_reason, "I waited all day")
        self._post(f"/my/complaints/{complaint.id}/answer", answer="contest", reason="Again")
        self.assertEqual(complaint.appeal_reason, "I waited all day")

    def test_accept(self):
        complaint = self._decided_complaint(outcome="rejected")
        self._login(self.portal_user)
        self._post(f"/my/complaints/{complaint.id}/answer", answer="accept")
        self.assertEqual(complaint.customer_answer, "accepted")

    def test_home_counter(self):
        self._create_complaint()
        self._login(self.portal_user)
        self.assertIn("/my/complaints", self.url_open("/my/home").text)
        result = self.make_jsonrpc_request("/my/counters", {"counters": ["after_sales_complaint_count"]})
        self.assertEqual(result["after_sales_complaint_count"], 1)
