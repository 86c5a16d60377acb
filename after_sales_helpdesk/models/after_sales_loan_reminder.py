from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesLoan(models.Model):
    """Nobody forgets a loaner: customer and responsible are reminded once a week."""

    _inherit = "after.sales.loan"

    @api.model
    def _cron_remind(self, batch_size=100):
        """Remind customer and responsible of loaners that are late, once a week, oldest first."""
        today = fields.Date.context_today(self)
        domain = (
            Domain("state", "=", "out")
            & Domain("date_due", "<", today)
            & (Domain("date_reminded", "=", False) | Domain("date_reminded", "<=", "today -7d"))
        )
        left = self.search_count(domain)
        while loans := self.search(domain, limit=batch_size):
            loans._remind()
            left -= len(loans)
            if not self.env["ir.cron"]._commit_progress(len(loans), remaining=left):
                break

    def _remind(self):
        template_sudo = self.env.ref("after_sales_helpdesk.mail_template_loan_reminder").sudo()
        for loan in self:
            if loan.partner_id.email:
                loan.message_post_with_source(
                    template_sudo,
                    email_layout_xmlid="mail.mail_notification_light",
                    subtype_xmlid="mail.mt_note",
                )
            if not loan.activity_ids:
                loan.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Get the loaner back"),
                    user_id=(loan.user_id or self.env.user).id,
                )
        self.write({"date_reminded": fields.Date.context_today(self)})
