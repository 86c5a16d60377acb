from decimal import Decimal

from odoo import api, fields, models


class AfterSalesRenewalPrice(models.Model):
    """One price of a contract in a renewal run: as it is, as it will be, and the reason."""

    _name = "after.sales.renewal.price"
    _description = "Price in a Renewal Run"
    _order = "line_id, id"

    line_id = fields.Many2one("after.sales.renewal.line", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    contract_line_id = fields.Many2one(
        "after.sales.contract.line", "Price", required=True, readonly=True, index=True, ondelete="cascade"
    )
    name = fields.Text(related="contract_line_id.name")
    product_id = fields.Many2one(related="contract_line_id.product_id")
    price_basis = fields.Selection(related="contract_line_id.price_basis")
    units = fields.Float(
        readonly=True, aggregator=None, help="What the price is multiplied by over the next term."
    )
    old_price = fields.Float("Present Price", digits="Product Price", readonly=True, aggregator=None)
    new_price = fields.Float(digits="Product Price", required=True, aggregator=None)
    old_value = fields.Monetary("Present Value", compute="_compute_values", store=True)
    new_value = fields.Monetary(compute="_compute_values", store=True)
    reason = fields.Char(readonly=True)

    _price_positive = models.Constraint(
        "CHECK (new_price >= 0 OR old_price < 0)", "A new price cannot be negative."
    )

    @api.depends("units", "old_price", "new_price", "line_id.currency_id")
    def _compute_values(self):
        for price in self:
            currency = price.currency_id or self.env.company.currency_id
            price.old_value = currency.round(price.units * price.old_price)
            price.new_value = currency.round(price.units * price.new_price)

    @api.model_create_multi
    def create(self, vals_list):
        prices = super().create(vals_list)
        prices.line_id.renewal_id._ensure_draft()
        return prices

    def write(self, vals):
        self.line_id.renewal_id._ensure_draft()
        if "new_price" in vals:
            words = self.line_id.renewal_id._in_words_of_company().env
            reason = words._("Set by hand by %s", self.env.user.name)
            vals = {"reason": reason, **vals}
            self.line_id.write({"is_manual": True, "reason": reason})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.line_id.renewal_id.filtered(lambda run: run.state != "cancelled")._ensure_draft()

    def _as_decimal(self):
        """The present price, for the pure rules."""
        self.ensure_one()
        return Decimal(str(self.old_price))
