from odoo import fields, models


class AfterSalesWarrantyTerm(models.Model):
    """Used goods may have a shorter legal warranty, and so have terms of their own."""

    _inherit = "after.sales.warranty.term"

    goods_kind = fields.Selection(
        [("all", "New and used goods"), ("new", "New goods"), ("used", "Used goods")],
        "Given With",
        required=True,
        default="all",
    )

    def _get_minimum_code(self):
        """The rule that says how long a legal term lasts at least."""
        self.ensure_one()
        return "min_used_duration" if self.goods_kind == "used" else "min_legal_duration"

    def _suits(self, unit, day):
        used = unit.product_tmpl_id.after_sales_used
        return self.goods_kind in ("all", "used" if used else "new") and super()._suits(unit, day)
