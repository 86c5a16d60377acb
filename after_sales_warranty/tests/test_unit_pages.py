import re
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.after_sales_unit_request import AfterSalesUnit
from .common import AGENT
from .pages_common import PNG, PagesCommon


@tagged("post_install", "-at_install")
class TestUnitPages(PagesCommon):
    """The customer's list of units, and what he sends from the page of one."""

    def test_list(self):
        self._create_unit(
            serial="OLD",
            partner_id=self.customer.partner_id.id,
            product_id=self.pump.id,
            delivery_date=date(2015, 1, 1),
        )
        self._login()
        table = [
            ("", {"MINE", "OLD"}),
            ("?filterby=covered", {"MINE"}),
            ("?filterby=uncovered", {"OLD"}),
            ("?filterby=nonsense&sortby=nonsense", {"MINE", "OLD"}),
            ("?search=min", {"MINE"}),
            ("?search=pump", {"OLD"}),
            ("?search=THEIRS", set()),
            ("?search=%27%22%3E%3Cscript%3E%00", set()),
            ("?sortby=cover&filterby=all", {"MINE", "OLD"}),
        ]
        for query, serials in table:
            with self.subTest(query):
                page = self.url_open(f"/my/units{query}")
                self.assertEqual(page.status_code, 200)
                cells = set(re.findall(r"<td[^>]*>(MINE|OLD|THEIRS|FREE)</td>", page.text))
                self.assertEqual(cells, serials)

    def test_pages(self):
        for number in range(90):
            self._create_unit(serial=f"P{number:03}", partner_id=self.customer.partner_id.id)
        self._login()
        first, second = self.url_open("/my/units?search=P"), self.url_open("/my/units/page/2?search=P")
        serials = [set(re.findall(r"<td[^>]*>(P\d{3})</td>", page.text)) for page in (first, second)]
        self.assertFalse(serials[0] & serials[1])
        self.assertEqual(len(serials[0] | serials[1]), 90)

    def test_request(self):
        self._login()
        url = f"/my/units/{self.mine.id}"
        self.assertRegex(self.url_open(url).text, r'<textarea name="description"[^>]*></textarea>')
        page = self._send(
            f"{url}/request",
            [("photo.heic", PNG)],
            page=url,
            description="It leaks.\nSince Monday.",
            phone="123",
        )
        claim = self.mine.claim_ids
        self.assertRecordValues(
            claim, [{"state": "draft", "partner_id": self.customer.partner_id.id, "user_id": False}]
        )
        self.assertIn("Since Monday.", claim.description)
        self.assertIn("123", claim.description)
        self.assertEqual(claim.attachment_ids.mapped("name"), ["photo.png"])
        self.assertIn(claim.name, page.text)
        for description, files, message in (
            ("", [], "Describe what is wrong"),
            ("x" * 4001, [], "This text is too long"),
            ("Leaks", [("a.svg", b"<svg onload='alert(1)'/>")], "type that we do not accept"),
        ):
            page = self._send(f"{url}/request", files, page=url, description=description)
            self.assertEqual(page.status_code, 400)
            self.assertIn(message, page.text)
        self.assertEqual(len(self.mine.claim_ids), 1)

    def test_request_is_one_piece_of_work(self):
        """An agent looks at the claim, unless another addon made a record of its own of the request."""
        handed = []
        self.patch(type(self.mine), "_hand_on_request", lambda unit, claim: handed.append((unit, claim)))
        values = {"description": "Leaks", "partner_id": self.customer.partner_id.id}
        claim = self.mine._open_request(values, [])
        self.assertEqual(handed, [(self.mine, claim)])
        self.assertFalse(claim.activity_ids)
        AfterSalesUnit._hand_on_request(self.mine, claim)
        self.assertEqual(len(claim.activity_ids), 1)
        self.assertTrue(claim.activity_ids.user_id.has_group(AGENT))

    def test_request_has_limits(self):
        values = {"description": "Leaks", "partner_id": self.customer.partner_id.id}
        for __ in range(10):
            self.mine._open_request(values, [])
        with self.assertRaisesRegex(UserError, "many requests today"):
            self.mine._open_request(values, [])
        self.theirs._end("Returned.")
        with self.assertRaisesRegex(UserError, "no longer in service"):
            self.theirs._open_request(values, [])
        self._login()
        url = f"/my/units/{self.mine.id}"
        page = self._send(f"{url}/request", [("p.png", PNG)], page=url, description="Again")
        self.assertIn("many requests today", page.text)
        self.assertEqual(len(self.mine.claim_ids), 10)

    def test_request_on_foreign_unit(self):
        self._login()
        page = f"/my/units/{self.mine.id}"
        for unit_id in (self.theirs.id, self.free.id, 999999999):
            self._send(f"/my/units/{unit_id}/request", page=page, description="Mine now")
            self._send(f"/my/units/{unit_id}/safety", page=page, safety_email="x@example.com")
        self.assertFalse((self.theirs | self.free).claim_ids)
        self.assertFalse((self.theirs | self.free).safety_contact_ids)

    def test_former_owner_s_claims_stay_his(self):
        claim = self.env["after.sales.claim"].create(
            {"unit_id": self.mine.id, "partner_id": self.neighbour.partner_id.id}
        )
        self._login()
        self.assertNotIn(claim.name, self.url_open(f"/my/units/{self.mine.id}").text)

    def test_safety_contact(self):
        self._login()
        url = f"/my/units/{self.mine.id}"
        self._send(f"{url}/safety", page=url, safety_name="S", safety_email="nonsense")
        self.assertFalse(self.mine.safety_contact_ids)
        page = self._send(f"{url}/safety", page=url, safety_name="S", safety_email="safe@example.com")
        self.assertIn("safe@example.com", page.text)
        self.assertEqual(self.mine._get_safety_emails(), {self.mine: "safe@example.com"})
        self.authenticate(None, None)
        self.assertNotIn("safe@example.com", self.url_open(self.mine.get_portal_url()).text)
        self._login()
        self._send(f"{url}/safety", page=url)
        self.assertFalse(self.mine.safety_contact_ids)

    def test_reward_and_home(self):
        self.env["after.sales.registration.incentive"].create({"name": "Thank you", "months": 3})
        self._login()
        page = self._send("/my/units/register", **self._form())
        self.assertIn("3 months more", page.text)
        counts = self.make_jsonrpc_request("/my/counters", {"counters": ["after_sales_unit_count"]})
        self.assertEqual(counts["after_sales_unit_count"], 2)
        self.assertIn('href="/my/units/register"', self.url_open("/my/units").text)

    def test_links_end_with_the_ownership(self):
        """Whoever was given a link by the former owner reads nothing of the next one."""
        old = self.mine.get_portal_url()
        card = self.mine.warranty_ids[:1]
        links = [old] + [
            f"/my/units/{self.mine.id}/{page}?access_token={self.mine.access_token}"
            for page in (f"card/{card.id}", "cards")
        ]
        self.assertIn("MINE", self.url_open(old).text)
        self.mine.partner_id = self.neighbour.partner_id
        self.env.flush_all()
        for login in (None, "customer"):
            self.authenticate(login, login and "customer-pass")
            for link in links:
                with self.subTest(link, login=login):
                    page = self.url_open(link)
                    self.assertNotIn("MINE", page.text)
                    self.assertNotEqual(page.headers.get("Content-Type"), "application/pdf")
        self.assertNotIn("MINE", self.url_open("/my/units").text)
        self.authenticate("neighbour", "neighbour-pass")
        self.assertIn("MINE", self.url_open(f"/my/units/{self.mine.id}").text)
        self.authenticate(None, None)
        new = self.mine.get_portal_url()
        self.assertNotEqual(new, old)
        self.assertIn("MINE", self.url_open(new).text)

    def test_links_stay_within_a_customer(self):
        """A new contact person of the same customer is no new owner."""
        old = self.mine.get_portal_url()
        self.mine.partner_id = self.env["res.partner"].create(
            {"name": "At home", "parent_id": self.customer.partner_id.id}
        )
        self.env.flush_all()
        self.assertIn("MINE", self.url_open(old).text)
