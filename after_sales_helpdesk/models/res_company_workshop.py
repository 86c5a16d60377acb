from odoo import api, fields, models


class ResCompany(models.Model):
    """Where loaners are while customers have them, and the transfers that hand goods back."""

    _inherit = "res.company"

    after_sales_handback_type_id = fields.Many2one(
        "stock.picking.type", "Hand-Back of Customers' Goods", check_company=True
    )
    after_sales_loan_location_id = fields.Many2one(
        "stock.location",
        "Loaners Location",
        check_company=True,
        help="Where loaners are while customers have them. It is outside every warehouse: they stay in our valuation, "
        "and are neither sold nor reserved.",
    )

    def _create_per_company_locations(self):
        super()._create_per_company_locations()
        self._create_after_sales_loan_location()

    def _create_per_company_picking_types(self):
        super()._create_per_company_picking_types()
        self._create_after_sales_handback_type()

    @api.model
    def _create_missing_after_sales_workshop(self):
        companies = self.with_context(active_test=False).search([])
        companies._create_after_sales_loan_location()
        companies._create_after_sales_handback_type()

    def _create_after_sales_loan_location(self):
        for company in self.filtered(lambda c: not c.after_sales_loan_location_id):
            company.after_sales_loan_location_id = self.env["stock.location"].create(
                {
                    "name": self.env._("Loaners at Customers"),
                    "usage": "internal",
                    "location_id": False,
                    "company_id": company.id,
                }
            )

    def _create_after_sales_handback_type(self):
        customers = self.env.ref("stock.stock_location_customers")
        for company in self.filtered(lambda c: not c.after_sales_handback_type_id):
            company.after_sales_handback_type_id = self.env["stock.picking.type"].create(
                {
                    "name": self.env._("Hand-Back of Customers' Goods"),
                    "code": "outgoing",
                    "sequence_code": "CUST/OUT",
                    "company_id": company.id,
                    "default_location_src_id": company.after_sales_goods_location_id.id,
                    "default_location_dest_id": customers.id,
                }
            )
