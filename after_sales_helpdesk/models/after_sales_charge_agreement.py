from odoo import api, models


class AfterSalesCharge(models.Model):
    """What the customer accepted cannot silently be exceeded (HD-11): what goes beyond it waits for a person."""

    _inherit = "after.sales.charge"

    @api.model
    def _set_taxes(self, vals_list):
        """The last step before the charges are written: prices and payers of the batch are known."""
        result = super()._set_taxes(vals_list)
        self._hold_excess(vals_list)
        return result

    @api.model
    def _hold_excess(self, vals_list):
        """Mark what the customer would pay beyond his accepted quotation: such charges stay to be checked."""
        by_ticket = {}
        for vals in vals_list:
            if vals.get("ticket_id") and vals.get("source_model") and not vals.get("problem"):
                by_ticket.setdefault(vals["ticket_id"], []).append(vals)
        for ticket in self.env["after.sales.ticket"].browse(by_ticket):
            agreed = ticket._get_agreed_amount()
            if agreed is None:
                continue
            currency = ticket.sale_order_id.sudo().currency_id
            earlier = self.search([("ticket_id", "=", ticket.id), ("state", "!=", "cancelled")])
            total = sum(earlier.mapped("amount_customer"))
            for vals in by_ticket[ticket.id]:
                amount = self._get_customer_amount(vals)
                total += amount
                if amount and currency.compare_amounts(total, agreed) > 0:
                    vals["problem"] = self.env._(
                        "The customer accepted %(agreed)s; with this it is %(total)s. Ask him, or confirm it.",
                        agreed=currency.format(agreed),
                        total=currency.format(total),
                    )

    @api.model
    def _get_customer_amount(self, vals):
        shares = [command[2] for command in vals.get("allocation_ids", [])]
        share = sum(row["share"] for row in shares if row["payer"] == "customer")
        return vals["quantity"] * vals["price_unit"] * share
