from odoo import fields, models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    after_sales_owner_id = fields.Many2one(
        "res.partner",
        "Owner of the Goods",
        help="Set when the goods stay the customer's: they go to the location of customers' goods.",
    )

    def _prepare_picking_default_values_based_on(self, picking):
        vals = super()._prepare_picking_default_values_based_on(picking)
        vals |= {
            "after_sales_purpose": False,
            "after_sales_pickup": False,
        }  # what goes back has a purpose of its own
        if self.after_sales_owner_id:
            company = picking.company_id
            vals |= {
                "picking_type_id": company.after_sales_receipt_type_id.id,
                "location_dest_id": company.after_sales_goods_location_id.id,
                "owner_id": self.after_sales_owner_id.id,
            }
        return vals
