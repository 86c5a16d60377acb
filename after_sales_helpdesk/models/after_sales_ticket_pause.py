from odoo import fields, models

from .after_sales_ticket import WAITING


class AfterSalesTicketPause(models.Model):
    """A time in which a call waited for others: one row per wait, the ledger behind every deadline and net time."""

    _name = "after.sales.ticket.pause"
    _description = "Waiting Time of a Call"
    _order = "start, id"

    ticket_id = fields.Many2one(
        "after.sales.ticket", string="Call", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, precompute=True, index=True)
    reason = fields.Selection(WAITING, required=True)
    start = fields.Datetime(required=True, default=fields.Datetime.now)
    stop = fields.Datetime()

    _one_open = models.UniqueIndex("(ticket_id) WHERE stop IS NULL", "A call can wait only once at a time.")
    _in_order = models.Constraint(
        "CHECK (stop IS NULL OR stop >= start)", "A wait cannot end before it begins."
    )
