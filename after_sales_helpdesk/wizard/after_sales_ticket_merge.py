from odoo import fields, models


class AfterSalesTicketMerge(models.TransientModel):
    _name = "after.sales.ticket.merge"
    _description = "Merge Calls"

    ticket_ids = fields.Many2many("after.sales.ticket", string="Calls", required=True)
    target_id = fields.Many2one(
        "after.sales.ticket",
        string="Call That Stays",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', ticket_ids)]",
    )

    def action_merge(self):
        self.ensure_one()
        (self.ticket_ids - self.target_id)._merge_into(self.target_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "after.sales.ticket",
            "view_mode": "form",
            "res_id": self.target_id.id,
        }
