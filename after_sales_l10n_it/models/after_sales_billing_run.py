from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class AfterSalesBillingRun(models.Model):
    _inherit = "after.sales.billing.run"

    def _preview(self):
        result = super()._preview()
        if self.company_id.country_id.code == "IT":
            self._warn_of_late_documents()
        return result

    def _warn_of_late_documents(self):
        """A deferred invoice is due by the 15th of the month after its transport document (L17)."""
        day = self.invoice_date or fields.Date.context_today(self)
        # sudo: an accountant bills without a right on returns
        returned_sudo = self.env["after.sales.ticket"].sudo()._search([("return_ids", "!=", False)])
        ready = self.line_ids.search(
            self._get_ready_domain() & Domain("charge_id", "any!", [("ticket_id", "in", returned_sudo)])
        )
        for lines in ready.grouped("ticket_id").values():
            documents = lines.charge_id._get_ddts_to_cite()
            late = documents.filtered(lambda document: self._get_ddt_deadline(document) < day)
            if late:
                lines.reason = self.env._(
                    "%(documents)s: the invoice was due by %(date)s.",
                    documents=", ".join(late._get_ddt_text()),
                    date=format_date(self.env, min(map(self._get_ddt_deadline, late))),
                )

    def _get_ddt_deadline(self, document):
        done = fields.Datetime.context_timestamp(document, document.date_done).date()
        return fields.Date.add(done, months=1, day=15)
