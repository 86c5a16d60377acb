from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import AGENT, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestLaw(AfterSalesCommon):
    """Rules by country, kind of customer and day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("law_agent", AGENT)
        cls.term = cls._create_term(kind="legal")
        cls.italy, cls.russia = cls.env.ref("base.it"), cls.env.ref("base.ru")
        cls.rules = cls.env["after.sales.warranty.rule"]

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
                    "pack_id": pack.id,
                    "name": code,
                    "code": code,
                    "customer_kind": kind,
                    "date_from": start,
                    "date_to": end,
                    "value": value,
                }
                for pack, code, kind, start, end, value in rows
            ]
        )
        table = [
            (
                "loaner_days",
                self.italy,
                "consumer",
                date(2026, 6, 30),
                3,
                "an older national row stands first",
            ),
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
