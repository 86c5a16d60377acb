from odoo import models


class MailMail(models.Model):
    """A mail that left, or failed, says so to the campaign or notice it was made for."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        self._tell_after_sales(
            failure_type and (failure_reason or self.env._("The message could not be sent."))
        )
        return super()._postprocess_sent_message(success_pids, success_emails, failure_reason, failure_type)

    def _tell_after_sales(self, failure):
        # Notices to our own people about a row are not the message to its owner.
        mails = self.filtered(lambda m: not m.is_notification)
        # The rows are read by the queue of all mails, which has rights on none of them.
        owners_sudo = self.env["after.sales.campaign.owner"].sudo()
        notices_sudo = self.env["after.sales.notice"].sudo()
        owners_sudo, notices_sudo = (
            rows_sudo.browse(
                mails.filtered(lambda m, r=rows_sudo: m.model == r._name).mapped("res_id")
            ).exists()
            for rows_sudo in (owners_sudo, notices_sudo)
        )
        notices_sudo._set_mail_result(failure)
        if failure:
            owners_sudo.filtered(lambda o: o.state in ("sending", "notified", "read"))._set_unreachable(
                failure
            )
        else:
            owners_sudo._set_reached()
