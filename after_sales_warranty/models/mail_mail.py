from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        if failure_type:
            # The rows are read by the queue of all mails, which has rights on none of them.
            owners_sudo = self.env["after.sales.campaign.owner"].sudo()
            # Notices to our own people about a row are not the message to its owner.
            mails = self.filtered(lambda m: m.model == owners_sudo._name and not m.is_notification)
            told = owners_sudo.browse(mails.mapped("res_id")).exists()
            told.filtered(lambda o: o.state in ("notified", "read"))._set_unreachable(
                failure_reason or self.env._("The message could not be sent.")
            )
        return super()._postprocess_sent_message(success_pids, success_emails, failure_reason, failure_type)
