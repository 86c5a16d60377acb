from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestInterventionAccess(FieldCommon):
    """Who has nothing to do with a visit neither sees nor changes it, and nobody takes what is not ours."""

    def test_other_technicians_and_customers_stay_out(self):
        visit = self._create_visit(self.agent)
        colleague = self._create_technician("colleague")
        portal = self._create_user("hd_portal", "base.group_portal", partner_id=self.consumer.id)
        other_company = self.env["res.company"].create({"name": "Other Service"})
        foreigner = self._create_technician("foreigner", other_company)
        for user in (colleague.user_id, portal, foreigner.user_id):
            with self.subTest(user.login):
                own = visit.with_user(user)
                with self.assertRaises(AccessError):
                    own.read(["name"])
                with self.assertRaises(AccessError):
                    own.action_plan()
                with self.assertRaises(AccessError):
                    self._add_session(own, "work", 9, 10)
        for user in (colleague.user_id, foreigner.user_id):
            self.assertFalse(
                self.env["after.sales.intervention"].with_user(user).search([("id", "=", visit.id)])
            )
        visit.technician_ids |= colleague
        visit.with_user(colleague.user_id).action_plan()

    def test_parts_come_out_of_our_own_stock(self):
        visit = self._create_visit(self.agent).with_user(self.technician_user)
        for location in (self.company.after_sales_goods_location_id, self.customer_location):
            with self._quietly_refused(ValidationError, "not taken from"):
                self._add_part(visit, self.part_a, location_id=location.id)

    def test_part_of_another_company(self):
        other_company = self.env["res.company"].create({"name": "Other Service"})
        foreign = self._create_product("Foreign", company_id=other_company.id)
        visit = self._create_visit(self.agent)
        with self._quietly_refused(AccessError):
            self._add_part(visit, foreign)
        self.agent.company_ids |= other_company
        both = visit.with_context(allowed_company_ids=(self.company | other_company).ids)
        with self._quietly_refused(UserError, "compan"):
            self._add_part(both, foreign)
