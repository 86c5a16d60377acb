from odoo import models
from odoo.tools import SQL


class AfterSalesFact(models.AbstractModel):
    """What the SQL views of the data mart share.

    A fact has one row per record (or per record and month) and carries plain numerators and
    denominators; ratios are divided after summing. Dates are local to the company.
    """

    _name = "after.sales.fact"
    _description = "After-Sales Fact"

    # ratio field -> (numerator field, denominator field, factor)
    _ratios = {}
    # many2one to the record that the row tells of
    _record_field = ""

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------
    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self) -> SQL:
        raise NotImplementedError

    def _from(self) -> SQL:
        raise NotImplementedError

    def _where(self) -> SQL:
        return SQL()

    def _sql_join_company(self, alias: str) -> SQL:
        """Company and its calendar, whose time zone decides the local day."""
        return SQL(
            """
            JOIN res_company company ON company.id = %s
            LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
            """,
            SQL.identifier(alias, "company_id"),
        )

    def _sql_local_date(self, moment: SQL) -> SQL:
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(calendar.tz, 'UTC'))::date", moment)

    def _sql_today(self) -> SQL:
        return self._sql_local_date(SQL("(now() AT TIME ZONE 'UTC')"))

    def _sql_hours(self, start: SQL, stop: SQL) -> SQL:
        return SQL("EXTRACT(EPOCH FROM %s - %s) / 3600.0", stop, start)

    def _sql_company_amount(self, amount: SQL, currency: SQL, day: SQL) -> SQL:
        """*amount* in the company's currency at the rate of *day* (as res.currency finds it)."""
        return SQL(
            """
            CASE WHEN %(currency)s IS NULL OR %(currency)s = company.currency_id THEN %(amount)s
                 ELSE %(amount)s * %(company_rate)s / %(rate)s END
            """,
            amount=amount,
            currency=currency,
            company_rate=self._sql_rate(SQL("company.currency_id"), day),
            rate=self._sql_rate(currency, day),
        )

    def _sql_rate(self, currency: SQL, day: SQL) -> SQL:
        return SQL(
            """
            COALESCE(
                (SELECT rate FROM res_currency_rate
                  WHERE currency_id = %(currency)s AND name <= %(day)s
                    AND (company_id IS NULL OR company_id = split_part(company.parent_path, '/', 1)::int)
                  ORDER BY company_id, name DESC LIMIT 1),
                (SELECT rate FROM res_currency_rate
                  WHERE currency_id = %(currency)s
                    AND (company_id IS NULL OR company_id = split_part(company.parent_path, '/', 1)::int)
                  ORDER BY company_id, name LIMIT 1),
                1.0)
            """,
            currency=currency,
            day=day,
        )

    def _read_group_select(self, aggregate_spec, query):
        fname = aggregate_spec.partition(":")[0]
        if fname not in self._ratios:
            return super()._read_group_select(aggregate_spec, query)
        numerator, denominator, factor = self._ratios[fname]
        return SQL(
            "SUM(%s) * %s / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, numerator, query),
            float(factor),
            self._field_to_sql(self._table, denominator, query),
        )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------
    def action_open_record(self):
        self.ensure_one()
        record = self[self._record_field]
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
