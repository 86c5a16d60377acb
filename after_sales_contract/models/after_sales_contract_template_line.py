from odoo import api, fields, models

from .after_sales_contract_template import PRICE_BASES, PRICINGS


class AfterSalesContractTemplateLine(models.Model):
    _name = "after.sales.contract.template.line"
    _description = "Price of a Service Contract Template"
    _order = "template_id, sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one(
        "after.sales.contract.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product", required=True, domain=[("type", "=", "service")], check_company=True
    )
    name = fields.Text("Description", compute="_compute_name", store=True, readonly=False, precompute=True)
    quantity = fields.Float(default=1.0, digits="Product Unit")
    price_basis = fields.Selection(PRICE_BASES, "Price per", default="year", required=True)
    pricing = fields.Selection(PRICINGS, "Priced by", default="per_contract", required=True)

    cover_product_id = fields.Many2one("product.product", "Units of Product", check_company=True)
    cover_categ_id = fields.Many2one("product.category", "Units of Family")

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            line.name = (
                line.product_id.get_product_multiline_description_sale() if line.product_id else line.name
            )

    def _get_product_texts(self):
        """The description of the product in every language."""
        product = self.product_id
        codes = [code for code, __ in self.env["res.lang"].get_installed()] if product else []
        return {product.with_context(lang=code).get_product_multiline_description_sale() for code in codes}

    def _prepare_contract_line_vals(self):
        self.ensure_one()
        # What is the product's own description comes with the product, in the language of the contract's customer.
        own = {} if self.name in self._get_product_texts() else {"name": self.name}
        return {
            **own,
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "price_basis": self.price_basis,
            "pricing": self.pricing,
            "cover_product_id": self.cover_product_id.id,
            "cover_categ_id": self.cover_categ_id.id,
        }
