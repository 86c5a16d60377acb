from odoo import api, models
from odoo.fields import Domain


class AfterSalesBillableMixin(models.AbstractModel):
    _inherit = "after.sales.billable.mixin"

    @api.model
    def _get_billable_models(self):
        """Models whose due records a billing run turns into charges. Visits charge themselves when they are done."""
        return ["after.sales.contract.instalment", "hr.expense", "after.sales.trip"]

    @api.model
    def _get_run_domain(self, company, date_to):
        """Which ready records are due for a run up to ``date_to``."""
        return Domain("company_id", "=", company.id) & Domain("date", "<=", date_to)

    @api.model
    def _make_due_charges(self, company, date_to):
        """Charge whatever is ready, due and not charged yet; it may have been left out for months."""
        domain = self._get_to_charge_domain() & self._get_run_domain(company, date_to)
        domain &= Domain("charge_ids", "not any", [("state", "!=", "cancelled")])
        return self.search(domain)._make_charges()
