from odoo import fields, models
from odoo.tools import SQL

#: Where the money comes from and where it goes.
SOURCES = [
    ("service", "Service, by days"),
    ("top_up", "Hours sold apart"),
    ("extra", "Charged beyond the contract"),
    ("labour", "Labour"),
    ("travel", "Travel and call-out"),
    ("part", "Parts"),
    ("expense", "Expenses and subcontractors"),
    ("other", "Other costs"),
]
#: Months since 1970 that a row's number has room for.
SLOTS = 4096
#: Queries that the view has room for, so that each row has a number of its own.
QUERIES = 16


class AfterSalesContractProfit(models.Model):
    """What contracts earn and cost, in the company's currency.

    Revenue is earned by days of service: an instalment, net of discounts, is spread over the days of its period by the
    units under contract on each, whenever it is invoiced (CT-26, D31). Each slice is the difference of two rounded running totals, so that the slices
    sum to the instalment to the cent. What lies after today is forecast.

    Costs are the analytic entries of the contract's account that are not sales. Other addons know more: they add a
    query to ``_get_queries``.
    """

    _name = "after.sales.contract.profit"
    _description = "Contract Profitability"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "contract_id"

    contract_id = fields.Many2one("after.sales.contract", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    commercial_partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    template_id = fields.Many2one("after.sales.contract.template", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    date = fields.Date(readonly=True)
    is_forecast = fields.Boolean("Forecast", readonly=True, help="Service of days that are still to come.")
    source = fields.Selection(SOURCES, readonly=True)
    revenue = fields.Monetary(currency_field="company_currency_id", readonly=True)
    cost = fields.Monetary(currency_field="company_currency_id", readonly=True)
    margin = fields.Monetary(currency_field="company_currency_id", readonly=True)

    _depends = {
        "after.sales.contract": [
            "analytic_account_id",
            "company_id",
            "currency_id",
            "date_closed",
            "date_end",
            "date_start",
            "state",
            "template_id",
            "user_id",
        ],
        "after.sales.contract.instalment": [
            "amount",
            "contract_id",
            "credit_reason",
            "credited_id",
            "date_from",
            "date_to",
            "day_quantities",
            "line_id",
            "state",
        ],
        "after.sales.contract.pause": ["contract_id", "date_from", "date_to"],
        "after.sales.contract.line": ["date_from", "date_to", "is_prepaid", "price_subtotal", "product_id"],
        "after.sales.pool.entry": ["contract_id", "date", "kind", "res_id", "res_model"],
        "after.sales.tariff.line": ["kind", "product_id"],
        "account.analytic.line": ["amount", "date", "general_account_id", "product_id"],
        "sale.order.line": ["price_subtotal", "product_id"],
        "account.account": ["account_type"],
        "product.template": ["type"],
        "res.company": ["currency_id", "parent_id"],
        "res.currency": ["decimal_places"],
        "sale.order": ["company_id", "currency_id"],
        "res.currency.rate": ["company_id", "currency_id", "name", "rate"],
    }

    @property
    def _table_query(self):
        rows = SQL(" UNION ALL ").join(
            SQL("SELECT row.key * %s + %s AS id, row.* FROM (%s) row", QUERIES, index, query)
            for index, query in enumerate(self._get_queries())
        )
        return SQL(
            """
            SELECT row.id, row.contract_id, contract.company_id, contract.commercial_partner_id, contract.template_id,
                   contract.user_id, row.product_id, row.date, row.is_forecast, row.source,
                   row.revenue, row.cost, row.revenue - row.cost AS margin
              FROM (%s) row
              JOIN after_sales_contract contract ON contract.id = row.contract_id
             WHERE contract.state NOT IN ('draft', 'proposed', 'cancelled')
            """,
            rows,
        )

    def _get_queries(self):
        """Hook: queries that each give, in this order: key (a number of its own), contract_id, product_id, date,
        is_forecast, source, revenue, cost (both in the company's currency). Add yours to what ``super`` gives. Costs
        that are posted to the contract's analytic account are here already."""
        return [*self._get_revenue_queries(), *self._query_analytic_costs()]

    def _get_revenue_queries(self):
        """What the contract itself earns: by days of service, and with hours that were sold apart."""
        return [
            self._query_service(self._sql_instalments()),
            self._query_service(self._sql_prepaid()),
            self._query_top_ups(),
        ]

    def _sql_instalments(self):
        """What is earned by days: instalments, with what is given back of them. A pause without end earns nothing of
        what is billed: it will be credited, as far as nobody resumes the contract before."""
        return SQL(
            """
            SELECT planned.id, planned.contract_id, planned.line_id, planned.date_from, planned.date_to,
                   LEAST(planned.date_to, pause.date_from - 1) AS earned_to, planned.day_quantities, planned.amount
              FROM after_sales_contract_instalment planned
              LEFT JOIN after_sales_contract_pause pause
                ON pause.contract_id = planned.contract_id AND pause.date_to IS NULL
             WHERE planned.state <> 'cancelled' AND (planned.credit_reason IS NULL OR planned.credited_id IS NOT NULL)
               AND (pause.id IS NULL OR pause.date_from > planned.date_from)
            """
        )

    def _sql_prepaid(self):
        """Prices that the document billed which sold them: they have no instalments, and less price after a credit or
        in a pause."""
        return SQL(
            """
            SELECT sold.id, sold.contract_id, sold.id AS line_id, COALESCE(sold.date_from, begun.date_start) AS date_from,
                   last.day AS date_to, last.day AS earned_to, NULL::jsonb AS day_quantities, sold.price_subtotal AS amount
              FROM after_sales_contract_line sold
              JOIN after_sales_contract begun ON begun.id = sold.contract_id
              LEFT JOIN after_sales_contract_pause pause
                ON pause.contract_id = begun.id AND pause.date_to IS NULL
             CROSS JOIN LATERAL (SELECT LEAST(
                   COALESCE(sold.date_to, begun.date_end), begun.date_closed, pause.date_from - 1) AS day) last
             WHERE sold.is_prepaid
            """
        )

    def _query_service(self, rows):
        """Amounts by days: cut at the months and after today."""

        def earned_before(day):
            total = SQL("ROUND(row.amount * %s, currency.decimal_places)", self._sql_share_before(day))
            return self._to_company(total, SQL("signed.currency_id"), SQL("slice.first"))

        return SQL(
            """
            SELECT (row.id::bigint * %(slots)s + (EXTRACT(YEAR FROM month)::int - 1970) * 12
                    + EXTRACT(MONTH FROM month)::int) * 2 + slice.is_forecast::int AS key,
                   row.contract_id, line.product_id, slice.first AS date, slice.is_forecast, 'service' AS source,
                   %(revenue)s AS revenue, 0::numeric AS cost
              FROM (%(rows)s) row
              JOIN after_sales_contract_line line ON line.id = row.line_id
              JOIN after_sales_contract signed ON signed.id = row.contract_id
              JOIN res_company company ON company.id = signed.company_id
              JOIN res_currency currency ON currency.id = signed.currency_id
             CROSS JOIN LATERAL generate_series(date_trunc('month', row.date_from), row.earned_to, interval '1 month') month
             CROSS JOIN LATERAL (VALUES
                   (GREATEST(month::date, row.date_from),
                    LEAST((month + interval '1 month')::date, row.earned_to + 1, %(today)s + 1), FALSE),
                   (GREATEST(month::date, row.date_from, %(today)s + 1),
                    LEAST((month + interval '1 month')::date, row.earned_to + 1), TRUE)
                   ) slice (first, next, is_forecast)
             WHERE slice.first < slice.next
            """,
            rows=rows,
            slots=SLOTS,
            today=SQL("%s::date", fields.Date.context_today(self)),
            revenue=SQL("%s - %s", earned_before(SQL("slice.next")), earned_before(SQL("slice.first"))),
        )

    def _sql_share_before(self, day):
        """Which part of its amount a row has earned before a day: its unit-days until then of all of its period."""
        return SQL(
            """
            CASE WHEN jsonb_typeof(row.day_quantities) = 'array' THEN
                (SELECT SUM(step.quantity * GREATEST(LEAST(%(day)s, step.next) - step.first, 0))
                        / NULLIF(SUM(step.quantity * (step.next - step.first)), 0)
                   FROM (SELECT (item->>0)::date AS first, (item->>1)::numeric AS quantity,
                                LEAD((item->>0)::date, 1, row.date_to + 1) OVER (ORDER BY item->>0) AS next
                           FROM jsonb_array_elements(row.day_quantities) item) step)
            ELSE (%(day)s - row.date_from)::numeric / (row.date_to - row.date_from + 1) END
            """,
            day=day,
        )

    def _query_top_ups(self):
        """Hours that an order sold: earned on the day they were added."""
        return SQL(
            """
            SELECT entry.id::bigint AS key, entry.contract_id, sold.product_id, entry.date, FALSE AS is_forecast,
                   'top_up' AS source, %(revenue)s AS revenue, 0::numeric AS cost
              FROM after_sales_pool_entry entry
              JOIN sale_order_line sold ON sold.id = entry.res_id AND entry.res_model = 'sale.order.line'
              JOIN sale_order ordered ON ordered.id = sold.order_id
              JOIN res_company company ON company.id = ordered.company_id
             WHERE entry.kind = 'purchase'
            """,
            revenue=self._to_company(
                SQL("sold.price_subtotal"), SQL("ordered.currency_id"), SQL("entry.date")
            ),
        )

    def _query_analytic_costs(self):
        """Analytic entries of the contract's account that are not sales, a query for each analytic plan."""
        # sudo: which columns there are is no secret
        project_plan, other_plans = self.env["account.analytic.plan"].sudo()._get_all_plans()
        return [
            SQL(
                """
                SELECT line.id::bigint AS key, signed.id AS contract_id, line.product_id, line.date,
                       FALSE AS is_forecast, %(source)s AS source, 0::numeric AS revenue, -line.amount AS cost
                  FROM after_sales_contract signed
                  JOIN account_analytic_line line
                    ON line.%(column)s = signed.analytic_account_id AND line.company_id = signed.company_id
                  LEFT JOIN account_account account ON account.id = line.general_account_id
                  LEFT JOIN product_product product ON product.id = line.product_id
                  LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE COALESCE(account.account_type, '') NOT LIKE 'income%%'
                   AND (account.id IS NOT NULL OR line.amount < 0)
                """,
                source=self._sql_source(),
                column=SQL.identifier(plan._column_name()),
            )
            for plan in project_plan | other_plans
        ]

    def _sql_source(self):
        """What a cost is, by its product: what tariffs charge it as, else parts are goods."""
        return SQL(
            """
            COALESCE(
                (SELECT CASE WHEN priced.kind IN ('labour', 'overtime') THEN 'labour'
                             WHEN priced.kind IN ('call_out', 'travel_km', 'travel_time') THEN 'travel'
                             ELSE 'expense' END
                   FROM after_sales_tariff_line priced WHERE priced.product_id = line.product_id
                  ORDER BY priced.id LIMIT 1),
                CASE WHEN template.type = 'consu' THEN 'part' ELSE 'other' END)
            """
        )

    def _to_company(self, amount, currency, day):
        """*amount* in the currency of ``company``, at the rate of the day as Odoo finds it, rounded as money is: sums of
        rows are sums of what one reads."""

        def rate(of):
            return SQL(
                """
                COALESCE((SELECT known.rate FROM res_currency_rate known
                   WHERE known.currency_id = %(of)s
                     AND (known.company_id IS NULL OR known.company_id = split_part(company.parent_path, '/', 1)::int)
                   ORDER BY known.name <= %(day)s DESC, known.company_id,
                         CASE WHEN known.name <= %(day)s THEN known.name END DESC, known.name LIMIT 1), 1)
                """,
                of=of,
                day=day,
            )

        return SQL(
            """
            CASE WHEN %(currency)s = company.currency_id THEN %(amount)s
                 ELSE ROUND(((%(amount)s) * %(own)s / %(foreign)s)::numeric, %(digits)s) END
            """,
            digits=SQL("(SELECT decimal_places FROM res_currency WHERE id = company.currency_id)"),
            currency=currency,
            amount=amount,
            own=rate(SQL("company.currency_id")),
            foreign=rate(currency),
        )
