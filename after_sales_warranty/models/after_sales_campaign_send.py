import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, is_html_empty

from .after_sales_unit_birth import NOT_OURS

_logger = logging.getLogger(__name__)


class AfterSalesCampaign(models.Model):
    """Where a message goes and what it shows."""

    _inherit = "after.sales.campaign"

    def _get_recipient_email(self, owner):
        """The address a message of this campaign goes to; empty when there is none.

        An address left for safety only serves recalls and nothing else (L28).
        """
        self.ensure_one()
        return (
            owner.contact_id.email or owner.partner_id.email or next(iter(owner._get_safety_emails()), False)
        )

    def _get_picture(self):
        """The record whose ``image_1024`` shows the product: the campaign or its product; none is possible."""
        self.ensure_one()
        product = (self.product_ids | self.product_tmpl_ids.product_variant_ids)[:1]
        return next((record for record in (self, product) if record.image_1024), None)

    def action_preview_message(self):
        """The message of the first owner; the preview lets choose another one."""
        self.ensure_one()
        if not self.owner_ids:
            raise UserError(self.env._("Nobody is written to yet: press Prepare first."))
        return self.owner_ids.sorted("id")[0].action_preview_message()

    def _trigger_sending(self):
        if self.filtered(lambda c: c.state == "running"):
            # Starting a campaign is the manager's right, the job behind it the house's.
            self.env.ref("after_sales_warranty.ir_cron_send_campaigns").sudo()._trigger()


class AfterSalesCampaignOwner(models.Model):
    """The messages: one to each owner with all his units, then reminders until he answers."""

    _inherit = "after.sales.campaign.owner"

    @api.model
    def _get_due_domain(self):
        """Who has a message to get now. A reminder missed for days is sent once, and only while a unit is open."""
        reminder = (
            Domain("state", "in", ("notified", "read"))
            & Domain("next_reminder", "<=", fields.Date.context_today(self))
            & Domain("unit_ids", "any", self.env["after.sales.campaign.unit"]._get_open_domain())
        )
        return Domain("campaign_id.state", "=", "running") & (Domain("state", "=", "to_notify") | reminder)

    @api.model
    def _cron_send(self, batch_size=5):
        """Send what is due, a batch a transaction: nobody is told twice when it is cut short.

        Batches are small: a recall draws a PDF for each owner, which takes seconds.
        """
        domain = self._get_due_domain()
        remaining = self.search_count(domain)
        while remaining:
            owners = self.search(domain, limit=batch_size, order="id")
            owners.try_lock_for_update(allow_referencing=True).filtered_domain(domain)._notify()
            remaining = max(remaining - len(owners), 0)
            if not self.env["ir.cron"]._commit_progress(len(owners), remaining=remaining) or not owners:
                break

    def _notify(self):
        """Make the message of each owner; what fails is kept with its reason and does not stop the others."""
        self._sort_out_opted()
        for owner in self.filtered(lambda o: o.state != "left_out"):
            email = owner._get_email()
            if not email_normalize(email):
                owner._set_unreachable(self.env._("There is no e-mail address."))
                continue
            try:
                with self.env.cr.savepoint():
                    owner._send_message(email)
            except NOT_OURS:
                raise
            except Exception as error:  # noqa: BLE001 - one bad record must not stop a recall
                _logger.info("No campaign message to owner row %s", owner.id, exc_info=True)
                self.env.invalidate_all()
                owner._set_unreachable(self.env._("The message could not be made: %s", error))

    def _get_safety_emails(self):
        """The addresses left for safety on these units, when this is a recall: told beside the owner."""
        self.ensure_one()
        if self.campaign_id.kind != "recall":
            return []
        return sorted(set(self.unit_ids.unit_id._get_safety_emails().values()))

    def _get_safety_copies(self):
        """The copies of the recall, as the mail template wants them."""
        return ",".join(email for email in self._get_safety_emails() if email != self.email)

    def _send_message(self, email):
        self.ensure_one()
        now, campaign = fields.Datetime.now(), self.campaign_id
        reminders = self.reminder_count + (self.state != "to_notify")
        again = reminders < campaign.reminder_max
        today = fields.Date.context_today(self)
        self.write(
            {
                "state": "sending" if self.state == "to_notify" else self.state,
                "email": email,
                "failure": False,
                "date_sent": self.date_sent or now,
                "date_last_sent": now,
                "reminder_count": reminders,
                "next_reminder": today + timedelta(days=campaign.reminder_days) if again else False,
            }
        )
        # A template may be closed to the user of the job; what it shows is this owner's own.
        template_sudo = campaign.mail_template_id.sudo().with_company(campaign.company_id)
        template_sudo.send_mail(self.id)

    def _get_subject(self):
        """The subject in the language of the environment; a reminder says that it is one."""
        self.ensure_one()
        subject = self.campaign_id.title
        if self.campaign_id.kind == "recall":
            subject = self.env._("Product safety recall: %s", subject)
        return self.env._("Reminder: %s", subject) if self.reminder_count else subject

    def _get_notice(self):
        """The notice as HTML for a message, in the language of the environment."""
        self.ensure_one()
        src = f"{self._get_page_url()}/picture" if self.campaign_id._get_picture() else None
        values = {
            "owner": self,
            "campaign": self.campaign_id,
            "picture": src,
            "rows": self.reminder_count and self._get_open_units(),
            "with_dates": True,
            "is_html_empty": is_html_empty,
        }
        return self.env["ir.qweb"]._render("after_sales_warranty.campaign_notice", values)

    # === WHO IS REACHED, WHO IS NOT === #

    def _set_reached(self):
        """The mail left: only now was the owner told. One that failed before and was sent again counts too."""
        owners = self.filtered(lambda o: o.state in ("sending", "unreachable"))
        if not owners:
            return
        owners.write({"state": "notified", "failure": False})
        owners.activity_unlink(["mail.mail_activity_data_warning"])

    def _set_unreachable(self, reason):
        """No message gets there: somebody looks for another way, a letter for instance."""
        for owner in self:
            owner.write({"state": "unreachable", "failure": reason[:500], "next_reminder": False})
            user = owner.campaign_id.user_id
            if owner.activity_search(["mail.mail_activity_data_warning"], user_id=user.id):
                continue
            # Hundreds of these are one list to work through, not hundreds of mails.
            owner.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("Not reached: %s", owner.partner_id.display_name),
                note=reason,
                user_id=user.id or self.env.uid,
            )

    def _message_receive_bounce(self, email, partner):
        res = super()._message_receive_bounce(email, partner)
        told = self.filtered(lambda o: email_normalize(o.email) == email_normalize(email))
        told.filtered(lambda o: o.state in ("sending", "notified", "read"))._set_unreachable(
            self.env._("The message to %s came back.", email)
        )
        return res
