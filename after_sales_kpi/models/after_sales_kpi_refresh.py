import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import months, ratio

_logger = logging.getLogger(__name__)
HISTORY_MONTHS = 24


class AfterSalesKpi(models.Model):
    """Computing the values of the figures, by hand and every night."""

    _inherit = "after.sales.kpi"

    def _refresh(self, start, stop, companies):
        """Write the values of all months from *start* to *stop* that are not frozen yet."""
        today = fields.Date.context_today(self)
        Value = self.env["after.sales.kpi.value"].sudo()
        periods = list(months.span(start, stop))
        for kpi in self:
            ratios = kpi._read_facts(periods[0], periods[-1])
            known = {
                (value.date, value.company_id.id): value
                for value in Value.search(
                    [
                        ("kpi_id", "=", kpi.id),
                        ("company_id", "in", companies.ids),
                        ("date", ">=", periods[0]),
                        ("date", "<=", periods[-1]),
                    ]
                )
            }
            vals_list = []
            for month in periods:
                frozen = today > months.last_day(month) + timedelta(days=kpi.freeze_days)
                for company in companies:
                    vals = kpi._prepare_value_vals(
                        ratios.get((month, company.id), ratio.Ratio()), frozen and today
                    )
                    value = known.get((month, company.id))
                    if not value:
                        vals_list.append({**vals, "kpi_id": kpi.id, "company_id": company.id, "date": month})
                    elif not value.frozen_on:
                        value.write(vals)
            Value.create(vals_list)

    def _prepare_value_vals(self, figures, frozen_on):
        return {
            "numerator": figures.numerator,
            "denominator": figures.denominator,
            "has_target": self.has_target,
            "target": self.target,
            "computed_on": fields.Datetime.now(),
            "frozen_on": frozen_on,
        }

    def _refresh_due(self):
        """Recompute what is open: from the oldest month that is not frozen, or the whole history of a
        company that has no values yet, until today."""
        today = fields.Date.context_today(self)
        companies = self.env["res.company"].sudo().search([])
        for kpi in self:
            oldest = {
                company: date
                for company, date in self.env["after.sales.kpi.value"]
                .sudo()
                ._read_group(
                    [("kpi_id", "=", kpi.id), ("frozen_on", "=", False)], ["company_id"], ["date:min"]
                )
            }
            history = months.add(today, 1 - HISTORY_MONTHS)
            for company in companies:
                oldest.setdefault(company, history)
            kpi._refresh(min(oldest.values()), today, companies)

    @api.model
    def _cron_refresh(self):
        self.env["after.sales.backlog"]._take()
        kpis = self.search([])
        self.env["ir.cron"]._commit_progress(remaining=len(kpis))
        for kpi in kpis:
            kpi._refresh_guarded()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _refresh_guarded(self):
        """One figure that cannot be read must not stop the others: its error stays on it."""
        self.ensure_one()
        error = False
        try:
            with self.env.cr.savepoint():
                self._refresh_due()
        except Exception as exception:  # noqa: BLE001
            _logger.exception("Key figure %s cannot be computed", self.code)
            error = str(exception)
        if self.error != error:
            self.error = error

    def action_refresh(self):
        if not self.env.user.has_group("after_sales_warranty.group_after_sales_manager"):
            raise UserError(self.env._("Only a manager of After-Sales can recompute key figures."))
        kpis_sudo = (self or self.search([])).sudo()  # manager was checked above; facts of all companies
        self.env["after.sales.backlog"].sudo()._take()
        kpis_sudo._refresh_due()
        kpis_sudo.filtered("error").error = False
