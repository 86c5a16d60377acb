from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.durations import duration_text


class AfterSalesWarrantyTerm(models.Model):
    _name = "after.sales.warranty.term"
    _description = "Warranty Term"
    _inherit = ["after.sales.term.mixin", "after.sales.watch.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    applies_to = fields.Selection(
        [("selected", "Selected products and categories"), ("all", "All installed products")],
        required=True,
        default="selected",
    )
    product_tmpl_ids = fields.Many2many(
        "product.template", "after_sales_term_product_rel", "term_id", "product_tmpl_id", string="Products"
    )
    categ_ids = fields.Many2many(
        "product.category", "after_sales_term_categ_rel", "term_id", "categ_id", string="Product Categories"
    )
    customer_kind = fields.Selection(
        [("consumer", "Consumers"), ("business", "Businesses"), ("both", "All customers")],
        required=True,
        default="both",
    )
    goods_kind = fields.Selection(
        [("all", "New and used goods"), ("new", "New goods"), ("used", "Used goods")],
        "Given With",
        required=True,
        default="all",
        help="Used goods may have a shorter legal warranty, and so have terms of their own.",
    )
    country_ids = fields.Many2many(
        "res.country",
        "after_sales_term_country_rel",
        "term_id",
        "country_id",
        string="Countries",
        help="Empty: everywhere.",
    )
    date_from = fields.Date("Offered From")
    date_to = fields.Date("Offered Until")
    excluded_fault_ids = fields.Many2many(
        "after.sales.fault", "after_sales_term_fault_rel", "term_id", "fault_id"
    )
    excluded_product_ids = fields.Many2many(
        "product.product", "after_sales_term_excluded_product_rel", "term_id", "product_id"
    )
    excluded_categ_ids = fields.Many2many(
        "product.category", "after_sales_term_excluded_categ_rel", "term_id", "categ_id"
    )
    covered_product_ids = fields.Many2many(
        "product.product", "after_sales_term_covered_product_rel", "term_id", "product_id"
    )
    warranty_ids = fields.One2many("after.sales.warranty", "term_id", "Warranties")
    warranty_count = fields.Integer(compute="_compute_warranty_count")
    extension_tmpl_ids = fields.One2many("product.template", "after_sales_extension_term_id", "Sold As")

    _dates_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_to >= date_from)",
        "A term cannot be withdrawn before it is offered.",
    )

    def _compute_warranty_count(self):
        counts = dict(
            self.env["after.sales.warranty"]._read_group(
                [("term_id", "in", self.ids)], ["term_id"], ["__count"]
            )
        )
        for term in self:
            term.warranty_count = counts.get(term, 0)

    @api.constrains(
        "kind", "duration", "duration_unit", "country_ids", "customer_kind", "goods_kind", "active"
    )
    def _check_legal_minimum(self):
        """A legal term may not promise less than the law of its countries."""
        today = fields.Date.context_today(self)
        for term in self.filtered(lambda t: t.kind == "legal" and t.active):
            for country in term.country_ids:
                rule = self.env["after.sales.warranty.rule"]._find(
                    term._get_minimum_code(), country, term.customer_kind, today
                )
                if rule and rule._get_months() > term._get_months():
                    raise ValidationError(
                        self.env._(
                            "The law of %(country)s grants at least %(time)s (%(law)s).",
                            country=country.name,
                            time=duration_text(rule._get_months(), "month", self.env.lang),
                            law=rule.law_ref,
                        )
                    )

    @api.constrains("kind")
    def _check_sold_as_extension(self):
        for term in self.filtered(lambda t: t.kind != "extension" and t.extension_tmpl_ids):
            raise ValidationError(
                self.env._(
                    "%(term)s is sold by %(product)s and stays an extension.",
                    term=term.name,
                    product=term.extension_tmpl_ids[:1].name,
                )
            )

    def _get_minimum_code(self):
        """The rule that says how long a legal term lasts at least."""
        self.ensure_one()
        return "min_used_duration" if self.goods_kind == "used" else "min_legal_duration"

    def _get_months(self):
        """The duration in whole months, for comparison."""
        self.ensure_one()
        return {"year": 12 * self.duration, "month": self.duration, "day": self.duration // 30}[
            self.duration_unit
        ]

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for term, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", term.name)
        return vals_list

    def action_view_warranties(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_warranty_action"
        )
        return {**action, "domain": [("term_id", "=", self.id)], "context": {}}

    # === WHICH TERMS A UNIT IS ENTITLED TO === #

    @api.model
    def _get_for_units(self, units):
        """Terms of each unit, by its product, owner, country and delivery date.

        Extensions are bought or granted one by one and never come by themselves.
        """
        domain = (
            Domain("kind", "!=", "extension")
            & Domain("company_id", "in", [False, *units.company_id.ids])
            & (
                Domain("applies_to", "=", "all")
                | Domain("product_tmpl_ids", "in", units.product_tmpl_id.ids)
                | Domain("categ_ids", "parent_of", units.categ_id.ids)
            )
        )
        # Whoever delivers or imports need not read terms to grant them.
        terms_sudo = self.sudo().search(domain)
        today = fields.Date.context_today(self)
        # Hundreds of serials of one delivery are entitled to the same.
        alike = units.grouped(lambda unit: unit._get_entitlement_key())
        return {
            unit: terms
            for same in alike.values()
            for terms in [
                terms_sudo.filtered(
                    lambda term, unit=same[:1], day=same[:1].delivery_date or today: term._suits(unit, day)
                )
            ]
            for unit in same
        }

    def _suits(self, unit, day):
        """Whether the term is given to the unit on this day."""
        self.ensure_one()
        owner = unit.partner_id.commercial_partner_id
        return (
            self.goods_kind in ("all", "used" if unit.product_tmpl_id.after_sales_used else "new")
            and (not self.company_id or self.company_id == unit.company_id)
            and (not self.date_from or self.date_from <= day)
            and (not self.date_to or day <= self.date_to)
            and self.customer_kind in ("both", owner._get_after_sales_customer_kind())
            and (not self.country_ids or (owner.country_id or unit.company_id.country_id) in self.country_ids)
            and (self.applies_to == "all" or self._names_product(unit))
        )

    def _names_product(self, unit):
        ancestors = {int(part) for part in (unit.categ_id.parent_path or "").split("/") if part}
        return unit.product_tmpl_id in self.product_tmpl_ids or bool(ancestors & set(self.categ_ids.ids))

    def _extends_product(self, unit):
        """Whether the term is meant for the unit's product."""
        self.ensure_one()
        return self.applies_to == "all" or self._names_product(unit)

    # === LAW WATCH === #

    @api.model
    def _get_watch_domain(self, today):
        return self._get_lead_domain("date_to", today)

    def _get_watch_alert(self, today):
        self.ensure_one()
        return self.date_to, self.env._(
            "The term %(term)s is offered until %(day)s: renew it or let it end.",
            term=self.name,
            day=format_date(self.env, self.date_to),
        )
