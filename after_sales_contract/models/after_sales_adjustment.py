from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import adjust

METHODS = [
    ("percent", "Percent"),
    ("amount", "Amount to add"),
    ("price", "New price"),
    ("pricelist", "Current pricelist"),
    ("index", "Index"),
]


class AfterSalesAdjustment(models.Model):
    """How prices change when a contract is renewed (CT-12..14): the whole contract, product by product, or one flat
    amount for all of it."""

    _name = "after.sales.adjustment"
    _description = "Price Adjustment on Renewal"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: for all companies.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    scope = fields.Selection(
        [
            ("contract", "All prices of the contract alike"),
            ("product", "Each product by its own rule"),
            ("flat", "The contract as a whole, flat"),
        ],
        "Adjusts",
        default="contract",
        required=True,
    )
    method = fields.Selection(
        METHODS,
        default="percent",
        required=True,
        help="With a flat scope, amounts are those of the whole new term.",
    )
    percent = fields.Float(digits=(16, 4), help="Negative lowers prices.")
    amount = fields.Monetary(help="Amount to add, or new price, in the currency of the company.")
    index_id = fields.Many2one("after.sales.index", check_company=True, ondelete="restrict")
    index_lag = fields.Integer(
        "Months Before",
        default=2,
        help="The figure used is that of so many months before the new term begins, as later ones are not published.",
    )
    index_share = fields.Float("Share of the Variation (%)", default=100.0)
    never_below = fields.Boolean("Never below the Present Price")
    line_ids = fields.One2many("after.sales.adjustment.line", "adjustment_id", "Products", copy=True)

    _share_range = models.Constraint(
        "CHECK (index_share >= 0 AND index_share <= 100)", "A share lies between 0 and 100 %."
    )
    _lag_positive = models.Constraint("CHECK (index_lag >= 0)", "Months before cannot be negative.")
    _percent_range = models.Constraint("CHECK (percent >= -100)", "Prices cannot fall by more than 100 %.")

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("scope", "method", "index_id", "amount", "line_ids")
    def _check_complete(self):
        for rule in self:
            if rule.scope == "product":
                if not rule.line_ids:
                    raise ValidationError(
                        self.env._("%(rule)s: name the products and their rules.", rule=rule.name)
                    )
            elif rule.scope == "flat" and rule.method not in ("amount", "price"):
                raise ValidationError(
                    self.env._(
                        "%(rule)s: a flat adjustment is an amount to add or a new price.", rule=rule.name
                    )
                )
            elif rule.scope == "contract" and rule.method == "price":
                raise ValidationError(
                    self.env._("%(rule)s: a new price is set per product or flat.", rule=rule.name)
                )
            if "index" in rule._get_methods() and not rule.index_id:
                raise ValidationError(self.env._("%(rule)s: choose the index.", rule=rule.name))
            if rule.scope == "flat" and rule.method == "price" and rule.amount < 0:
                raise ValidationError(self.env._("%(rule)s: a new price cannot be negative.", rule=rule.name))

    def _get_methods(self):
        self.ensure_one()
        return self.line_ids.mapped("method") if self.scope == "product" else [self.method]

    def _get_index_months(self, contract, date_start):
        """(base, now): the months whose figures are compared for a term that begins on ``date_start``.

        The base is the month that was used last; for a contract that was never adjusted, that of its own start.
        """
        self.ensure_one()
        from_start = adjust.month_of(contract.date_start, self.index_lag)
        return contract.index_base_month or from_start, adjust.month_of(date_start, self.index_lag)
