from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .campaign_common import CampaignCommon


@tagged("post_install", "-at_install")
class TestCampaignReady(CampaignCommon, HttpCase):
    """What the manager sees before the messages leave, and the owner on the page of his unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_user("customer", "base.group_portal", password="customer-pass")
        cls.unit = cls._create_unit(serial="SN-1", partner_id=cls.customer.partner_id.id)
        cls.hers = cls._create_unit(serial="SN-2", partner_id=cls.anna.id)

    def test_all_that_law_wants_on_the_notice(self):
        for values, missing in (
            ({"image_1920": False}, "picture"),
            ({"product_description": " "}, "description"),
            ({"brand": False}, "brand"),
            ({"sale_info": False}, "by whom it was sold"),
        ):
            campaign = self._create_campaign(**values)
            campaign.action_prepare()
            with self.subTest(missing), self.assertRaisesRegex(UserError, missing):
                campaign.action_start()

    def test_numbers_of_units_without_serial(self):
        campaign = self._create_campaign(identification=False)
        campaign.action_prepare()
        self.assertFalse(campaign._get_missing())
        self._create_unit(serial=False, partner_id=self.consumer.id)
        campaign.action_prepare()
        with self.assertRaisesRegex(UserError, "batch or serial numbers"):
            campaign.action_start()
        campaign.identification = "Batch 7"
        campaign.action_start()
        self.assertIn("Batch 7", campaign.owner_ids[0]._get_notice())

    def test_language_without_translation(self):
        campaign = self._create_campaign()
        campaign.action_prepare()
        self.assertIn("Italian", campaign.untranslated)
        italian = campaign.with_context(lang="it_IT")
        italian.write(
            {
                "title": "Il bruciatore scotta",
                "hazard": "Il bruciatore può incendiare la stanza.",
                "product_description": "Caldaia B-24, bianca",
                "sale_info": "Venduta in Italia",
            }
        )
        self.assertIn("Italian", campaign.untranslated, "what to do is still English")
        source = "Switch it off and do not use it any more."
        campaign.update_field_translations("instructions", {"it_IT": {source: "La spenga."}})
        self.env.invalidate_all()
        self.assertFalse(campaign.untranslated)
        campaign.action_start()

    def test_preview(self):
        campaign = self._create_campaign()
        with self.assertRaisesRegex(UserError, "Prepare"):
            campaign.action_preview_message()
        campaign.action_prepare()
        campaign.with_context(lang="it_IT").title = "Il bruciatore scotta"
        context = campaign.action_preview_message()["context"]
        preview = self.env["after.sales.campaign.preview"].with_user(self.manager)
        preview = preview.with_context(**context).create({})
        preview.owner_id = campaign.owner_ids.filtered(lambda o: o.partner_id == self.anna)
        self.assertIn("Il bruciatore scotta", preview.subject)
        for text in ("SN-2", "Il bruciatore scotta", "Anna Rossi"):
            self.assertIn(text, preview.body)
        self.assertFalse(self._get_mails(campaign.owner_ids))

    def test_page_of_the_unit_tells_of_the_recall(self):
        campaign = self._start(self._create_campaign())
        owner = campaign.owner_ids.filtered(lambda o: o.partner_id == self.customer.partner_id)
        page = self.url_open(self.unit.get_portal_url())
        self.assertIn('name="recall"', page.text)
        self.assertNotIn(owner.token, page.text, "whoever has the link is not the owner")
        self.authenticate("customer", "customer-pass")
        page = self.url_open(f"/my/units/{self.unit.id}")
        self.assertIn("The burner can overheat", page.text)
        self.assertIn(owner.token, page.text)
        owner.unit_ids.action_done()
        self.assertNotIn('name="recall"', self.url_open(f"/my/units/{self.unit.id}").text)

    def test_consent_comes_from_the_registration(self):
        consent = self.env.ref("after_sales_warranty.after_sales_consent_marketing")
        registration = self.env["after.sales.registration"].create(
            {
                "name": "R1",
                "contact_name": "Anna",
                "email": "anna@example.com",
                "serial": "SN-2",
                "purchase_date": "2026-03-10",
                "partner_id": self.anna.id,
                "consent_ids": [(0, 0, {"consent_id": consent.id, "text": consent.text})],
            }
        )
        self.assertFalse(self.anna.after_sales_wants_promotions)
        registration._keep_marketing_consent()
        self.assertTrue(self.anna.after_sales_wants_promotions)
