from odoo import fields, models


class AfterSalesTicketServiceLevelChange(models.TransientModel):
    _name = "after.sales.ticket.service.level.change"
    _description = "Change the Service Level of a Call"

    ticket_id = fields.Many2one("after.sales.ticket", string="Call", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id")
    service_level_id = fields.Many2one(
        "after.sales.service.level",
        string="New Service Level",
        required=True,
        domain="[('company_id', 'in', (False, company_id))]",
    )
    reason = fields.Text(required=True)

    def action_apply(self):
        for wizard in self:
            wizard.ticket_id._change_service_level(wizard.service_level_id, wizard.reason)
        return {"type": "ir.actions.act_window_close"}
