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

    @api.model
    def _prepare_after_sales_purpose_vals(self, purpose, pickup=False):
        """Hook: what a transfer for this purpose says. Localisations add the reason on their transport document."""
        return {"after_sales_purpose": purpose, "after_sales_pickup": pickup}

    def action_open_after_sales_call(self):
        """Open a call about what was delivered; of several units the operator chooses."""
        self.ensure_one()
        units = self.env["after.sales.unit"].search([("picking_id", "=", self.id)], limit=2)
        return self.env["after.sales.ticket"]._get_new_call_action(self.partner_id, units)
