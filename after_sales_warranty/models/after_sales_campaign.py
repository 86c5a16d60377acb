from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesCampaign(models.Model):
    """A message to the owners of some units: a recall, a service action or a promotion."""

    _name = "after.sales.campaign"
    _description = "Installed Base Campaign"
    _inherit = ["after.sales.numbered.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    title = fields.Char(required=True, translate=True, tracking=True)
    kind = fields.Selection(
        [("recall", "Product Safety Recall"), ("service", "Service Action"), ("promotion", "Promotion")],
        required=True,
        default="recall",
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True, index=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("prepared", "Prepared"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        index=True,
        copy=False,
    )
    date_start = fields.Date("Started On", readonly=True, copy=False)
    date_done = fields.Date("Finished On", readonly=True, copy=False)
    note = fields.Text("Internal Note")

    # === REMINDERS === #
    reminder_days = fields.Integer("Remind Every", default=14, help="Days between two messages.")
    reminder_max = fields.Integer("Reminders at Most", default=2)

    owner_ids = fields.One2many("after.sales.campaign.owner", "campaign_id", "Owners")
    unit_ids = fields.One2many("after.sales.campaign.unit", "campaign_id", "Units")

    _reminders_positive = models.Constraint(
        "CHECK (reminder_days > 0 AND reminder_max >= 0)",
        "Reminders need at least one day between them, and their number cannot be negative.",
    )

    # === COMPUTE === #

    @api.depends("name", "title")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for campaign in self:
            known = campaign.name != "/" and campaign.title
            campaign.display_name = f"{campaign.name} · {campaign.title}" if known else campaign.title

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if self.filtered("date_start"):
            raise UserError(self.env._("A campaign that was sent is evidence and is not deleted."))

    # === ACTIONS === #

    def action_start(self):
        """Let the messages leave, in the background. Raises what is missing to do so."""
        self.check_access("write")
        self._ensure_state("prepared")
        for campaign in self:
            missing = campaign._get_missing()
            if missing:
                raise UserError(
                    self.env._(
                        "%(campaign)s cannot start. Missing: %(missing)s.",
                        campaign=campaign.display_name,
                        missing="; ".join(missing),
                    )
                )
            campaign._ensure_plain_hazard_in_all_languages()
        self.write({"state": "running", "date_start": fields.Date.context_today(self)})
        self._trigger_sending()

    def action_done(self):
        self.check_access("write")
        self._ensure_state("running")
        self.write({"state": "done", "date_done": fields.Date.context_today(self)})

    def action_cancel(self):
        self.check_access("write")
        self._ensure_state("draft", "prepared", "running")
        self.state = "cancelled"

    def action_reopen(self):
        """Go on with a campaign that was finished or cancelled too early."""
        self.check_access("write")
        self._ensure_state("done", "cancelled")
        for campaign in self:
            campaign.write({"state": "running" if campaign.date_start else "draft", "date_done": False})
        self._trigger_sending()
