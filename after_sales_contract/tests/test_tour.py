from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import AGENT, ContractCommon


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
