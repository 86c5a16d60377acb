from odoo import api, fields, models

from ..tools import periods

#: The cost classes of the coverage (after_sales_warranty), as shown to people.
COST_CLASSES = [
    ("part", "Parts"),
    ("labour", "Labour"),
    ("travel", "Travel"),
    ("call_out", "Call-out"),
    ("per_diem", "Per-diem"),
    ("expense", "Expenses"),
]


class AfterSalesContractInclusion(models.Model):
    """Which part of a cost class a contract pays. What is not listed is not included."""

    _name = "after.sales.contract.inclusion"
    _description = "Inclusion of a Service Contract"
    _order = "template_id, contract_id, sequence, id"

    template_id = fields.Many2one("after.sales.contract.template", index="btree_not_null", ondelete="cascade")
    contract_id = fields.Many2one("after.sales.contract", index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True)
    sequence = fields.Integer(default=10)
    cost_class = fields.Selection(COST_CLASSES, required=True)
    share = fields.Float(
        "Share (%)", default=100.0, help="What the contract pays; the customer pays the rest."
    )
    limit_quantity = fields.Float(
        "Up to",
        digits="Product Unit",
        help="Quantity (hours, calls, pieces) that each period includes; 0 = no limit.",
    )
    limit_period = fields.Selection(
        [("term", "Whole term"), ("year", "Year of the contract"), ("month", "Month of the contract")],
        "Each",
        default="term",
        required=True,
    )
    usage_ids = fields.One2many("after.sales.contract.usage", "inclusion_id")
    used_quantity = fields.Float("Used", compute="_compute_used_quantity", digits="Product Unit")

    _one_owner = models.Constraint(
        "CHECK ((template_id IS NULL) <> (contract_id IS NULL))",
        "An inclusion belongs to a template or to a contract.",
    )
    _contract_class_uniq = models.UniqueIndex(
        "(contract_id, cost_class) WHERE contract_id IS NOT NULL",
        "A cost class is included once in a contract.",
    )
    _template_class_uniq = models.UniqueIndex(
        "(template_id, cost_class) WHERE template_id IS NOT NULL",
        "A cost class is included once in a template.",
    )
    _share_range = models.Constraint(
        "CHECK (share >= 0 AND share <= 100)", "A share lies between 0 and 100 %."
    )
    _limit_positive = models.Constraint("CHECK (limit_quantity >= 0)", "A limit cannot be negative.")

    @api.depends("template_id.company_id", "contract_id.company_id")
    def _compute_company_id(self):
        for inclusion in self:
            inclusion.company_id = inclusion.contract_id.company_id or inclusion.template_id.company_id

    @api.depends("usage_ids.quantity")
    def _compute_used_quantity(self):
        used = dict(
            self.env["after.sales.contract.usage"]._read_group(
                [("inclusion_id", "in", self.ids)], ["inclusion_id"], ["quantity:sum"]
            )
        )
        for inclusion in self:
            inclusion.used_quantity = used.get(inclusion._origin, 0.0)

    @api.depends("cost_class", "share")
    @api.depends_context("lang")
    def _compute_display_name(self):
        classes = dict(self._fields["cost_class"]._description_selection(self.env))
        for inclusion in self:
            inclusion.display_name = f"{classes.get(inclusion.cost_class, '')} {inclusion.share:g} %"

    def _get_limit_days(self, day):
        """First and last day of the period, counted from the contract's start, whose limit holds on a day."""
        self.ensure_one()
        return next(periods.grid(self.contract_id.date_start, 1, self.limit_period, day))
