from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .campaign_common import CampaignCommon


@tagged("post_install", "-at_install")
class TestCampaignSelection(CampaignCommon):
    """Which units a campaign takes."""

    def _selected(self, **criteria):
        campaign = self._create_campaign(**{"product_ids": False, **criteria})
        action = campaign.action_preview()
        units = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(campaign.selected_count, len(units))
        return units

    def test_selection_by_product(self):
        machine, pump = self._create_unit(serial="S1"), self._create_unit(product_id=self.pump.id)
        self.assertEqual(self._selected(product_ids=[(6, 0, self.machine.ids)]), machine)
        self.assertEqual(self._selected(product_tmpl_ids=[(6, 0, self.pump.product_tmpl_id.ids)]), pump)
        parent = self.env["product.category"].create({"name": "Heating"})
        self.machine.categ_id = self.env["product.category"].create(
            {"name": "Boilers", "parent_id": parent.id}
        )
        self.assertEqual(self._selected(categ_ids=[(6, 0, parent.ids)]), machine)
        both = self._selected(categ_ids=[(6, 0, parent.ids)], product_ids=[(6, 0, self.pump.ids)])
        self.assertEqual(both, machine | pump)

    def test_selection_by_serials(self):
        units = {
            s: self._create_unit(serial=s) for s in ("B-0008", "B-9", "B-0100", "b-0120", "B-0121", "C-0050")
        }
        self.assertEqual(
            self._selected(serial_from="B-0009", serial_to="B-0120"),
            units["B-9"] | units["B-0100"] | units["b-0120"],
        )
        self.assertEqual(self._selected(serial_to="B-0009"), units["B-0008"] | units["B-9"])
        self.assertEqual(self._selected(serial_from="B-0121"), units["B-0121"] | units["C-0050"])
        with self.assertRaisesRegex(ValidationError, "comes after"):
            self._create_campaign(serial_from="B-120", serial_to="B-0009")

    def test_selection_by_dates(self):
        old = self._create_unit(
            serial="D1", delivery_date=date(2025, 5, 1), manufacture_date=date(2025, 1, 1)
        )
        new = self._create_unit(
            serial="D2", delivery_date=date(2026, 5, 1), manufacture_date=date(2026, 1, 1)
        )
        self.assertEqual(self._selected(delivery_from="2025-05-02", delivery_to="2026-05-01"), new)
        self.assertEqual(self._selected(delivery_to="2025-05-01"), old)
        self.assertEqual(self._selected(manufacture_from="2025-01-01", manufacture_to="2025-12-31"), old)
        with self.assertRaisesRegex(ValidationError, "first day"):
            self._create_campaign(delivery_from="2026-05-02", delivery_to="2026-05-01")

    def test_selection_by_supplier_country_and_service(self):
        supplier = self.env["res.partner"].create({"name": "Maker", "is_company": True})
        italy, france = self.env.ref("base.it"), self.env.ref("base.fr")
        self.consumer.country_id, self.anna.country_id = france, italy
        abroad = self._create_unit(serial="E1", supplier_id=supplier.id)
        home = self._create_unit(serial="E2", partner_id=self.anna.id)
        moved = self._create_unit(serial="E3", site_id=self.anna.id, state="suspended")
        self.assertEqual(self._selected(supplier_ids=[(6, 0, supplier.ids)]), abroad)
        self.assertEqual(self._selected(country_ids=[(6, 0, italy.ids)]), home | moved)
        self.assertEqual(self._selected(country_ids=[(6, 0, italy.ids)], only_in_service=True), home)
        home._end("Scrapped.")
        self.assertEqual(self._selected(country_ids=[(6, 0, italy.ids)]), moved)

    def test_selection_by_component_lot(self):
        burner = self._create_product("Burner", tracking="lot")
        lot = self._create_lot(burner, "LOT-7")
        boiler, other = self._create_unit(serial="F1"), self._create_unit(serial="F2")
        body = self._create_unit(product_id=self.pump.id, parent_id=boiler.id)
        self._create_unit(product_id=burner.id, lot_id=lot.id, parent_id=body.id)
        loose = self._create_unit(product_id=burner.id, lot_id=lot.id)
        self.assertEqual(self._selected(component_lot_ids=[(6, 0, lot.ids)]), boiler | loose)
        self.assertTrue(other)

    def test_no_criteria(self):
        self._create_unit(serial="G1")
        campaign = self._create_campaign(product_ids=False)
        self.assertEqual(campaign.selected_count, 0)
        for action in (campaign.action_preview, campaign.action_prepare):
            with self.assertRaisesRegex(UserError, "Choose the units first"):
                action()
        with self.assertRaisesRegex(UserError, "No unit"):
            self._create_campaign(serial_from="Z").action_prepare()
