from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    after_sales_purpose = fields.Selection(
        [
            ("repair", "For Repair"),
            ("repair_back", "Back after Repair"),
            ("hand_back", "Handed Back as It Came"),
            ("returned", "Returned Goods"),
            ("exchange", "Exchange"),
            ("loan", "Loan"),
            ("loan_back", "Back from Loan"),
            ("supplier", "To the Supplier for Repair"),
            ("supplier_back", "Back from the Supplier"),
            ("take_over", "Taken Over by Us"),
        ],
        "Purpose",
        readonly=True,
        help="Why goods of a customer, or a loaner, travel: the reason on their transport document.",
    )
    after_sales_pickup = fields.Boolean(
        "Picked Up by Us", readonly=True, help="We fetch the goods at the customer: the transport is ours."
    )

    after_sales_visit_ids = fields.Many2many(
        "after.sales.intervention", string="Visits", compute="_compute_after_sales_documents"
    )
    after_sales_return_ids = fields.Many2many(
        "after.sales.return", string="Customer Returns", compute="_compute_after_sales_documents"
    )

    @api.depends(
        "move_ids.after_sales_part_id",
        "move_ids.after_sales_supply_part_id",
        "move_ids.after_sales_return_line_id",
    )
    def _compute_after_sales_documents(self):
        """What the goods travel for: the visits whose parts they are, or that collected them, and the returns."""
        # sudo: who moves the goods sees what for; to open it he needs the right
        pickings_sudo = self.sudo()
        collected = (
            self.env["after.sales.intervention.collect"].sudo().search([("picking_id", "in", self.ids)])
        )
        received = self.env["after.sales.return.line"].sudo().search([("picking_id", "in", self.ids)])
        for picking, picking_sudo in zip(self, pickings_sudo, strict=True):
            moves = picking_sudo.move_ids
            parts = moves.after_sales_part_id | moves.after_sales_supply_part_id
            material = collected.filtered(lambda row, p=picking_sudo: row.picking_id == p)
            goods = received.filtered(lambda row, p=picking_sudo: row.picking_id == p)
            picking.after_sales_visit_ids = (parts.intervention_id | material.intervention_id).sudo(False)
            picking.after_sales_return_ids = (moves.after_sales_return_line_id | goods).return_id.sudo(False)

    def action_view_after_sales_visits(self):
        """Open the visits that the transfer serves."""
        return self.after_sales_visit_ids._get_records_action(name=self.env._("Interventions"))

    def action_view_after_sales_returns(self):
        """Open the returns that the transfer serves."""
        return self.after_sales_return_ids._get_records_action(name=self.env._("Returns"))

    @api.model
    def _prepare_after_sales_purpose_vals(self, purpose, pickup=False):
        """Hook: what a transfer for this purpose says. Localisations add the reason on their transport document."""
        return {"after_sales_purpose": purpose, "after_sales_pickup": pickup}

    def action_open_after_sales_call(self):
        """Open a call about what was delivered; of several units the operator chooses."""
        self.ensure_one()
        units = self.env["after.sales.unit"].search([("picking_id", "=", self.id)], limit=2)
        return self.env["after.sales.ticket"]._get_new_call_action(self.partner_id, units)
