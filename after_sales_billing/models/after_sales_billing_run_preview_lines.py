from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

#: What the lines take from the charges, and what decides their invoice.
CHARGE_COLUMNS = (
    "id",
    "date",
    "kind",
    "billing_state",
    "amount_customer",
    "company_id",
    "partner_id",
    "currency_id",
    "contract_id",
    "intervention_id",
    "ticket_id",
    "unit_id",
    "product_id",
    "problem",
)


class AfterSalesBillingRun(models.Model):
    """The lines of a preview, written by the database itself: their number costs no more than writing them down.

    What is decided for each customer, currency and product is looked up once for each of them and joined with their charges.
    """

    _inherit = "after.sales.billing.run"

    def _list_due_charges(self):
        """Write down what is due, each charge with the number of its invoice, and what nobody has checked yet."""
        self.ensure_one()
        lines, charges = self.env["after.sales.billing.run.line"], self.env["after.sales.charge"]
        lines.check_access("create")
        billing = self.env["after.sales.billing"].with_company(self.company_id)
        due, unchecked = self._get_charge_domain(), self._get_charge_domain(unchecked=True)
        # any!: one may bill without a right on contracts
        agreed = Domain("contract_id", "any!", [("fiscal_position_id", "!=", False)])
        partners = charges.partner_id.union(*self._get_distinct(due, "partner_id"))
        unsettled = charges.partner_id.union(*self._get_distinct(due & ~agreed, "partner_id"))
        currencies = charges.currency_id.union(*self._get_distinct(due | unchecked, "currency_id"))
        positions = billing._get_customer_positions(unsettled.sudo(), self.company_id)
        customer_rows = billing._get_customer_rows(partners, positions, self.company_id, self.grouping)
        currency_rows = billing._get_currency_rows(currencies, self.company_id, self.date_to)
        self.env.flush_all()
        if customer_rows:
            listed = self._get_charges_to_list(due, partners)
            products = self._get_products(listed)
            product_rows = billing._get_product_rows(products, currencies, self.company_id)
            self.env.cr.execute(self._get_due_insert(listed, customer_rows, currency_rows, product_rows))
        if currency_rows:
            self.env.cr.execute(self._get_unchecked_insert(unchecked, currency_rows))
        self.invalidate_recordset(flush=False)

    def _get_distinct(self, domain, fname):
        return [record for (record,) in self.env["after.sales.charge"]._read_group(domain, [fname])]

    def _get_products(self, charges):
        """The products of some charges, which is all that is asked of them here.

        :param SQL charges: what is listed, with the columns of ``CHARGE_COLUMNS``
        """
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT product_id FROM (%s) charge WHERE product_id IS NOT NULL", charges)
        )
        return self.env["product.product"].browse(product_id for (product_id,) in rows)

    # ------------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------------

    def _get_due_insert(self, charges, customer_rows, currency_rows, product_rows):
        """Charges of an invoice share a number; the numbers follow the first charge of each invoice.

        What is free is held up with the rest when nothing is left that is due.
        """
        return SQL(
            """
            WITH charge AS (%(charges)s),
                 customer (id, payment_term_id, fiscal_position_id, rule, problem) AS (%(customers)s),
                 currency (id, rate, problem) AS (%(currencies)s),
                 product (id, currency_id, problem) AS (%(products)s),
                 fact AS (
                     SELECT charge.*, currency.rate,
                            charge.billing_state = 'to_bill' AS is_owed,
                            COALESCE(customer.problem, currency.problem, product.problem,
                                     CASE WHEN charge.product_id IS NULL THEN %(no_product)s END) AS reason,
                            %(invoice_key)s
                       FROM charge
                       JOIN customer ON customer.id = charge.partner_id
                       JOIN currency ON currency.id = charge.currency_id
                  LEFT JOIN product ON product.id = charge.product_id AND product.currency_id = charge.currency_id
                  LEFT JOIN after_sales_contract contract ON contract.id = charge.contract_id
                  LEFT JOIN after_sales_intervention visit ON visit.id = charge.intervention_id
                  LEFT JOIN after_sales_ticket call ON call.id = charge.ticket_id
                  LEFT JOIN after_sales_unit unit ON unit.id = charge.unit_id
                  LEFT JOIN (%(only_sites)s) only_site ON only_site.contract_id = charge.contract_id
                 ),
                 invoice AS (
                     SELECT fact.*,
                            bool_or(is_owed) OVER same AS is_due,
                            bool_or(is_owed AND reason IS NULL) OVER same AS is_possible,
                            first_value(reason) OVER (same ORDER BY reason IS NULL, date, id) AS first_reason,
                            first_value(date) OVER (same ORDER BY date, id) AS first_date,
                            first_value(id) OVER (same ORDER BY date, id) AS first_id
                       FROM fact
                     WINDOW same AS (PARTITION BY %(invoice_columns)s)
                 ),
                 line AS (
                     SELECT invoice.*, dense_rank() OVER (ORDER BY first_date, first_id) AS group_number,
                            CASE WHEN is_possible THEN reason ELSE COALESCE(reason, first_reason) END AS final_reason
                       FROM invoice
                      WHERE is_due
                 )
            %(insert)s
            SELECT %(values)s, line.group_number, COALESCE(line.final_reason, %(remark)s),
                   CASE WHEN line.final_reason IS NULL THEN 'ready' ELSE 'problem' END
              FROM line
          ORDER BY line.group_number, line.date, line.id
            """,
            charges=charges,
            customers=self._unnest(customer_rows, "int", "int", "int", "text", "text"),
            currencies=self._unnest(currency_rows, "int", "numeric", "text"),
            products=self._unnest(product_rows, "int", "int", "text"),
            no_product=self.env["after.sales.billing"]._get_item_problem(self.env["product.product"], True),
            invoice_key=SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in self._get_invoice_key().items()
            ),
            invoice_columns=SQL(", ").join(
                SQL.identifier(name) for name in ("partner_id", "currency_id", *self._get_invoice_key())
            ),
            only_sites=self._get_only_sites(),
            insert=self._get_insert(),
            values=self._get_values(SQL("line")),
            remark=self._get_line_remark(SQL("line")),
        )

    def _get_line_remark(self, line):
        """Hook: what is to be said of a line that is ready, as text in SQL; NULL is nothing.

        :param SQL line: the columns of the charge and of what parts its invoice from others
        """
        return SQL("NULL")

    def _get_charges_to_list(self, domain, partners):
        """The charges that are due, as far as the user may see them, and what is shown beside them."""
        charges = self.env["after.sales.charge"]
        parts = [self._select_charges(charges._search(domain))]
        readers = partners.sudo().filtered(  # their rule, which one needs no right on them to follow
            lambda partner: partner.commercial_partner_id.after_sales_show_covered
        )
        if readers:
            due = charges._search(domain & Domain("partner_id", "in", readers.ids))
            # sudo: what was free goes with the due work, whoever may see that
            parts.append(self._select_charges(charges.sudo()._search(charges._get_covered_domain(due))))
        return SQL(" UNION ALL ").join(parts)

    def _select_charges(self, query):
        return query.select(*(SQL.identifier(query.table, name) for name in CHARGE_COLUMNS))

    def _get_invoice_key(self):
        """What parts invoices besides customer and currency: name and value of each.

        Payment term, fiscal position and payment method always do. By ``contract``: each contract has its own, and
        what is outside of any contract shares one. By ``call``: each call has its own (a visit without a call too),
        and what belongs to no call goes by contract. By ``site``: each place of work has its own, and what has none
        goes by contract. With ``all`` nothing else parts them.
        """
        return {
            "payment_term_id": SQL("COALESCE(contract.payment_term_id, customer.payment_term_id)"),
            "fiscal_position_id": SQL("COALESCE(contract.fiscal_position_id, customer.fiscal_position_id)"),
            "payment_method_id": SQL("contract.preferred_payment_method_line_id"),
            "occasion": SQL(
                """
                CASE WHEN customer.rule = 'all' THEN 'all'
                     WHEN customer.rule = 'call' AND charge.ticket_id IS NOT NULL THEN 'call'
                     WHEN customer.rule = 'call' AND charge.intervention_id IS NOT NULL THEN 'visit'
                     WHEN customer.rule = 'site' AND %(site)s IS NOT NULL THEN 'site'
                     ELSE 'contract' END
                """,
                site=self._get_site(),
            ),
            "occasion_id": SQL(
                """
                CASE WHEN customer.rule = 'all' THEN 0
                     WHEN customer.rule = 'call' AND charge.ticket_id IS NOT NULL THEN charge.ticket_id
                     WHEN customer.rule = 'call' AND charge.intervention_id IS NOT NULL THEN charge.intervention_id
                     WHEN customer.rule = 'site' AND %(site)s IS NOT NULL THEN %(site)s
                     ELSE charge.contract_id END
                """,
                site=self._get_site(),
            ),
        }

    def _get_site(self):
        """Where the work was done, for customers who want an invoice for each place."""
        return SQL("COALESCE(visit.site_id, call.site_id, unit.site_id, only_site.site_id)")

    def _get_only_sites(self):
        """The place of contracts that have one only."""
        return SQL(
            """
            SELECT rel.contract_id, min(rel.partner_id) AS site_id
              FROM after_sales_contract_site_rel rel
              JOIN res_partner site ON site.id = rel.partner_id AND site.active
          GROUP BY rel.contract_id
            HAVING count(*) = 1
            """
        )

    # ------------------------------------------------------------------
    # What nobody has checked yet
    # ------------------------------------------------------------------

    def _get_unchecked_insert(self, domain, currency_rows):
        query = self.env["after.sales.charge"]._search(domain)
        return SQL(
            """
            WITH charge AS (%(charges)s), currency (id, rate, problem) AS (%(currencies)s)
            %(insert)s
            SELECT %(values)s, 0, COALESCE(line.problem, %(waiting)s), 'problem'
              FROM (SELECT charge.*, currency.rate FROM charge JOIN currency ON currency.id = charge.currency_id) line
          ORDER BY line.date DESC, line.id DESC
            """,
            charges=self._select_charges(query),
            currencies=self._unnest(currency_rows, "int", "numeric", "text"),
            insert=self._get_insert(),
            values=self._get_values(SQL("line")),
            waiting=self.env._("Somebody must check this charge first."),
        )

    # ------------------------------------------------------------------
    # Common
    # ------------------------------------------------------------------

    def _unnest(self, rows, *types):
        """Rows as a table, in a statement of the same shape however many there are."""
        columns = [[row[place] for row in rows] for place in range(len(types))]
        arrays = (SQL("%s::%s[]", column, SQL(kind)) for column, kind in zip(columns, types, strict=True))
        return SQL("SELECT * FROM unnest(%s)", SQL(", ").join(arrays))

    def _get_insert(self):
        return SQL(
            """
            INSERT INTO after_sales_billing_run_line
                   (run_id, company_id, charge_id, partner_id, kind, amount, amount_company,
                    create_uid, write_uid, create_date, write_date, group_number, reason, state)
            """
        )

    def _get_values(self, line):
        """The values of a line up to its number."""
        currency = self.company_currency_id
        return SQL(
            """
            %(run)s, %(line)s.company_id, %(line)s.id, %(line)s.partner_id, %(line)s.kind, %(line)s.amount_customer,
            ROUND(%(line)s.amount_customer * %(line)s.rate / %(unit)s::numeric) * %(unit)s::numeric,
            %(user)s, %(user)s, %(now)s, %(now)s
            """,
            run=self.id,
            line=line,
            unit=str(currency.rounding),
            user=self.env.uid,
            now=self.env.cr.now(),
        )
