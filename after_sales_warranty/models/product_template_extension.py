from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """A service that sells more warranty."""

    _inherit = "product.template"

    after_sales_extension_term_id = fields.Many2one(
        "after.sales.warranty.term",
        "Warranty Extension",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("kind", "=", "extension")],
        help="What the buyer of this service gets: one more warranty that begins when the cover of his unit ends.",
    )

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
