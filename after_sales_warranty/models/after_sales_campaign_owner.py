import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class AfterSalesCampaignOwner(models.Model):
    """One owner in a campaign: whether he was told, in which language, and what he answered."""

    _name = "after.sales.campaign.owner"
    _description = "Owner in a Campaign"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    campaign_id = fields.Many2one("after.sales.campaign", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="campaign_id.company_id", store=True, index=True, precompute=True)
    campaign_state = fields.Selection(related="campaign_id.state", string="Campaign Status")
    partner_id = fields.Many2one("res.partner", "Owner", required=True, index=True, ondelete="restrict")
    contact_id = fields.Many2one("res.partner", index="btree_not_null", ondelete="restrict")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        required=True,
        help="Of the message and the page.",
    )
    state = fields.Selection(
        [
            ("to_notify", "To Notify"),
            ("sending", "Being Sent"),
            ("notified", "Notified"),
            ("read", "Page Opened"),
            ("answered", "Answered"),
            ("unreachable", "Unreachable"),
            ("left_out", "Left Out"),
        ],
        required=True,
        default="to_notify",
        index=True,
        tracking=True,
    )
    email = fields.Char("Sent To", readonly=True)
    date_sent = fields.Datetime("First Sent On", readonly=True)
    date_last_sent = fields.Datetime("Last Sent On", readonly=True)
    reminder_count = fields.Integer("Reminders Sent", readonly=True)
    next_reminder = fields.Date(readonly=True)
    date_letter = fields.Date("Letter Printed On", readonly=True)
    failure = fields.Char("Why Not Reached", readonly=True)
    date_read = fields.Datetime("Opened On", readonly=True)
    date_answer = fields.Datetime("Answered On", readonly=True)
    phone = fields.Char(readonly=True)
    message = fields.Text(readonly=True)
    contact_wanted = fields.Boolean("Wants to Be Contacted", readonly=True)
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(32),
        groups="after_sales_warranty.group_after_sales_agent",
    )
    unit_ids = fields.One2many("after.sales.campaign.unit", "owner_id", "Units")
    unit_count = fields.Integer("Number of Units", compute="_compute_unit_count")

    _owner_uniq = models.UniqueIndex("(campaign_id, partner_id)", "This owner is in the campaign already.")
    _token_uniq = models.UniqueIndex("(token)")
    _due_idx = models.Index("(campaign_id, next_reminder) WHERE state IN ('to_notify', 'notified', 'read')")

    @api.depends("unit_ids")
    def _compute_unit_count(self):
        counts = dict(
            self.env["after.sales.campaign.unit"]._read_group(
                [("owner_id", "in", self.ids)], ["owner_id"], ["__count"]
            )
        )
        for owner in self:
            owner.unit_count = counts.get(owner._origin, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        if self.filtered("date_sent"):
            raise UserError(self.env._("Who was told is evidence and is not deleted."))

    def _sort_out_opted(self):
        """In a promotion, leave out who did not agree to advertising or wants none any more."""
        owners = self.filtered(lambda o: o.campaign_id.kind == "promotion")
        emails = {owner: email_normalize(owner._get_email()) for owner in owners}
        # Whoever plans a promotion need not administer the list of those who want none.
        barred = (
            self.env["mail.blacklist"].sudo().search([("email", "in", [e for e in emails.values() if e])])
        )
        barred = set(barred.mapped("email"))
        for owner, email in emails.items():
            people = owner.partner_id | owner.contact_id
            agreed = any(people.mapped("after_sales_wants_promotions")) and all(people.mapped("active"))
            if email in barred or not agreed:
                owner.write({"state": "left_out", "next_reminder": False})
            elif owner.state == "left_out":
                owner.state = "to_notify"

    def _get_open_units(self):
        """His units of which he has still to say what he wants."""
        return self.unit_ids.filtered_domain(self.unit_ids._get_open_domain())

    def _get_email(self):
        self.ensure_one()
        return self.campaign_id._get_recipient_email(self) or ""

    # === ACTIONS === #

    def action_notify_again(self):
        """Put owners whom no message reached back in the queue, after correcting their address."""
        self.check_access("write")
        for owner in self:
            if owner.state != "unreachable":
                raise UserError(
                    self.env._("%s can be reached: there is nothing to correct.", owner.display_name)
                )
        self.write({"state": "to_notify", "failure": False, "reminder_count": 0})
        self.activity_unlink(["mail.mail_activity_data_warning"])
        self.campaign_id._trigger_sending()

    def action_print_letter(self):
        """The notices as letters, for owners with a postal address; the day is kept."""
        self.check_access("write")
        owners = self.filtered(lambda o: o._has_postal_address())
        if not owners:
            raise UserError(self.env._("None of these owners has a street and a city to write to."))
        owners.date_letter = fields.Date.context_today(self)
        return self.env.ref("after_sales_warranty.action_report_campaign_notice").report_action(owners)

    def _has_postal_address(self):
        self.ensure_one()
        return bool(self.partner_id.street and self.partner_id.city)

    def action_preview_message(self):
        """The message of this owner as it would leave, in his language."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Message to the Owner"),
            "res_model": "after.sales.campaign.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_owner_id": self.id},
        }

    def action_open_page(self):
        """The page of the owner, to fill it in with him on the phone."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._get_page_url(), "target": "new"}

    def action_view_units(self):
        self.ensure_one()
        action = self.campaign_id.action_view_units()
        return {**action, "domain": [("owner_id", "=", self.id)]}

    def _get_page_url(self):
        self.ensure_one()
        return f"{self.get_base_url()}/after-sales/campaign/{self.token}"

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.campaign_id.name} {self.campaign_id.title}".replace("/", "-")
