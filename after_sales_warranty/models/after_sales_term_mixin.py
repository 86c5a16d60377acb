from odoo import api, fields, models

from ..tools.durations import duration_text

SHARES = {
    "part": "part",
    "labour": "labour",
    "travel": "travel",
    "call_out": "travel",
    "per_diem": "travel",
    "expense": "travel",
}


class AfterSalesTermMixin(models.AbstractModel):
    """What a warranty promises. The term proposes it, a promise keeps it as it was when it was given."""

    _name = "after.sales.term.mixin"
    _description = "Warranty Promise"

    kind = fields.Selection(
        [("legal", "Legal"), ("conventional", "Commercial"), ("extension", "Extension")],
        required=True,
        default="conventional",
        help="Legal: what the law grants the buyer. Commercial: given by maker or seller on top of it. "
        "Extension: sold or granted apart.",
    )
    duration = fields.Integer(required=True, default=24)
    duration_unit = fields.Selection(
        [("day", "Days"), ("month", "Months"), ("year", "Years")], required=True, default="month"
    )
    start_basis = fields.Selection(
        [
            ("delivery", "Delivery"),
            ("invoice", "Invoice"),
            ("installation", "Installation"),
            ("registration", "Registration"),
            ("manufacture", "Manufacture"),
        ],
        required=True,
        default="delivery",
        string="Starts With",
    )
    part_share = fields.Float("Parts Covered (%)", default=100.0, digits=(5, 2))
    labour_share = fields.Float("Labour Covered (%)", default=100.0, digits=(5, 2))
    travel_share = fields.Float(
        "Travel Covered (%)", default=100.0, digits=(5, 2), help="Also call-out, per-diem and expenses."
    )
    part_duration = fields.Integer(
        "Parts For", help="Own duration for parts, in the same unit. Zero: as long as the warranty."
    )
    labour_duration = fields.Integer(
        "Labour For", help="Own duration for labour, in the same unit. Zero: as long as the warranty."
    )
    travel_duration = fields.Integer(
        "Travel For", help="Own duration for travel, in the same unit. Zero: as long as the warranty."
    )
    excluded_fault_ids = fields.Many2many("after.sales.fault", string="Excluded Faults")
    excluded_product_ids = fields.Many2many("product.product", string="Excluded Parts")
    excluded_categ_ids = fields.Many2many("product.category", string="Excluded Categories")
    covered_product_ids = fields.Many2many(
        "product.product",
        "after_sales_term_mixin_covered_product_rel",
        string="Only These Parts",
        help="Parts that the cover is limited to. Empty: the whole unit.",
    )
    conditions = fields.Html(
        translate=True, help="Proof of purchase, rules of use, storage and care; what voids the cover."
    )
    proof_required = fields.Boolean(
        "Proof of Purchase Needed", help="Who claims shows the receipt, unless we sold the unit ourselves."
    )
    procedure = fields.Html("How to Claim", translate=True)
    claim_limit = fields.Integer(help="Authorised claims allowed on one warranty. Zero: no limit.")
    transferable = fields.Boolean(default=True, help="The cover follows the unit to its next owner.")
    replacement_policy = fields.Selection(
        [
            ("inherit", "Keep the remaining time"),
            ("restart", "Start again"),
            ("longer", "Remaining time, at least the months given"),
        ],
        required=True,
        default="inherit",
        string="After a Replacement",
    )
    replacement_months = fields.Integer("Months After a Replacement")
    repair_policy = fields.Selection(
        [
            ("none", "Nothing changes"),
            ("suspend", "Add the days out of use"),
            ("extend", "Add the months given"),
        ],
        required=True,
        default="none",
        string="After a Repair",
    )
    repair_months = fields.Integer("Months After a Repair")
    repair_once = fields.Boolean(
        "Only the First Repair", help="Only the first repair adds months, later ones do not."
    )

    _duration_positive = models.Constraint(
        "CHECK (duration > 0)", "A warranty needs a duration of at least one day."
    )
    _shares_percent = models.Constraint(
        "CHECK (part_share BETWEEN 0 AND 100 AND labour_share BETWEEN 0 AND 100"
        " AND travel_share BETWEEN 0 AND 100)",
        "A covered share lies between 0 and 100 percent.",
    )
    _counts_positive = models.Constraint(
        "CHECK (part_duration >= 0 AND labour_duration >= 0 AND travel_duration >= 0"
        " AND claim_limit >= 0 AND replacement_months >= 0 AND repair_months >= 0)",
        "Durations and limits cannot be negative.",
    )
    _windows_within = models.Constraint(
        "CHECK (GREATEST(part_duration, labour_duration, travel_duration) <= duration)",
        "Parts, labour and travel cannot be covered for longer than the warranty lasts: extend the warranty, or"
        " give them a shorter time of their own.",
    )

    @api.model
    def _get_promise_fields(self):
        """Names of the fields that a promise takes over from the term."""
        return [
            name
            for name, field in self.env["after.sales.term.mixin"]._fields.items()
            if field.store and name not in models.MAGIC_COLUMNS
        ]

    def _prepare_snapshot_vals(self):
        """The promise as values for another record. Empty relations are left out."""
        self.ensure_one()
        vals = {}
        for name in self._get_promise_fields():
            value = self[name]
            if self._fields[name].type == "many2many":
                if value:
                    vals[name] = [fields.Command.set(value.ids)]
            else:
                vals[name] = value
        return vals

    def _get_duration_text(self):
        """How long it lasts, in the language of the environment."""
        self.ensure_one()
        return duration_text(self.duration, self.duration_unit, self.env.lang)

    def _get_share(self, cost_class):
        """Share paid of a cost class, 0 to 1."""
        return self[f"{SHARES[cost_class]}_share"] / 100.0

    def _get_class_duration(self, cost_class):
        """Own duration of a cost class, zero when it lasts as long as the warranty."""
        return self[f"{SHARES[cost_class]}_duration"]
