import re
from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import AGENT, AfterSalesCommon

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
PDF = b"%PDF-1.4 receipt"


class PagesCommon(AfterSalesCommon, HttpCase):
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


@tagged("post_install", "-at_install")
class TestRegistrationPages(PagesCommon):
    """The forms as customers, visitors and people with bad intentions send them."""

    # === CUSTOMER === #

    def test_customer_registers(self):
        self._login()
        page = self._send(
            "/my/units/register",
            [("receipt.pdf", PDF), ("plate.jpg", PNG)],
            **self._form(dealer="Shop & Sons", safety_email="safe@example.com"),
        )
        self.assertEqual(page.status_code, 200)
        self.assertIn(f"/my/units/{self.free.id}", page.url)
        self.assertIn("your product is registered", page.text)
        registration = self.registrations.search([("serial", "=", "FREE")])
        self.assertRecordValues(
            registration,
            [{"state": "confirmed", "channel": "portal", "unit_id": self.free.id, "dealer": "Shop & Sons"}],
        )
        self.assertEqual(self.free.partner_id, self.customer.partner_id)
        self.assertCountEqual(registration.attachment_ids.mapped("name"), ["receipt.pdf", "plate.png"])
        self.assertEqual(set(registration.attachment_ids.mapped("res_id")), {registration.id})
        self.assertFalse(any(registration.attachment_ids.mapped("public")))
        self.assertEqual(
            registration.consent_ids.mapped("text"), registration.consent_ids.consent_id.mapped("text")
        )
        self.assertEqual(self.free._get_safety_emails(), {self.free: "safe@example.com"})
        page = self._send("/my/units/register", **self._form())
        self.assertIn("You have registered this product already", page.text)
        self.assertEqual(self.registrations.search_count([("serial", "=", "FREE")]), 1)

    def test_serial_of_somebody_else(self):
        """The answer is the one for a serial that nobody knows, and names nobody."""
        self._login()
        answers = []
        for serial in ("THEIRS", "UNKNOWN-1"):
            page = self._send("/my/units/register", **self._form(serial=serial))
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("neighbour", page.text)
            self.assertNotIn("owner", page.text.lower())
            answers.append(
                re.search(r'alert-success"[^>]*>(.*?)</div>', page.text, re.DOTALL).group(1).strip()
            )
        self.assertEqual(answers[0], answers[1])
        registration = self.registrations.search([("serial", "=", "THEIRS")])
        self.assertEqual((registration.state, registration.candidate_id), ("review", self.theirs))
        self.assertEqual(self.theirs.partner_id, self.neighbour.partner_id)

    def test_choice_of_product(self):
        twin = self._create_unit(product_id=self.pump.id, serial="FREE", partner_id=False, **self.sold)
        self._login()
        page = self._send("/my/units/register", **self._form())
        self.assertEqual(page.status_code, 400)
        self.assertIn("Several products have this serial number", page.text)
        self.assertIn(f'value="{self.pump.id}"', page.text)
        self._send("/my/units/register", **self._form(product_id=str(self.filter.id)))
        self.assertFalse(self.registrations.search([("serial", "=", "FREE")]))
        self._send("/my/units/register", **self._form(product_id=str(self.pump.id)))
        self.assertEqual(self.registrations.search([("serial", "=", "FREE")]).unit_id, twin)

    def test_files_are_for_the_staff(self):
        self._login()
        self._send("/my/units/register", [("receipt.pdf", PDF)], **self._form(serial="UNKNOWN-2"))
        attachment = self.registrations.search([("serial", "=", "UNKNOWN-2")]).attachment_ids
        url = f"/web/content/{attachment.id}"
        other = self.env["ir.attachment"].create({"name": "o.txt", "raw": b"for all", "public": True})
        self.assertEqual(self.url_open(f"/web/content/{other.id}").content, b"for all")
        self.assertNotEqual(self.url_open(url).content, PDF)
        self.authenticate(None, None)
        self.assertNotEqual(self.url_open(url).content, PDF)
        self.authenticate("agent", "agent-pass")
        self.assertEqual(self.url_open(url).content, PDF)

    # === VISITOR === #

    def test_visitor_who_is_a_customer(self):
        page = self._send("/after-sales/register", **self._form(email="Customer@example.com"))
        self.assertIn("Thank you", page.text)
        registration = self.registrations.search([("serial", "=", "FREE")])
        self.assertRecordValues(
            registration,
            [{"state": "confirmed", "channel": "public", "partner_id": self.customer.partner_id.id}],
        )

    def test_visitor_learns_nothing(self):
        """New, known, owned, unknown or sent twice: one answer for all."""
        pages = []
        for serial, email in (
            ("FREE", "vera@example.com"),
            ("THEIRS", "vera@example.com"),
            ("THEIRS", "neighbour@example.com"),
            ("THEIRS", "neighbour@example.com"),
            ("UNKNOWN-3", "vera@example.com"),
        ):
            page = self._send("/after-sales/register", **self._form(serial=serial, email=email))
            self.assertEqual(page.status_code, 200)
            pages.append((page.url, re.sub(r'csrf_token: "[^"]*"', "", page.text)))
        self.assertEqual(len(set(pages)), 1)
        self.assertNotIn("neighbour", pages[0][1].lower())
        made = self.registrations.search([("serial", "in", ("FREE", "THEIRS", "UNKNOWN-3"))])
        self.assertEqual(len(made), 4)
        self.assertFalse(self.env["res.partner"].search([("email", "=", "vera@example.com")]))

    def test_sent_twice_at_the_same_moment(self):
        """Neither request sees the other's registration: the database keeps one, and nobody sees an error."""
        nothing = self.registrations.browse()
        form = self._form(serial="UNKNOWN-6")
        with patch.object(type(self.registrations), "_find_duplicate", return_value=nothing):
            self._send("/after-sales/register", [("receipt.pdf", PDF)], **form)
            with mute_logger("odoo.sql_db"):
                page = self._send("/after-sales/register", [("receipt.pdf", PDF)], **form)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Thank you", page.text)
        registration = self.registrations.search([("serial", "=", "UNKNOWN-6")])
        self.assertEqual(len(registration), 1)
        files = self.env["ir.attachment"].search([("res_model", "=", "after.sales.registration")])
        self.assertEqual(files, registration.attachment_ids)

    def test_robot(self):
        page = self._send("/after-sales/register", **self._form(fax="buy now"))
        self.assertIn("Thank you", page.text)
        self.assertFalse(self.registrations.search([("serial", "=", "FREE")]))

    def test_rate_limit(self):
        token = self._token("/after-sales/register")
        codes = []
        for number in range(12):
            form = self._form(serial=f"R{number}", csrf_token=token)
            codes.append(self.url_open("/after-sales/register", data=form).status_code)
        self.assertEqual(codes, [200] * 10 + [429] * 2)
        self.assertEqual(self.registrations.search_count([("serial", "=like", "R%")]), 10)

    def test_token_is_needed(self):
        with mute_logger("odoo.http"):
            for login in (None, "customer"):
                self.authenticate(login, login and "customer-pass")
                for url in (
                    "/after-sales/register",
                    "/my/units/register",
                    f"/my/units/{self.mine.id}/request",
                    f"/my/units/{self.mine.id}/safety",
                ):
                    if not login and url.startswith("/my"):
                        continue
                    page = self.url_open(url, data=self._form(description="x"), allow_redirects=False)
                    self.assertIn(page.status_code, (303, 400), url)
        self.assertFalse(self.registrations.search([("serial", "=", "FREE")]))
        self.assertFalse(self.mine.claim_ids)

    def test_stranger_on_every_route(self):
        for url in ("/my/units", "/my/units/register"):
            self.assertIn("/web/login", self.url_open(url).url)
        token = self._token("/after-sales/register")
        for url in (f"/my/units/{self.mine.id}/request", f"/my/units/{self.mine.id}/safety"):
            self.url_open(
                url, data={"csrf_token": token, "description": "x", "safety_email": "x@example.com"}
            )
        self.assertFalse(self.mine.claim_ids)
        self.assertFalse(self.mine.safety_contact_ids)
        shared = self.url_open(self.mine.get_portal_url()).text
        self.assertIn("MINE", shared)
        self.assertNotIn('name="request"', shared)
        self.assertNotIn('name="safety"', shared)

    # === BAD INPUT === #

    def test_bad_values(self):
        table = [
            ({"purchase_date": ""}, "Choose the day of purchase"),
            ({"purchase_date": "2026-13-45"}, "Choose the day of purchase"),
            ({"purchase_date": "yesterday"}, "Choose the day of purchase"),
            ({"serial": "  "}, "Type the serial number"),
            ({"serial": "x" * 65}, "This text is too long"),
            ({"email": "nobody"}, "This is not an e-mail address"),
            ({"email": ""}, "Tell us your e-mail address"),
            ({"contact_name": ""}, "Tell us your name"),
            ({"note": "x" * 2001}, "This text is too long"),
            ({"safety_email": "nobody"}, "This is not an e-mail address"),
        ]
        self._login()
        for values, message in table:
            with self.subTest(values):
                page = self._send("/my/units/register", **self._form(**values))
                self.assertEqual(page.status_code, 400)
                self.assertIn(message, page.text)
        form = {name: value for name, value in self._form().items() if not name.startswith("consent_")}
        self.assertIn("Please tick this", self._send("/my/units/register", **form).text)
        self.assertFalse(self.registrations.search([("serial", "=", "FREE")]))

    def test_hostile_texts(self):
        hostile = "<script>alert(1)</script>\x00\r\nBcc: all@example.com"
        self._login()
        page = self._send(
            "/my/units/register", **self._form(serial="UNKNOWN-4", contact_name=hostile, note=hostile)
        )
        self.assertEqual(page.status_code, 200)
        registration = self.registrations.search([("serial", "=", "UNKNOWN-4")])
        self.assertNotIn("\n", registration.contact_name)
        page = self._send("/my/units/register", **self._form(serial="", contact_name=hostile))
        self.assertNotIn("<script>alert(1)", page.text)
        registration.refusal_reason = hostile.replace("\x00", "")
        registration.with_user(self.agent).action_refuse()
        page = self.url_open("/my/units")
        self.assertIn("alert(1)", page.text)
        self.assertNotIn("<script>alert(1)", page.text)

    def test_dates_for_review(self):
        tomorrow = fields.Date.context_today(self.env.user) + timedelta(days=2)
        self._login()
        for day, code in (
            (tomorrow, "future"),
            (date(1950, 1, 1), "early,too_old"),
            (date.min, "early,too_old"),
        ):
            self.registrations.search([("serial", "=", "FREE")]).unlink()
            self._send("/my/units/register", **self._form(purchase_date=day.isoformat()))
            self.assertEqual(self.registrations.search([("serial", "=", "FREE")]).review_codes, code)

    # === LANGUAGE === #

    def test_italian(self):
        self.env["res.lang"]._activate_lang("it_IT")
        page = self.env.ref("after_sales_warranty.registration_page")
        page.update_field_translations("arch_db", {"it_IT": {"Register a product": "Registrare un prodotto"}})
        self.assertIn("Registrare un prodotto", self.url_open("/it/after-sales/register").text)
        answer = self._send("/it/after-sales/register", **self._form(serial="UNKNOWN-5"))
        self.assertIn("/it/", answer.url)
        self.assertEqual(self.registrations.search([("serial", "=", "UNKNOWN-5")]).lang, "it_IT")
        self.customer.lang = "it_IT"
        self._login()
        self.assertIn("Registrare un prodotto", self.url_open("/it/my/units/register").text)
        self.assertIn(
            self.mine.warranty_ids.date_end.strftime("%d/%m/%Y"), self.url_open("/it/my/units").text
        )


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
                cells = set(re.findall(r"<td>(MINE|OLD|THEIRS|FREE)</td>", page.text))
                self.assertEqual(cells, serials)

    def test_pages(self):
        for number in range(90):
            self._create_unit(serial=f"P{number:03}", partner_id=self.customer.partner_id.id)
        self._login()
        first, second = self.url_open("/my/units?search=P"), self.url_open("/my/units/page/2?search=P")
        serials = [set(re.findall(r"<td>(P\d{3})</td>", page.text)) for page in (first, second)]
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
        self.assertTrue(claim.activity_ids)
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
        self.assertIn("3 more months", page.text)
        counts = self.make_jsonrpc_request("/my/counters", {"counters": ["after_sales_unit_count"]})
        self.assertEqual(counts["after_sales_unit_count"], 2)
        self.assertIn('href="/my/units/register"', self.url_open("/my/units").text)
