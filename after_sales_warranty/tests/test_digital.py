from datetime import date

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AGENT, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestDigital(AfterSalesCommon):
    """Products with digital elements: law holds the seller liable as long as they are supplied (L04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("digital_agent", AGENT)
        cls.italy = cls.env.ref("base.it")
        (cls.consumer | cls.business).country_id = cls.italy
        cls._create_term("The law's", kind="legal")
        cls._create_term("The maker's", duration=36)
        cls.machine.after_sales_digital_months = 60
        cls.software = cls.env.ref("after_sales_warranty.after_sales_fault_c41")
        cls.wear = cls.env.ref("after_sales_warranty.after_sales_fault_c20")
        cls.unit = cls._create_unit(serial="DIG-1")

    def _check(self, fault, day, unit=None):
        claim = self.env["after.sales.claim"].with_user(self.agent)
        claim = claim.create({"unit_id": (unit or self.unit).id, "fault_id": fault.id, "date": day})
        claim.action_check()
        return claim

    def test_until_when(self):
        russia = self.env["res.partner"].create({"name": "Ivan", "country_id": self.env.ref("base.ru").id})
        france = self.env["res.partner"].create({"name": "Luc", "country_id": self.env.ref("base.fr").id})
        table = [
            ({}, date(2031, 3, 10)),
            ({"partner_id": france.id}, date(2031, 3, 10)),
            ({"partner_id": self.business.id}, False),
            ({"partner_id": russia.id}, False),
            ({"delivery_date": date(2021, 12, 31)}, False),
            ({"delivery_date": date(2024, 2, 29)}, date(2029, 2, 28)),
            ({"delivery_date": False}, False),
            ({"product_id": self.pump.id}, False),
        ]
        for number, (values, until) in enumerate(table):
            with self.subTest(values):
                self.assertEqual(self._create_unit(serial=f"T{number}", **values).digital_until, until)

    def test_what_was_sold_does_not_change(self):
        self.machine.after_sales_digital_months = 12
        self.assertRecordValues(self.unit, [{"digital_months": 60, "digital_until": date(2031, 3, 10)}])
        self.unit.with_user(self.agent).delivery_date = date(2026, 4, 10)
        self.assertEqual(self.unit.digital_until, date(2031, 4, 10))
        lot = self._create_lot(self.machine, "DIG-2")
        self.assertEqual(self._deliver(self.machine, lots=lot).digital_months, 12)

    def test_table_of_claims(self):
        """The legal warranty lasts two years, the maker's three, the digital elements five."""
        table = [
            (self.software, date(2028, 3, 10), 1.0, "warranty"),
            (self.software, date(2029, 3, 11), 1.0, "warranty"),
            (self.software, date(2031, 3, 10), 1.0, "warranty"),
            (self.software, date(2031, 3, 11), 0.0, "post_warranty"),
            (self.wear, date(2028, 3, 10), 1.0, "warranty"),
            (self.wear, date(2029, 3, 11), 0.0, "post_warranty"),
        ]
        for fault, day, share, regime in table:
            with self.subTest(fault=fault.code, day=day):
                claim = self._check(fault, day)
                self.assertRecordValues(claim, [{"part_share": share, "regime": regime}])
        claim = self._check(self.software, date(2030, 1, 1))
        self.assertEqual(claim.warranty_id.kind, "legal")
        self.assertIn("digital elements, which are supplied until", claim.decision)

    def test_customer_reads_it(self):
        """On the card and the portal, and of the legal warranty alone."""
        legal = self.unit.warranty_ids.filtered(lambda w: w.kind == "legal")
        line = {"name": "Digital elements", "percent": 100.0, "end": date(2031, 3, 10)}
        self.assertIn(line, legal._get_class_lines())
        self.assertNotIn("Digital elements", str((self.unit.warranty_ids - legal)._get_class_lines()))
        self.unit.digital_months = 12
        self.assertNotIn("Digital elements", str(legal._get_class_lines()), "the two years of law are longer")

    def test_not_without_law_or_after_a_loss(self):
        business = self._create_unit(serial="DIG-3", partner_id=self.business.id)
        self.assertRecordValues(self._check(self.software, date(2030, 1, 1), business), [{"part_share": 0.0}])
        self.unit.warranty_ids._add_event("void", date(2027, 1, 1), reason="Opened by others")
        self.assertRecordValues(self._check(self.software, date(2030, 1, 1)), [{"part_share": 0.0}])

    def test_impossible_months(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.machine.after_sales_digital_months = -1
            self.machine.flush_recordset()
