from odoo import models
from odoo.tools import SQL


class AfterSalesContractProfit(models.Model):
    """What the charges of a contract add to its result: what the customer pays beyond it, and the real cost that no
    analytic entry has. The part that a warranty pays is not the contract's cost."""

    _inherit = "after.sales.contract.profit"

    _depends = {
        "after.sales.charge": [
            "amount_customer",
            "analytic_line_id",
            "contract_id",
            "cost",
            "currency_id",
            "date",
            "has_cost_document",
            "kind",
            "product_id",
            "state",
        ],
        "after.sales.charge.allocation": ["active", "charge_id", "payer", "share"],
    }

    def _get_queries(self):
        return [*super()._get_queries(), self._query_charged(), self._query_charge_costs()]

    def _query_charged(self):
        """What the customer pays of visits under the contract; its instalments are counted by days already."""
        return SQL(
            """
            SELECT charge.id::bigint AS key, charge.contract_id, charge.product_id, charge.date,
                   FALSE AS is_forecast, 'extra' AS source, %s AS revenue, 0::numeric AS cost
              FROM after_sales_charge charge
              JOIN res_company company ON company.id = charge.company_id
             WHERE charge.contract_id IS NOT NULL AND charge.state = 'confirmed' AND charge.kind <> 'instalment'
            """,
            self._to_company(SQL("charge.amount_customer"), SQL("charge.currency_id"), SQL("charge.date")),
        )

    def _query_charge_costs(self):
        """Real costs without an analytic entry of their own or of an Odoo document."""
        return SQL(
            """
            SELECT charge.id::bigint AS key, charge.contract_id, charge.product_id, charge.date, FALSE AS is_forecast,
                   CASE WHEN charge.kind IN ('labour', 'overtime') THEN 'labour'
                        WHEN charge.kind IN ('call_out', 'travel_km', 'travel_time') THEN 'travel'
                        WHEN charge.kind = 'part' THEN 'part'
                        WHEN charge.kind IN ('per_diem', 'expense', 'subcontract') THEN 'expense'
                        ELSE 'other' END AS source,
                   0::numeric AS revenue,
                   COALESCE(charge.cost, 0) * (1 - COALESCE(
                       (SELECT SUM(payer.share) FROM after_sales_charge_allocation payer
                         WHERE payer.charge_id = charge.id AND payer.active AND payer.payer = 'warranty'), 0)) AS cost
              FROM after_sales_charge charge
              JOIN after_sales_contract signed ON signed.id = charge.contract_id
             WHERE charge.state = 'confirmed' AND charge.kind <> 'instalment' AND charge.analytic_line_id IS NULL
               AND charge.has_cost_document IS NOT TRUE
               AND NOT (charge.kind = 'part' AND signed.analytic_account_id IS NOT NULL)
            """
        )
