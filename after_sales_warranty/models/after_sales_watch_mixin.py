from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Days before a change of law or terms when a person is told, and after it when nobody was told in time.
LEAD_DAYS = 60


class AfterSalesWatchMixin(models.AbstractModel):
    """Dated promises and rules that grow old: a manager is told once of each change."""

    _name = "after.sales.watch.mixin"
    _description = "Watched for Changes"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    watched_on = fields.Date(
        "Told About", readonly=True, copy=False, help="The change a manager was told of."
    )

    @api.model
    def _get_watch_domain(self, today):
        """Records that may need a look on this day."""
        return Domain.FALSE

    def _get_watch_alert(self, today):
        """(date of the change, sentence that tells it), or None when there is nothing to tell."""
        return None

    @api.model
    def _get_lead_domain(self, name, today):
        """Records whose date ``name`` comes soon or has just gone by."""
        lead = timedelta(days=LEAD_DAYS)
        return Domain(name, ">=", today - lead) & Domain(name, "<=", today + lead)

    def _get_watch_user(self):
        """Who is told: a manager of the company, else of any."""
        # Whoever runs the job need not read groups.
        group_sudo = self.env.ref("after_sales_warranty.group_after_sales_manager").sudo()
        managers = group_sudo.all_user_ids.filtered(lambda user: user.active and not user.share).sorted("id")
        company = self["company_id"] if "company_id" in self._fields else self.env["res.company"]
        own = managers.filtered(lambda user: company in user.company_ids)
        return (own or managers or self.env.user)[-1:]

    @api.model
    def _watch(self, today):
        """Tell of what changes, each change once, in the language of who is told; return the records."""
        told = self.browse()
        for record in self.search(self._get_watch_domain(today)):
            user = record._get_watch_user()
            alert = record.with_context(lang=user.lang)._get_watch_alert(today)
            if not alert or record.watched_on == alert[0]:
                continue
            day, sentence = alert
            record.activity_schedule(
                "mail.mail_activity_data_warning",
                date_deadline=max(day, today),
                summary=sentence,
                user_id=user.id,
            )
            record.watched_on = day
            told |= record
        return told
