from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestSpareList(FieldCommon):
    """D66: parts are taken from the spare list of the product, and covered like any other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._create_covered_unit(part=100.0)
        cls.unit.product_id.after_sales_spare_ids = cls.part_a | cls.part_b

    def _choose(self, visit, *parts):
        wizard = self.env["after.sales.intervention.spares"].with_user(self.technician_user)
        wizard = wizard.with_context(**visit.action_add_spares()["context"]).create({})
        for part in parts:
            wizard.product_ids += part
        return wizard

    def test_taken_from_the_list_and_covered(self):
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id)
        wizard = self._choose(visit, self.part_a)
        self.assertEqual(wizard.available_ids, self.part_a | self.part_b)
        wizard.action_add()
        self.assertRecordValues(
            visit.part_ids, [{"product_id": self.part_a.id, "quantity": 1.0, "location_id": self.van.id}]
        )
        self.assertEqual(
            self._choose(visit).available_ids, self.part_b, "what is on the visit is not offered"
        )
        charges = self._finish(visit)
        self.assertEqual(charges.mapped("payer"), ["warranty"])
        self.assertEqual(charges.mapped("amount_customer"), [0.0])

    def test_no_list_and_no_visit_under_way(self):
        with self._quietly_refused(UserError, "no spare parts"):
            self._create_visit(self.technician_user).action_add_spares()
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id)
        wizard = self._choose(visit, self.part_a)
        self._finish(visit)
        for action in (wizard.action_add, visit.action_add_spares):
            with self._quietly_refused(UserError, "is finished"):
                action()
        other = self._create_technician("hd_other")
        with self._quietly_refused(AccessError):
            visit.with_user(other.user_id).action_add_spares()

    def test_part_of_another_company_is_not_offered(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.unit.product_id.after_sales_spare_ids += self._create_product("Foreign", company_id=other.id)
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id)
        self.assertEqual(self._choose(visit).available_ids, self.part_a | self.part_b)
