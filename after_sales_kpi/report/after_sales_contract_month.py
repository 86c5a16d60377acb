from odoo import fields, models
from odoo.tools import SQL

from ..tools.months import SLOTS
from .after_sales_charge_fact import SOURCES

EFFECTIVE_STATES = ("running", "notice", "ended")


class AfterSalesContractMonth(models.Model):
    """One row per contract and month: what it earned by days of service, what serving it cost, by source.

    Revenue is that of the contract's own profit view, by days of service and with the hours sold apart. Work that the customer pays beyond the contract belongs to its result; work paid by a warranty does not.
    """

    _name = "after.sales.contract.month"
    _description = "Contract Result"
    _inherit = ["after.sales.fact"]
    _auto = False
    _rec_name = "contract_id"
    _order = "date desc, id desc"
    _record_field = "contract_id"
    _ratios = {"margin_rate": ("margin", "revenue_total", 100)}

    contract_id = fields.Many2one("after.sales.contract", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(string="Month", readonly=True)
    is_forecast = fields.Boolean(string="Forecast", readonly=True, help="A month that is still to come.")
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    template_id = fields.Many2one("after.sales.contract.template", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.contract"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    service_days = fields.Integer(string="Days of Service", readonly=True)
    revenue = fields.Monetary(string="Earned by the Contract", readonly=True)
    revenue_extra = fields.Monetary(string="Charged Beyond the Contract", readonly=True)
    revenue_total = fields.Monetary(string="Revenue", readonly=True)
    cost_labour = fields.Monetary(string="Cost of Labour", readonly=True)
    cost_travel = fields.Monetary(string="Cost of Travel", readonly=True)
    cost_part = fields.Monetary(string="Cost of Spare Parts", readonly=True)
    cost_expense = fields.Monetary(string="Cost of Expenses and Subcontractors", readonly=True)
    cost = fields.Monetary(readonly=True)
    margin = fields.Monetary(readonly=True)
    margin_rate = fields.Float(string="Margin (%)", readonly=True, aggregator="avg")

    _depends = {
        "after.sales.contract": [
            "commercial_partner_id",
            "company_id",
            "currency_id",
            "date_closed",
            "date_end",
            "date_start",
            "partner_id",
            "state",
            "template_id",
            "user_id",
        ],
        "after.sales.contract.pause": ["contract_id", "date_from", "date_to"],
        "after.sales.contract.profit": ["revenue"],
        "after.sales.charge.fact": ["charge_id"],
        "res.currency": ["decimal_places"],
        "res.currency.rate": ["currency_id", "company_id", "name", "rate"],
        "res.company": ["currency_id", "parent_id", "resource_calendar_id"],
        "resource.calendar": ["tz"],
    }

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT fact.*, fact.revenue + fact.revenue_extra AS revenue_total,
                   fact.revenue + fact.revenue_extra - fact.cost AS margin,
                   (fact.revenue + fact.revenue_extra - fact.cost) * 100.0
                   / NULLIF(fact.revenue + fact.revenue_extra, 0) AS margin_rate
            """
        )

    def _from(self) -> SQL:
        return SQL("FROM (%s) fact", self._sql_contract_month())

    def _sql_contract_month(self) -> SQL:
        costs = SQL(", ").join(
            SQL(
                "COALESCE(SUM(row.cost) FILTER (WHERE row.source = %s), 0) AS %s",
                source,
                SQL.identifier(f"cost_{source}"),
            )
            for source, __ in SOURCES
        )
        return SQL(
            """
            SELECT row.contract_id::bigint * %(slots)s
                   + (EXTRACT(YEAR FROM row.date)::int - 1970) * 12 + EXTRACT(MONTH FROM row.date)::int - 1 AS id,
                   row.contract_id, row.date, contract.company_id, company.currency_id, contract.partner_id,
                   contract.commercial_partner_id, contract.template_id, contract.user_id, contract.state,
                   row.date > %(today)s AS is_forecast,
                   COALESCE(SUM(row.days), 0)::int AS service_days,
                   COALESCE(SUM(row.revenue), 0) AS revenue,
                   COALESCE(SUM(row.revenue_extra), 0) AS revenue_extra,
                   %(costs)s,
                   COALESCE(SUM(row.cost), 0) AS cost
              FROM (%(earned)s UNION ALL %(served)s UNION ALL %(spent)s) row
              JOIN after_sales_contract contract ON contract.id = row.contract_id
              %(company)s
             GROUP BY row.contract_id, row.date, contract.id, company.id, calendar.id
            """,
            slots=SLOTS,
            today=self._sql_today(),
            costs=costs,
            earned=self._sql_earned(),
            served=self._sql_served(),
            spent=self._sql_spent(),
            company=self._sql_join_company("contract"),
        )

    def _sql_earned(self) -> SQL:
        """What the contract earns by its own profit view, by month."""
        queries = self.env["after.sales.contract.profit"]._get_revenue_queries()
        return SQL(
            """
            SELECT earned.contract_id, date_trunc('month', earned.date)::date AS date, 0 AS days, earned.revenue,
                   0::numeric AS revenue_extra, NULL::text AS source, NULL::numeric AS cost
              FROM (%s) earned
              JOIN after_sales_contract signed ON signed.id = earned.contract_id AND signed.state IN %s
            """,
            SQL(" UNION ALL ").join(queries),
            EFFECTIVE_STATES,
        )

    def _sql_served(self) -> SQL:
        """Days in force, month by month: those of the term until an early end, less the paused ones. They follow the
        contract and not its instalments, which say what is paid and when."""
        return SQL(
            """
            SELECT term.id AS contract_id, month.date, month.date_to - month.date_from + 1 - COALESCE(paused.days, 0)
                       AS days,
                   0::numeric AS revenue, 0::numeric AS revenue_extra, NULL::text AS source, NULL::numeric AS cost
              FROM after_sales_contract term,
                   LATERAL (SELECT LEAST(term.date_end, term.date_closed) AS date) stop,
                   LATERAL (
                       SELECT day::date AS date, GREATEST(day::date, term.date_start) AS date_from,
                              LEAST((day + interval '1 month' - interval '1 day')::date, stop.date) AS date_to
                         FROM generate_series(date_trunc('month', term.date_start), stop.date, interval '1 month') day
                   ) month
                   LEFT JOIN LATERAL (
                       SELECT SUM(LEAST(COALESCE(pause.date_to, month.date_to), month.date_to)
                                  - GREATEST(pause.date_from, month.date_from) + 1) AS days
                         FROM after_sales_contract_pause pause
                        WHERE pause.contract_id = term.id AND pause.date_from <= month.date_to
                          AND (pause.date_to IS NULL OR pause.date_to >= month.date_from)
                   ) paused ON TRUE
             WHERE term.state IN %s
            """,
            EFFECTIVE_STATES,
        )

    def _sql_spent(self) -> SQL:
        return SQL(
            """
            SELECT charge.contract_id, date_trunc('month', charge.date)::date AS date, 0 AS days,
                   0::numeric AS revenue, charge.amount_customer AS revenue_extra, charge.source,
                   charge.cost - charge.cost_warranty AS cost
              FROM (%s) charge
             WHERE charge.contract_id IS NOT NULL
            """,
            self.env["after.sales.charge.fact"]._table_query,
        )
