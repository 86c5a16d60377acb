from datetime import date
from decimal import Decimal

from odoo import models
from odoo.tools import format_date

from odoo.addons.after_sales_warranty.tools.durations import duration_text


class AfterSalesContractChange(models.TransientModel):
    """What a change brings back and still costs: credits, instalments that fall out, paused days that are billed."""

    _inherit = "after.sales.contract.change"

    def _describe_credit(self, vals):
        line = self.env["after.sales.contract.line"].browse(vals["line_id"])
        return self.env._(
            "Credit of %(amount)s for %(line)s: %(days)s from %(start)s to %(stop)s.",
            amount=self._format(-vals["amount"]),
            line=line.display_name,
            days=duration_text(vals["days"], "day", self.env.lang),
            start=format_date(self.env, vals["date_from"]),
            stop=format_date(self.env, vals["date_to"]),
        )

    def _describe_taken_back(self, line, first, credits=(), until=None):
        """What was credited by hand of the days in question: only a reader knows whether it was meant for them."""
        credited = line.instalment_ids.browse(vals["credited_id"] for vals in credits)
        rows = line._get_rows_taken_back(first, until or date.max)
        rows |= credited.filtered(lambda row: row._get_taken_back())
        for row in rows.sorted("date_from"):
            yield self.env._(
                "Of %(start)s - %(stop)s, %(line)s, %(amount)s were credited, or left out of the invoice, by hand before: see "
                "whether these days were meant.",
                start=format_date(self.env, row.date_from),
                stop=format_date(self.env, row.date_to),
                line=line.display_name,
                amount=self._format(row._get_taken_back()),
            )

    def _describe_due(self, line, amount):
        return self.env._(
            "Still to be paid for %(line)s: %(amount)s, because less was billed than its days cost.",
            line=line.display_name,
            amount=self._format(amount),
        )

    def _describe_paused(self, changes):
        """How many paused days are billed already, and how their worth comes back."""
        texts = []
        for how in ("plan", "credit", "later"):
            billed = [change for change in changes if change["how"] == how and change["worth"] > 0]
            if not billed:
                continue
            words = {
                "days": max(change["days"] for change in billed),
                "amount": self._format(sum((change["worth"] for change in billed), Decimal(0))),
            }
            if how == "plan":
                text = self.env._(
                    "Paused days that are billed already: %(days)s, worth %(amount)s. No invoice changes: the instalments to "
                    "come are lower by it.",
                    **words,
                )
            elif how == "credit":
                text = self.env._(
                    "Paused days that are billed already: %(days)s, worth %(amount)s. It is credited, because no instalment "
                    "is to come.",
                    **words,
                )
            else:
                text = self.env._(
                    "Days that are billed already: %(days)s, worth %(amount)s. It is credited once the pause is over, as far "
                    "as it lasted, because no instalment is to come.",
                    **words,
                )
            texts.append(text)
        return texts

    def _describe_instalments(self, count, less):
        if not count and less <= 0:
            return []
        return [
            self.env._(
                "Planned instalments that fall out: %(count)s. Those to come are lower by %(amount)s in all.",
                count=count,
                amount=self._format(less),
            )
        ]

    def _format(self, amount):
        return self.contract_id.currency_id.format(float(amount))
