import re

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .campaign_common import PICTURE, CampaignCommon
from .common import AGENT


@tagged("post_install", "-at_install")
class TestCampaignPage(CampaignCommon, HttpCase):
    """The page behind the token: what a stranger sees, what he can say, what he cannot touch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._create_unit(serial="SN-1") | cls._create_unit(serial="SN-2")
        cls.hers = cls._create_unit(serial="SN-3", partner_id=cls.anna.id)
        cls.campaign = cls._create_campaign()
        cls.campaign.with_context(lang="it_IT").title = "Il bruciatore scotta"
        cls._start(cls.campaign)
        cls.campaign.owner_ids.sudo().state = "notified"
        cls.owner = cls.campaign.owner_ids.filtered(lambda o: o.partner_id == cls.consumer)
        cls.other = cls.campaign.owner_ids - cls.owner
        cls.url = f"/after-sales/campaign/{cls.owner.token}"

    def _post(self, url=None, **values):
        page = self.url_open(url or self.url)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        data = {"csrf_token": found[1] if found else "", **values}
        res = self.url_open(url or self.url, data=data)
        self.env.invalidate_all()
        return res

    def test_page(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        for text in ("Product safety recall", "people can be burnt", "SN-1", "SN-2", "Repair", "Refund"):
            self.assertIn(text, page.text)
        for text in ("SN-3", "Anna", "anna@example.com", "Carla", "carla@example.com", "03/10/2026"):
            self.assertNotIn(text, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.env.invalidate_all()
        self.assertEqual(self.owner.state, "read")
        self.assertEqual(self.other.state, "notified")

    def test_owner_s_language(self):
        page = self.url_open(f"/after-sales/campaign/{self.other.token}")
        self.assertIn("Il bruciatore scotta", page.text)
        self.assertNotIn("The burner can overheat", page.text)

    def test_hostile_tokens(self):
        draft = self._create_campaign()
        draft.action_prepare()
        tokens = (
            "x",
            "A" * 43,
            "A" * 3000,
            "%27%20OR%201=1--",
            "..%2f..%2fetc",
            "%25",
            draft.owner_ids[0].token,
            self.owner.token[:-1],
        )
        for token in tokens:
            for url in (f"/after-sales/campaign/{token}", f"/after-sales/campaign/{token}/picture"):
                with self.subTest(url[:60]):
                    self.assertEqual(self.url_open(url).status_code, 404)

    def test_answer(self):
        first, second = self.owner.unit_ids
        res = self._post(
            **{
                f"answer_{first.id}": f"wanted-{self.refund.id}",
                f"answer_{second.id}": "passed_on",
                f"passed_on_to_{second.id}": "My brother, <b>Ugo</b>",
                "phone": "333 444",
                "message": "After six please",
                "contact": "1",
            }
        )
        self.assertIn('name="saved"', res.text)
        self.assertIn("&lt;b&gt;Ugo", res.text)
        self.assertRecordValues(
            first | second,
            [
                {"answer": "wanted", "remedy_id": self.refund.id, "state": "in_progress"},
                {"answer": "passed_on", "remedy_id": False, "state": "todo"},
            ],
        )
        self.assertEqual(second.passed_on_to, "My brother, <b>Ugo</b>")
        self.assertRecordValues(
            self.owner, [{"state": "answered", "phone": "333 444", "contact_wanted": True}]
        )
        self.assertRecordValues(
            first.claim_id,
            [{"unit_id": first.unit_id.id, "outcome": "refund", "partner_id": self.consumer.id}],
        )
        self.assertFalse(second.claim_id)
        self.assertEqual(self.owner.activity_ids.user_id, self.manager)
        self.assertIn("After six please", "".join(self.owner.message_ids.mapped("body")))

    def test_what_is_left_behind_is_in_our_language(self):
        row = self.other.unit_ids
        self._post(
            f"/after-sales/campaign/{self.other.token}", **{f"answer_{row.id}": f"wanted-{self.repair.id}"}
        )
        self.assertIn("Answer of the owner", "".join(self.other.message_ids.mapped("body")))
        self.assertIn("The burner can overheat", row.claim_id.description)
        self.assertEqual(row.claim_id.create_uid, self.env.ref("base.user_root"))

    def test_one_of_us_fills_it_in(self):
        agent = self._create_user("helper", AGENT, password="helper-pass")
        self.authenticate("helper", "helper-pass")
        row = self.owner.unit_ids[0]
        self.url_open(self.url)
        self.env.invalidate_all()
        self.assertEqual(self.owner.state, "notified", "the owner has not seen it")
        self._post(**{f"answer_{row.id}": "disposed"})
        self.assertIn(agent.partner_id, self.owner.message_ids.author_id)
        self.assertEqual(row.state, "gone")

    def test_answer_twice(self):
        row = self.owner.unit_ids[0]
        self._post(**{f"answer_{row.id}": f"wanted-{self.refund.id}", "contact": "1"})
        claim, messages = row.claim_id, len(self.owner.message_ids)
        self._post(**{f"answer_{row.id}": f"wanted-{self.repair.id}", "contact": "1"})
        self.assertEqual(row.claim_id, claim)
        self.assertEqual(self.env["after.sales.claim"].search_count([("unit_id", "=", row.unit_id.id)]), 1)
        self.assertEqual(row.remedy_id, self.repair)
        self.assertEqual(len(self.owner.message_ids), messages + 1)
        self.assertEqual(len(self.owner.activity_ids), 1)
        self.assertIn("Repair", claim.message_ids[0].body)
        self._post(**{f"answer_{row.id}": "disposed"})
        self.assertEqual(row.state, "gone")
        self.assertEqual(self.campaign.existing_count, 2)

    def test_unit_of_another_owner(self):
        theirs, mine = self.other.unit_ids, self.owner.unit_ids
        self._post(
            **{
                f"answer_{theirs.id}": "disposed",
                f"passed_on_to_{theirs.id}": "me",
                f"answer_{mine[0].id}": f"wanted-{self.replacement.id}",
                f"answer_{mine[1].id}": "done",
                "phone": "1" * 500,
                "message": "2" * 5000 + "\x00",
            }
        )
        self.assertRecordValues(theirs, [{"answer": False, "state": "todo", "passed_on_to": False}])
        self.assertEqual(mine.mapped("state"), ["todo", "todo"])
        self.assertFalse(any(mine.mapped("answer")), "neither what is not offered nor what is no answer")
        self.assertEqual((len(self.owner.phone), len(self.owner.message)), (40, 2000))
        self.assertEqual(self.other.state, "notified")

    def test_empty_form(self):
        page = self._post()
        self.assertIn('name="empty"', page.text)
        self.assertNotIn('name="saved"', page.text)
        self.assertRecordValues(self.owner, [{"state": "read", "date_answer": False}])

    def test_part_of_an_answer(self):
        page = self._post(**{f"answer_{self.owner.unit_ids[0].id}": "disposed"})
        self.assertIn('name="open"', page.text)
        self.assertEqual(self.owner.state, "read")

    def test_script_is_text(self):
        evil = "<script>alert(1)</script>"
        row = self.owner.unit_ids[0]
        page = self._post(
            **{
                f"answer_{row.id}": "passed_on",
                f"passed_on_to_{row.id}": evil,
                "phone": evil,
                "message": evil,
                "contact": "1",
            }
        )
        written = "".join([*self.owner.message_ids.mapped("body"), self.owner.activity_ids.note])
        for text in (page.text, written):
            self.assertNotIn(evil, text)
            self.assertIn("&lt;script&gt;", text)

    def test_page_is_of_no_other_company(self):
        page = self.url_open(self.url)
        self.assertIn(self.company.name, page.text)
        self.assertNotIn("company_logo", page.text)
        self.assertNotIn("Your logo", page.text)

    def test_post_needs_csrf(self):
        row = self.owner.unit_ids[0]
        with mute_logger("odoo.http"):
            res = self.url_open(self.url, data={f"answer_{row.id}": "disposed"})
        self.assertEqual(res.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(row.state, "todo")

    def test_what_is_done_stays_done(self):
        row = self.owner.unit_ids[0]
        row.action_done()
        self._post(**{f"answer_{row.id}": "disposed"})
        self.assertEqual(row.state, "done")

    def test_closed_campaign(self):
        self.campaign.action_done()
        page = self.url_open(self.url)
        self.assertIn('name="closed"', page.text)
        self.assertNotIn('name="answer"', page.text)
        self.campaign.sudo().state = "cancelled"
        self.assertEqual(self.url_open(self.url).status_code, 404)

    def test_opt_out(self):
        blacklist = self.env["mail.blacklist"]
        self.owner.email = "carla@example.com"
        self._post(opt_out="1")
        self.assertFalse(
            blacklist.search([("email", "=", "carla@example.com")]), "a recall is no advertising"
        )
        self.campaign.kind = "promotion"
        self.consumer.after_sales_wants_promotions = True
        self._post(opt_out="1")
        self.assertFalse(self.consumer.after_sales_wants_promotions)
        self.assertTrue(blacklist.search([("email", "=", "carla@example.com")]))

    def test_picture(self):
        self.campaign.image_1920 = False
        self.assertEqual(self.url_open(f"{self.url}/picture").status_code, 404)
        self.campaign.image_1920 = PICTURE
        res = self.url_open(f"{self.url}/picture")
        self.assertEqual((res.status_code, res.headers["Content-Type"]), (200, "image/png"))
        self.assertIn(f"{self.owner.token}/picture", self.url_open(self.url).text)
