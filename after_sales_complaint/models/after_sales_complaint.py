from odoo import api, fields, models
from odoo.exceptions import ValidationError

CHANNELS = [
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("portal", "Portal"),
    ("chat", "Chat"),
    ("letter", "Letter"),
    ("counter", "In Person"),
    ("card", "Complaint Card or Form"),
    ("social", "Public or Social Channel"),
    ("other", "Other"),
]
OPEN_STATES = ("received", "acknowledged", "assessed", "investigated", "decided", "appealed", "executed")


class AfterSalesComplaint(models.Model):
    """A complaint handled as ISO 10002 asks: received with what is sought, acknowledged, assessed, investigated,
    decided with reasons, told to the customer, carried out, closed; contested before someone else."""

    _name = "after.sales.complaint"
    _description = "Complaint"
    _inherit = [
        "after.sales.complaint.origin.mixin",
        "after.sales.complaint.deadline.mixin",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "priority desc, deadline, id desc"
    _primary_email = "email"
    _mail_post_access = "read"
    _check_company_auto = True

    # Identity
    name = fields.Char(
        string="Reference", readonly=True, required=True, copy=False, default="/", index="trigram"
    )
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html(string="What the Customer Says")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, readonly=True
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True, required=True
    )
    state = fields.Selection(
        [
            ("received", "Received"),
            ("acknowledged", "Acknowledged"),
            ("assessed", "Assessed"),
            ("investigated", "Investigated"),
            ("decided", "Decided"),
            ("appealed", "Contested"),
            ("executed", "Carried Out"),
            ("closed", "Closed"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="received",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    is_open = fields.Boolean(string="Open", compute="_compute_is_open", store=True, index=True)
    active = fields.Boolean(default=True)
    tag = fields.Char(
        string="Customer's Reference", help="Number or mark under which the customer files the case."
    )

    # Receipt
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    partner_name = fields.Char(string="Name", help="Who complains, when the person is not a contact.")
    email = fields.Char(compute="_compute_contact", store=True, readonly=False, precompute=True)
    phone = fields.Char(compute="_compute_contact", store=True, readonly=False, precompute=True)
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Commercial Entity", store=True, index=True
    )
    remedy_sought_id = fields.Many2one("after.sales.complaint.remedy", check_company=True)
    remedy_sought = fields.Char(string="Remedy in the Customer's Words")
    amount_sought = fields.Monetary()
    team_id = fields.Many2one(
        "after.sales.complaint.team",
        string="Desk",
        required=True,
        check_company=True,
        index=True,
        tracking=True,
        default=lambda self: self.env["after.sales.complaint.team"]._get_default(self.env.company),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index=True,
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    is_confidential = fields.Boolean(
        string="Confidential",
        compute="_compute_is_confidential",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Shown to the responsible, the head of the desk and complaint reviewers only.",
    )
    concerned_user_ids = fields.Many2many(
        "res.users",
        string="Staff Complained About",
        domain="[('share', '=', False)]",
        help="They neither see nor decide the case.",
    )

    # Decisions and corrective actions
    decision_ids = fields.One2many("after.sales.complaint.decision", "complaint_id")
    decision_id = fields.Many2one(
        "after.sales.complaint.decision",
        string="Decision in Force",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    outcome = fields.Selection(related="decision_id.outcome", store=True)
    measure_ids = fields.One2many("after.sales.complaint.measure", "complaint_id")
    amount_granted = fields.Monetary(compute="_compute_amount_granted", store=True)
    needs_approval = fields.Boolean(
        string="Waits for Approval", compute="_compute_needs_approval", store=True
    )
    action_ids = fields.Many2many(
        "after.sales.complaint.action",
        "after_sales_complaint_action_rel",
        "complaint_id",
        "action_id",
        string="Actions",
        copy=False,
    )
    action_count = fields.Integer(compute="_compute_action_count")

    # Course
    date_received = fields.Datetime(required=True, default=fields.Datetime.now, copy=False, index=True)
    date_acknowledged = fields.Datetime(readonly=True, copy=False)
    date_assessed = fields.Datetime(readonly=True, copy=False)
    date_decided = fields.Datetime(readonly=True, copy=False)
    date_answered = fields.Datetime(
        readonly=True, copy=False, help="When the customer was told the first decision."
    )
    date_executed = fields.Datetime(readonly=True, copy=False)
    date_closed = fields.Datetime(readonly=True, copy=False)
    is_communicated = fields.Boolean(
        string="Customer Was Told",
        readonly=True,
        copy=False,
        help="The decision in force was told to the customer.",
    )
    days_to_answer = fields.Float(compute="_compute_days", store=True, aggregator="avg")
    days_to_close = fields.Float(compute="_compute_days", store=True, aggregator="avg")
    customer_answer = fields.Selection(
        [("accepted", "Accepted"), ("contested", "Contested")], readonly=True, copy=False, tracking=True
    )
    appeal_until = fields.Date(string="Can Be Contested Until", readonly=True, copy=False)
    appeal_date = fields.Date(string="Contested on", readonly=True, copy=False)
    appeal_reason = fields.Text(string="Why It Is Contested", readonly=True, copy=False)
    appeal_user_id = fields.Many2one("res.users", string="Appeal Decided by", copy=False, tracking=True)
    is_overturned = fields.Boolean(string="Changed on Appeal", compute="_compute_is_overturned", store=True)
    is_external = fields.Boolean(string="Taken to an Outside Body", tracking=True, copy=False)
    reopen_count = fields.Integer(string="Reopened", readonly=True, copy=False)

    _name_unique = models.Constraint(
        "UNIQUE (name, company_id)", "The reference of a complaint must be unique."
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("invoice_id", "sale_order_id", "company_id")
    def _compute_currency_id(self):
        for complaint in self:
            complaint.currency_id = (
                complaint.invoice_id.currency_id
                or complaint.sale_order_id.currency_id
                or complaint.company_id.currency_id
            )

    @api.depends("state")
    def _compute_is_open(self):
        for complaint in self:
            complaint.is_open = complaint.state in OPEN_STATES

    @api.depends("partner_id")
    def _compute_contact(self):
        for complaint in self:
            complaint.email = complaint.partner_id.email or complaint.email
            complaint.phone = complaint.partner_id.phone or complaint.phone

    @api.depends("measure_ids.amount", "measure_ids.state", "decision_ids.state")
    def _compute_amount_granted(self):
        for complaint in self:
            granted = complaint.measure_ids.filtered(
                lambda m: m.state != "cancelled" and m.decision_id.state == "approved"
            )
            complaint.amount_granted = sum(granted.mapped("amount"))

    @api.depends("decision_ids.state")
    def _compute_needs_approval(self):
        for complaint in self:
            complaint.needs_approval = "to_approve" in complaint.decision_ids.mapped("state")

    @api.depends("decision_ids.state", "decision_ids.outcome", "decision_ids.kind")
    def _compute_is_overturned(self):
        for complaint in self:
            complaint.is_overturned = any(
                d.kind == "appeal" and d.state == "approved" and d.outcome != "rejected"
                for d in complaint.decision_ids
            )

    @api.depends("action_ids")
    def _compute_action_count(self):
        for complaint in self:
            complaint.action_count = len(complaint.action_ids)

    @api.depends("date_received", "date_answered", "date_closed")
    def _compute_days(self):
        def days(start, stop):
            return (stop - start).total_seconds() / 86400 if start and stop else False

        for complaint in self:
            complaint.days_to_answer = days(complaint.date_received, complaint.date_answered)
            complaint.days_to_close = days(complaint.date_received, complaint.date_closed)

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for complaint in self:
            complaint.display_name = " ".join(filter(None, (complaint.name, complaint.subject)))

    def _compute_access_url(self):
        super()._compute_access_url()
        for complaint in self:
            complaint.access_url = f"/my/complaints/{complaint.id}"

    # ------------------------------------------------------------
    # Checks and CRUD
    # ------------------------------------------------------------

    @api.constrains("user_id", "appeal_user_id", "concerned_user_ids")
    def _check_independence(self):
        for complaint in self:
            if complaint.concerned_user_ids & (complaint.user_id | complaint.appeal_user_id):
                raise ValidationError(
                    self.env._(
                        "Someone the complaint is about cannot be responsible for it (%s).", complaint.name
                    )
                )

    @api.constrains("date_received")
    def _check_date_received(self):
        for complaint in self:
            if complaint.date_received > fields.Datetime.now():
                raise ValidationError(self.env._("A complaint cannot be received in the future."))

    @api.model_create_multi
    def create(self, vals_list):
        self.env["ir.sequence"]._number_documents("after.sales.complaint", vals_list)
        teams = self.env["after.sales.complaint.team"]
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            if not vals.get("team_id"):
                vals["team_id"] = teams._get_default(company).id
        complaints = super().create(vals_list)
        complaints._route()
        complaints._start_steps(("acknowledge", "assess", "investigate", "answer"))
        return complaints

    def _route(self):
        """Desk and person by the routing rules; a person already chosen stays."""
        routes_sudo = self.env["after.sales.complaint.route"].sudo()
        # Whoever takes a complaint may not be allowed to change it afterwards.
        for complaint in self.sudo():
            route_sudo = routes_sudo._find(complaint)
            if route_sudo.team_id:
                complaint.team_id = route_sudo.team_id
            if not complaint.user_id:
                user = route_sudo.user_id or complaint.team_id.user_id
                if user not in complaint.concerned_user_ids:
                    complaint.user_id = user

    def _get_answerable_user(self):
        self.ensure_one()
        candidates = (
            self.user_id | self.team_id.user_id | self.create_uid.filtered(lambda user: not user.share)
        )
        fallback = self.env.user if self.env.user._is_internal() else self.env.ref("base.user_root")
        return (candidates - self.concerned_user_ids)[:1] or fallback
