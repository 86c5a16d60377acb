from odoo import api, fields, models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    after_sales_location_id = fields.Many2one(
        "stock.location",
        "Van Stock",
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
        check_company=True,
        help="Where this technician takes spare parts from. Empty: from the warehouse.",
    )

    @api.model
    def _get_own_technician(self):
        """The technicians that the user is, in the companies he works in."""
        return self.search(
            [
                ("user_id", "=", self.env.uid),
                ("is_technician", "=", True),
                ("company_id", "in", [*self.env.companies.ids, False]),
            ]
        )
