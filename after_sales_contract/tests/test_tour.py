from datetime import date

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import AGENT, MANAGER, ContractCommon


@tagged("post_install", "-at_install", "browser")
class TestContractTour(ContractCommon, HttpCase):
    def test_an_agent_makes_a_contract(self):
        """In Chromium: customer and template are all that is needed; the instalments are planned at the start."""
        self._create_contract_template("Tour Care", line_ids=[Command.create({"product_id": self.fee.id})])
        agent = self._create_user("tour_agent", AGENT)
        self.start_tour(
            "/odoo/action-after_sales_contract.after_sales_contract_action/new",
            "after_sales_contract",
            login=agent.login,
        )
        contract = self.env["after.sales.contract"].search([("template_id.name", "=", "Tour Care")])
        self.assertRecordValues(
            contract, [{"state": "running", "partner_id": self.consumer.id, "instalment_count": 4}]
        )

    def test_a_manager_keeps_an_index(self):
        """In Chromium: a month is entered with its year, and kept by its first day."""
        index = self.env["after.sales.index"].create(
            {"name": "CPI", "value_ids": [Command.create({"month": date(2025, 11, 9), "value": 100.0})]}
        )
        manager = self._create_user("tour_manager", MANAGER)
        self.start_tour(
            f"/odoo/action-after_sales_contract.after_sales_index_action/{index.id}",
            "after_sales_index",
            login=manager.login,
        )
        self.assertEqual(index.value_ids.mapped("month"), [date(2026, 3, 1), date(2025, 11, 1)])

    def test_an_agent_looks_before_he_renews(self):
        """In Chromium: the dialog of a notice and a discarded run leave nothing; a previewed run is kept, with its row."""
        agent = self._create_user("renew_agent", AGENT)
        contract = self._create_contract(tacit_renewal=True)
        self.start_tour(
            f"/odoo/action-after_sales_contract.after_sales_contract_action/{contract.id}",
            "after_sales_renew",
            login=agent.login,
        )
        self.assertRecordValues(contract, [{"state": "running", "notice_date": False}])
        runs = self.env["after.sales.renewal"].search([("create_uid", "=", agent.id)])
        self.assertEqual(runs.line_ids.contract_id, contract)
        self.assertEqual(len(runs), 1)
