from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.after_sales_contract.models.groups import OFFICE


class AfterSalesContract(models.Model):
    _inherit = "after.sales.contract"

    ticket_ids = fields.One2many("after.sales.ticket", "contract_id", string="Calls")
    ticket_count = fields.Integer(string="Number of Calls", compute="_compute_ticket_count")
    intervention_ids = fields.One2many("after.sales.intervention", "contract_id", string="Interventions")
    intervention_count = fields.Integer(
        string="Number of Interventions", compute="_compute_intervention_count"
    )
    visit_charge_ids = fields.One2many("after.sales.charge", "contract_id", string="Charges", groups=OFFICE)
    visit_charge_count = fields.Integer(
        string="Number of Charges", compute="_compute_visit_charge_count", groups=OFFICE
    )

    def _compute_ticket_count(self):
        groups = self.env["after.sales.ticket"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
        )
        counts = {contract.id: count for contract, count in groups}
        for contract in self:
            contract.ticket_count = counts.get(contract.id, 0)

    def action_view_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_ticket_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"default_contract_id": self.id, "default_partner_id": self.partner_id.id}
        return action

    def _compute_intervention_count(self):
        """A technician counts his own visits only."""
        groups = self.env["after.sales.intervention"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
        )
        counts = {contract.id: count for contract, count in groups}
        for contract in self:
            contract.intervention_count = counts.get(contract.id, 0)

    def _compute_visit_charge_count(self):
        groups = self.env["after.sales.charge"]._read_group(
            [("contract_id", "in", self.ids), ("state", "!=", "cancelled")], ["contract_id"], ["__count"]
        )
        counts = {contract.id: count for contract, count in groups}
        for contract in self:
            contract.visit_charge_count = counts.get(contract.id, 0)

    def action_view_interventions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_intervention_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"default_contract_id": self.id, "default_partner_id": self.partner_id.id}
        return action

    def action_view_visit_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_charge_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        return action

    def _get_end_warning(self, day):
        """Why the contract does not carry work of that day: it is over, and none of its renewals goes on."""
        contract_sudo = self.sudo()  # until when it runs, whoever may read it
        while contract_sudo.state == "ended" and contract_sudo.successor_id:
            contract_sudo = contract_sudo.successor_id
        end = contract_sudo.date_closed or contract_sudo.date_end
        if contract_sudo.state != "ended" or day <= end:
            return False
        return self.env._(
            "%(contract)s ended on %(day)s and is not renewed: it pays nothing of this work.",
            contract=contract_sudo.name,
            day=format_date(self.env, end),
        )
