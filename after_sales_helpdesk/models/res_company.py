from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    after_sales_goods_location_id = fields.Many2one(
        "stock.location",
        "Customers' Goods Location",
        check_company=True,
        help="Where goods that belong to customers lie while they are with us. It is outside every "
        "warehouse, so that they are never sold, reserved or valued as ours.",
    )
    after_sales_receipt_type_id = fields.Many2one(
        "stock.picking.type", "Receipts of Customers' Goods", check_company=True
    )

    @api.model
    def _create_missing_after_sales_goods(self):
        companies = self.with_context(active_test=False).search(
            ["|", ("after_sales_goods_location_id", "=", False), ("after_sales_receipt_type_id", "=", False)]
        )
        companies._create_after_sales_goods_location()
        companies._create_after_sales_receipt_type()

    def _create_per_company_locations(self):
        super()._create_per_company_locations()
        self._create_after_sales_goods_location()

    def _create_per_company_picking_types(self):
        super()._create_per_company_picking_types()
        self._create_after_sales_receipt_type()

    def _create_after_sales_goods_location(self):
        for company in self.filtered(lambda c: not c.after_sales_goods_location_id):
            company.after_sales_goods_location_id = self.env["stock.location"].create(
                {
                    "name": self.env._("Customers' Goods"),
                    "usage": "internal",
                    "location_id": False,
                    "company_id": company.id,
                }
            )

    def _create_after_sales_receipt_type(self):
        customers = self.env.ref("stock.stock_location_customers")
        for company in self.filtered(lambda c: not c.after_sales_receipt_type_id):
            company.after_sales_receipt_type_id = self.env["stock.picking.type"].create(
                {
                    "name": self.env._("Customers' Goods"),
                    "code": "incoming",
                    "sequence_code": "CUST/IN",
                    "company_id": company.id,
                    "default_location_src_id": customers.id,
                    "default_location_dest_id": company.after_sales_goods_location_id.id,
                }
            )
