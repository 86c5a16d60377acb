import re
from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .pages_common import PDF, PNG, PagesCommon


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

    def test_what_is_given_is_told_before(self):
        """Customers and visitors read the offers of today, not those of others or of yesterday."""
        offers, today = self.env["after.sales.registration.incentive"], fields.Date.context_today(self.agent)
        for values in (
            {
                "name": "Six months more",
                "product_tmpl_ids": self.machine.product_tmpl_id.ids,
                "deadline_days": 60,
            },
            {"name": "Gone yesterday", "date_to": today - timedelta(days=1)},
            {"name": "Of others", "company_id": self.env["res.company"].create({"name": "Others"}).id},
        ):
            offers.create(values)
        for url in ("/after-sales/register", "/my/units/register"):
            page = self.url_open(url)
            self.assertIn("Six months more (for: Machine; within 60 days of the delivery)", page.text)
            self.assertNotIn("Gone yesterday", page.text)
            self.assertNotIn("Of others", page.text)
            self._login()

    def test_product_of_another_company(self):
        """The page that checks a card leads to the registration with the company that gave it."""
        other = self.env["res.company"].create({"name": "Other house"})
        self.env["after.sales.consent"].search([]).company_id = False
        unit = self._create_unit(serial="THEIR-MAKE", partner_id=False, company_id=other.id, **self.sold)
        page = self.url_open(f"/after-sales/warranty/{unit.warranty_ids.access_code}")
        url = f"/after-sales/register/{other.id}?serial=THEIR-MAKE"
        self.assertIn(f'href="{url}"', page.text)
        self.assertIn('value="THEIR-MAKE"', self.url_open(url).text)
        self._send(url, **self._form(serial="THEIR-MAKE"))
        self._login()
        self.assertTrue(self.url_open(url).url.endswith(f"/my/units/register/{other.id}"))
        form = self._form(serial="THEIR-MAKE", email=self.customer.email)
        page = self._send(f"/my/units/register/{other.id}", **form)
        self.assertEqual(page.status_code, 200)
        found = self.registrations.search([("serial", "=", "THEIR-MAKE")], order="id")
        self.assertRecordValues(
            found,
            [
                {"company_id": other.id, "channel": "public", "state": "review", "unit_id": False},
                {"company_id": other.id, "channel": "portal", "state": "confirmed", "unit_id": unit.id},
            ],
        )
        for page in ("/after-sales/register/999999999", "/my/units/register/999999999"):
            self.assertEqual(self.url_open(page).status_code, 404)

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
        self._login()
        for day, code in (
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
