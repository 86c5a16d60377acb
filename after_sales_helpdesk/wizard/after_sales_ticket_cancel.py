from odoo import api, fields, models


class AfterSalesTicketCancel(models.TransientModel):
    _name = "after.sales.ticket.cancel"
    _description = "Cancel Calls"

    ticket_ids = fields.Many2many("after.sales.ticket", string="Calls", required=True)
    reason = fields.Char(required=True, help="The customer reads it in the notice.")

    work_done = fields.Char(
        "Interventions Done", compute="_compute_work_done", help="They stay done, and so do their charges."
    )

    @api.depends("ticket_ids")
    def _compute_work_done(self):
        for wizard in self:
            wizard.work_done = ", ".join(wizard.ticket_ids._get_visits_done().mapped("name"))

    def action_cancel_calls(self):
        self.ensure_one()
        self.ticket_ids.write({"cancel_reason": self.reason})
        self.ticket_ids.action_cancel()
        return {"type": "ir.actions.act_window_close"}
