from odoo import fields, models

from odoo.addons.after_sales_contract.models.after_sales_contract_life_mixin import LIVE_STATES
from odoo.addons.after_sales_contract.models.groups import OFFICE


class AfterSalesUnit(models.Model):
    _inherit = "after.sales.unit"

    ticket_ids = fields.One2many("after.sales.ticket", "unit_id", string="Calls")
    ticket_count = fields.Integer(string="Number of Calls", compute="_compute_ticket_count")
    intervention_ids = fields.One2many("after.sales.intervention", "unit_id", string="Interventions")
    intervention_count = fields.Integer(
        string="Number of Interventions", compute="_compute_intervention_count"
    )
    visit_charge_ids = fields.One2many("after.sales.charge", "unit_id", string="Charges", groups=OFFICE)
    visit_charge_count = fields.Integer(
        string="Number of Charges", compute="_compute_visit_charge_count", groups=OFFICE
    )

    def _compute_ticket_count(self):
        groups = self.env["after.sales.ticket"]._read_group(
            [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
        )
        counts = {unit.id: count for unit, count in groups}
        for unit in self:
            unit.ticket_count = counts.get(unit.id, 0)

    def _get_ended_contract(self, contract):
        """The contract of a call or visit; where it has none, the last one that covered the unit and is over now."""
        if contract or not self:
            return contract._origin
        contracts_sudo = self._origin.sudo().cover_ids.contract_id  # until when it ran, whoever may read it
        if contracts_sudo.filtered(lambda found: found.state in LIVE_STATES):
            return contract
        ended = contracts_sudo.filtered(lambda found: found.state == "ended")
        return ended.sorted(lambda found: found.date_closed or found.date_end)[-1:].sudo(False)

    def _hand_on_request(self, claim_sudo):
        """The request of the owner is a call; what he sent stays with the claim it points at."""
        claim_sudo._open_calls("portal")

    def action_view_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_ticket_action"
        )
        action["domain"] = [("unit_id", "=", self.id)]
        action["context"] = {"default_unit_id": self.id}
        return action

    def _compute_intervention_count(self):
        """A technician counts his own visits only."""
        groups = self.env["after.sales.intervention"]._read_group(
            [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
        )
        counts = {unit.id: count for unit, count in groups}
        for unit in self:
            unit.intervention_count = counts.get(unit.id, 0)

    def _compute_visit_charge_count(self):
        groups = self.env["after.sales.charge"]._read_group(
            [("unit_id", "in", self.ids), ("state", "!=", "cancelled")], ["unit_id"], ["__count"]
        )
        counts = {unit.id: count for unit, count in groups}
        for unit in self:
            unit.visit_charge_count = counts.get(unit.id, 0)

    def action_view_interventions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_intervention_action"
        )
        action["domain"] = [("unit_id", "=", self.id)]
        action["context"] = {"default_unit_id": self.id, "default_partner_id": self.partner_id.id}
        return action

    def action_view_visit_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_charge_action"
        )
        action["domain"] = [("unit_id", "=", self.id)]
        return action

    def _after_birth(self):
        """A unit that was delivered in exchange takes the place of the one that came back."""
        result = super()._after_birth()
        replacements = self.filtered("move_id.after_sales_return_line_id")
        for unit in replacements:
            unit.move_id.after_sales_return_line_id._after_replacement(unit)
        replacements.move_id.after_sales_return_line_id.return_id._send_exchange_notice()
        return result
