from odoo import api, models
from odoo.fields import Domain


class ResCurrencyRate(models.Model):
    _inherit = "res.currency.rate"

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates._count_after_sales_charges()
        return rates

    def _count_after_sales_charges(self):
        """What stood in no sum for lack of a rate counts from the first one on; further ones change nothing."""
        others = Domain("currency_id", "in", self.currency_id.ids) & Domain("id", "not in", self.ids)
        known = set(self.sudo()._read_group(others, ["currency_id", "company_id"]))  # of all companies
        shared = self.env["res.company"]
        firsts = self.filtered(
            lambda rate: known.isdisjoint(
                (rate.currency_id, company) for company in (rate.company_id, shared)
            )
        )
        if firsts:
            # sudo: whoever enters rates need not read charges
            charges_sudo = self.env["after.sales.charge"].sudo()
            charges_sudo.search(Domain("currency_id", "in", firsts.currency_id.ids)).modified(["currency_id"])
