from odoo import fields, models
from odoo.tools import SQL

SOURCES = [
    ("labour", "Labour"),
    ("travel", "Travel"),
    ("part", "Spare Parts"),
    ("expense", "Expenses and Subcontractors"),
]
KIND_SOURCE = {
    "labour": ("labour", "overtime"),
    "travel": ("call_out", "travel_km", "travel_time", "per_diem"),
    "part": ("part",),
    "expense": ("expense", "subcontract"),
}


def sql_source(kind: SQL) -> SQL:
    """What a charge costs us for: labour, travel, parts, expenses."""
    whens = [SQL("WHEN %s IN %s THEN %s", kind, kinds, source) for source, kinds in KIND_SOURCE.items()]
    return SQL("CASE %s END", SQL(" ").join(whens))


class AfterSalesChargeFact(models.Model):
    """One row per charge of a call or visit: full value, who pays, real cost, all in the company's currency.

    Instalments are charges too, but no work: they are counted by days of service in contract months.
    """

    _name = "after.sales.charge.fact"
    _description = "Charge Analysis"
    _inherit = ["after.sales.fact"]
    _auto = False
    _rec_name = "charge_id"
    _order = "date desc, id desc"
    _record_field = "charge_id"
    _ratios = {
        "billable_rate": ("amount_customer", "amount", 100),
        "margin_rate": ("margin", "amount_customer", 100),
        "recovery_rate": ("recovered", "recoverable", 100),
    }

    charge_id = fields.Many2one("after.sales.charge", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    ticket_id = fields.Many2one("after.sales.ticket", string="Call", readonly=True)
    intervention_id = fields.Many2one("after.sales.intervention", readonly=True)
    contract_id = fields.Many2one("after.sales.contract", readonly=True)
    unit_id = fields.Many2one("after.sales.unit", string="Installed Unit", readonly=True)
    unit_product_id = fields.Many2one("product.product", string="Product Served", readonly=True)
    unit_categ_id = fields.Many2one("product.category", string="Category Served", readonly=True)
    product_id = fields.Many2one("product.product", string="Charged Product", readonly=True)
    technician_id = fields.Many2one("resource.resource", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    regime_id = fields.Many2one("after.sales.regime", readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.charge"]._fields["kind"]._description_selection(self.env)
        ),
        readonly=True,
    )
    source = fields.Selection(SOURCES, string="Cost Source", readonly=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.charge"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    date = fields.Date(readonly=True)
    quantity = fields.Float(readonly=True)
    amount = fields.Monetary(string="Full Value", readonly=True)
    amount_customer = fields.Monetary(string="Charged to the Customer", readonly=True)
    cost = fields.Monetary(string="Real Cost", readonly=True)
    cost_warranty = fields.Monetary(string="Cost of Warranty", readonly=True)
    cost_contract = fields.Monetary(string="Cost of Contracts", readonly=True)
    cost_goodwill = fields.Monetary(string="Cost of Goodwill", readonly=True)
    cost_customer = fields.Monetary(string="Cost of Charged Work", readonly=True)
    margin = fields.Monetary(
        readonly=True, help="Charged to the customer, less the cost of what was charged."
    )
    recovery_supplier_id = fields.Many2one("res.partner", string="Supplier", readonly=True)
    recoverable = fields.Monetary(
        readonly=True, help="What the supplier bears by his warranty and our agreement with him."
    )
    recovery_claimed = fields.Monetary(string="Claimed From the Supplier", readonly=True)
    recovery_agreed = fields.Monetary(string="Agreed by the Supplier", readonly=True)
    recovered = fields.Monetary(
        string="Recovered From the Supplier",
        readonly=True,
        help="By posted documents, less what was reversed; what is pending does not count.",
    )
    cost_warranty_net = fields.Monetary(
        string="Cost of Warranty, Net", readonly=True, help="Less what suppliers have given back."
    )
    recovery_rate = fields.Float(string="Recovered (%)", readonly=True, aggregator="avg")
    billable_rate = fields.Float(string="Charged to the Customer (%)", readonly=True, aggregator="avg")
    margin_rate = fields.Float(string="Margin (%)", readonly=True, aggregator="avg")

    _depends = {
        "after.sales.charge": [
            "amount",
            "amount_charged",
            "commercial_partner_id",
            "company_id",
            "contract_id",
            "amount_recoverable",
            "cost",
            "cost_charged",
            "currency_id",
            "date",
            "intervention_id",
            "kind",
            "margin",
            "product_id",
            "quantity",
            "recovery_state",
            "recovery_supplier_id",
            "regime_id",
            "state",
            "technician_id",
            "ticket_id",
            "unit_id",
        ],
        "after.sales.charge.allocation": ["active", "charge_id", "payer", "share"],
        "after.sales.supplier.claim.line": [
            "agreed_company",
            "charge_id",
            "claimed_company",
            "settled_company",
        ],
        "after.sales.unit": ["product_id", "categ_id"],
        "res.company": ["currency_id", "parent_id"],
        "res.currency.rate": ["currency_id", "company_id", "name", "rate"],
    }

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT fact.*,
                   fact.cost_warranty - fact.recovered AS cost_warranty_net,
                   fact.recovered * 100.0 / NULLIF(fact.recoverable, 0) AS recovery_rate,
                   fact.amount_customer * 100.0 / NULLIF(fact.amount, 0) AS billable_rate,
                   fact.margin * 100.0 / NULLIF(fact.amount_customer, 0) AS margin_rate
            """
        )

    def _from(self) -> SQL:
        return SQL("FROM (%s) fact", self._sql_charge())

    def _sql_charge(self) -> SQL:
        return SQL(
            """
            SELECT charge.id, charge.id AS charge_id, charge.company_id, company.currency_id, charge.ticket_id,
                   charge.intervention_id, charge.contract_id, charge.unit_id,
                   unit.product_id AS unit_product_id, unit.categ_id AS unit_categ_id, charge.product_id,
                   charge.technician_id, charge.commercial_partner_id, charge.regime_id, charge.kind,
                   %(source)s AS source, charge.state, charge.date, charge.quantity,
                   %(amount)s AS amount,
                   COALESCE(charge.amount_charged, 0) AS amount_customer,
                   COALESCE(charge.cost, 0) AS cost,
                   COALESCE(charge.cost, 0) * %(warranty)s AS cost_warranty,
                   COALESCE(charge.cost, 0) * %(contract)s AS cost_contract,
                   COALESCE(charge.cost, 0) * %(goodwill)s AS cost_goodwill,
                   COALESCE(charge.cost_charged, 0) AS cost_customer,
                   COALESCE(charge.margin, 0) AS margin,
                   charge.recovery_supplier_id,
                   CASE WHEN charge.recovery_state IS NULL THEN 0 ELSE charge.amount_recoverable END AS recoverable,
                   COALESCE(recovery.claimed, 0) AS recovery_claimed,
                   COALESCE(recovery.agreed, 0) AS recovery_agreed,
                   COALESCE(recovery.settled, 0) AS recovered
              FROM after_sales_charge charge
              JOIN res_company company ON company.id = charge.company_id
              LEFT JOIN after_sales_unit unit ON unit.id = charge.unit_id
              LEFT JOIN (%(recovery)s) recovery ON recovery.charge_id = charge.id
             WHERE charge.state <> 'cancelled' AND charge.kind <> 'instalment'
            """,
            source=sql_source(SQL("charge.kind")),
            amount=self._sql_company_amount(
                SQL("charge.amount"), SQL("charge.currency_id"), SQL("charge.date")
            ),
            warranty=self._sql_share("warranty"),
            contract=self._sql_share("contract", "pool"),
            goodwill=self._sql_share("goodwill"),
            recovery=self._sql_recovery(),
        )

    def _sql_recovery(self) -> SQL:
        """What was claimed from suppliers for a charge, the same amount once, and what became of it."""
        return SQL(
            """
            SELECT charge_id, SUM(claimed_company) AS claimed, SUM(agreed_company) AS agreed,
                   SUM(settled_company) AS settled
              FROM after_sales_supplier_claim_line
             GROUP BY charge_id
            """
        )

    def _sql_share(self, *payers: str) -> SQL:
        return SQL(
            """
            COALESCE((SELECT SUM(allocation.share) FROM after_sales_charge_allocation allocation
                       WHERE allocation.charge_id = charge.id AND allocation.active AND allocation.payer IN %s), 0)
            """,
            payers,
        )
