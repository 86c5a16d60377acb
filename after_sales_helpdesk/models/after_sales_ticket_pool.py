from odoo import api, fields, models


class AfterSalesTicket(models.Model):
    """The hours that the work of a call may draw on: of its own contract, and of pools that others share."""

    _inherit = "after.sales.ticket"

    pool_ids = fields.Many2many(
        "after.sales.pool", string="Hour Pools", compute="_compute_pool_ids", compute_sudo=True
    )
    pool_alert = fields.Text(
        compute="_compute_pool_alert", compute_sudo=True, help="What is to be said of the hour pools now."
    )

    @api.depends("partner_id", "unit_id", "product_id", "contract_id", "company_id", "date_reported")
    def _compute_pool_ids(self):
        """As the engine finds them when the work is charged, for all calls in one request."""
        known = self.filtered(lambda ticket: ticket.partner_id or ticket.unit_id)
        requests = [
            ticket._prepare_coverage_request(ticket, "labour", contract_id=ticket.contract_id._origin.id)
            for ticket in known
        ]
        pools_of = self.env["after.sales.coverage"]._find_pools(requests)
        for ticket in self:
            ticket.pool_ids = pools_of.get(ticket, self.env["after.sales.pool"])

    @api.depends("pool_ids", "contract_id.pool_alert", "intervention_ids.pool_hours_missing")
    @api.depends_context("lang")
    def _compute_pool_alert(self):
        for ticket in self:
            alerts = ticket.pool_ids.mapped("alert")
            alerts += [visit._get_pool_warning() for visit in ticket.intervention_ids]
            ticket.pool_alert = "\n".join(filter(None, alerts)) or False
