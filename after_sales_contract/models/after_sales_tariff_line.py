from odoo import api, fields, models

from ..tools import tariff as rules
from .groups import OFFICE

#: What a tariff line charges and which cost class of the coverage it belongs to.
KINDS = [
    ("call_out", "Call-out fee"),
    ("travel_km", "Travel distance"),
    ("travel_time", "Travel time"),
    ("labour", "Labour"),
    ("overtime", "Overtime"),
    ("per_diem", "Per-diem"),
    ("expense", "Expense"),
    ("subcontract", "Subcontractor"),
]
COST_CLASS_OF_KIND = {
    "call_out": "call_out",
    "travel_km": "travel",
    "travel_time": "travel",
    "labour": "labour",
    "overtime": "labour",
    "per_diem": "per_diem",
    "expense": "expense",
    "subcontract": "labour",
}


class AfterSalesTariffLine(models.Model):
    _name = "after.sales.tariff.line"
    _description = "Price of a Service Tariff"
    _order = "tariff_id, sequence, id"
    _check_company_auto = True

    tariff_id = fields.Many2one("after.sales.tariff", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="tariff_id.company_id", store=True)
    currency_id = fields.Many2one(related="tariff_id.currency_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True)
    band_id = fields.Many2one("after.sales.time.band", help="Empty: the price of every hour.")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        domain=[("type", "=", "service")],
        check_company=True,
        help="Product invoiced.",
    )
    uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    price = fields.Monetary(
        "Sale Price", help="Per unit, without taxes. Expenses and subcontractors: 0 charges what they cost."
    )
    cost = fields.Monetary(
        currency_field="company_currency_id",
        help="What a unit costs us when nothing better is known.",
        groups=OFFICE,
    )
    minimum = fields.Float("Minimum Quantity", digits="Product Unit")
    step = fields.Float(
        "Rounded up to", digits="Product Unit", help="E.g. 0.25 charges every started quarter of an hour."
    )

    _kind_band_uniq = models.UniqueIndex(
        "(tariff_id, kind, COALESCE(band_id, 0))", "A tariff has one price per activity and band."
    )
    _quantities_positive = models.Constraint(
        "CHECK (minimum >= 0 AND step >= 0)", "Minimum and rounding cannot be negative."
    )

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.product_id.uom_id or line.uom_id

    @api.depends("kind", "band_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            name = kinds.get(line.kind, "")
            line.display_name = f"{name} ({line.band_id.name})" if line.band_id else name

    def _get_billable_quantity(self, quantity):
        """Quantity to charge for a real quantity, after minimum and rounding."""
        self.ensure_one()
        return rules.billable(quantity, self.minimum, self.step)

    def _get_cost_class(self):
        self.ensure_one()
        return COST_CLASS_OF_KIND[self.kind]
