from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import AGENT, MANAGER, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestClaimLaw(AfterSalesCommon):
    """What a claim makes of the law: days to keep, remedies in their order, the choice of the consumer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("law_agent", AGENT)
        cls.manager = cls._create_user("law_manager", MANAGER)
        cls.term = cls._create_term(kind="legal")
        cls.italy, cls.russia = cls.env.ref("base.it"), cls.env.ref("base.ru")

    def _claim(self, country, partner=None, **values):
        partner = partner or self.consumer
        partner.country_id = country
        count = self.env["after.sales.unit"].search_count([])
        unit = self._create_unit(partner_id=partner.id, serial=f"W{count}")
        values = {"unit_id": unit.id, "date": date(2026, 9, 1), **values}
        return self.env["after.sales.claim"].with_user(self.agent).create(values)

    def test_each_reader_reads_the_decision_in_his_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["after_sales_warranty"], ["it_IT"])
        self.consumer.lang = "it_IT"
        claim = self._claim(self.italy)
        warranty = claim.sudo().unit_id.warranty_ids
        warranty._add_event("void", date(2026, 5, 1), reason="Opened by others")
        claim.action_check()
        english, italian = (claim.with_context(lang=lang).decision for lang in ("en_US", "it_IT"))
        self.assertIn("was lost", english)
        self.assertNotIn("was lost", italian)
        self.assertIn(warranty.number, italian)

    def test_deadlines_russia(self):
        claim = self._claim(self.russia)
        self.assertRecordValues(
            claim,
            [
                {
                    "loaner_due": date(2026, 9, 4),
                    "replacement_due": date(2026, 9, 8),
                    "refund_due": date(2026, 9, 11),
                    "repair_due": date(2026, 10, 16),
                    "action_until": date(2028, 3, 10),
                    "proof_until": False,
                    "choice_required": False,
                }
            ],
        )
        with freeze_time("2026-10-17"):
            claim.invalidate_recordset(["alerts"])
            self.assertIn("time that law allows", claim.alerts)

    def test_deadlines_in_lists(self):
        """A manager filters and groups by the days that law sets."""
        claims = self._claim(self.russia) | self._claim(self.russia, outcome="repair")
        self.assertEqual(claims.mapped("deadline"), [date(2026, 9, 8), date(2026, 10, 16)])
        claims[1].outcome = "refund"
        self.assertEqual(claims[1].deadline, date(2026, 9, 11))
        listed = self.env["after.sales.claim"].with_user(self.manager)
        self.assertEqual(
            listed.search([("deadline", "<=", date(2026, 9, 8)), ("id", "in", claims.ids)]), claims[0]
        )
        groups = listed._read_group([("id", "in", claims.ids)], ["deadline:day"], ["__count"])
        self.assertEqual(groups, [(date(2026, 9, 8), 1), (date(2026, 9, 11), 1)])
        view = listed.get_view(
            self.env.ref("after_sales_warranty.after_sales_claim_view_search").id, "search"
        )
        for name in ("overdue", "due_soon", "by_deadline"):
            self.assertIn(f'name="{name}"', view["arch"])

    def test_deadlines_of_a_closed_claim_stay(self):
        claim = self._claim(self.russia, outcome="repair")
        claim.action_check()
        claim.with_user(self.manager).write({"reason": "Goodwill"})
        claim.with_user(self.manager).action_authorise()
        claim.action_close()
        self.consumer.country_id = self.italy
        self.assertEqual(claim.repair_due, date(2026, 10, 16))
        self.assertFalse(self._claim(self.italy).repair_due)

    def test_deadlines_italy(self):
        claim = self._claim(self.italy)
        self.assertRecordValues(
            claim,
            [
                {
                    "repair_due": False,
                    "proof_until": date(2027, 3, 10),
                    "action_until": date(2028, 5, 10),
                    "choice_required": True,
                }
            ],
        )
        business = self._claim(self.italy, self.business)
        self.assertRecordValues(business, [{"proof_until": False, "choice_required": False}])
        self.assertEqual(business.action_until, date(2027, 3, 10))
        self.assertIn("8 days", business.alerts)
        self.assertNotIn("8 days", claim.alerts)
        before = self._claim(self.italy, date=date(2026, 7, 30))
        self.assertFalse(before.choice_required)
        after = self._claim(self.italy, date=date(2028, 3, 11))
        self.assertFalse(after.choice_required, "the seller is liable no more")

    def test_refund_first(self):
        claim = self._claim(self.italy, outcome="refund")
        self.assertIn("comes first", claim.alerts)
        claim.outcome = "repair"
        self.assertNotIn("comes first", claim.alerts)

    def test_choice_by_mail(self):
        """L21: the text is kept as it was given, in the consumer's language."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["after_sales_warranty"], ["it_IT"])
        self.consumer.lang = "it_IT"
        claim = self._claim(self.italy)
        self.assertIn("not yet informed", claim.alerts)
        self.assertIs(claim.action_inform_choice(), True)
        self.assertEqual(claim.choice_informed_by_id, self.agent)
        self.assertTrue(claim.choice_informed_on)
        message = claim.message_ids.filtered(lambda m: m.notified_partner_ids)
        self.assertEqual(message.notified_partner_ids, self.consumer)
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertIn("12", message.body)
        self.assertIn("riparazione", message.body)
        self.assertNotIn("not yet informed", claim.alerts or "")

    def test_choice_on_paper(self):
        self.consumer.email = False
        claim = self._claim(self.italy)
        action = claim.action_inform_choice()
        self.assertEqual(action["report_name"], "after_sales_warranty.report_choice_notice")
        self.assertIn("12 months", "".join(claim.message_ids.mapped("body")))
        html = (
            self.env["ir.actions.report"]
            .with_user(self.agent)
            ._render_qweb_html(action["report_name"], claim.ids)[0]
            .decode()
        )
        self.assertIn("12 months", html)
        self.assertIn(claim.name, html)
        claim.action_check()
        claim.reason = "No."
        claim.action_refuse()
        with self.assertRaises(UserError):
            claim.action_inform_choice()

    def test_no_repair_before_the_information(self):
        """L21: a remedy to choose from is not given to a consumer who does not know that he chooses."""
        for outcome, waits in (("repair", True), ("exchange", True), ("refund", False)):
            with self.subTest(outcome):
                claim = self._claim(self.italy)
                claim.action_check()
                claim.action_authorise()
                claim.write(
                    {
                        "outcome": outcome,
                        "replacement_unit_id": outcome == "exchange" and self._create_unit(serial="NEXT").id,
                    }
                )
                if waits:
                    with self.assertRaisesRegex(UserError, "Inform about the Choice"):
                        claim.action_close()
                    self.assertEqual(claim.state, "authorised")
                    self.assertFalse(claim.unit_id.replaced_by_id)
                    claim.action_inform_choice()
                claim.action_close()
                self.assertEqual(claim.state, "closed")

    def test_repair_adds_twelve_months_once(self):
        """L20: chosen repair extends the legal warranty, the second one does not."""
        claim = self._claim(self.italy, customer_choice="repair")
        warranty = claim.sudo().unit_id.warranty_ids
        for day, end in (("2026-09-20", date(2029, 3, 10)), ("2027-01-10", date(2029, 3, 10))):
            with freeze_time(day):
                if claim.state == "closed":
                    claim = claim.copy({"date": date(2027, 1, 1)})
                claim.action_check()
                claim.action_inform_choice()
                claim.action_authorise()
                claim.outcome = "repair"
                claim.action_close()
            self.assertEqual(warranty.date_end, end)
