from odoo import Command
from odoo.exceptions import AccessError

from .common import AGENT, MANAGER, TECHNICIAN, ContractCommon


class TestRights(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._create_user("tech", TECHNICIAN)
        cls.agent = cls._create_user("agent", AGENT)
        cls.manager = cls._create_user("manager", MANAGER)
        cls.accountant = cls._create_user("books", "account.group_account_invoice")
        cls.contract = cls._create_contract()

    def test_technician_reads(self):
        contract = self.contract.with_user(self.technician)
        self.assertEqual(contract.line_ids.price_unit, 1200.0)
        self.assertTrue(contract.instalment_ids.mapped("amount"))
        with self.assertRaises(AccessError):
            contract.reference = "mine"
        with self.assertRaises(AccessError):
            contract._give_notice(contract.date_start)

    def test_cost_is_for_the_office(self):
        """A technician tells customers what work comes to; what it costs us he does not know."""
        own = [("company_id", "in", (False, self.env.company.id)), ("line_ids", "!=", False)]
        rows = self.env["after.sales.tariff"].search(own, limit=1).line_ids
        self.assertTrue(rows.with_user(self.technician).read(["price"]))
        with self.assertRaises(AccessError):
            rows.with_user(self.technician).read(["cost"])
        for user in (self.agent, self.manager):
            self.assertTrue(rows.with_user(user).read(["cost"]))

    def test_agent_manages_contracts_not_prices(self):
        contract = self._create_contract(start=False).with_user(self.agent)
        contract.action_propose()
        contract.action_start()
        contract.cover_ids = [Command.create({"product_id": self.pump.id})]
        contract.action_update_plan()
        with self.assertRaises(AccessError):
            self.env["after.sales.tariff"].with_user(self.agent).search([], limit=1).name = "Cheap"
        with self.assertRaises(AccessError):
            self.env["after.sales.contract.template"].with_user(self.agent).create({"name": "Own"})

    def test_manager_configures(self):
        self.env["after.sales.tariff"].with_user(self.manager).search([], limit=1).copy()
        self.env["after.sales.skill"].with_user(self.manager).create({"name": "Welding"})
        self.env["resource.resource"].with_user(self.manager).create({"name": "Tina", "is_technician": True})

    def test_accountant_reads_instalments(self):
        rows = self.contract.with_user(self.accountant).instalment_ids
        self.assertEqual(sum(rows.mapped("amount")), 1200.0)
        with self.assertRaises(AccessError):
            rows.amount = 0

    def test_own_company_only(self):
        other = self._create_other_company()
        foreign = (
            self.env["after.sales.contract"]
            .with_company(other)
            .create({"partner_id": self.business.id, "company_id": other.id})
        )
        tariff = self.env["after.sales.tariff"].search([("company_id", "=", other.id)])
        self.assertFalse(
            self.env["after.sales.contract"].with_user(self.agent).search([("id", "=", foreign.id)])
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.agent).read(["name"])
        with self.assertRaises(AccessError):
            tariff.with_user(self.technician).read(["name"])

    def test_nobody_else(self):
        user = self._create_user("plain", "base.group_user")
        with self.assertRaises(AccessError):
            self.contract.with_user(user).read(["name"])
        portal = self._create_user("rights_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.contract.with_user(portal).read(["name"])
