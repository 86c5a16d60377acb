from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    after_sales_tracked = fields.Boolean(
        "Installed Unit",
        compute="_compute_after_sales_tracked",
        store=True,
        readonly=False,
        precompute=True,
        help="Each delivery to a customer makes an installed unit with its warranties.",
    )
    after_sales_used = fields.Boolean(
        "Used Goods",
        help="Sold second-hand: the terms for used goods are given, where law allows shorter ones.",
    )
    after_sales_digital_months = fields.Integer(
        "Digital Elements For (Months)",
        help="Months after the delivery in which software, updates or online services of the product are supplied. "
        "Zero: it has none. Where law says so the seller is liable for them that long.",
    )
    warranty_term_ids = fields.Many2many(
        "after.sales.warranty.term",
        "after_sales_term_product_rel",
        "product_tmpl_id",
        "term_id",
        string="Warranty Terms",
    )
    after_sales_extension_term_id = fields.Many2one(
        "after.sales.warranty.term",
        "Warranty Extension",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("kind", "=", "extension")],
        help="What the buyer of this service gets: one more warranty that begins when the cover of his unit ends.",
    )
    after_sales_unit_count = fields.Integer(
        compute="_compute_after_sales_unit_count", groups="after_sales_warranty.group_after_sales_technician"
    )

    _after_sales_digital_positive = models.Constraint(
        "CHECK (after_sales_digital_months >= 0)", "Months cannot be negative."
    )

    @api.depends("is_storable")
    def _compute_after_sales_tracked(self):
        for template in self:
            template.after_sales_tracked = template.is_storable

    def _compute_after_sales_unit_count(self):
        counts = dict(
            self.env["after.sales.unit"]._read_group(
                [("product_tmpl_id", "in", self.ids)], ["product_tmpl_id"], ["__count"]
            )
        )
        for template in self:
            template.after_sales_unit_count = counts.get(template, 0)

    @api.constrains("after_sales_extension_term_id", "type")
    def _check_after_sales_extension_term(self):
        for template in self.filtered("after_sales_extension_term_id"):
            if template.type != "service":
                raise ValidationError(
                    self.env._("%s is no service: only a service sells an extension.", template.name)
                )
            if template.after_sales_extension_term_id.kind != "extension":
                raise ValidationError(
                    self.env._(
                        "%(term)s is no extension: choose a term of the kind Extension for %(product)s.",
                        term=template.after_sales_extension_term_id.name,
                        product=template.name,
                    )
                )

    def action_view_after_sales_units(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_list_action([("product_tmpl_id", "=", self.id)])
