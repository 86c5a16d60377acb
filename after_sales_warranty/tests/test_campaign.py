import doctest

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import serial_order, wording
from .campaign_common import CampaignCommon
from .common import MANAGER


@tagged("post_install", "-at_install")
class TestCampaign(CampaignCommon):
    """The rows of a campaign, its figures and who may do what."""

    def test_doctests(self):
        for module in (serial_order, wording):
            failed, attempted = doctest.testmod(module)
            self.assertFalse(failed, module.__name__)
            self.assertTrue(attempted)

    def test_prepare_adds_only_what_is_new(self):
        first = self._create_unit(serial="H1") | self._create_unit(serial="H2")
        theirs = self._create_unit(serial="H3", partner_id=self.anna.id)
        nobody = self._create_unit(serial="H4", partner_id=False)
        campaign = self._create_campaign()
        campaign.action_prepare()
        self.assertEqual(campaign.state, "prepared")
        self.assertEqual(campaign.unit_ids.unit_id, first | theirs | nobody)
        self.assertEqual(campaign.owner_ids.partner_id, self.consumer | self.anna)
        self.assertEqual(campaign.owner_ids.filtered(lambda o: o.partner_id == self.anna).lang, "it_IT")
        self.assertEqual(campaign.unknown_owner_count, 1)
        rows = campaign.unit_ids
        campaign.action_prepare()
        self.assertEqual(campaign.unit_ids, rows)
        campaign.action_start()
        later = self._deliver(self.machine, lots=self._create_lot(self.machine, "H5"))
        campaign.action_prepare()
        self.assertEqual((campaign.unit_ids - rows).unit_id, later)
        self.assertEqual(len(campaign.owner_ids), 2)
        self.assertEqual(campaign.state, "running")

    def test_contacts_of_a_company_are_one_owner(self):
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.business.id, "email": f"{name}@example.com", "lang": "it_IT"}
                for name in ("ugo", "pia")
            ]
        )
        for number, contact in enumerate(contacts):
            self._create_unit(serial=f"I{number}", partner_id=contact.id)
        campaign = self._create_campaign()
        campaign.action_prepare()
        self.assertEqual(campaign.owner_ids.partner_id, self.business)
        self.assertIn(campaign.owner_ids.contact_id, contacts)
        self.assertEqual(campaign.owner_ids.unit_count, 2)

    def test_new_owner_is_told(self):
        unit = self._create_unit(serial="J1")
        campaign = self._start(self._create_campaign())
        self._send()
        unit.partner_id = self.anna
        campaign.action_prepare()
        self.assertEqual(campaign.unit_ids.owner_id.partner_id, self.anna)
        self.assertEqual(campaign.unit_ids.owner_id.state, "to_notify")

    def test_choose_again(self):
        self._create_unit(serial="K1")
        campaign = self._create_campaign()
        campaign.action_prepare()
        campaign.action_draft()
        self.assertFalse(campaign.unit_ids)
        self.assertFalse(campaign.owner_ids)

    def test_start_says_what_is_missing(self):
        self._create_unit(serial="L1")
        campaign = self._create_campaign(
            hazard=False, instructions=False, remedy_ids=[(6, 0, self.repair.ids)]
        )
        campaign.write({"contact_phone": False, "contact_email": False})
        campaign.action_prepare()
        with self.assertRaises(UserError) as caught:
            campaign.action_start()
        for text in ("hazard", "what the owner has to do", "two remedies", "phone number or e-mail"):
            self.assertIn(text, str(caught.exception))
        self.assertEqual(campaign.state, "prepared")
        with self.assertRaises(UserError):
            self._create_campaign().action_start()
        self.consumer.after_sales_wants_promotions = True
        promotion = self._create_campaign(kind="promotion", hazard=False, remedy_ids=False)
        promotion.action_prepare()
        with self.assertRaisesRegex(UserError, "the message"):
            promotion.action_start()
        promotion.body = "<p>Ten percent off.</p>"
        promotion.action_start()
        self.assertEqual(promotion.state, "running")

    def test_softening_words(self):
        for text in (
            "A voluntary recall.",
            "As a PRECAUTIONARY measure.",
            "In rare cases it burns.",
            "Richiamo volontario.",
        ):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, "smaller"):
                self._create_campaign(hazard=text)
        self._create_unit(serial="M1")
        campaign = self._create_campaign()
        campaign.update_field_translations("hazard", {"it_IT": "In casi rari brucia."})
        campaign.action_prepare()
        with self.assertRaisesRegex(ValidationError, "rari"):
            campaign.action_start()
        word = self.env["after.sales.campaign.word"].search([("name", "=", "voluntary")])
        word.date_to = "2025-01-01"
        self.assertTrue(self._create_campaign(hazard="A voluntary recall."))
        self.assertTrue(self._create_campaign(kind="promotion", hazard="A rare chance."))

    def test_completion(self):
        units = self.env["after.sales.unit"].union(*(self._create_unit(serial=f"N{n}") for n in range(5)))
        campaign = self._start(self._create_campaign())
        rows = campaign.unit_ids.with_user(self.agent)
        rows[0].action_done()
        self.assertTrue(rows[0].date_done)
        self.assertRecordValues(campaign, [{"existing_count": 5, "done_count": 1, "completion_rate": 20.0}])
        rows[1].state = "gone"
        rows[2].unit_id.sudo()._end("Scrapped.", custody="scrapped")
        rows[3].state = "refused"
        self.env.invalidate_all()
        self.assertRecordValues(campaign, [{"unit_count": 5, "existing_count": 3, "done_count": 1}])
        self.assertAlmostEqual(campaign.completion_rate, 100 / 3)
        rows[0].unit_id.sudo()._end("Replaced.")
        self.env.invalidate_all()
        self.assertEqual(campaign.existing_count, 3, "done before it was replaced")
        self.assertEqual(rows.unit_id, units)

    def test_requests(self):
        self._create_unit(serial="O1")
        campaign = self._start(self._create_campaign())
        row = campaign.unit_ids.with_user(self.agent)
        row.remedy_id = self.refund
        row.action_open_request()
        row.action_open_request()
        self.assertEqual(campaign.claim_count, 1)
        self.assertRecordValues(row, [{"state": "in_progress"}])
        self.assertRecordValues(row.claim_id, [{"outcome": "refund", "user_id": self.manager.id}])
        self.assertEqual(
            self.env["after.sales.claim"].search(campaign.action_view_claims()["domain"]), row.claim_id
        )
        with self.assertRaisesRegex(UserError, "not offered"):
            row.remedy_id = self.replacement
        row.claim_id.write({"reason": "Recall."})
        claim = row.claim_id.with_user(self.manager)
        claim.action_check()
        claim.action_authorise()
        claim.action_close()
        self.assertEqual(row.state, "done")
        self.assertTrue(row.date_done)

    def test_banner_and_alert(self):
        unit, other = self._create_unit(serial="P1"), self._create_unit(product_id=self.pump.id)
        campaign = self._create_campaign()
        campaign.action_prepare()
        units = self.env["after.sales.unit"].with_user(self.technician)
        self.assertFalse(unit.with_user(self.technician).open_recall)
        campaign.action_start()
        self.env.invalidate_all()
        self.assertIn(campaign.name, unit.with_user(self.technician).open_recall)
        self.assertEqual(units.search([("open_recall", "!=", False)]), unit)
        self.assertIn(other, units.search([("open_recall", "=", False)]))
        claim = self.env["after.sales.claim"].with_user(self.agent).create({"unit_id": unit.id})
        self.assertIn(campaign.name, claim.alerts)
        self.assertEqual(unit.action_view_campaigns()["domain"], [("unit_id", "=", unit.id)])
        campaign.unit_ids.action_done()
        self.env.invalidate_all()
        self.assertFalse(unit.open_recall)

    def test_rights(self):
        self._create_unit(serial="Q1")
        campaign = self._create_campaign()
        for user in (self.technician, self.agent):
            self.assertTrue(campaign.with_user(user).display_name)
            for action in ("action_prepare", "action_start", "action_done", "action_cancel"):
                with self.assertRaises(AccessError):
                    getattr(campaign.with_user(user), action)()
        self._start(campaign)
        row = campaign.unit_ids
        row.with_user(self.agent).note = "Called."
        for action in (
            row.with_user(self.technician).action_done,
            row.with_user(self.technician).action_open_request,
        ):
            with self.assertRaises(AccessError):
                action()
        with self.assertRaises(AccessError):
            campaign.owner_ids.with_user(self.technician).read(["token"])
        for record in (campaign, campaign.owner_ids, row):
            with self.assertRaises(AccessError):
                record.with_user(self.agent).unlink()
        with self.assertRaises(UserError):
            row.with_user(self.manager).unlink()
        with self.assertRaises(UserError):
            campaign.unlink()

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "stranger", MANAGER, company_id=company.id, company_ids=[(6, 0, company.ids)]
        )
        self._create_unit(serial="R1")
        theirs = self._create_unit(serial="R2", company_id=company.id)
        campaign = self._create_campaign()
        campaign.action_prepare()
        self.assertNotIn(theirs, campaign.unit_ids.unit_id)
        for record in (campaign, campaign.owner_ids, campaign.unit_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
            self.assertFalse(self.env[record._name].with_user(stranger).search([]))

    def test_statements_do_not_grow_with_units(self):
        """Preparing is batch work: what it asks the database does not depend on how many units there are."""
        counts = []
        for kind, size in (("a", 30), ("b", 120)):
            product = self._create_product(f"Heater {kind}", tracking="serial")
            partners = self.env["res.partner"].create([{"name": f"{kind}{n}"} for n in range(size // 3)])
            self.env["after.sales.unit"].create(
                [
                    {"product_id": product.id, "serial": f"{kind}{n}", "partner_id": partners[n // 3].id}
                    for n in range(size)
                ]
            )
            campaign = self._create_campaign(product_ids=[(6, 0, product.ids)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            campaign.action_prepare()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(campaign.unit_count, size)
        self.assertLessEqual(counts[1], counts[0] + 5)
