from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesUnit(models.Model):
    _inherit = "after.sales.unit"

    cover_ids = fields.One2many("after.sales.contract.cover", "unit_id", "Contract Covers")
    contract_count = fields.Integer(compute="_compute_contract_count")

    def _compute_contract_count(self):
        counts = dict(
            self.env["after.sales.contract.cover"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
            )
        )
        for unit in self:
            unit.contract_count = counts.get(unit, 0)

    def action_view_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_contract_action"
        )
        action["domain"] = [("cover_ids.unit_id", "in", self.ids)]
        action["context"] = {
            "default_partner_id": self.partner_id.id,
            "default_company_id": self.company_id.id,
        }
        return action

    def _after_birth(self):
        """Contracts that were sold with the same order cover the units it delivers."""
        result = super()._after_birth()
        # sudo: a delivery is done by warehouse people, who do not manage contracts
        contracts_sudo = self.env["after.sales.contract"].sudo().with_context(tracking_disable=False)
        contracts_sudo = contracts_sudo._get_for_orders(self.sale_order_id)
        if not contracts_sudo:
            return result
        try:
            with self.env.cr.savepoint():
                contracts_sudo._cover_units(self)
        except UserError as error:
            # The unit exists all the same; somebody has to put the contract right.
            contracts_sudo._report_uncovered(self, error)
        return result
