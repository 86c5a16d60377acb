from odoo import api, fields, models


class AfterSalesCallMixin(models.AbstractModel):
    """A document that serves a call: the call gives it its company, its customer and what else both have."""

    _name = "after.sales.call.mixin"
    _description = "Document of a Call"
    _inherit = ["after.sales.numbered.mixin"]

    company_id = fields.Many2one(
        "res.company",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    ticket_id = fields.Many2one(
        "after.sales.ticket", "Call", index="btree_not_null", check_company=True, tracking=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )

    @api.model
    def _get_ticket_fields(self):
        """What the document takes over from its call, where the call says it."""
        return ["partner_id"]

    @api.depends("ticket_id")
    def _compute_from_ticket(self):
        for record in self:
            ticket = record.ticket_id
            record.company_id = ticket.company_id or record.company_id or self.env.company
            for fname in self._get_ticket_fields():
                record[fname] = ticket[fname] or record[fname]

    @api.model
    def _get_number_company(self, vals):
        # sudo: a technician may write a visit for a call that he cannot read
        ticket_sudo = self.env["after.sales.ticket"].sudo().browse(vals.get("ticket_id"))
        return ticket_sudo.company_id.sudo(False) or super()._get_number_company(vals)
