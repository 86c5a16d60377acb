from odoo import Command, fields, models

DURATION_UNITS = [("day", "Days"), ("month", "Months"), ("year", "Years")]
PERIOD_UNITS = [
    ("day", "Days"),
    ("week", "Weeks"),
    ("month", "Months"),
    ("quarter", "Quarters"),
    ("year", "Years"),
]
NOTICE_UNITS = [("day", "Days"), ("month", "Months")]
TIMINGS = [("advance", "In advance"), ("arrears", "In arrears")]
ALIGNMENTS = [("start", "Counted from the first day"), ("calendar", "Calendar periods, first one pro rata")]
PRICE_BASES = [
    ("term", "Whole term"),
    ("year", "Year"),
    ("quarter", "Quarter"),
    ("month", "Month"),
    ("once", "Once, whatever the days"),
]
PRICINGS = [
    ("per_contract", "Contract"),
    ("per_unit", "Covered unit"),
    ("per_product", "Covered unit of a product or family"),
]
COVER_POLICIES = [("warranty_end", "When the warranty has ended"), ("contract_start", "With the contract")]
POOL_PERIODS = [("term", "Whole term"), ("month", "Month"), ("quarter", "Quarter"), ("year", "Year")]
SCOPES = [
    ("listed", "Listed units and products"),
    ("site", "Everything of the customer at its sites"),
    ("customer", "Everything of the customer"),
]
LEAVE_POLICIES = [
    ("credit", "Its price ends, the rest is credited"),
    ("period", "Its price runs to the end of the period"),
]
INCLUSION_POLICIES = [
    ("propose", "Are proposed for inclusion"),
    ("include", "Are included by themselves"),
    ("ignore", "Stay outside"),
]

START_BASES = [
    ("order", "Date of the quotation"),
    ("confirmation", "Confirmation of the order"),
    ("delivery", "First delivery"),
    ("invoice", "First invoice"),
    ("warranty_end", "End of the units' warranty"),
    ("fixed", "A fixed date"),
]
#: Begin with something that has not happened yet when the contract is proposed.
OPEN_START_BASES = ("delivery", "invoice", "warranty_end")

#: Fields that a contract takes over from its template, and what they are without one.
TERM_DEFAULTS = {
    "start_basis": "confirmation",
    "duration": 1,
    "duration_unit": "year",
    "notice": 30,
    "notice_unit": "day",
    "tacit_renewal": False,
    "renewal_duration": 0,
    "renewal_duration_unit": "year",
    "adjustment_id": False,
    "interval": 1,
    "interval_unit": "year",
    "timing": "advance",
    "alignment": "start",
    "scope": "listed",
    "cover_policy": "warranty_end",
    "free_months": 0,
    "leave_policy": "credit",
    "inclusion_policy": "propose",
    "service_level_id": False,
    "tariff_id": False,
    "payment_term_id": False,
    "pool_hours": 0.0,
    "pool_period": "term",
    "pool_rollover": 0.0,
    "pool_overage_tariff_id": False,
    "note": False,
}


