from datetime import date

from odoo import Command

from .common import AGENT, ContractCommon


class DocumentCommon(ContractCommon):
    """Products that make contracts when they are sold, and invoices of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company=cls.company, install_demo=False
            )
        cls.template = cls._create_contract_template(
            duration=2, line_ids=[Command.create({"product_id": cls.fee.id, "price_basis": "year"})]
        )
        cls.agent = cls._create_user("maker", AGENT, "sales_team.group_sale_salesman_all_leads")

    def _sells(self, product, policy="proposal", source="order"):
        product.write(
            {
                "after_sales_contract_policy": policy,
                "after_sales_contract_source": source,
                "after_sales_contract_template_id": self.template.id,
            }
        )
        return product

    def _plan(self, source, **values):
        return self._sells(
            self._create_service_product("Plan", invoice_policy="order", **values), "contract", source
        )

    def _invoice(self, *lines, post=True, **values):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.business.id,
                "invoice_date": date(2026, 3, 2),
                "invoice_line_ids": [Command.create({"tax_ids": False, **line}) for line in lines],
                **values,
            }
        )
        if post:
            move.action_post()
        return move
