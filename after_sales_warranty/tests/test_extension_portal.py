from odoo import fields, http
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import AGENT
from .extension_common import ExtensionCommon


@tagged("post_install", "-at_install")
class TestExtensionPortal(ExtensionCommon, HttpCase):
    """An extension is offered from the unit by an agent, and ordered by the customer on his page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_user("customer", "base.group_portal", password="customer-pass")
        cls.unit = cls._create_unit(
            serial="P1", partner_id=cls.customer.partner_id.id, delivery_date=fields.Date.today()
        )
        cls.other = cls._create_unit(serial="P2", delivery_date=fields.Date.today())
        cls.tax = cls.env["account.tax"].create({"name": "Ten", "amount": 10.0})

    def _post(self, path, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=data)

    def _get_orders(self, unit):
        return self.env["sale.order.line"].search([("after_sales_unit_ids", "in", unit.ids)]).order_id

    def test_agent_with_and_without_sales(self):
        agent = self._create_user("agent", AGENT)
        action = self.unit.with_user(agent).action_offer_extension()
        order = self._get_orders(self.unit)
        if order.with_user(agent).has_access("read"):  # the desk gives agents this right
            self.assertEqual(action["res_id"], order.id)
        else:
            self.assertIn(order.name, action["params"]["message"])
        self.assertRecordValues(order, [{"partner_id": self.customer.partner_id.id, "state": "draft"}])
        self.assertRecordValues(order.order_line, [{"product_id": self.service.id, "product_uom_qty": 1.0}])
        self.assertIn("P1", order.order_line.name)
        seller = self._create_user("both", AGENT, "sales_team.group_sale_salesman_all_leads")
        action = self.unit.with_user(seller).action_offer_extension()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))
        self.assertEqual(self._get_orders(self.unit), order, "the open quotation is opened again")

    def test_several_to_choose_from(self):
        two = self._create_term("Two more years", kind="extension", duration=24)
        self._create_extension("Extension 24", two)
        self.unit.action_offer_extension()
        order = self._get_orders(self.unit)
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [1.0, 0.0])
        order.action_confirm()
        self.assertEqual(self._get_extensions(self.unit).term_id, self.one_year)

    def test_nothing_to_offer(self):
        agent = self._create_user("agent2", AGENT)
        for unit in (
            self._create_unit(serial="OVER", delivery_date="2020-01-01"),
            self._create_unit(product_id=self.pump.id),
        ):
            with self.assertRaisesRegex(UserError, "No extension is sold"):
                unit.with_user(agent).action_offer_extension()
        with self.assertRaisesRegex(UserError, "Record the owner"):
            self._create_unit(serial="NOBODY", partner_id=False).with_user(agent).action_offer_extension()

    def test_price_of_the_customer(self):
        self.service.taxes_id = [Command.set(self.tax.ids)]
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 50, "applied_on": "3_global"}
                    )
                ],
            }
        )
        self.customer.partner_id.property_product_pricelist = pricelist
        offer = self.unit._get_portal_extensions(self.customer.partner_id)[0]
        self.assertAlmostEqual(offer["price"], 55.0)
        order = self.unit._order_extension(self.service, self.customer.partner_id)
        self.assertAlmostEqual(order.amount_total, 55.0)

    def test_order_on_the_portal(self):
        self.authenticate("customer", "customer-pass")
        page = self.url_open(f"/my/units/{self.unit.id}")
        self.assertIn("Extension 12", page.text)
        self.assertIn("100.00", page.text)
        path = f"/my/units/{self.unit.id}/extension/{self.service.id}"
        page = self._post(path)
        order = self._get_orders(self.unit)
        self.assertRecordValues(order, [{"state": "sent", "partner_id": self.customer.partner_id.id}])
        self.assertIn(f"/my/orders/{order.id}", page.url)
        self.assertIn(order.name, page.text)
        self.assertEqual(self._post(path).url.split("?")[0], page.url.split("?")[0])
        self.assertEqual(self._get_orders(self.unit), order, "a second click opens the same quotation")
        order.action_confirm()
        self.assertEqual(len(self._get_extensions(self.unit)), 1)
        page = self.url_open(f"/my/units/{self.unit.id}")
        self.assertNotIn("Order the extension", page.text)
        self.assertIn("no longer offered", self._post(path).text)

    def test_other_units_and_products(self):
        self.authenticate("customer", "customer-pass")
        for path in (
            f"/my/units/{self.other.id}/extension/{self.service.id}",
            f"/my/units/{self.other.id}/extension/decline",
            f"/my/units/999999999/extension/{self.service.id}",
        ):
            self.assertEqual(self._post(path).status_code, 404, path)
        for product in (self.machine.id, 999999999):
            page = self._post(f"/my/units/{self.unit.id}/extension/{product}")
            self.assertIn("no longer offered", page.text)
        self.assertFalse(self._get_orders(self.unit | self.other))
        self.assertFalse(self.env["after.sales.waiver"].search([("unit_id", "=", self.other.id)]))
        path = f"/my/units/{self.unit.id}/extension/{self.service.id}"
        self.assertEqual(self.url_open(path).status_code, 405, "a link or a crawler orders nothing")
        with mute_logger("odoo.http"):
            page = self.url_open(path, data={"x": "1"})
        self.assertEqual(page.status_code, 400, "nor does a foreign page")
        self.assertFalse(self._get_orders(self.unit))

    def test_strangers(self):
        self.authenticate(None, None)
        page = self._post(f"/my/units/{self.unit.id}/extension/{self.service.id}")
        self.assertIn("/web/login", page.url)
        self.assertFalse(self._get_orders(self.unit))
        page = self.url_open(self.unit.get_portal_url())
        self.assertIn("P1", page.text)
        self.assertNotIn("Order the extension", page.text)

    def test_decline(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.customer.partner_id.lang = "it_IT"
        self.authenticate("customer", "customer-pass")
        page = self._post(f"/my/units/{self.unit.id}/extension/decline")
        self.assertEqual(page.status_code, 200)
        self._post(f"/my/units/{self.unit.id}/extension/decline")
        waiver = self.env["after.sales.waiver"].search([("unit_id", "=", self.unit.id)])
        self.assertRecordValues(
            waiver, [{"kind": "offer", "partner_id": self.customer.partner_id.id, "warranty_id": False}]
        )
        self.assertTrue(waiver.text)
        page = self.url_open(f"/my/units/{self.unit.id}")
        self.assertNotIn(f"/my/units/{self.unit.id}/extension/{self.service.id}", page.text)
        self.unit.partner_id = self.consumer
        self.assertTrue(
            self.unit._get_portal_extensions(self.consumer), "the next owner did not decline anything"
        )
