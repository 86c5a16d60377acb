from odoo import fields, http
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .extension_common import ExtensionCommon

SALES = "sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class TestExtensionWords(ExtensionCommon, HttpCase):
    """What an order of an extension tells: which units, why none, and who looks after the customer."""

    def test_units_found_are_told(self):
        order = self._sell((self.machine, 1), (self.service, 1))
        unit = self._ship(order, {self.machine: self.lots[:1]})
        line = order.order_line.filtered("after_sales_extension_term_id").with_user(
            self._create_user("words", SALES)
        )
        self.assertFalse(line.after_sales_unit_ids)
        self.assertEqual(line.after_sales_extended_unit_ids, unit)

    def test_a_term_for_other_products(self):
        self.one_year.product_tmpl_ids = [Command.set(self.pump.product_tmpl_id.ids)]
        order = self._sell((self.machine, 1), (self.service, 1))
        self._ship(order, {self.machine: self.lots[:1]})
        note = self._get_alert(order).note
        self.assertIn("the term One more year is not for Machine", note)
        self.assertNotIn("no unit was found", note)
        self.assertIn("no unit was found", self._get_alert(self._sell((self.service, 1))).note)

    def test_who_looks_after_the_order(self):
        """Not the robot whose rights show the page: the customer's salesperson, else who sold the unit, else nobody."""
        customer = self._create_user("customer", "base.group_portal", password="customer-pass")
        seller, keeper = self._create_user("seller", SALES), self._create_user("keeper", SALES)
        sold = self._sell((self.machine, 1), partner=customer.partner_id, user_id=seller.id)
        table = [
            (False, sold, seller),
            (keeper, sold, keeper),
            (False, self.env["sale.order"], self.env["res.users"]),
        ]
        self.authenticate("customer", "customer-pass")
        for number, (user, origin, expected) in enumerate(table):
            customer.partner_id.user_id = user
            unit = self._create_unit(
                serial=f"O{number}",
                partner_id=customer.partner_id.id,
                delivery_date=fields.Date.today(),
                sale_order_id=origin.id,
            )
            page = self.url_open(
                f"/my/units/{unit.id}/extension/{self.service.id}",
                data={"csrf_token": http.Request.csrf_token(self)},
            )
            order = self.env["sale.order.line"].search([("after_sales_unit_ids", "in", unit.ids)]).order_id
            self.assertEqual((order.state, order.user_id), ("sent", expected))
            self.assertNotIn("OdooBot", page.text)
            self.assertEqual(order.create_uid, customer)
