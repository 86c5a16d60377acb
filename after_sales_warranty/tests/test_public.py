from datetime import date
from unittest.mock import patch

from odoo.tests import HttpCase, freeze_time, tagged

from ..controllers import public
from .common import AfterSalesCommon


@tagged("post_install", "-at_install")
class TestPublic(AfterSalesCommon, HttpCase):
    """The page that checks a card: for strangers, hostile ones too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_term()
        cls.unit = cls._create_unit(serial="P1")
        cls.code = cls.unit.warranty_ids.access_code

    def _check(self, path, **kwargs):
        return self.url_open(f"/after-sales/warranty{path}", **kwargs)

    def test_right_code(self):
        for path in (f"/{self.code}", f"?code={self.code}", f"?code={self.code.lower().replace('-', '%20')}"):
            with self.subTest(path):
                page = self._check(path)
                self.assertEqual(page.status_code, 200)
                self.assertIn(self.unit.warranty_ids.number, page.text)
                self.assertEqual(page.headers["X-Robots-Tag"], "noindex")
                for secret in ("Carla", "carla@example.com", self.unit.access_token or "no token"):
                    self.assertNotIn(secret, page.text)

    def test_hostile_codes(self):
        """One calm page for whatever is no code."""
        for code in (
            "A" * 10_000,
            "AAAA-BBBB-CCCC-DDDD",
            "%F0%9F%94%A5%E2%80%AE%00%ED%A0%80",
            "'%20OR%201=1;%20DROP%20TABLE%20after_sales_warranty;--",
            "%3Cscript%3Ealert(1)%3C/script%3E",
            "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
            "..%2f..%2f..%2fetc%2fpasswd",
            "a/b/c",
            "%0d%0aSet-Cookie:%20x=1",
            "{{7*7}}${7*7}%25s",
        ):
            paths = [f"?code={code}"]
            if "%0a" not in code:  # what has lines is no path for the router
                paths.append(f"/{code}")
            for path in paths:
                with self.subTest(path[:40]):
                    page = self._check(path)
                    self.assertEqual(page.status_code, 200)
                    self.assertIn("There is no warranty with this code", page.text)
                    for trace in ("<script>alert", "<img src=x", "Traceback", ">49<", "P1<"):
                        self.assertNotIn(trace, page.text.partition("<main>")[2])
                    self.assertNotIn("x", page.cookies)

    def test_limit_by_caller(self):
        with patch.object(public, "CALLER_LIMIT", 3):
            answers = [self._check(f"/{self.code}").status_code for __ in range(5)]
            self.assertIn(answers, ([200, 200, 200, 429, 429], [200] * 5), "five of them in one minute")
            page = self._check("")
            self.assertEqual(page.status_code, 200, "the empty form asks nothing")

    def test_limit_of_all(self):
        with patch.object(public, "TOTAL_LIMIT", 0):
            page = self._check(f"/{self.code}")
            self.assertEqual(page.status_code, 429)
            self.assertIn("wait a minute", page.text)
            self.assertIn("Retry-After", page.headers)
            self.assertNotIn("P1", page.text)
            self.assertEqual(self._check("/AAAA-BBBB-CCCC-DDDD").status_code, 429, "right and wrong alike")

    def test_visitor_s_language(self):
        for lang in ("it_IT", "ru_RU"):
            self.env["res.lang"]._activate_lang(lang)
            self.env["ir.module.module"]._load_module_terms(["after_sales_warranty"], [lang])
        for lang, word in (("it-IT,it;q=0.9", "Verifica"), ("ru-RU,ru;q=0.9", "Проверка")):
            with self.subTest(lang):
                self.opener.cookies.clear()
                page = self._check(f"/{self.code}", headers={"Accept-Language": lang})
                self.assertEqual(page.status_code, 200)
                self.assertIn(word, page.text)

    def test_dates_on_the_page(self):
        self.unit.warranty_ids._add_event("void", date(2026, 4, 1))
        page = self._check(f"/{self.code}")
        self.assertIn("text-danger", page.text)

    def test_midnight_where_the_company_is(self):
        """The last day, 10 March 2028, lasts until midnight in Los Angeles and begins then in Auckland."""
        for tz, moment, state in (
            ("America/Los_Angeles", "2028-03-11 05:00:00", "active"),
            ("America/Los_Angeles", "2028-03-11 09:00:00", "expired"),
            ("Pacific/Auckland", "2028-03-10 10:30:00", "active"),
            ("Pacific/Auckland", "2028-03-10 11:30:00", "expired"),
        ):
            with self.subTest(tz=tz, moment=moment), freeze_time(moment):
                self.company.partner_id.tz = tz
                answer = self.unit.warranty_ids.with_user(self.env.ref("base.public_user")).sudo()
                self.assertEqual(answer._get_public_answer()["state"], state)

    def test_all_cards_of_a_unit(self):
        """For its owner and who has his link, nobody else."""
        self.env["after.sales.warranty"]._grant([(self.unit, self._create_term("More"))])
        cards = self.unit.warranty_ids
        self.assertEqual(len(cards), 2)
        other = self._create_unit(serial="P2")
        user = self._create_user("cards_owner", "base.group_portal", password="cards-pass")
        self.unit.partner_id = user.partner_id
        self.authenticate("cards_owner", "cards-pass")
        page = self.url_open(f"/my/units/{self.unit.id}/cards")
        self.assertIn("attachment", page.headers.get("Content-Disposition", ""))
        for code in cards.mapped("access_code"):
            self.assertIn(code, page.text)
        for url in (f"/my/units/{other.id}/cards", f"/my/units/{other.id}/cards?access_token=no"):
            self.assertNotIn(other.warranty_ids[0].access_code, self.url_open(url).text)
        self.assertEqual(self.url_open("/my/units/999999999/cards").status_code, 200)
        self.authenticate(None, None)
        self.assertNotIn(cards[0].access_code, self.url_open(f"/my/units/{self.unit.id}/cards").text)
        page = self.url_open(self.unit.get_portal_url())
        self.assertIn(f"/my/units/{self.unit.id}/cards?access_token={self.unit.access_token}", page.text)