class AfterSalesContractTemplate(models.Model):
    _name = "after.sales.contract.template"
    _description = "Service Contract Template"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    active = fields.Boolean(default=True)

    # === Term ===#
    duration = fields.Integer(default=1, required=True)
    duration_unit = fields.Selection(DURATION_UNITS, default="year", required=True)
    notice = fields.Integer("Notice Period", default=30, help="How long before the end notice must be given.")
    notice_unit = fields.Selection(NOTICE_UNITS, default="day", required=True)
    tacit_renewal = fields.Boolean(help="Goes on after its end unless somebody gives notice in time.")
    renewal_duration = fields.Integer(
        "Renewal Term", help="How long each renewal lasts. 0: as long as the first term."
    )
    renewal_duration_unit = fields.Selection(DURATION_UNITS, default="year", required=True)
    adjustment_id = fields.Many2one(
        "after.sales.adjustment", check_company=True, help="How prices change on renewal. Empty: they stay."
    )
    start_basis = fields.Selection(
        START_BASES,
        "Begins with",
        default="confirmation",
        required=True,
        help="When a contract that was sold with an order begins.",
    )

    proposal_days = fields.Integer(
        "Proposal Valid for (days)",
        default=30,
        help="How long a customer has to accept a proposal; 0 = no limit.",
    )

    # === Instalments ===#
    interval = fields.Integer("Instalment Every", default=1, required=True)
    interval_unit = fields.Selection(PERIOD_UNITS, default="year", required=True)
    timing = fields.Selection(TIMINGS, "Due", default="advance", required=True)
    alignment = fields.Selection(ALIGNMENTS, "Periods", default="start", required=True)
    free_months = fields.Integer(help="The first months of the term cost nothing.")
    price_basis = fields.Selection(
        PRICE_BASES,
        "Order Prices Are per",
        default="term",
        required=True,
        help="What the price on a sale order buys.",
    )
    payment_term_id = fields.Many2one("account.payment.term", check_company=True)

    # === Cover ===#
    scope = fields.Selection(SCOPES, "Covers", default="listed", required=True)
    cover_policy = fields.Selection(COVER_POLICIES, "Cover Begins", default="warranty_end", required=True)
    cover_order_units = fields.Boolean(
        "Cover the Order's Units",
        default=True,
        help="Units delivered by the order that sold the contract are covered.",
    )
    leave_policy = fields.Selection(LEAVE_POLICIES, "When a Unit Leaves", default="credit", required=True)
    inclusion_policy = fields.Selection(
        INCLUSION_POLICIES, "Later Purchases", default="propose", required=True
    )
    service_level_id = fields.Many2one("after.sales.service.level", check_company=True)
    tariff_id = fields.Many2one("after.sales.tariff", company_dependent=True, check_company=True)
    pool_hours = fields.Float("Hour Pool", help="Hours of labour that the price buys.")
    pool_period = fields.Selection(POOL_PERIODS, "Hours Are For", default="term", required=True)
    pool_rollover = fields.Float(
        "Hours Carried Over",
        digits="Product Unit",
        help="Hours left at the end of a pool that go on to the next one; 0 = all of them are lost.",
    )
    pool_overage_tariff_id = fields.Many2one(
        "after.sales.tariff",
        "Overage Tariff",
        company_dependent=True,
        check_company=True,
        help="Prices of the hours that the pool cannot pay. Empty: the usual tariff.",
    )
    pool_weight_ids = fields.One2many("after.sales.pool.weight", "template_id", "Weights", copy=True)
    pool_threshold_ids = fields.Many2many(
        "after.sales.pool.threshold",
        "after_sales_contract_template_threshold_rel",
        "template_id",
        "threshold_id",
        "Thresholds",
        help="When somebody is told that the hours run out. Empty: at all thresholds of the configuration.",
    )
    send_pool_statements = fields.Boolean(
        "Monthly Statement",
        default=True,
        help="The customer gets a statement of his hours by e-mail after every month.",
    )
    note = fields.Html("Terms and Conditions", translate=True)

    line_ids = fields.One2many("after.sales.contract.template.line", "template_id", "Prices", copy=True)
    inclusion_ids = fields.One2many(
        "after.sales.contract.inclusion", "template_id", "What Is Included", copy=True
    )
    visit_plan_ids = fields.One2many(
        "after.sales.contract.visit.plan", "template_id", "Planned Visits", copy=True
    )

    _duration_positive = models.Constraint("CHECK (duration > 0)", "A contract lasts at least one day.")
    _renewal_positive = models.Constraint(
        "CHECK (renewal_duration >= 0)", "A renewal term cannot be negative."
    )
    _interval_positive = models.Constraint(
        "CHECK (interval > 0)", "The interval of instalments is at least one."
    )
    _notice_positive = models.Constraint("CHECK (notice >= 0)", "The notice period cannot be negative.")
    _free_positive = models.Constraint("CHECK (free_months >= 0)", "Free months cannot be negative.")
    _pool_positive = models.Constraint("CHECK (pool_hours >= 0)", "An hour pool cannot be negative.")
    _pool_rollover_positive = models.Constraint(
        "CHECK (pool_rollover >= 0)", "A rollover limit cannot be negative."
    )

    def _prepare_contract_rows(self):
        """Rows of a new contract: what is included, planned visits, prices."""
        self.ensure_one()
        inclusions = [
            row.copy_data({"template_id": False, "usage_ids": False})[0] for row in self.inclusion_ids
        ]
        return {
            "line_ids": [Command.create(line._prepare_contract_line_vals()) for line in self.line_ids],
            "inclusion_ids": [Command.create(vals) for vals in inclusions],
            "visit_plan_ids": [
                Command.create(plan.copy_data({"template_id": False})[0]) for plan in self.visit_plan_ids
            ],
        }
