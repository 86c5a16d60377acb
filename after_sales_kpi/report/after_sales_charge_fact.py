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
    billable_rate = fields.Float(string="Charged to the Customer (%)", readonly=True, aggregator="avg")
    margin_rate = fields.Float(string="Margin (%)", readonly=True, aggregator="avg")

    _depends = {
        "after.sales.charge": [
            "amount",
            "amount_customer",
            "commercial_partner_id",
            "company_id",
            "contract_id",
            "cost",
            "currency_id",
            "customer_share",
            "date",
            "intervention_id",
            "kind",
            "product_id",
            "quantity",
            "regime_id",
            "state",
            "technician_id",
            "ticket_id",
            "unit_id",
        ],
        "after.sales.charge.allocation": ["active", "charge_id", "payer", "share"],
        "after.sales.unit": ["product_id", "categ_id"],
        "res.company": ["currency_id", "parent_id"],
        "res.currency.rate": ["currency_id", "company_id", "name", "rate"],
    }

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT fact.*,
                   fact.amount_customer - fact.cost_customer AS margin,
                   fact.amount_customer * 100.0 / NULLIF(fact.amount, 0) AS billable_rate,
                   (fact.amount_customer - fact.cost_customer) * 100.0 / NULLIF(fact.amount_customer, 0)
                       AS margin_rate
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
                   %(amount_customer)s AS amount_customer,
                   COALESCE(charge.cost, 0) AS cost,
                   COALESCE(charge.cost, 0) * %(warranty)s AS cost_warranty,
                   COALESCE(charge.cost, 0) * %(contract)s AS cost_contract,
                   COALESCE(charge.cost, 0) * %(goodwill)s AS cost_goodwill,
                   COALESCE(charge.cost, 0) * COALESCE(charge.customer_share, 0) AS cost_customer
              FROM after_sales_charge charge
              JOIN res_company company ON company.id = charge.company_id
              LEFT JOIN after_sales_unit unit ON unit.id = charge.unit_id
             WHERE charge.state <> 'cancelled' AND charge.kind <> 'instalment'
            """,
            source=sql_source(SQL("charge.kind")),
            amount=self._sql_company_amount(
                SQL("charge.amount"), SQL("charge.currency_id"), SQL("charge.date")
            ),
            amount_customer=self._sql_company_amount(
                SQL("charge.amount_customer"), SQL("charge.currency_id"), SQL("charge.date")
            ),
            warranty=self._sql_share("warranty"),
            contract=self._sql_share("contract", "pool"),
            goodwill=self._sql_share("goodwill"),
        )

    def _sql_share(self, *payers: str) -> SQL:
        return SQL(
            """
            COALESCE((SELECT SUM(allocation.share) FROM after_sales_charge_allocation allocation
                       WHERE allocation.charge_id = charge.id AND allocation.active AND allocation.payer IN %s), 0)
            """,
            payers,
        )
