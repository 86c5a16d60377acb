from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    after_sales_contract_policy = fields.Selection(
        [
            ("none", "Nothing"),
            ("proposal", "A contract proposal"),
            ("contract", "A running contract"),
        ],
        "When Sold Create",
        default="none",
        required=True,
        help="What a confirmed sale order makes of a line with this product. The contract's instalments bill it, "
        "so the order itself does not.",
    )
    after_sales_contract_template_id = fields.Many2one(
        "after.sales.contract.template", "Contract Template", index="btree_not_null", check_company=True
    )
