from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AfterSalesCommon


@tagged("post_install", "-at_install")
class TestTerm(AfterSalesCommon):
    """Which terms a unit is entitled to."""

    def _terms(self, **values):
        values.setdefault("serial", str(self.env["after.sales.unit"].search_count([])))
        return self._create_unit(**values).warranty_ids.term_id

    def test_product_and_category(self):
        parent = self.env["product.category"].create({"name": "Machines"})
        self.machine.categ_id = self.env["product.category"].create({"name": "Big", "parent_id": parent.id})
        for_product = self._create_term("P", applies_to="selected")
        self.machine.product_tmpl_id.warranty_term_ids = for_product
        for_category = self._create_term("C", applies_to="selected", categ_ids=[Command.link(parent.id)])
        self._create_term("Nobody", applies_to="selected")
        self.assertEqual(self._terms(), for_product | for_category)
        self.assertFalse(self._terms(product_id=self.pump.id))

    def test_customer_kind_and_country(self):
        consumers = self._create_term("Consumers", customer_kind="consumer")
        businesses = self._create_term("Businesses", customer_kind="business")
        italy = self._create_term("Italy", country_ids=[Command.link(self.env.ref("base.it").id)])
        self.assertEqual(self._terms(partner_id=self.consumer.id), consumers)
        self.assertEqual(self._terms(partner_id=self.business.id), businesses)
        self.assertEqual(self._terms(partner_id=False), consumers)
        self.consumer.country_id = self.env.ref("base.it")
        self.assertEqual(self._terms(), consumers | italy)

    def test_validity_and_company(self):
        old = self._create_term("Old", date_to=date(2025, 12, 31))
        new = self._create_term("New", date_from=date(2026, 1, 1))
        other = self.env["res.company"].create({"name": "Other"})
        self._create_term("Theirs", company_id=other.id)
        self.assertEqual(self._terms(delivery_date=date(2025, 12, 31)), old)
        self.assertEqual(self._terms(delivery_date=date(2026, 1, 1)), new)

    def test_shipped_legal_terms(self):
        shipped = self.env["after.sales.warranty.term"].with_context(active_test=False).search([])
        shipped.active = True
        eu = self.env.ref("after_sales_warranty.after_sales_warranty_term_legal_eu")
        ru = self.env.ref("after_sales_warranty.after_sales_warranty_term_legal_ru")
        business = self.env.ref("after_sales_warranty.after_sales_warranty_term_legal_it_business")
        for country, partner, term in [
            ("base.it", self.consumer, eu),
            ("base.de", self.consumer, eu),
            ("base.ru", self.consumer, ru),
            ("base.us", self.consumer, eu.browse()),
            ("base.it", self.business, business),
        ]:
            partner.country_id = self.env.ref(country)
            self.assertEqual(self._terms(partner_id=partner.id), term)

    def test_law_sets_a_minimum(self):
        """L01: no legal term for consumers in Italy below two years."""
        term = self.env.ref("after_sales_warranty.after_sales_warranty_term_legal_eu")
        with self.assertRaisesRegex(ValidationError, "24 months"):
            term.write({"active": True, "duration": 1})

    def test_rules_are_dated(self):
        """L05 and L06: the burden of proof changed on 1 January 2022, the duty to report ended."""
        rule = self.env["after.sales.warranty.rule"]
        italy = self.env.ref("base.it")
        for code, kind, day, value in [
            ("burden_of_proof", "consumer", date(2021, 12, 31), 6),
            ("burden_of_proof", "consumer", date(2022, 1, 1), 12),
            ("notice_days", "consumer", date(2021, 12, 31), 60),
            ("notice_days", "consumer", date(2022, 1, 1), 0),
            ("notice_days", "business", date(2026, 1, 1), 8),
            ("repair_extends", "consumer", date(2026, 7, 30), 0),
            ("repair_extends", "consumer", date(2026, 7, 31), 12),
        ]:
            with self.subTest(code=code, day=day):
                self.assertEqual(rule._find(code, italy, kind, day).value, value)

    @mute_logger("odoo.sql_db")
    def test_impossible_terms(self):
        for values in (
            {"duration": 0},
            {"duration": -1},
            {"part_share": 120},
            {"duration": 12, "labour_duration": 13},
            {"claim_limit": -1},
            {"date_from": "2026-02-01", "date_to": "2026-01-01"},
        ):
            with self.subTest(values), self.assertRaises(IntegrityError), self.cr.savepoint():
                self._create_term(**values)
                self.env.flush_all()

    def test_fault_tree(self):
        fault = self.env.ref("after_sales_warranty.after_sales_fault_s41")
        self.assertEqual(fault.complete_name, "Leaks / Leaks water")
        with self.assertRaises(UserError):
            fault.parent_id.parent_id = fault
        with self.assertRaises(ValidationError):
            fault.parent_id = self.env.ref("after_sales_warranty.after_sales_fault_c10")
        self.assertIn(fault.id, [row[0] for row in fault.name_search("S41")])

    def test_copy_has_its_own_name(self):
        self.assertEqual(self._create_term("Mine").copy().name, "Mine (copy)")

    def test_warranty_of_a_component_is_not_that_of_the_unit(self):
        self._create_term("Whole", duration=12)
        self._create_term("Pump only", duration=120, covered_product_ids=[Command.link(self.pump.id)])
        unit = self._create_unit(serial="COMP", delivery_date=date(2024, 1, 1))
        self.assertEqual(
            unit.warranty_end, max(w.date_end for w in unit.warranty_ids if not w.covered_product_ids)
        )
        self.assertEqual(unit.warranty_state, "expired")
        found = self.env["after.sales.unit"].search([("warranty_state", "=", "in_warranty")])
        self.assertNotIn(unit, found)
        self.assertIn(unit, self.env["after.sales.unit"].search([("warranty_state", "=", "expired")]))
