from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.after_sales_contract.models.groups import OFFICE


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

    def _check_stage_change(self, stage):
        result = super()._check_stage_change(stage)
        if stage.state == "closed":
            for ticket in self.filtered(lambda ticket: ticket.state != "closed"):
                ticket._ensure_settled()
        return result

    def _ensure_settled(self):
        """A call is closed when nothing of it hangs in the air: a charge that nobody checked, goods on their way, a
        visit that was opened since the work was done."""
        self.ensure_one()
        self._check_visits_ended()
        # sudo: an agent reads no prices; that one waits he has to know
        unchecked_sudo = self.sudo()._get_charges_to_check()
        if unchecked_sudo:
            raise UserError(
                self.env._(
                    "%(call)s has charges that wait for a decision: %(charges)s. Give them a price or confirm them, or cancel them.",
                    call=self.name,
                    charges=", ".join(
                        f"{charge.name} ({charge.problem})" if charge.problem else charge.name
                        for charge in unchecked_sudo
                    ),
                )
            )
        collected_sudo = self.sudo().intervention_ids.collect_ids.filtered(lambda c: c.state == "in_transit")
        if collected_sudo:
            raise UserError(
                self.env._(
                    "%(call)s: what was collected has not arrived yet: %(goods)s. Receive it first.",
                    call=self.name,
                    goods=", ".join(collected_sudo.mapped("display_name")),
                )
            )

    def _get_charges_to_check(self):
        return self.visit_charge_ids.filtered(lambda charge: charge.state == "draft")

    def action_view_visit_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_charge_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {"default_ticket_id": self.id, "default_partner_id": self.partner_id.id}
        return action
