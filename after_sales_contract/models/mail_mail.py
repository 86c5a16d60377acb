from odoo import models


class MailMail(models.Model):
    """A mail to a customer that failed says so in the log of alerts: what law asks for was not sent then (L15)."""

    _inherit = "mail.mail"

    def _tell_after_sales(self, failure):
        super()._tell_after_sales(failure)
        if not failure:
            return
        # The rows are read by the queue of all mails, which has no right on them.
        alerts_sudo = self.env["after.sales.contract.alert"].sudo()
        mails = self.filtered(lambda m: not m.is_notification)
        ids = {
            model: group.mapped("res_id")
            for model, group in mails.grouped("model").items()
            if model in ("after.sales.contract.alert", "after.sales.renewal.line")
        }
        rows_sudo = alerts_sudo.browse(ids.get("after.sales.contract.alert")).exists()
        if letters := ids.get("after.sales.renewal.line"):
            rows_sudo |= alerts_sudo.search([("renewal_line_id", "in", letters)])
        rows_sudo._set_failed(failure)
