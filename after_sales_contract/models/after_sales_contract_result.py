from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..tools import profit

#: Who reads what a contract earns.
READERS = "after_sales_warranty.group_after_sales_manager,account.group_account_invoice"


class AfterSalesContract(models.Model):
    """Whether a contract pays off (CT-26): earned and spent until today, and forecast for the whole term."""

    _inherit = "after.sales.contract"

    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    result_revenue = fields.Monetary(
        "Earned",
        currency_field="company_currency_id",
        compute="_compute_result",
        groups=READERS,
        help="By days of service until today, net of discounts, with the hours sold apart.",
    )
    result_cost = fields.Monetary(
        "Cost", currency_field="company_currency_id", compute="_compute_result", groups=READERS
    )
    result_margin = fields.Monetary(
        "Margin", currency_field="company_currency_id", compute="_compute_result", groups=READERS
    )
    forecast_revenue = fields.Monetary(
        "Revenue of the Term", currency_field="company_currency_id", compute="_compute_result", groups=READERS
    )
    forecast_cost = fields.Monetary(
        currency_field="company_currency_id",
        compute="_compute_result",
        groups=READERS,
        help="If the days to come cost what the days until today did.",
    )
    forecast_margin = fields.Monetary(
        currency_field="company_currency_id", compute="_compute_result", groups=READERS
    )
    result_explained = fields.Html(compute="_compute_result", groups=READERS)

    @api.depends(
        "instalment_ids.amount", "instalment_ids.state", "date_start", "date_end", "date_closed", "state"
    )
    @api.depends_context("lang")
    def _compute_result(self):
        rows = self.env["after.sales.contract.profit"]._read_group(
            [("contract_id", "in", self.ids)],
            ["contract_id", "is_forecast", "source"],
            ["revenue:sum", "cost:sum"],
        )
        for contract in self:
            mine = [row[1:] for row in rows if row[0] == contract._origin]
            now, term = contract._get_result(mine)
            contract.result_revenue, contract.result_cost, contract.result_margin = (
                now.revenue,
                now.cost,
                now.margin,
            )
            contract.forecast_revenue, contract.forecast_cost = term.revenue, term.cost
            contract.forecast_margin = term.margin
            contract.result_explained = contract._explain_result(mine, now, term) if mine else False

    def _get_result(self, rows):
        """(until today, for the whole term) from rows (is_forecast, source, revenue, cost)."""
        self.ensure_one()
        now = profit.Result(
            sum(revenue for later, __, revenue, __ in rows if not later),
            sum(cost for later, __, __, cost in rows if not later),
        )
        revenue = sum(row[2] for row in rows)
        stop = self.date_closed or self.date_end
        if not self.date_start or not stop:
            return now, profit.Result(revenue, now.cost)
        today = fields.Date.context_today(self)
        return now, profit.Result(revenue, profit.forecast(now.cost, self.date_start, stop, today))

    def _explain_result(self, rows, now, term):
        """How the figures come about, as a table by source with the rates below it."""
        self.ensure_one()
        names = dict(
            self.env["after.sales.contract.profit"]._fields["source"]._description_selection(self.env)
        )

        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.company_currency_id)

        lines = Markup().join(
            Markup("<tr><td>%s</td><td class='text-end'>%s</td><td class='text-end'>%s</td></tr>")
            % (names[source], money(revenue) if revenue else "", money(cost) if cost else "")
            for later, source, revenue, cost in rows
            if not later
        )
        head = Markup("<tr><th>%s</th><th class='text-end'>%s</th><th class='text-end'>%s</th></tr>") % (
            self.env._("Until today"),
            self.env._("Revenue"),
            self.env._("Cost"),
        )
        rates = [
            self.env._(
                "Margin until today: %(margin)s (%(rate)s %% of the revenue).", **self._get_rate_words(now)
            ),
            self.env._(
                "Forecast to the end: revenue %(revenue)s, cost %(cost)s at the pace of the days served so far, margin "
                "%(margin)s (%(rate)s %%).",
                revenue=money(term.revenue),
                cost=money(term.cost),
                **self._get_rate_words(term),
            ),
        ]
        return Markup("<table class='table table-sm w-auto'>%s%s</table>") % (head, lines) + Markup().join(
            Markup("<p>%s</p>") % text for text in rates
        )

    def _get_rate_words(self, result):
        """Margin and its rate in words; a dash where nothing was earned."""
        self.ensure_one()
        rate = result.rate
        return {
            "margin": formatLang(self.env, result.margin, currency_obj=self.company_currency_id),
            "rate": formatLang(self.env, rate, digits=1) if rate is not None else "-",
        }

    def action_view_profit(self):
        """Revenue and cost of these contracts by month and source."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_contract_profit_action"
        )
        action["domain"] = [("contract_id", "in", self.ids)]
        action["context"] = {}
        return action
