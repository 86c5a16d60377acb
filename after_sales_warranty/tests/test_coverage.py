from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from ..tools.coverage import COST_CLASSES, CoverageRequest
from .common import AfterSalesCommon


@tagged("post_install", "-at_install")
class TestCoverage(AfterSalesCommon):
    """What a warranty pays, for each cost class, with reasons in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fault = cls.env.ref("after_sales_warranty.after_sales_fault_s41")
        cls.misuse = cls.env.ref("after_sales_warranty.after_sales_fault_c72")
        cls.consumables = cls.env["product.category"].create({"name": "Consumables"})
        cls.filter.categ_id = cls.env["product.category"].create(
            {"name": "Filters", "parent_id": cls.consumables.id}
        )
        cls.seal = cls._create_product("Seal")
        cls.term = cls._create_term(
            part_share=100,
            labour_share=50,
            labour_duration=12,
            travel_share=0,
            excluded_categ_ids=[Command.link(cls.consumables.id)],
            excluded_product_ids=[Command.link(cls.seal.id)],
            excluded_fault_ids=[Command.link(cls.fault.parent_id.id)],
        )
        cls.unit = cls._create_unit(serial="A1", delivery_date=date(2024, 3, 10))
        cls.warranty = cls.unit.warranty_ids
        cls.coverage = cls.env["after.sales.coverage"]

    def _ask(
        self, cost_class="part", day=date(2025, 1, 1), unit=None, product=None, fault=None, quantity=1.0
    ):
        request = CoverageRequest(
            "k",
            self.company.id,
            self.consumer.id,
            (self.unit if unit is None else unit).id,
            product.id if product else False,
            cost_class,
            day,
            fault.id if fault else False,
            quantity,
        )
        return self.coverage._resolve([request])["k"]

    def _assert(self, decision, covered, regime, rule):
        self.assertEqual((decision.covered_share, decision.regime, decision.rule), (covered, regime, rule))
        self.assertTrue(decision.reason)

    def test_shares_by_class(self):
        expected = {"part": (1.0, "term"), "labour": (0.5, "term")}
        for cost_class in COST_CLASSES:
            covered, rule = expected.get(cost_class, (0.0, "not_included"))
            with self.subTest(cost_class):
                self._assert(self._ask(cost_class), covered, "warranty", rule)

    def test_windows(self):
        for cost_class, day, covered, regime in [
            ("part", date(2024, 3, 9), 0.0, "on_demand"),
            ("part", date(2024, 3, 10), 1.0, "warranty"),
            ("part", date(2026, 3, 10), 1.0, "warranty"),
            ("part", date(2026, 3, 11), 0.0, "post_warranty"),
            ("labour", date(2025, 3, 10), 0.5, "warranty"),
            ("labour", date(2025, 3, 11), 0.0, "warranty"),
        ]:
            with self.subTest(cost_class=cost_class, day=day):
                decision = self._ask(cost_class, day)
                self.assertEqual((decision.covered_share, decision.regime), (covered, regime))

    def test_exclusions(self):
        self._assert(self._ask(product=self.filter), 0.0, "warranty", "excluded_product")
        self._assert(self._ask(product=self.seal), 0.0, "warranty", "excluded_product")
        self._assert(self._ask(product=self.pump), 1.0, "warranty", "term")
        self._assert(self._ask(fault=self.fault), 0.0, "warranty", "excluded_fault")
        self._assert(self._ask(fault=self.misuse), 0.0, "warranty", "misuse")

    def test_no_unit_and_no_warranty(self):
        self._assert(self._ask(unit=self.env["after.sales.unit"]), 0.0, "on_demand", "nothing")
        self.term.active = False
        bare = self._create_unit(serial="A2")
        self._assert(self._ask(unit=bare), 0.0, "on_demand", "nothing")

    def test_what_has_not_started_says_so(self):
        """A start that is missing or in the future is told, not a cover that there is none."""
        term = self._create_term("From installation", start_basis="installation")
        self.term.active = False
        unit = self._create_unit(serial="A3", delivery_date=date(2024, 3, 10))
        decision = self._ask(unit=unit)
        self._assert(decision, 0.0, "on_demand", "nothing")
        self.assertIn("waits for this date: Installation", decision.reason)
        unit.installation_date = date(2025, 2, 1)
        self.assertIn("starts on 02/01/2025", self._ask(unit=unit).reason)
        unit.warranty_ids._add_event("void", date(2025, 2, 2))
        self.assertIn("covers 100%", self._ask(unit=unit, day=date(2025, 2, 1)).reason)
        self.assertEqual(unit.warranty_ids.term_id, term)

    def test_void_and_suspended(self):
        self.warranty._add_event("void", date(2025, 6, 1), reason="opened by others")
        self._assert(self._ask(day=date(2025, 5, 31)), 1.0, "warranty", "term")
        decision = self._ask(day=date(2025, 6, 1))
        self._assert(decision, 0.0, "post_warranty", "nothing")
        self.assertIn(self.warranty.number, decision.reason)
        self.warranty.event_ids.filtered(lambda e: e.kind == "void").unlink()
        self.warranty.repair_policy = "suspend"
        self.warranty._open_suspension(date(2026, 3, 1))
        self._assert(self._ask(day=date(2026, 5, 1)), 1.0, "warranty", "term")
        self.warranty._close_suspension(date(2026, 3, 11))
        self.assertEqual(self.warranty.date_end, date(2026, 3, 21))
        self._assert(self._ask(day=date(2026, 5, 1)), 0.0, "post_warranty", "nothing")

    def test_claim_limit(self):
        self.warranty.claim_limit = 1
        self._assert(self._ask(), 1.0, "warranty", "term")
        self.env["after.sales.claim"].create(
            {"unit_id": self.unit.id, "warranty_id": self.warranty.id, "state": "authorised"}
        )
        self._assert(self._ask(), 0.0, "warranty", "claim_limit")

    def test_best_of_two_warranties(self):
        self._create_term("Labour too", labour_share=80)
        self.unit._grant_warranties()
        decision = self._ask("labour")
        self.assertEqual(decision.covered_share, 0.8)
        self.assertEqual(decision.main_payer, "warranty")

    def test_reason_in_the_language_asked(self):
        self.env["res.lang"]._activate_lang("it_IT")
        decision = self.coverage.with_context(lang="it_IT")._resolve(
            [CoverageRequest("k", self.company.id, False, False, False, "part", date(2025, 1, 1))]
        )["k"]
        self.assertIn("garanzia", decision.reason)

    def test_statements_do_not_grow(self):
        """The same work in the database for 10 and for 200 requests."""

        def requests(count):
            return [
                CoverageRequest(
                    i,
                    self.company.id,
                    self.consumer.id,
                    units[i % len(units)].id,
                    self.filter.id if i % 2 else self.seal.id,
                    COST_CLASSES[i % 6],
                    date(2025, 1, 1),
                    self.fault.id if i % 3 else False,
                )
                for i in range(count)
            ]

        units = self._create_unit(serial="Q0")
        for i in range(1, 40):
            units |= self._create_unit(serial=f"Q{i}")
        counts = []
        for size in (10, 200):
            batch = requests(size)
            self.coverage._resolve(batch[:1])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.coverage._resolve(batch)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_reason_in_the_language_of_the_customer(self):
        """An agent who works in English tells an Italian customer in Italian why he pays."""
        self.env["res.lang"]._activate_lang("it_IT")
        italian = self.env["res.partner"].create({"name": "Rossi Srl", "lang": "it_IT"})
        requests = [
            CoverageRequest(
                key=partner.id,
                company_id=self.company.id,
                partner_id=partner.id,
                unit_id=self.unit.id,
                product_id=False,
                cost_class="part",
                date=date(2025, 1, 1),
            )
            for partner in (italian, self.consumer)
        ]
        decisions = self.coverage._resolve(requests)
        self.assertIn("copre al 100% ", decisions[italian.id].reason)
        self.assertIn("10/03/2026", decisions[italian.id].reason)
        self.assertIn("covers 100% of", decisions[self.consumer.id].reason)
