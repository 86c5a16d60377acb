from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestInterventionScan(FieldCommon):
    """Parts read by their barcode, and serials that take the place of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._create_covered_unit()
        cls.quant = cls.env["stock.quant"]

    def test_scan_a_product_and_its_package(self):
        self.part_a.barcode = "8000000000017"
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env["product.uom"].create(
            {"product_id": self.part_a.id, "uom_id": dozen.id, "barcode": "8000000000024"}
        )
        self.part_b.default_code = "GSK-1"
        visit = self._create_visit(self.technician_user)
        for code in ("8000000000017", " 8000000000017 ", "8000000000024", "GSK-1"):
            visit.scan_part(code)
        self.assertRecordValues(
            visit.part_ids,
            [
                {"product_id": self.part_a.id, "quantity": 2, "uom_id": self.part_a.uom_id.id},
                {"product_id": self.part_a.id, "quantity": 1, "uom_id": dozen.id},
                {"product_id": self.part_b.id, "quantity": 1, "uom_id": self.part_b.uom_id.id},
            ],
        )
        for code in ("nothing", "", False):
            with self._quietly_refused(UserError, "No part"):
                visit.scan_part(code)

    def test_scan_a_serial(self):
        pump = self._create_product("Pump", tracking="serial", after_sales_tracked=False, barcode="PUMP")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": pump.id, "company_id": self.company.id} for name in ("P-1", "P-2")]
        )
        visit = self._create_visit(self.technician_user)
        with self._quietly_refused(UserError, "serial number"):
            visit.scan_part("PUMP")
        self.quant._update_available_quantity(pump, self.van, 1, lot_id=lots[1])
        visit.scan_part("PUMP")
        self.assertEqual(visit.part_ids.lot_id, lots[1], "the only one in the van")
        with self._quietly_refused(UserError, "already"):
            visit.scan_part("P-2")
        visit.scan_part("P-1")
        self.assertEqual(visit.part_ids.lot_id, lots)
        visit.part_ids.filtered(lambda part: part.lot_id == lots[0]).unlink()
        self._finish(visit)
        with self._quietly_refused(UserError, "finished"):
            visit.scan_part("P-1")

    def _create_component(self):
        pump = self._create_product("Pump", tracking="serial")
        old = self.env["after.sales.unit"].create(
            {
                "product_id": pump.id,
                "serial": "P-OLD",
                "partner_id": self.unit.partner_id.id,
                "company_id": self.company.id,
                "parent_id": self.unit.id,
                "delivery_date": self.unit.delivery_date,
            }
        )
        lot = self.env["stock.lot"].create(
            {"name": "P-NEW", "product_id": pump.id, "company_id": self.company.id}
        )
        self.quant._update_available_quantity(pump, self.van, 1, lot_id=lot)
        return pump, old, lot

    def test_replaced_component_and_its_replacement_know_each_other(self):
        pump, old, lot = self._create_component()
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id)
        part = self._add_part(visit, pump, lot_id=lot.id, removed_serial="p old")
        self.assertEqual(part.removed_unit_id, old)
        self._finish(visit)
        new = part.fitted_unit_id
        self.assertRecordValues(
            old | new,
            [
                {"serial": "P-OLD", "replaced_by_id": new.id, "state": "ended", "parent_id": self.unit.id},
                {
                    "serial": "P-NEW",
                    "replaced_by_id": False,
                    "state": "in_service",
                    "parent_id": self.unit.id,
                },
            ],
        )
        self.assertEqual(new.replaces_id, old)
        visit.with_user(self.agent).action_reopen()
        self._finish(visit.with_user(self.agent))
        self.assertEqual(self.unit.child_ids, old | new, "done again replaces nothing again")

    def test_serial_without_a_record_is_noted_on_the_unit(self):
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id)
        self._add_part(visit, self.part_a, removed_serial="X-77")
        before = self.unit.message_ids
        self._finish(visit)
        self.assertIn("X-77", (self.unit.message_ids - before)[:1].body)

    def test_unit_of_somebody_else_is_not_replaced(self):
        foreign = self._create_unit(partner_id=self.business.id)
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id)
        with self._quietly_refused(ValidationError, "another customer"):
            self._add_part(visit, self.part_a, removed_unit_id=foreign.id)
