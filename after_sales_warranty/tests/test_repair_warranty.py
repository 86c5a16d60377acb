from datetime import date

from psycopg2.errors import CheckViolation

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.coverage import CoverageRequest
from .common import AfterSalesCommon


@tagged("post_install", "-at_install")
class TestRepairWarranty(AfterSalesCommon):
    """D60, L34: a repair is under warranty for the parts it put in, and for nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term()
        cls.unit = cls._create_unit(serial="RW", delivery_date=date(2020, 3, 10))
        cls.claim = cls.env["after.sales.claim"].create({"unit_id": cls.unit.id})
        cls.day = date(2026, 5, 1)

    def _ask(self, product, day, cost_class="part"):
        request = CoverageRequest(
            "k", self.company.id, self.consumer.id, self.unit.id, product.id, cost_class, day
        )
        return self.env["after.sales.coverage"]._resolve([request])["k"]

    def _grant(self, parts, months=6, source=None):
        return self.unit._grant_repair_warranty(parts, months, source, day=self.day)

    def test_only_its_part(self):
        end = self.unit.warranty_end
        warranty = self._grant(self.pump, source=self.claim)
        self.assertRecordValues(
            warranty, [{"kind": "repair", "date_start": self.day, "date_end": date(2026, 11, 1)}]
        )
        self.assertEqual(warranty.event_ids.res_id, self.claim.id)
        decision = self._ask(self.pump, date(2026, 6, 1))
        self.assertEqual((decision.covered_share, decision.regime, decision.rule), (1.0, "warranty", "term"))
        for product, cost_class in (
            (self.filter, "part"),
            (self.env["product.product"], "part"),
            (self.env["product.product"], "labour"),
        ):
            decision = self._ask(product, date(2026, 6, 1), cost_class)
            self.assertEqual(
                (decision.covered_share, decision.regime, decision.rule, decision.main_payer),
                (0.0, "post_warranty", "not_this_part", "customer"),
            )
            self.assertIn("covers only Pump", decision.reason)
        self.assertEqual(self._ask(self.pump, date(2026, 6, 1), "labour").rule, "not_included")
        decision = self._ask(self.pump, date(2026, 12, 1))
        self.assertEqual((decision.covered_share, decision.rule), (0.0, "nothing"))
        self.assertNotIn("repair", decision.reason, "the reason is the unit's own warranty")
        self.assertEqual(self.unit.warranty_end, end)

    @freeze_time("2026-06-01")
    def test_the_unit_is_not_in_warranty_for_it(self):
        self._grant(self.pump)
        self.unit.invalidate_recordset()
        self.assertEqual(self.unit.warranty_state, "expired")
        found = self.env["after.sales.unit"].search(
            [("id", "=", self.unit.id), ("warranty_state", "=", "in_warranty")]
        )
        self.assertFalse(found)

    def test_beside_the_base_warranty(self):
        """It never worsens what the base warranty pays, nor speaks where that decides."""
        unit = self._create_unit(serial="RW2", delivery_date=date(2026, 3, 10))
        unit._grant_repair_warranty(self.pump, 6, day=self.day)
        self.unit = unit
        decision = self._ask(self.filter, date(2026, 6, 1))
        self.assertEqual((decision.covered_share, decision.regime), (1.0, "warranty"))
        self.assertNotIn("covers only", decision.reason)

    def test_once_for_each_repair(self):
        first = self._grant(self.pump, source=self.claim)
        self.assertFalse(self._grant(self.pump, source=self.claim))
        second = self._grant(self.pump | self.filter, source=self.claim)
        self.assertEqual(second.covered_product_ids, self.filter)
        again = self._grant(self.pump, source=self.claim.copy())
        self.assertEqual(again.covered_product_ids, first.covered_product_ids)
        self.assertFalse(self._grant(self.env["product.product"]))
        self.assertFalse(self._grant(self.pump, months=0))

    def test_taken_back_and_given_anew(self):
        """As if it had never begun; the card tells it apart from a cover that a person took away."""
        warranty = self._grant(self.pump, source=self.claim)
        self.env["after.sales.warranty"]._take_back_repair(self.claim, "Reopened")
        self.assertRecordValues(warranty, [{"ended_by": "void", "date_end": date(2026, 4, 30)}])
        self.assertEqual(self._ask(self.pump, date(2026, 6, 1)).rule, "nothing")
        again = self._grant(self.pump, source=self.claim)
        self.assertEqual((again.covered_product_ids, again.ended_by), (self.pump, False))
        self.assertFalse(self._grant(self.pump, source=self.claim))

    def test_months_of_the_company(self):
        self.unit._cover_new_parts(self.pump, self.claim, self.day, "Repair")
        self.assertEqual(self.unit.warranty_ids.mapped("kind"), ["conventional"])
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.company.after_sales_repair_months = -1
        settings = self.env["res.config.settings"].create({"after_sales_repair_months": 6})
        settings.execute()
        self.unit._cover_new_parts(self.pump, self.claim, self.day, "Repair")
        cover = self.unit.warranty_ids.filtered(lambda warranty: warranty.kind == "repair")
        self.assertEqual(cover.date_end, date(2026, 11, 1))

    def test_name_in_all_languages(self):
        self.env["res.lang"]._activate_lang("it_IT")
        warranty = self._grant(self.pump)
        self.assertTrue(warranty.name)
        self.assertTrue(warranty.with_context(lang="it_IT").name)

    def test_term_limited_to_parts(self):
        """A term may promise long cover on some parts: the promise is kept on the unit."""
        self.term.active = False
        self._create_term(
            "Ten years on the pump", duration=120, covered_product_ids=[Command.link(self.pump.id)]
        )
        self.unit = self._create_unit(serial="RW3", delivery_date=date(2020, 3, 10))
        self.assertEqual(self._ask(self.pump, self.day).covered_share, 1.0)
        decision = self._ask(self.filter, self.day)
        self.assertEqual((decision.covered_share, decision.regime), (0.0, "on_demand"))
