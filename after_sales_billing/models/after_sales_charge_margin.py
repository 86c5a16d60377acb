from odoo import api, fields, models


class AfterSalesCharge(models.Model):
    """What a charge leaves, in the company's currency: what the customer pays less what that share of the work cost us.

    Once billed, he pays what the ledger says: what the invoice came to, less what was credited. What is in a currency
    without exchange rate counts nothing before there is one.

    The cost of what others pay is no loss of this charge: it belongs to the warranty, contract or goodwill that bears it.
    """

    _inherit = "after.sales.charge"

    amount_charged = fields.Monetary(
        "Charged",
        compute="_compute_margin",
        store=True,
        currency_field="company_currency_id",
        help="What the customer is billed, less what was credited to him; until then, what he is to pay. In the"
        " currency of the company at the rate of the day of the work; nothing while there is no exchange rate.",
    )
    cost_charged = fields.Monetary(
        "Cost of Charged Work",
        compute="_compute_margin",
        store=True,
        currency_field="company_currency_id",
        help="The customer's share of the real cost; nothing while what he is charged cannot be converted.",
    )
    cost_covered = fields.Monetary(
        "Cost of Covered Work",
        compute="_compute_margin",
        store=True,
        currency_field="company_currency_id",
        help="The rest of the real cost: borne by warranty, contract, hour pool or goodwill.",
    )
    margin = fields.Monetary(
        compute="_compute_margin",
        store=True,
        currency_field="company_currency_id",
        help="Charged to the customer, less the cost of what was charged.",
    )

    @api.depends(
        "amount_customer",
        "customer_share",
        "cost",
        "date",
        "currency_id",
        "company_id",
        "entry_ids.active",
        "entry_ids.amount",
        "entry_ids.move_id.state",
        "entry_ids.side",
    )
    def _compute_margin(self):
        billed = self._get_amounts_billed()
        has_rate = self.env["after.sales.billing"]._has_rate
        for (currency, company), charges in self.grouped(lambda c: (c.currency_id, c.company_id)).items():
            is_known = has_rate(currency, company)
            for charge in charges:
                cost_customer = company.currency_id.round(charge.cost * charge.customer_share)
                charge.amount_charged = is_known and currency._convert(
                    billed.get(charge._origin, charge.amount_customer),
                    company.currency_id,
                    company,
                    charge.date or fields.Date.context_today(charge),
                )
                charge.cost_charged = is_known and cost_customer
                charge.cost_covered = charge.cost - cost_customer
                charge.margin = charge.amount_charged - charge.cost_charged
