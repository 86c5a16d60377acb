from odoo import models
from odoo.tools import float_round, formatLang


class AfterSalesCharge(models.Model):
    """What an invoice says of those who pay what the customer does not."""

    _inherit = "after.sales.charge"

    def _fetch_billing_payers(self):
        """Read at once, for any number of invoices, what is to be said of those who pay a part."""
        shared_sudo = self.sudo().filtered(lambda charge: 0 < charge.customer_share < 1)
        shared_sudo.allocation_ids.fetch(["payer", "share", "quantity", "res_id"])

    def _get_pool_allocations(self):
        """What hour pools paid of charges of which the customer owes the other hours.

        An hour pool that a person chose by hand counted no hours: its share is one of money.
        """
        shared = self.filtered(lambda charge: 0 < charge.customer_share < 1)
        return shared.allocation_ids.filtered(lambda row: row.payer == "pool" and row.quantity)

    def _get_billing_hours(self):
        """The part of the quantity that is the customer's, where a pool paid the rest of the hours; else None."""
        self.ensure_one()
        if not self._get_pool_allocations():
            return None
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_round(self.quantity * self.customer_share, precision_digits=digits)

    def _get_billing_pool(self):
        """Of how many hours the customer's are a part, in his words; False where no pool paid a part of them."""
        paid = self._get_pool_allocations()
        if not paid:
            return False
        pools = self.env["after.sales.pool"].browse(paid.mapped("res_id")).exists()
        return self.env._(
            "%(quantity)s %(uom)s in all, of which %(paid)s from: %(pools)s",
            quantity=formatLang(self.env, sum(self.mapped("real_quantity"))),
            uom=self[0].uom_id.name or "",
            paid=formatLang(self.env, sum(paid.mapped("quantity"))),
            pools=", ".join(pools.mapped("name")),
        )

    def _get_billing_payer(self):
        """Who pays what the customer does not, in his words; False where nothing but hours of a pool is paid for him."""
        self.ensure_one()
        if self.customer_share == 1:
            return False
        payers = dict(self._fields["payer"]._description_selection(self.env))
        if not self.customer_share:
            return self.env._("Paid by: %s", payers.get(self.payer, ""))
        others = self.allocation_ids.filtered(lambda row: row.payer != "customer")
        return ", ".join(
            self.env._(
                "%(share)s %% paid by: %(payer)s",
                share=formatLang(self.env, 100 * row.share),
                payer=payers[row.payer],
            )
            for row in others - self._get_pool_allocations()
        )
