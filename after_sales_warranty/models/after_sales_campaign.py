from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

#: Remedies that the notice of a recall offers at least (Regulation (EU) 2023/988, art. 37).
RECALL_REMEDIES = 2


class AfterSalesCampaign(models.Model):
    """A message to the owners of some units: a recall, a service action or a promotion."""

    _name = "after.sales.campaign"
    _description = "Installed Base Campaign"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, index=True, default="/")
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

    # === THE MESSAGE === #
    mail_template_id = fields.Many2one(
        "mail.template",
        compute="_compute_mail_template_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("model", "=", "after.sales.campaign.owner")],
    )
    image_1920 = fields.Image("Picture", max_width=1920, max_height=1920)
    image_1024 = fields.Image(
        "Picture as Sent", related="image_1920", max_width=1024, max_height=1024, store=True
    )
    brand = fields.Char()
    product_description = fields.Text(translate=True, help="How the owner recognises the product.")
    sale_info = fields.Text("Place and Time of Sale", translate=True)
    hazard = fields.Text(
        translate=True,
        tracking=True,
        help="What can happen to the owner, in plain words. Words that soften it are refused.",
    )
    instructions = fields.Html("What to Do", translate=True)
    remedy_ids = fields.Many2many(
        "after.sales.campaign.remedy",
        string="Remedies Offered",
        help="The owner of a recalled product chooses between at least two.",
    )
    contact_phone = fields.Char(
        compute="_compute_contact", store=True, readonly=False, precompute=True, help="Free of charge."
    )
    contact_email = fields.Char(compute="_compute_contact", store=True, readonly=False, precompute=True)
    body = fields.Html("Message", translate=True)

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

    @api.depends("kind")
    def _compute_mail_template_id(self):
        for campaign in self:
            name = "recall" if campaign.kind == "recall" else "offer"
            campaign.mail_template_id = self.env.ref(
                f"after_sales_warranty.mail_template_campaign_{name}", raise_if_not_found=False
            )

    @api.depends("company_id")
    def _compute_contact(self):
        for campaign in self:
            campaign.contact_phone = campaign.contact_phone or campaign.company_id.phone
            campaign.contact_email = campaign.contact_email or campaign.company_id.email

    @api.depends("name", "title")
    def _compute_display_name(self):
        for campaign in self:
            known = campaign.name != "/" and campaign.title
            campaign.display_name = f"{campaign.name} · {campaign.title}" if known else campaign.title

    # === CONSTRAINS === #

    @api.constrains("hazard", "kind")
    def _check_hazard(self):
        self.filtered(lambda c: c.kind == "recall")._ensure_plain_hazard()

    def _ensure_plain_hazard(self):
        """Refuse the words that make a hazard sound smaller, in the language of the environment."""
        words = self.env["after.sales.campaign.word"]
        for campaign in self.filtered("hazard"):
            found = words._find_in(campaign.hazard, fields.Date.context_today(self))
            if found:
                raise ValidationError(
                    self.env._(
                        "The hazard must be told without words that make it sound smaller. Take out: %s.",
                        ", ".join(found),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                # Numbering is the house's business, whoever plans.
                sequence_sudo = self.env["ir.sequence"].sudo().with_company(company)
                vals["name"] = sequence_sudo.next_by_code(self._name)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if self.filtered("date_start"):
            raise UserError(self.env._("A campaign that was sent is evidence and is not deleted."))

    # === ACTIONS === #

    def _ensure_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for campaign in self:
            if campaign.state not in states:
                raise UserError(
                    self.env._(
                        "%(campaign)s is %(state)s: this cannot be done now.",
                        campaign=campaign.display_name,
                        state=labels[campaign.state],
                    )
                )

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

    def _get_missing(self):
        """Names of what the campaign still needs before it may be sent."""
        self.ensure_one()
        checks = [
            (self.owner_ids, self.env._("units with an owner: press Prepare")),
            (self.contact_phone or self.contact_email, self.env._("a phone number or e-mail to answer to")),
            (self.mail_template_id, self.env._("the mail template")),
        ]
        if self.kind == "recall":
            checks += [
                ((self.hazard or "").strip(), self.env._("the hazard")),
                (not is_html_empty(self.instructions), self.env._("what the owner has to do")),
                (len(self.remedy_ids) >= RECALL_REMEDIES, self.env._("at least two remedies to choose from")),
            ]
        else:
            checks.append((not is_html_empty(self.body), self.env._("the message")))
        return [label for present, label in checks if not present]

    def _ensure_plain_hazard_in_all_languages(self):
        """Translations are typed apart, so each is looked at before any leaves."""
        recalls = self.filtered(lambda c: c.kind == "recall")
        for code, __ in self.env["res.lang"].get_installed():
            recalls.with_context(lang=code)._ensure_plain_hazard()

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
