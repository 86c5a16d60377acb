from odoo import models
from odoo.tools import float_compare, float_round, formatLang


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
        words = {"uom": self[0].uom_id.name or "", "pools": ", ".join(pools.mapped("name"))}
        charged, worked = sum(self.mapped("quantity")), sum(self.mapped("real_quantity"))
        drawn = formatLang(self.env, sum(paid.mapped("quantity")))
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if not float_compare(charged, worked, precision_digits=digits):
            return self.env._(
                "%(quantity)s %(uom)s in all, of which %(paid)s from: %(pools)s",
                quantity=formatLang(self.env, charged),
                paid=drawn,
                **words,
            )
        return self.env._(
            "%(quantity)s %(uom)s charged for %(worked)s worked, of which %(paid)s from: %(pools)s (%(drawn)s of those "
            "worked)",
            quantity=formatLang(self.env, charged),
            worked=formatLang(self.env, worked),
            paid=formatLang(self.env, sum(charge._get_pool_part() for charge in self)),
            drawn=drawn,
            **words,
        )

    def _get_pool_part(self):
        """What of the quantity that is charged pools paid. They give hours that were worked, a tariff may round up."""
        self.ensure_one()
        others = self.quantity - (self._get_billing_hours() or 0.0)
        return others * sum(self._get_pool_allocations().mapped("share")) / (1 - self.customer_share)

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
