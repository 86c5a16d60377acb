from odoo import api, fields, models
from odoo.tools import SQL


class AfterSalesSupplierClaimLine(models.Model):
    """The figures of recovery: what was claimed, agreed and settled, in the company's currency, each amount once."""

    _inherit = "after.sales.supplier.claim.line"

    claimed_company = fields.Monetary(
        "Claimed (Company Currency)",
        compute="_compute_company",
        store=True,
        currency_field="company_currency_id",
    )
    agreed_company = fields.Monetary(
        "Agreed (Company Currency)",
        compute="_compute_company",
        store=True,
        currency_field="company_currency_id",
    )
    settled_company = fields.Monetary(
        "Settled (Company Currency)",
        compute="_compute_company",
        store=True,
        currency_field="company_currency_id",
    )
    agreed_rate = fields.Float("Agreed (%)", compute="_compute_company", store=True, aggregator="avg")
    settled_rate = fields.Float(
        "Recovered (%)",
        compute="_compute_company",
        store=True,
        aggregator="avg",
        help="What suppliers have paid, of what was claimed from them.",
    )

    @api.depends(
        "amount_claimed",
        "amount_agreed",
        "amount_settled",
        "amount_due",
        "state",
        "charge_id.supplier_line_ids.state",
        "charge_id.supplier_line_ids.amount_claimed",
    )
    def _compute_company(self):
        """At the rate of the claim: what was recovered is compared with what was recoverable."""
        for line in self:
            rate = line._get_company_rate()
            claimed = line.amount_claimed * rate
            asked = line._is_asked()
            line.claimed_company = max(claimed - line._get_claimed_before(), 0.0) if asked else 0.0
            line.agreed_company = line.amount_agreed * rate if asked else 0.0
            line.settled_company = line.amount_settled * rate
            line.agreed_rate = line.agreed_company * 100.0 / claimed if claimed else 0.0
            line.settled_rate = line.settled_company * 100.0 / claimed if claimed else 0.0

    def _is_asked(self):
        return self.state not in ("draft", "cancelled")

    def _get_company_rate(self):
        return self.amount_recoverable / self.amount_due if self.amount_due else 0.0

    def _get_claimed_before(self):
        """How much of the charge earlier claims asked for: what they left open, or what was refused, is not asked for a
        second time."""
        self.ensure_one()
        if self.origin_line_id:
            return self.amount_claimed * self._get_company_rate()
        earlier = self.charge_id.supplier_line_ids.filtered(
            lambda line: line._is_asked() and not line.origin_line_id and line._origin.id < self._origin.id
        )
        return max((line.amount_claimed * line._get_company_rate() for line in earlier), default=0.0)

    def _read_group_select(self, aggregate_spec, query):
        """Rates of many lines are divided after summing."""
        part = {"agreed_rate": "agreed_company", "settled_rate": "settled_company"}.get(
            aggregate_spec.partition(":")[0]
        )
        if not part:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%s) * 100.0 / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, "claimed_company", query),
        )
