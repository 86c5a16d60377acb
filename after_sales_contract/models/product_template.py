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
        help="What an order, delivery or invoice makes of a line with this product. A service becomes a price of the "
        "contract; goods are covered at the prices of the template.",
    )
    after_sales_contract_source = fields.Selection(
        [("order", "Sales order"), ("delivery", "Delivery"), ("invoice", "Invoice")],
        "Created from",
        default="order",
        required=True,
        help="Order: when it is confirmed; delivery: when goods of the order are shipped. In both the contract's "
        "instalments bill a service, so the order itself does not. Invoice: when it is posted; it bills the service "
        "and the contract makes no instalments of it.",
    )
    after_sales_contract_template_id = fields.Many2one(
        "after.sales.contract.template", "Contract Template", index="btree_not_null", check_company=True
    )
