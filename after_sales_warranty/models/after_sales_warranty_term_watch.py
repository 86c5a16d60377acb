from odoo import api, models
from odoo.tools import format_date


class AfterSalesWarrantyTerm(models.Model):
    """Terms that are offered until soon."""

    _name = "after.sales.warranty.term"
    _inherit = ["after.sales.warranty.term", "after.sales.watch.mixin"]

    @api.model
    def _get_watch_domain(self, today):
        return self._get_lead_domain("date_to", today)

    def _get_watch_alert(self, today):
        self.ensure_one()
        return self.date_to, self.env._(
            "The term %(term)s is offered until %(day)s: renew it or let it end.",
            term=self.name,
            day=format_date(self.env, self.date_to),
        )
