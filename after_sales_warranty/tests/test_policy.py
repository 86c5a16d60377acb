from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import AGENT, MANAGER, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestPolicy(AfterSalesCommon, HttpCase):
    """What is promised in public, in versions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("policy_manager", MANAGER)
        cls.agent = cls._create_user("policy_agent", AGENT)
        cls.policies = cls.env["after.sales.policy"].with_user(cls.manager)
        cls.italy, cls.russia = cls.env.ref("base.it"), cls.env.ref("base.ru")

    def _publish(self, text, day, country=None, **values):
        policy = self.policies.create(
            {
                "name": "Warranty and returns",
                "country_id": country.id if country else False,
                "warranty_terms": f"<p>{text}</p>",
                "date_from": day,
                **values,
            }
        )
        with freeze_time(day):
            policy.action_publish()
        return policy

    def _get(self, country, day):
        return self.policies._get_policy(self.company, country or self.env["res.country"], day)

    def test_country_and_date_and_version(self):
        general = self._publish("General", date(2025, 1, 1))
        first = self._publish("Italy one", date(2025, 3, 1), self.italy)
        second = self._publish("Italy two", date(2026, 1, 1), self.italy)
        table = [
            (self.italy, date(2024, 12, 31), self.policies),
            (self.italy, date(2025, 2, 1), general),
            (self.italy, date(2025, 3, 1), first),
            (self.italy, date(2025, 12, 31), first),
            (self.italy, date(2026, 1, 1), second),
            (self.russia, date(2026, 1, 1), general),
            (None, date(2026, 1, 1), general),
        ]
        for country, day, policy in table:
            with self.subTest(country=country and country.code, day=day):
                self.assertEqual(self._get(country, day), policy)
        self.assertRecordValues(
            first + second,
            [
                {"version": 1, "state": "superseded", "date_to": date(2025, 12, 31)},
                {"version": 2, "state": "published", "date_to": False},
            ],
        )
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.policies.sudo()._get_policy(other, self.italy, date(2026, 1, 1)))

    @freeze_time("2026-06-10")
    def test_withdrawn_with_a_successor(self):
        """The country's policy goes, the general one holds from tomorrow; who bought before keeps his."""
        own = self._publish("Italy", date(2026, 1, 1), self.italy)
        general = self._publish("General", date(2026, 2, 1))
        own.action_withdraw()
        self.assertRecordValues(own, [{"state": "superseded", "date_to": date(2026, 6, 10)}])
        self.assertEqual(self._get(self.italy, date(2026, 6, 10)), own)
        self.assertEqual(self._get(self.italy, date(2026, 6, 11)), general)
        again = self._publish("Italy again", date(2026, 9, 1), self.italy)
        self.assertEqual(own.date_to, date(2026, 6, 10), "what was withdrawn does not come back")
        self.assertEqual(self._get(self.italy, date(2026, 8, 1)), general)
        self.assertEqual(again.version, 2)
        with self.assertRaises(AccessError):
            general.with_user(self.agent).action_withdraw()

    @freeze_time("2026-06-10")
    def test_withdrawn_without_a_successor(self):
        own = self._publish("Italy", date(2026, 1, 1), self.italy)
        with self.assertRaisesRegex(UserError, "no policy would hold for Italy"):
            own.action_withdraw()
        general = self._publish("General", date(2026, 2, 1))
        with self.assertRaisesRegex(UserError, "New Version"):
            general.action_withdraw()
        self.assertEqual((own + general).mapped("state"), ["published", "published"])
        with self.assertRaisesRegex(UserError, "Only a published policy"):
            own.browse(own.action_new_version()["res_id"]).action_withdraw()

    @freeze_time("2026-06-10")
    def test_withdrawn_before_its_day(self):
        first = self._publish("One", date(2026, 1, 1))
        later = self.policies.create(
            {"name": "Two", "warranty_terms": "<p>Two</p>", "date_from": date(2026, 7, 1)}
        )
        later.action_publish()
        self.assertEqual(first.state, "superseded")
        later.action_withdraw()
        self.assertRecordValues(
            first + later,
            [
                {"state": "published", "version": 1, "date_to": False},
                {"state": "draft", "version": 0, "date_to": False},
            ],
        )
        self.assertEqual(self._get(None, date(2026, 8, 1)), first)

    def test_drafts_hold_nothing(self):
        self.policies.create({"name": "Draft", "warranty_terms": "<p>x</p>", "date_from": "2020-01-01"})
        self.assertFalse(self._get(None, date(2026, 1, 1)))

    def test_published_does_not_change(self):
        policy = self._publish("One", date(2026, 1, 1))
        for vals in ({"warranty_terms": "<p>Less</p>"}, {"date_from": "2026-02-01"}, {"state": "draft"}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "new version"):
                policy.write(vals)
        with self.assertRaises(UserError):
            policy.unlink()
        copy = self.policies.browse(policy.action_new_version()["res_id"])
        self.assertRecordValues(copy, [{"state": "draft", "version": 0, "date_from": False}])
        self.assertIn("One", copy.warranty_terms)

    def test_publishing(self):
        empty = self.policies.create({"name": "Empty", "warranty_terms": "<p><br></p>"})
        with self.assertRaisesRegex(UserError, "Write the text"):
            empty.action_publish()
        self._publish("One", date(2026, 1, 1))
        late = self.policies.create(
            {"name": "Backdated", "warranty_terms": "<p>x</p>", "date_from": date(2026, 1, 5)}
        )
        with freeze_time("2026-02-01"), self.assertRaisesRegex(UserError, "Version 1"):
            late.action_publish()
        with self.assertRaises(AccessError):
            late.with_user(self.agent).action_publish()
        self.assertEqual(late.with_user(self.agent).name, "Backdated")

    @mute_logger("odoo.sql_db")
    def test_the_database_allows_one_at_a_time(self):
        first = self._publish("One", date(2026, 1, 1), self.italy)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            first.sudo().copy({"state": "published", "date_from": date(2026, 5, 1), "version": 2})
            self.env.flush_all()
        first.sudo().copy({"state": "published", "date_from": date(2026, 5, 1), "country_id": self.russia.id})
        self.env.flush_all()

    def test_page(self):
        old, today = date(2025, 1, 1), fields.Date.today()
        self._publish("Old promise", old)
        self._publish("New promise", today - timedelta(days=3))
        self._publish("Italian promise", today - timedelta(days=2), self.italy)
        self.policies.create({"name": "Draft", "warranty_terms": "<p>Secret draft</p>"})
        base = f"/after-sales/policy/{self.company.id}"
        for url, text in (
            ("/after-sales/policy", "New promise"),
            (base, "New promise"),
            (f"{base}?country=-", "New promise"),
            (f"{base}?country=it", "Italian promise"),
            (f"{base}?country=IT&day=2025-06-01", "Old promise"),
            (f"{base}?day=2025-06-01", "Old promise"),
            (f"{base}?day=9999-12-31", "New promise"),
            (f"{base}?country=%3Cscript%3E&day=%27--", "New promise"),
            (f"{base}?country={'x' * 5000}&day={'9' * 5000}", "New promise"),
        ):
            with self.subTest(url[:60]):
                page = self.url_open(url)
                self.assertEqual(page.status_code, 200)
                self.assertIn(text, page.text)
                self.assertNotIn("Secret draft", page.text)
        for url in ("/after-sales/policy/999999999", f"{base}?day=1999-01-01"):
            with self.subTest(url):
                page = self.url_open(url)
                self.assertEqual(page.status_code, 404)
                self.assertIn("No policy is published here", page.text)

    def test_only_for_countries(self):
        """A stranger of unknown country chooses among what there is."""
        self._publish("Italian promise", date(2025, 1, 1), self.italy)
        page = self.url_open(f"/after-sales/policy/{self.company.id}?country=-")
        self.assertEqual(page.status_code, 200)
        self.assertIn(f"/after-sales/policy/{self.company.id}?country=IT", page.text)
        self.assertNotIn("Italian promise", page.text)

    def test_visitor_s_country(self):
        self._publish("General promise", date(2025, 1, 1))
        self._publish("Russian promise", date(2025, 1, 1), self.russia)
        user = self._create_user("visitor", "base.group_portal", password="visitor-pass")
        user.partner_id.country_id = self.russia
        self.authenticate("visitor", "visitor-pass")
        self.assertIn("Russian promise", self.url_open(f"/after-sales/policy/{self.company.id}").text)

    def test_card_links_to_the_policy_of_the_sale(self):
        self.consumer.country_id = self.italy
        self._create_term()
        unit = self._create_unit(serial="PO1", delivery_date=date(2025, 6, 1))
        self.assertFalse(unit._get_policy_url())
        first = self._publish("Promise one", date(2025, 1, 1), self.italy)
        self._publish("Promise two", date(2026, 1, 1), self.italy)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("after_sales_warranty.report_warranty_card", unit.warranty_ids.ids)[0]
            .decode()
        )
        self.assertIn(f"/after-sales/policy/{self.company.id}?country=IT&amp;day=2025-06-01", html)
        page = self.url_open(unit._get_policy_url().partition("/after-sales")[2].join(["/after-sales", ""]))
        self.assertIn("Promise one", page.text)
        self.assertEqual(first.state, "superseded")
        page = self.url_open(unit.get_portal_url())
        self.assertIn("day=2025-06-01", page.text)

    def test_mails_and_pages_link_to_it(self):
        self._create_term()
        unit = self._create_unit(serial="PO2", delivery_date=date(2025, 6, 1))
        code = unit.warranty_ids.access_code
        records = {
            "mail_template_registration_confirmed": self.env["after.sales.registration"].create(
                {
                    "serial": "PO2",
                    "contact_name": "Carla",
                    "purchase_date": date(2025, 6, 1),
                    "unit_id": unit.id,
                    "product_id": self.machine.id,
                }
            ),
            "mail_template_extension_offer": self.env["after.sales.notice"].create(
                {
                    "kind": "offer",
                    "warranty_id": unit.warranty_ids.id,
                    "partner_id": self.consumer.id,
                    "state": "sent",
                }
            ),
        }
        records["mail_template_cover_ends"] = records["mail_template_extension_offer"]
        claim = self.env["after.sales.claim"].create({"unit_id": unit.id})
        records["mail_template_claim_authorised"] = records["mail_template_claim_refused"] = claim
        pages = ("/after-sales/register", f"/after-sales/warranty/{code}")
        for page in pages:
            self.assertNotIn("/after-sales/policy", self.url_open(page).text)
        self._publish("Promise", date(2025, 1, 1))
        for page in pages:
            self.assertIn(f"/after-sales/policy/{self.company.id}", self.url_open(page).text)
        for name, record in records.items():
            with self.subTest(name):
                template = self.env.ref(f"after_sales_warranty.{name}")
                body = template._render_field("body_html", record.ids)[record.id]
                self.assertIn(f"/after-sales/policy/{self.company.id}?country=-&amp;day=2025-06-01", body)

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        policy = self._publish("One", date(2026, 1, 1))
        stranger = self._create_user(
            "policy_stranger", MANAGER, company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        with self.assertRaises(AccessError):
            policy.with_user(stranger).read(["name"])
