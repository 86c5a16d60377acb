from datetime import date

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import AfterSalesCommon


@tagged("post_install", "-at_install")
class TestCard(AfterSalesCommon, HttpCase):
    """The card, the public answer to its code, and the customer's own pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_term(conditions="<p>Keep it dry.</p>", labour_share=50, labour_duration=12)
        cls.unit = cls._create_unit(serial="K1", delivery_date=date(2026, 3, 10))
        cls.warranty = cls.unit.warranty_ids

    def _render(self):
        report = self.env["ir.actions.report"]
        name = "after_sales_warranty.report_warranty_card"
        return report._render_qweb_html(name, self.warranty.ids)[0].decode()

    def test_card(self):
        html = self._render()
        for text in (
            self.warranty.number,
            self.warranty.access_code,
            "K1",
            "Carla Consumer",
            "Keep it dry",
            "03/10/2028",
            "03/10/2027",
            "data:image/png;base64,",
            "are not affected by this warranty",
            self.company.name,
        ):
            self.assertIn(text, html)

    def test_what_limits_the_cover(self):
        """Law wants the terms in plain words: whatever a claim can be refused for stands on the card."""
        fault = self.env.ref("after_sales_warranty.after_sales_fault_s41")
        self.warranty.write(
            {
                "covered_product_ids": [Command.link(self.pump.id)],
                "excluded_product_ids": [Command.link(self.filter.id)],
                "excluded_fault_ids": [Command.link(fault.id)],
                "claim_limit": 7,
                "transferable": False,
            }
        )
        html = self._render()
        for text in ("Covers only:", "Pump", "Filter", fault.name, "Claims allowed:", "first owner"):
            self.assertIn(text, html)

    def test_the_customer_reads_which_part_a_repair_covers(self):
        claim = self.env["after.sales.claim"].create({"unit_id": self.unit.id})
        for part, months in ((self.pump, 6), (self.filter, 9)):
            self.unit._grant_repair_warranty(part, months, claim, day=date(2026, 5, 1))
            if part == self.pump:
                self.env["after.sales.warranty"]._take_back_repair(claim, "Reopened")
        page = self.url_open(f"/my/units/{self.unit.id}?access_token={self.unit._portal_ensure_token()}").text
        self.assertEqual(page.count("Covers only:"), 1, "what never began is not shown")
        self.assertIn("02/01/2027", page)

    def test_only_a_repair_taken_back_is_hidden(self):
        """A warranty that was lost from its first day is told to the owner; what was granted in error is not."""
        self.warranty._add_event("void", self.warranty.date_start, reason="Sale taken back")
        self.assertLess(self.warranty.date_end, self.warranty.date_start)
        bare = self._create_unit(serial="K3", delivery_date=False)
        bare.warranty_ids.unlink()
        claim = self.env["after.sales.claim"].create({"unit_id": bare.id})
        bare._grant_repair_warranty(self.pump, 6, claim, day=date(2026, 5, 1))
        granted = bare.warranty_ids
        for shown in (True, False):
            page = self.url_open(bare.get_portal_url()).text
            self.assertEqual(granted.number in page, shown)
            self.assertEqual("No warranty is on record." in page, not shown)
            self.env["after.sales.warranty"]._take_back_repair(claim, "Reopened")
        self.assertIn(self.warranty.number, self.url_open(self.unit.get_portal_url()).text)

    def test_card_in_the_owner_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["after_sales_warranty"], ["it_IT"])
        self.consumer.lang = "it_IT"
        html = self._render()
        self.assertIn("Certificato di garanzia", html)
        self.assertIn("10/03/2028", html)

    def test_public_answer_names_no_owner(self):
        page = self.url_open(f"/after-sales/warranty/{self.warranty.access_code}")
        self.assertEqual(page.status_code, 200)
        for text in (self.warranty.number, "K1", "Machine"):
            self.assertIn(text, page.text)
        self.assertNotIn("Carla", page.text)
        self.assertNotIn("carla@example.com", page.text)

    def test_wrong_and_hostile_codes(self):
        for code in (
            "",
            "AAAA-BBBB-CCCC-DDDD",
            "%27%20OR%201=1--",
            "%3Cscript%3Ealert(1)%3C/script%3E",
            "9" * 3000,
            "..%2f..%2fetc",
        ):
            with self.subTest(code[:30]):
                page = self.url_open(f"/after-sales/warranty?code={code}")
                self.assertEqual(page.status_code, 200)
                self.assertNotIn(self.warranty.number, page.text)
                self.assertNotIn("<script>alert(1)", page.text)

    def test_portal_pages(self):
        user = self._create_user("customer", "base.group_portal", password="customer-pass")
        self.unit.partner_id = user.partner_id
        other = self._create_unit(serial="K2")
        self.authenticate("customer", "customer-pass")
        page = self.url_open("/my/units")
        self.assertIn("K1", page.text)
        self.assertNotIn("K2", page.text)
        page = self.url_open(f"/my/units/{self.unit.id}")
        self.assertIn(self.warranty.number, page.text)
        for url in (
            f"/my/units/{other.id}",
            f"/my/units/{other.id}?access_token=wrong",
            "/my/units/999999999",
            f"/my/units/{self.unit.id}/card/{other.warranty_ids.id}",
        ):
            page = self.url_open(url)
            self.assertNotIn("K2", page.text)
            self.assertNotIn(other.warranty_ids.number, page.text)
        self.authenticate(None, None)
        page = self.url_open(other.get_portal_url())
        self.assertIn("K2", page.text)
