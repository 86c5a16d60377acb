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

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            line.name = (
                line.product_id.get_product_multiline_description_sale() if line.product_id else line.name
            )

    def _prepare_contract_line_vals(self):
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": self.quantity,
            "price_basis": self.price_basis,
            "pricing": self.pricing,
        }
