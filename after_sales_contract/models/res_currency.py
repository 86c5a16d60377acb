from odoo import models
from odoo.exceptions import ValidationError


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _ensure_after_sales_rate(self, company):
        """Odoo counts a currency without rate as 1 to 1: prices would be wrong without a word.

        :raise ValidationError: when amounts in this currency cannot be converted for the company
        """
        for currency in self:
            if problem := currency._get_after_sales_rate_problem(company):
                raise ValidationError(problem)

    def _get_after_sales_rate_problem(self, company):
        """Why amounts in this currency cannot be converted for the company, in words; False when they can."""
        self.ensure_one()
        if self == company.currency_id:
            return False
        # sudo: whoever agrees on a price need not read rates
        rates_sudo = self.env["res.currency.rate"].sudo()
        known = [("currency_id", "=", self.id), ("company_id", "in", [False, company.root_id.id])]
        if rates_sudo.search_count(known, limit=1):
            return False
        return self.env._(
            "There is no exchange rate of %(currency)s for %(company)s. Enter one in Accounting or Invoicing, "
            "Configuration, Currencies, or use %(own)s.",
            currency=self.name,
            company=company.name,
            own=company.currency_id.name,
        )
