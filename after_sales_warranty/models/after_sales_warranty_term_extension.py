from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AfterSalesWarrantyTerm(models.Model):
    """An extension that is sold: by which services, and for which units."""

    _inherit = "after.sales.warranty.term"

    extension_tmpl_ids = fields.One2many("product.template", "after_sales_extension_term_id", "Sold As")

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

    def _extends_product(self, unit):
        """Whether the term is meant for the unit's product."""
        self.ensure_one()
        return self.applies_to == "all" or self._names_product(unit)
