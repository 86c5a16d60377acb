from odoo import api, fields, models


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
    warranty_term_ids = fields.Many2many(
        "after.sales.warranty.term",
        "after_sales_term_product_rel",
        "product_tmpl_id",
        "term_id",
        string="Warranty Terms",
    )

    @api.depends("is_storable")
    def _compute_after_sales_tracked(self):
        for template in self:
            template.after_sales_tracked = template.is_storable

    after_sales_unit_count = fields.Integer(
        compute="_compute_after_sales_unit_count", groups="after_sales_warranty.group_after_sales_technician"
    )

    def _compute_after_sales_unit_count(self):
        counts = dict(
            self.env["after.sales.unit"]._read_group(
                [("product_tmpl_id", "in", self.ids)], ["product_tmpl_id"], ["__count"]
            )
        )
        for template in self:
            template.after_sales_unit_count = counts.get(template, 0)

    def action_view_after_sales_units(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_list_action([("product_tmpl_id", "=", self.id)])
