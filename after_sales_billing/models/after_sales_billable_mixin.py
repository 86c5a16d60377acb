from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
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
    def _get_uncharged_domain(self, company, date_to):
        """What is ready, due and not charged yet; it may have been left out for months."""
        return (
            self._get_to_charge_domain()
            & self._get_run_domain(company, date_to)
            & Domain("charge_ids", "not any", [("state", "!=", "cancelled")])
        )

    @api.model
    def _make_due_charges(self, company, date_to, only=Domain.TRUE):
        """Charge what is due.

        :param Domain only: look at these records only
        """
        try:
            return self.search(self._get_uncharged_domain(company, date_to) & only)._make_charges()
        except UniqueViolation as error:
            # somebody else has just charged the same: with a fresh view of the database (Odoo tries again) it is seen
            raise ConcurrencyError(self.env._("Another billing run is charging the same.")) from error
