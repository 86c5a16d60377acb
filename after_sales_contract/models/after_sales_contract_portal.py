from odoo import models

#: What a portal page shows of a plan: some years of months.
SHOWN_INSTALMENTS = 60


class AfterSalesContract(models.Model):
    _inherit = "after.sales.contract"

    def _get_portal_instalments(self):
        """Instalments as the customer sees them: one row for what is due on a day for a period, with its state."""
        self.ensure_one()
        groups = {}
        for row in self.instalment_ids.filtered(lambda row: row.state == "planned"):
            key = (row.date_due, row.date_from, row.date_to, row.is_billed)
            groups[key] = groups.get(key, row.browse()) | row
        shown = sorted(groups.items(), key=lambda item: item[0])[:SHOWN_INSTALMENTS]
        return [self._prepare_portal_instalment(rows) for __, rows in shown]

    def _prepare_portal_instalment(self, rows):
        """One line of the page, from instalments of the same period and state.

        Who knows the invoice overrides this and adds ``url`` and a better ``status`` (its number, paid or not).
        """
        self.ensure_one()
        first = rows[0]
        labels = dict(first._fields["status"]._description_selection(self.env))
        return {
            "date_due": first.date_due,
            "date_from": first.date_from,
            "date_to": first.date_to,
            "amount": sum(rows.mapped("amount")),
            "status": labels[first.status],
        }
