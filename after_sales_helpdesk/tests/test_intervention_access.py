from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_field import DAY, FieldCommon


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

    def test_technician_saves_a_visit_with_its_lines_at_once(self):
        """The rules ask whether he is on the visit while its lines are saved."""
        with Form(self.env["after.sales.intervention"].with_user(self.technician_user)) as form:
            form.partner_id = self.consumer
            with form.part_ids.new() as part:
                part.product_id = self.part_a
            with form.expense_ids.new() as expense:
                expense.name, expense.amount = "Toll", 3.2
        visit = form.record
        self.assertEqual(visit.technician_ids, self.technician)
        self.assertEqual((visit.part_ids.product_id, visit.part_ids.location_id), (self.part_a, self.van))
        self.assertEqual(visit.expense_ids.amount, 3.2)
        lines = {
            "part_ids": [Command.create({"product_id": self.part_b.id})],
            "session_ids": [
                Command.create(
                    {
                        "kind": "work",
                        "date_start": DAY + timedelta(hours=9),
                        "date_stop": DAY + timedelta(hours=10),
                        "technician_id": self.technician.id,
                    }
                )
            ],
        }
        visit = self._create_visit(self.technician_user, **lines)
        self.assertEqual((visit.part_ids.product_id, visit.hours_work), (self.part_b, 1.0))
        colleague = self._create_technician("colleague")
        with self._quietly_refused(AccessError):
            self._create_visit(
                self.technician_user, technician_ids=[Command.set(colleague.ids)], part_ids=lines["part_ids"]
            )

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
