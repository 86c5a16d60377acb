from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import AGENT, MANAGER, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestLaw(AfterSalesCommon):
    """Rules by country, kind of customer and day, and what a claim makes of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("law_agent", AGENT)
        cls.manager = cls._create_user("law_manager", MANAGER)
        cls.term = cls._create_term(kind="legal")
        cls.italy, cls.russia = cls.env.ref("base.it"), cls.env.ref("base.ru")
        cls.rules = cls.env["after.sales.warranty.rule"]

    def _claim(self, country, partner=None, **values):
        partner = partner or self.consumer
        partner.country_id = country
        count = self.env["after.sales.unit"].search_count([])
        unit = self._create_unit(partner_id=partner.id, serial=f"W{count}")
        values = {"unit_id": unit.id, "date": date(2026, 9, 1), **values}
        return self.env["after.sales.claim"].with_user(self.agent).create(values)

    def test_table(self):
        """L02, L04, L07, L12, L14, L21 to L23, L33, L34, L36, L37, L40 to L43."""
        france, brazil = self.env.ref("base.fr"), self.env.ref("base.br")
        table = [
            ("action_period", self.italy, "consumer", date(2026, 1, 1), 26),
            ("action_period", self.italy, "consumer", date(2021, 12, 31), 0),
            ("action_period", self.italy, "business", date(2026, 1, 1), 12),
            ("remedy_order", self.italy, "consumer", date(2026, 1, 1), 1),
            ("remedy_order", self.italy, "business", date(2026, 1, 1), 0),
            ("digital_supply", self.italy, "consumer", date(2026, 1, 1), 1),
            ("card_notice", france, "consumer", date(2026, 1, 1), 1),
            ("choice_notice", france, "consumer", date(2026, 7, 30), 0),
            ("choice_notice", france, "consumer", date(2026, 7, 31), 1),
            ("choice_notice", france, "business", date(2026, 7, 31), 0),
            ("choice_notice", self.russia, "consumer", date(2026, 7, 31), 0),
            ("repair_form_days", self.italy, "consumer", date(2026, 8, 1), 30),
            ("replacement_days", self.russia, "consumer", date(2026, 1, 1), 7),
            ("replacement_check_days", self.russia, "consumer", date(2026, 1, 1), 20),
            ("refund_days", self.russia, "consumer", date(2026, 1, 1), 10),
            ("refund_days", self.russia, "business", date(2026, 1, 1), 0),
            ("penalty_percent", self.russia, "consumer", date(2026, 1, 1), 1),
            ("court_fine", self.russia, "consumer", date(2026, 1, 1), 50),
            ("complex_goods_days", self.russia, "consumer", date(2026, 1, 1), 15),
            ("repair_act", self.russia, "consumer", date(2026, 1, 1), 1),
            ("min_legal_duration", brazil, "consumer", date(2026, 1, 1), 0),
        ]
        for code, country, kind, day, value in table:
            with self.subTest(code=code, country=country.code, kind=kind, day=day):
                self.assertEqual(self.rules._find(code, country, kind, day).value, value)
                found = self.rules._find_all(country, kind, day).get(code, self.rules)
                self.assertEqual(found, self.rules._find(code, country, kind, day))

    def test_table_of_packs(self):
        """The national row wins, the row of the union fills what the nation leaves out."""
        belgium = self.env.ref("base.be")
        union = self.env["after.sales.rule.pack"].create(
            {"name": "Union", "code": "T-UNION", "country_ids": [Command.set([self.italy.id, belgium.id])]}
        )
        nation = self.env["after.sales.rule.pack"].create(
            {"name": "Nation", "code": "T-NATION", "country_ids": [Command.set(self.italy.ids)]}
        )
        self.rules.search([]).active = False
        rows = [
            (union, "loaner_days", "consumer", "2026-01-01", False, 9),
            (nation, "loaner_days", "consumer", "2020-01-01", "2026-06-30", 3),
            (union, "refund_days", "both", "2020-01-01", False, 30),
            (union, "refund_days", "consumer", "2020-01-01", False, 14),
            (nation, "recourse", "both", "2020-01-01", False, 12),
            (union, "recourse", "consumer", "2024-01-01", False, 6),
            (nation, "repair_form_days", "consumer", "2020-01-01", False, 20),
            (nation, "repair_form_days", "consumer", "2026-01-01", False, 25),
        ]
        self.rules.create(
            [
                {
                    "pack_id": pack.id, "name": code, "code": code, "customer_kind": kind,
                    "date_from": start, "date_to": end, "value": value,
                }
                for pack, code, kind, start, end, value in rows
            ]
        )
        table = [
            ("loaner_days", self.italy, "consumer", date(2026, 6, 30), 3, "an older national row stands first"),
            ("loaner_days", self.italy, "consumer", date(2026, 7, 1), 9, "the nation's row is over"),
            ("loaner_days", belgium, "consumer", date(2026, 6, 30), 9, "another nation has none"),
            ("refund_days", self.italy, "consumer", date(2026, 6, 30), 14, "consumers before all customers"),
            ("refund_days", self.italy, "business", date(2026, 6, 30), 30, "the row for all"),
            ("recourse", self.italy, "consumer", date(2026, 6, 30), 12, "the nation before the kind"),
            ("recourse", belgium, "consumer", date(2026, 6, 30), 6, "the union's"),
            ("repair_form_days", self.italy, "consumer", date(2026, 6, 30), 25, "the latest of one law"),
            ("repair_form_days", self.italy, "consumer", date(2025, 6, 30), 20, "the one before"),
            ("repair_form_days", belgium, "consumer", date(2026, 6, 30), 0, "nobody says anything"),
        ]
        rules = self.rules.with_user(self.agent)
        for code, country, kind, day, value, why in table:
            with self.subTest(why):
                self.assertEqual(rules._find(code, country, kind, day).value, value)
                found = rules._find_all(country, kind, day).get(code, self.rules)
                self.assertEqual(found.value, value)
        nation.active = False
        self.assertEqual(rules._find("loaner_days", self.italy, "consumer", date(2026, 6, 30)).value, 9)

    def test_every_rule_says_its_use_and_source(self):
        for rule in self.rules.search([]):
            with self.subTest(rule.name):
                self.assertRegex(rule.law_ref, r"L\d\d")
                self.assertTrue(rule.used_for)

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
        self.assertEqual(listed.search([("deadline", "<=", date(2026, 9, 8)), ("id", "in", claims.ids)]), claims[0])
        groups = listed._read_group([("id", "in", claims.ids)], ["deadline:day"], ["__count"])
        self.assertEqual(groups, [(date(2026, 9, 8), 1), (date(2026, 9, 11), 1)])
        view = listed.get_view(self.env.ref("after_sales_warranty.after_sales_claim_view_search").id, "search")
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

    def test_repair_adds_twelve_months_once(self):
        """L20: chosen repair extends the legal warranty, the second one does not."""
        claim = self._claim(self.italy, customer_choice="repair")
        warranty = claim.unit_id.warranty_ids
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

    def test_used_goods(self):
        """L03: used goods have terms of their own, of one year at least."""
        self.term.active = False
        new = self._create_term("New", kind="legal", goods_kind="new")
        used = self._create_term(
            "Used",
            kind="legal",
            goods_kind="used",
            duration=12,
            country_ids=self.italy.ids,
            customer_kind="consumer",
        )
        self.consumer.country_id = self.italy
        self.assertEqual(self._create_unit(serial="N1").warranty_ids.term_id, new)
        self.machine.after_sales_used = True
        self.assertEqual(self._create_unit(serial="U1").warranty_ids.term_id, used)
        with self.assertRaisesRegex(ValidationError, "12 months"):
            used.duration = 11
        with self.assertRaisesRegex(ValidationError, "24 months"):
            used.goods_kind = "new"
