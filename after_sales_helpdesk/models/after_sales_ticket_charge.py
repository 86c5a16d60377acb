from odoo import fields, models

from .groups import OFFICE


class AfterSalesTicket(models.Model):
    """What the call costs and who pays for it."""

    _inherit = "after.sales.ticket"

    visit_charge_ids = fields.One2many("after.sales.charge", "ticket_id", string="Charges", groups=OFFICE)
    visit_charge_count = fields.Integer(
        string="Number of Charges", compute="_compute_visit_charge_count", groups=OFFICE
    )

    def _compute_visit_charge_count(self):
        groups = self.env["after.sales.charge"]._read_group(
            [("ticket_id", "in", self.ids), ("state", "!=", "cancelled")], ["ticket_id"], ["__count"]
        )
        counts = {ticket.id: count for ticket, count in groups}
        for ticket in self:
            ticket.visit_charge_count = counts.get(ticket.id, 0)

    def action_view_visit_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_charge_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {"default_ticket_id": self.id, "default_partner_id": self.partner_id.id}
        return action
