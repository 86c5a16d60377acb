from decimal import Decimal
from fractions import Fraction

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..tools import adjust


class AfterSalesAdjustment(models.Model):
    """The rule at work on the prices of one contract."""

    _inherit = "after.sales.adjustment"

    def _get_new_prices(self, contract, priced, date_start, memo):
        """``{line: (new price, reason)}`` for the lines in ``priced`` (``{line: adjust.Priced}``).

        ``memo`` keeps what several contracts of one run share. Lines at a fixed price are left as they are (D08).

        :raise UserError: an index without figure or a currency without rate
        """
        self.ensure_one()
        fixed = self.env._("Fixed price")
        result = {line: (row.price, fixed) for line, row in priced.items() if line.is_price_fixed}
        free = {line: row for line, row in priced.items() if not line.is_price_fixed}
        if free:
            result.update(getattr(self, f"_adjust_{self.scope}")(contract, free, priced, date_start, memo))
        return result

    def _adjust_contract(self, contract, free, priced, date_start, memo):
        if self.method == "amount":
            amount = self._convert(self.amount, contract, date_start)
            total = sum((row.value for row in free.values()), Fraction(0)) + Fraction(amount)
            return self._spread(free, total, self.env._("Share of %s", self._format(self.amount, contract)))
        return {
            line: self._adjust_line(self, line, row.price, date_start, memo) for line, row in free.items()
        }

    def _adjust_product(self, contract, free, priced, date_start, memo):
        rules = {rule.product_id: rule for rule in self.line_ids}
        unruled = self.env._("No rule for this product")
        return {
            line: self._adjust_line(rule, line, row.price, date_start, memo)
            if (rule := rules.get(line.product_id))
            else (row.price, unruled)
            for line, row in free.items()
        }

    def _adjust_flat(self, contract, free, priced, date_start, memo):
        """The whole contract costs the amount, or so much more; what is fixed counts in it."""
        total = Fraction(self._convert(self.amount, contract, date_start))
        if self.method == "amount":
            total += sum((row.value for row in free.values()), Fraction(0))
            reason = self.env._("Flat: %s", self._format_difference(self.amount, contract))
        else:
            total -= sum((row.value for line, row in priced.items() if line not in free), Fraction(0))
            reason = self.env._("Flat price of %s", self._format(self.amount, contract))
        return self._spread(free, total, reason)

    def _spread(self, rows, total, reason):
        if total < 0:
            raise UserError(self.env._("%(rule)s would make the prices negative.", rule=self.name))
        prices = adjust.spread(list(rows.values()), total, self._get_price_step())
        return {line: (price, reason) for line, price in zip(rows, prices, strict=True)}

    def _adjust_line(self, rule, line, price, date_start, memo):
        """New price and reason of one line by ``rule``, an adjustment or a line of one."""
        step, contract = self._get_price_step(), line.contract_id
        if rule.method == "percent":
            ratio = adjust.percent_ratio(Decimal(str(rule.percent)))
            return adjust.scaled(price, ratio, step), self._format_percent(rule.percent)
        if rule.method == "index":
            ratio, reason = self._get_variation(contract, date_start, memo)
            return adjust.scaled(price, ratio, step), reason
        if rule.method == "pricelist":
            self._ensure_rate(contract, date_start)
            listed = line._get_list_price(date_start)
            return adjust.scaled(Decimal(str(listed)), Fraction(1), step), self.env._("Current pricelist")
        amount = self._convert(rule.amount, contract, date_start)
        if rule.method == "price":
            return adjust.scaled(amount, Fraction(1), step), self.env._("New price")
        if price + amount < 0:
            raise UserError(self.env._("%(rule)s would make the prices negative.", rule=self.name))
        reason = self._format_difference(rule.amount, contract)
        return adjust.scaled(price + amount, Fraction(1), step), reason

    def _format_difference(self, amount, contract):
        """An amount above or below zero, in words that one reads without its sign."""
        money = self._format(abs(amount), contract)
        return self.env._("%s less", money) if amount < 0 else self.env._("%s more", money)

    def _get_variation(self, contract, date_start, memo):
        """The ratio of the index between its two months, and the sentence that explains it to the customer."""
        base, now = self._get_index_months(contract, date_start)
        key = (self, base, now)
        if key not in memo:
            full = self.index_id._get_ratio(base, now)
            ratio = adjust.varied(full, Decimal(str(self.index_share)), self.never_below)
            memo[key] = (
                ratio,
                self.env._(
                    "%(index)s %(base)s to %(now)s: %(full)s, applied %(applied)s",
                    index=self.index_id.name,
                    base=format_date(self.env, base, date_format="MM/yyyy"),
                    now=format_date(self.env, now, date_format="MM/yyyy"),
                    full=self._format_percent(float(full - 1) * 100),
                    applied=self._format_percent(float(ratio - 1) * 100),
                ),
            )
        return memo[key]

    def _get_price_step(self):
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return Decimal(1).scaleb(-digits)

    def _get_currency(self, contract):
        """The currency of the rule's amounts: of its company, or of that of the contract when it serves all."""
        return (self.company_id or contract.company_id).currency_id

    def _format_percent(self, value):
        """A change in percent, with its sign, as people of the language write it."""
        return f"{'+' if value >= 0 else ''}{formatLang(self.env, value, digits=2)} %"

    def _format(self, amount, contract):
        return self._get_currency(contract).format(amount)

    def _convert(self, amount, contract, date):
        """An amount of the rule in the currency of the contract, a Decimal."""
        currency = self._get_currency(contract)
        if contract.currency_id != currency:
            self._ensure_rate(contract, date)
            amount = currency._convert(amount, contract.currency_id, contract.company_id, date)
        return Decimal(str(amount))

    def _ensure_rate(self, contract, date):
        """Odoo takes a currency without any rate at par: here that would be a wrong price."""
        currency, company = contract.currency_id, contract.company_id
        if currency == company.currency_id:
            return
        rates = self.env["res.currency.rate"].search_count(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", [False, company.root_id.id]),
                ("name", "<=", date),
            ],
            limit=1,
        )
        if not rates:
            raise UserError(
                self.env._(
                    "There is no rate of %(currency)s on %(day)s: enter one, then preview again.",
                    currency=currency.name,
                    day=format_date(self.env, date),
                )
            )
