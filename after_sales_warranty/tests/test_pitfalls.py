from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import AfterSalesCommon


@tagged("post_install", "-at_install")
class TestPitfalls(AfterSalesCommon):
    """What other add-ons get wrong (demands.md, section 6), by its number."""

    @freeze_time("2026-06-15")
    def test_p01_product_without_warranty_is_not_covered_today(self):
        unit = self._create_unit(serial="P1", delivery_date=date(2026, 6, 15))
        self.assertRecordValues(
            unit, [{"warranty_end": False, "warranty_state": "none", "warranty_count": 0}]
        )
        self.assertIn(unit, unit.search([("warranty_state", "=", "none")]))
        self.assertNotIn(unit, unit.search([("warranty_state", "=", "in_warranty")]))

    def test_p02_no_start_date_waits(self):
        term = self._create_term(start_basis="installation")
        unit = self._create_unit(serial="P2", delivery_date=False)
        self.assertRecordValues(
            unit.warranty_ids,
            [{"term_id": term.id, "state": "pending", "date_start": False, "date_end": False}],
        )
        unit.installation_date = date(2026, 5, 1)
        self.assertEqual(unit.warranty_ids.date_end, date(2028, 5, 1))

    def test_p03_what_was_sold_stays_as_it_was(self):
        term = self._create_term(part_share=80, applies_to="selected")
        self.machine.product_tmpl_id.warranty_term_ids = term
        unit = self._create_unit(serial="P3")
        term.write({"duration": 12, "part_share": 10, "transferable": False, "name": "Poorer"})
        self.machine.product_tmpl_id.warranty_term_ids = False
        self.assertRecordValues(
            unit.warranty_ids,
            [
                {
                    "date_end": date(2028, 3, 10),
                    "part_share": 80.0,
                    "transferable": True,
                    "name": "Two years",
                }
            ],
        )
        term.active = False
        self.assertEqual(unit.warranty_end, date(2028, 3, 10))

    def test_p04_supplier_warranty_is_used(self):
        """In months from the receipt, kept on the unit, and it says whether a claim can be recovered."""
        supplier = self.env["res.partner"].create({"name": "Maker"})
        self.machine.seller_ids = [Command.create({"partner_id": supplier.id, "warranty_months": 12})]
        self._create_term()
        lot = self._create_lot(self.machine, "P4")
        with freeze_time("2026-01-31 10:00:00"):
            self._prepare_move(
                self.machine,
                1,
                lot,
                partner_id=supplier.id,
                location_id=self.supplier_location.id,
                location_dest_id=self.stock_location.id,
            )._action_done()
        with freeze_time("2026-06-15"):
            unit = self._deliver(self.machine, 1, lot)
        self.assertRecordValues(
            unit, [{"supplier_id": supplier.id, "supplier_warranty_end": date(2027, 1, 31)}]
        )
        self.machine.seller_ids.warranty_months = 1
        claims = self.env["after.sales.claim"].create(
            [{"unit_id": unit.id, "date": day} for day in (date(2027, 1, 31), date(2027, 2, 1))]
        )
        self.assertEqual(claims.mapped("is_recoverable"), [True, False])
        self.assertEqual(claims.supplier_id, supplier)
        self.assertEqual(claims.search([("is_recoverable", "=", True)]), claims[0])

    def test_p16_owner_is_the_unit_s_own_not_the_lot_s(self):
        """The lot only knows who it was delivered to; the owner of record follows resale and transfer."""
        lot = self._create_lot(self.machine, "P16")
        unit = self._deliver(self.machine, 1, lot)
        unit._change_owner(self.business, date.today())
        self.assertEqual(unit.partner_id, self.business)
        self.assertEqual(unit.owner_ids.partner_id, self.consumer | self.business)
        self.assertEqual(unit.search([("commercial_partner_id", "=", self.business.id)]), unit)
