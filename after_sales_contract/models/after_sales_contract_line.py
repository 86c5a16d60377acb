from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import periods, plan
from ..tools.periods import to_unit
from .after_sales_contract_instalment import PLANNERS
from .after_sales_contract_template import PRICE_BASES, PRICINGS

#: A change of these after an instalment of the line was billed would rewrite a document.
PRICE_FIELDS = {
    "product_id",
    "quantity",
    "price_unit",
    "discount",
    "price_basis",
    "pricing",
    "cover_product_id",
    "cover_categ_id",
    "date_from",
    "contract_id",
}


class AfterSalesContractLine(models.Model):
    """A price of a contract. The unit price is that of the contract's whole term, of a year, quarter or month, or for
    once (price basis), per contract or per covered unit, of whatever product or of one product or family (pricing);
    days that are not under contract, and free months, cost nothing."""

    _name = "after.sales.contract.line"
    _description = "Price of a Service Contract"
    _order = "contract_id, sequence, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "after.sales.contract", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    state = fields.Selection(related="contract_id.state")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product", required=True, index=True, domain=[("type", "=", "service")], check_company=True
    )
    name = fields.Text("Description", compute="_compute_name", store=True, readonly=False, precompute=True)
    pricing = fields.Selection(PRICINGS, "Priced by", default="per_contract", required=True)
    quantity = fields.Float(
        default=1.0,
        digits="Product Unit",
        required=True,
        help="Per covered unit when the line is priced by unit.",
    )
    uom_id = fields.Many2one(
        "uom.uom", "Unit", compute="_compute_uom_id", store=True, readonly=False, precompute=True
    )
    price_basis = fields.Selection(PRICE_BASES, "Price per", default="year", required=True)
    price_unit = fields.Float(
        "Unit Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
    )
    discount = fields.Float("Disc. %", digits="Discount")
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', company_id)]",
        context={"active_test": False},
    )
    cover_product_id = fields.Many2one(
        "product.product", "Units of Product", index="btree_not_null", check_company=True
    )
    cover_categ_id = fields.Many2one("product.category", "Units of Family", index="btree_not_null")
    date_from = fields.Date("From", help="Empty: since the start of the contract.")
    date_to = fields.Date("To", help="Empty: until the end of the contract.")
    price_subtotal = fields.Monetary(
        "Price",
        compute="_compute_price_subtotal",
        store=True,
        help="Price of all days of the line, without taxes: the sum of its instalments.",
    )
    agreed_difference = fields.Monetary(
        readonly=True, copy=False, help="What a planner agreed on beside the computed price of the line."
    )
    previous_line_id = fields.Many2one(
        "after.sales.contract.line",
        "Price Before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", "Sales Order Line", index="btree_not_null", copy=False, readonly=True
    )
    instalment_ids = fields.One2many("after.sales.contract.instalment", "line_id", "Instalments")
    planned_instalment_ids = fields.One2many(
        "after.sales.contract.instalment",
        "line_id",
        "Instalments That Count",
        domain=[("state", "=", "planned")],
    )

    _sale_line_uniq = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL", "This order line has its contract already."
    )
    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A price ends after it begins.")
    _discount_range = models.Constraint("CHECK (discount <= 100)", "A discount is at most 100 %.")
    _quantity_positive = models.Constraint("CHECK (quantity >= 0)", "A quantity cannot be negative.")

    # === COMPUTE ===#

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            if line.product_id:
                product = line.product_id.with_context(lang=line.contract_id.partner_id.lang or self.env.lang)
                line.name = product.get_product_multiline_description_sale()

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.product_id.uom_id

    @api.depends("product_id")
    def _compute_price_unit(self):
        for line in self.filtered("product_id"):
            line.price_unit = line._get_list_price(
                line.contract_id.date_start or fields.Date.context_today(line)
            )

    @api.depends("product_id", "contract_id.fiscal_position_id", "contract_id.company_id")
    def _compute_tax_ids(self):
        for line in self:
            taxes = line.product_id.taxes_id._filter_taxes_by_company(line.contract_id.company_id)
            line.tax_ids = line.contract_id.fiscal_position_id.map_tax(taxes)

    @api.depends(
        "quantity",
        "pricing",
        "price_basis",
        "price_unit",
        "discount",
        "date_from",
        "date_to",
        "contract_id.currency_id",
        "contract_id.date_start",
        "contract_id.date_end",
        "contract_id.date_closed",
        "contract_id.alignment",
        "contract_id.interval_unit",
        "contract_id.cover_ids.date_from",
        "contract_id.cover_ids.date_to",
        "contract_id.cover_ids.date_priced_to",
        "contract_id.cover_ids.quantity",
        "contract_id.interval",
        "contract_id.free_months",
        "cover_product_id",
        "cover_categ_id",
        "agreed_difference",
    )
    def _compute_price_subtotal(self):
        for line in self:
            line.price_subtotal = float(line._get_price()) if line._get_term() else 0.0

    @api.depends("name", "product_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (line.name or line.product_id.display_name or "").split("\n")[0]

    @api.constrains("date_from", "date_to", "contract_id")
    def _check_inside_term(self):
        for line in self:
            start, stop = line.contract_id.date_start, line.contract_id.date_end
            dates = [date for date in (line.date_from, line.date_to) if date]
            if start and stop and any(not start <= date <= stop for date in dates):
                raise ValidationError(
                    self.env._(
                        "%(line)s: its dates lie outside those of the contract.", line=line.display_name
                    )
                )

    # === CRUD ===#

    def write(self, vals):
        """:raises UserError: a billed price would change; :raises AccessError: a planner agrees on differences"""
        if "agreed_difference" in vals and not self.env.su and not self.env.user.has_group(PLANNERS):
            raise AccessError(self.env._("Only a planner may change instalments."))
        if changed := PRICE_FIELDS & vals.keys():
            self._ensure_unbilled(vals, changed)
        return super().write(vals)

    def _ensure_unbilled(self, vals, changed):
        for line in self:
            values = {
                name: line[name].id if line._fields[name].relational else line[name] for name in changed
            }
            same = all(
                values[name] == (fields.Date.to_date(vals[name]) if name == "date_from" else vals[name])
                for name in changed
            )
            if not same and any(row.is_billed for row in line.instalment_ids):
                raise UserError(
                    self.env._(
                        "Instalments of %(line)s are billed at this price. Credit their invoices first, or change the "
                        "price from a later day with Change Prices.",
                        line=line.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        for line in self:
            if any(row.is_billed for row in line.instalment_ids):
                raise UserError(self.env._("Instalments of %(line)s are billed.", line=line.display_name))

    # === PLAN ===#

    def _get_list_price(self, date):
        """Price of the product on a day, from the contract's pricelist or else the product's own."""
        self.ensure_one()
        contract = self.contract_id
        if contract.pricelist_id:
            return contract.pricelist_id._get_product_price(
                self.product_id, self.quantity or 1.0, currency=contract.currency_id, date=date
            )
        company = contract.company_id or self.env.company
        return self.product_id.with_company(company)._price_compute(
            "list_price", currency=contract.currency_id or company.currency_id, company=company, date=date
        )[self.product_id.id]

    def _get_price_of_unit(self, quantity, start):
        """What the price of the line rises by, to the cent, for a further quantity from a day until the end, pro rata."""
        self.ensure_one()
        if not (term := self._get_term()):
            return Decimal(0)
        free = self.contract_id.date_free_until
        if free and self.price_basis != "once":
            start = max(start, periods.add(free, 1, "day"))
        row = plan.Stretch(start, term.stop, Fraction(str(self.quantity)) * Fraction(str(quantity)))
        part = row.clipped(term.start, min(term.stop, self.contract_id.date_closed or term.stop))
        if not part:
            return Decimal(0)
        # The whole is rounded, not its parts: what one more costs is the difference of two sums.
        stretches = self._get_stretches()
        return self._get_price_of([*stretches, part]) - self._get_price_of(stretches)

    def _get_unit_price(self):
        """Unit price less discount, exact."""
        self.ensure_one()
        return Decimal(str(self.price_unit)) * (1 - Decimal(str(self.discount)) / 100)

    def _get_price(self):
        """Price of the line's days and what was agreed beside it, a Decimal in whole units of the currency."""
        self.ensure_one()
        return self._get_price_of(self._get_stretches()) + Decimal(str(self.agreed_difference))

    def _get_price_of(self, stretches):
        """What some days and quantities cost at the line's price."""
        self.ensure_one()
        schedule = self.contract_id._get_schedule()
        agreed = plan.Stretch(self.contract_id.date_start, self.contract_id.date_end)
        price = plan.price(self._get_unit_price(), self.price_basis, agreed, stretches, schedule)
        return to_unit(price, schedule.rounding)
