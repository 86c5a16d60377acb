from odoo import models
from odoo.fields import Domain


class AfterSalesUnit(models.Model):
    """All cards of some units in one print, for the house and for the owner."""

    _name = "after.sales.unit"
    _inherit = ["after.sales.unit", "after.sales.card.source"]

    def _get_after_sales_unit_domain(self):
        return Domain("id", "in", self.ids)

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Warranty cards %s", self.display_name)
