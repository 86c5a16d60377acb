from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_field import SIGNATURE, FieldCommon


@tagged("post_install", "-at_install")
class TestPartsNotUsed(FieldCommon):
    """What was brought and not used stays ours, costs the customer nothing, and is for the next visit."""

    def _plan(self, product, quantity):
        visit = self._create_visit(self.technician_user)
        part = self._add_part(visit, product, quantity)
        visit.action_plan()
        return visit, part

    def _get_free(self, product):
        return self.env["stock.quant"]._get_available_quantity(product, self.van)

    def test_nobody_opened(self):
        visit, part = self._plan(self.part_a, 3)
        charges = self._finish(visit, "customer_absent")
        self.assertFalse(charges.filtered(lambda charge: charge.kind == "part"))
        self.assertFalse(part.is_fitted or part.is_consumed)
        self.assertEqual(self._get_free(self.part_a), 10, "reserved for nobody any more")
        following = self.env["after.sales.intervention"].browse(visit.action_follow_up()["res_id"])
        self.assertEqual((following.part_ids, part.is_fitted), (part, True))
        following.write({"date_start": "2026-03-16 09:00:00", "date_end": "2026-03-16 10:00:00"})
        following.action_plan()
        self.assertEqual((part.availability, self._get_free(self.part_a)), ("reserved", 7))
        charges = self._finish(following, work_done="Board changed")
        self.assertEqual(charges.filtered(lambda charge: charge.kind == "part").quantity, 3)
        self.assertEqual(self._get_free(self.part_a), 7)

    def test_what_had_not_come(self):
        """Of a visit that could not solve it the parts that were missing are for the next one, the others were used."""
        visit, missing = self._plan(self.part_a, 14)
        there = self._add_part(visit, self.part_b, 2)
        self.assertEqual(missing.availability, "missing")
        charges = self._finish(visit, "second_visit", outcome_reason="Valve missing")
        self.assertEqual(charges.filtered(lambda charge: charge.kind == "part").product_id, self.part_b)
        self.assertEqual((missing.is_fitted, there.is_fitted), (False, True))
        following = self.env["after.sales.intervention"].browse(visit.action_follow_up()["res_id"])
        self.assertEqual((following.part_ids, visit.part_ids), (missing, there))

    def test_the_technician_decides(self):
        visit, part = self._plan(self.part_a, 1)
        other = self._add_part(visit, self.part_b, 1)
        visit.action_start()
        part.is_fitted = False
        charges = self._finish(visit)
        self.assertEqual(charges.filtered(lambda charge: charge.kind == "part").product_id, self.part_b)
        self.assertTrue(other.is_consumed)
        with self._quietly_refused(UserError, "finished"):
            part.is_fitted = True

    def test_signed_is_signed(self):
        visit, part = self._plan(self.part_a, 1)
        visit.action_start()
        visit.write({"outcome": "solved"})
        visit.write({"signature": SIGNATURE, "signed_by": "Carla"})
        with self._quietly_refused(UserError, "signed"):
            part.is_fitted = False
