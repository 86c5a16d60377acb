from datetime import date

from psycopg2 import IntegrityError

from odoo.tools import mute_logger

from .common import ContractCommon


class TestTariff(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["after.sales.tariff"].search([]).active = False
        cls.general = cls._create_tariff("General")
        cls.tariffs = cls.env["after.sales.tariff"]

    def test_most_special_tariff_wins(self):
        day = date(2026, 6, 1)
        site = self.env["res.partner"].create(
            {"name": "Plant", "parent_id": self.business.id, "type": "delivery"}
        )
        agreed = self._create_tariff("Agreed", is_special=True)
        technician = self.env["resource.resource"].create(
            {"name": "Tina", "is_technician": True, "tariff_id": agreed.id}
        )
        regime = self.env.ref("after_sales_contract.after_sales_regime_on_demand")
        self.assertEqual(self.tariffs._get_for(partner=self.business, date=day), self.general)
        regime.tariff_id = self._create_tariff("On demand", is_special=True)
        self.assertEqual(
            self.tariffs._get_for(partner=self.business, date=day, regime=regime), regime.tariff_id
        )
        self.assertEqual(
            self.tariffs._get_for(partner=self.business, date=day, regime=regime, technician=technician),
            agreed,
        )
        customer = self._create_tariff("Customer", partner_id=self.business.id)
        self.assertEqual(self.tariffs._get_for(partner=site, date=day, technician=technician), customer)
        plant = self._create_tariff("Plant", partner_id=site.id)
        self.assertEqual(self.tariffs._get_for(partner=self.business, site=site, date=day), plant)
        contract = self._create_contract(tariff_id=agreed.id)
        self.assertEqual(self.tariffs._get_for(contract, self.business, self.company, day, site), agreed)

    def test_dated(self):
        self.general.date_to = date(2026, 6, 30)
        newer = self._create_tariff("2026/2", date_from=date(2026, 7, 1))
        self.assertEqual(self.tariffs._get_for(date=date(2026, 6, 30)), self.general)
        self.assertEqual(self.tariffs._get_for(date=date(2026, 7, 1)), newer)
        self.general.date_from = date(2026, 1, 1)
        self.assertFalse(self.tariffs._get_for(date=date(2025, 7, 1)))

    def test_line_by_band(self):
        tariff = self._create_tariff(
            "Bands",
            [("labour", self.ordinary, 52.0), ("overtime", self.overtime, 78.0), ("travel_km", None, 0.62)],
        )
        self.assertEqual(tariff._get_line("labour", self.ordinary).price, 52.0)
        self.assertEqual(tariff._get_line("overtime", self.overtime).price, 78.0)
        self.assertEqual(tariff._get_line("travel_km").price, 0.62)
        self.assertFalse(tariff._get_line("per_diem"))
        self.assertEqual(tariff._get_line("labour").band_id, self.ordinary)
        self.assertFalse(tariff._get_line("labour", self.overtime))
        self.assertEqual(self.general._get_line("overtime", self.overtime).price, 52.0, "labour of any band")

    def test_minimum_and_rounding(self):
        line = self.general.line_ids
        line.write({"minimum": 1.0, "step": 0.25})
        self.assertEqual([line._get_billable_quantity(hours) for hours in (0, 0.2, 1.1)], [0.0, 1.0, 1.25])
        self.assertEqual(line._get_cost_class(), "labour")

    @mute_logger("odoo.sql_db")
    def test_one_price_per_activity(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.general.line_ids.copy()

    def test_first_tariff_is_named_in_every_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        company = self.env["res.company"].create({"name": "Newer Company"})
        tariff = self.env["after.sales.tariff"].search([("company_id", "=", company.id)])
        self.assertEqual(tariff.name, "Service tariff")
        self.assertEqual(tariff.with_context(lang="it_IT").name, "Tariffario di servizio")

    def test_company_has_a_tariff_from_the_start(self):
        """CT-29: the app works the minute it is installed, in every company."""
        company = self.env["res.company"].create({"name": "New Branch"})
        tariff = self.tariffs.search([("company_id", "=", company.id)])
        self.assertEqual(len(tariff.line_ids), 8)
        self.assertEqual(tariff.currency_id, company.currency_id)
        self.assertEqual(tariff._get_line("travel_km").uom_id, self.env.ref("uom.product_uom_km"))
        self.assertTrue(self.env.ref("uom.product_uom_km").active)
        company._create_after_sales_tariff()
        self.assertEqual(self.tariffs.search_count([("company_id", "=", company.id)]), 1)
