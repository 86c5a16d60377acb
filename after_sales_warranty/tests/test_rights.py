from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestRights(AfterSalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term()
        cls.unit = cls._create_unit(lot_id=cls._create_lot(cls.machine, "R1").id)
        cls.technician = cls._create_user("technician", TECHNICIAN)
        cls.agent = cls._create_user("agent", AGENT)
        cls.manager = cls._create_user("manager", MANAGER)
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.stranger = cls._create_user(
            "stranger", MANAGER, company_id=cls.other_company.id, company_ids=[(6, 0, cls.other_company.ids)]
        )

    def test_every_form_opens(self):
        """A technician without stock, sales or accounting rights sees what our forms show."""
        for user in (self.technician, self.agent, self.manager):
            for model in (
                "unit",
                "warranty",
                "claim",
                "unit.exception",
                "warranty.term",
                "fault",
                "rule.pack",
            ):
                records = self.env[f"after.sales.{model}"].with_user(user)
                arch = records.get_view(view_type="form")
                self.assertTrue(arch)
            readable = self.unit.with_user(user).fields_get(attributes=["type"])
            spec = {name: {} for name in readable if name != "activity_ids"}
            for name in ("partner_id", "lot_id", "product_id", "sale_order_id", "picking_id"):
                spec[name] = {"fields": {"display_name": {}}}
            self.assertTrue(self.unit.with_user(user).web_read(spec))

    def test_roles(self):
        unit = self.unit
        with self.assertRaises(AccessError):
            unit.with_user(self.technician).custody = "received"
        unit.with_user(self.agent).custody = "received"
        with self.assertRaises(AccessError):
            self.term.with_user(self.agent).name = "Longer"
        self.term.with_user(self.manager).name = "Longer"
        with self.assertRaises(AccessError):
            unit.warranty_ids.with_user(self.technician)._add_event("void", unit.delivery_date)
        registered = (
            self.env["after.sales.unit"]
            .with_user(self.agent)
            .create({"product_id": self.machine.id, "serial": "R2", "partner_id": self.consumer.id})
        )
        self.assertEqual(len(registered.warranty_ids), 1)

    def test_terms_of_another_company(self):
        """Checked for every warranty of a batch, though those alike are looked at once."""
        foreign = self._create_term(name="Foreign", company_id=self.other_company.id)
        pairs = [(self.unit, term) for term in (self._create_term(name="Own"), foreign)]
        with self.assertRaisesRegex(UserError, "company inconsistencies"):
            self.env["after.sales.warranty"]._grant(pairs)

    def test_other_company(self):
        self.assertFalse(self.env["after.sales.unit"].with_user(self.stranger).search([]))
        for record in (
            self.unit,
            self.unit.warranty_ids,
            self.unit.owner_ids,
            self.unit.warranty_ids.event_ids,
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.stranger).read(["display_name"])
        with self.assertRaises(AccessError):
            self.env["after.sales.unit"].with_user(self.stranger).create(
                {"product_id": self.machine.id, "company_id": self.company.id}
            )

    def test_same_serial_in_two_companies(self):
        theirs = self.env["after.sales.unit"].create(
            {"product_id": self.machine.id, "serial": "R1", "company_id": self.other_company.id}
        )
        units = self.env["after.sales.unit"]
        self.assertEqual(units._get_by_serial("R1", self.company), self.unit)
        self.assertEqual(units._get_by_serial("R1", self.other_company), theirs)

    def test_portal(self):
        mine = self._create_user("customer", "base.group_portal")
        self.unit.partner_id = mine.partner_id
        other = self._create_unit(serial="R3")
        units = self.env["after.sales.unit"].with_user(mine)
        self.assertEqual(units.search([]), self.unit)
        with self.assertRaises(AccessError):
            other.with_user(mine).read(["serial"])
        with self.assertRaises(AccessError):
            self.unit.with_user(mine).custody = "scrapped"
        with self.assertRaises(AccessError):
            self.unit.warranty_ids.with_user(mine).read(["number"])

    def test_others_do_not_notice(self):
        """Users of sales and stock work with products, lots, partners and orders as before."""
        self.machine.product_tmpl_id.warranty_term_ids = self.term
        seller = self._create_user("seller", "sales_team.group_sale_salesman_all_leads")
        creator = self._create_user("creator", "product.group_product_manager", "stock.group_stock_user")
        self.assertTrue(self.machine.product_tmpl_id.with_user(creator).copy())
        for record in (self.machine.product_tmpl_id, self.consumer, self._sell((self.machine, 1))):
            self.assertTrue(record.with_user(seller).web_read({"display_name": {}}))
            self.assertTrue(self.env[record._name].with_user(seller).get_view(view_type="form"))
        self.assertTrue(self.unit.lot_id.with_user(creator).read())

    def test_smart_buttons(self):
        agent_env = self.env(user=self.agent)
        for record in (self.unit.lot_id, self.consumer, self.machine.product_tmpl_id):
            record = record.with_env(agent_env)
            self.assertEqual(record.after_sales_unit_count, 1)
            action = record.action_view_after_sales_units()
            self.assertEqual(agent_env[action["res_model"]].search(action["domain"]), self.unit)
        for action in (self.unit.action_view_warranties(), self.unit.action_view_claims()):
            self.assertIn(("unit_id", "=", self.unit.id), action["domain"])
