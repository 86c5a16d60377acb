from odoo import api, fields, models

from odoo.addons.after_sales_contract.models.after_sales_service_level import PRIORITIES

WAITING = [("customer", "Customer"), ("part", "Spare Part"), ("supplier", "Supplier")]


class AfterSalesTicket(models.Model):
    """A call: what the customer needs, what he is entitled to, and how far we are.

    Who calls about which unit (intake), what he is entitled to, flow (stages and their checks), visits, service level
    (clocks) and mail each have their file.
    """

    _name = "after.sales.ticket"
    _inherit = [
        "after.sales.numbered.mixin",
        "portal.mixin",
        "rating.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
    ]
    _description = "Call"
    _order = "priority desc, date_deadline, id desc"
    _check_company_auto = True
    _primary_email = "contact_email"
    _mail_post_access = "read"

    # What -----------------------------------------------------------------------------------------------------------
    name = fields.Char(index="trigram")
    active = fields.Boolean(default=True)
    subject = fields.Char(
        compute="_compute_from_template",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        index="trigram",
    )
    description = fields.Html(
        compute="_compute_from_template",
        store=True,
        readonly=False,
        precompute=True,
        help="What is needed, in the customer's words.",
    )
    channel = fields.Selection(
        [("phone", "Phone"), ("email", "E-mail"), ("portal", "Portal"), ("internal", "Our Own")],
        required=True,
        default="phone",
    )
    service_id = fields.Many2one(
        "after.sales.service",
        compute="_compute_from_template",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    fault_id = fields.Many2one(
        "after.sales.fault",
        string="Symptom",
        compute="_compute_from_template",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('kind', '=', 'symptom')]",
    )
    priority = fields.Selection(
        PRIORITIES, compute="_compute_priority", store=True, readonly=False, precompute=True, tracking=True
    )

    # Where it stands ------------------------------------------------------------------------------------------------
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one(
        "after.sales.team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    stage_id = fields.Many2one(
        "after.sales.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
        copy=False,
        tracking=True,
        group_expand="_read_group_stage_ids",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
    )
    stage_guidance = fields.Html(related="stage_id.description", string="Guidance", groups="base.group_user")
    waiting_for = fields.Selection(
        WAITING,
        copy=False,
        tracking=True,
        help="While we wait for others the service-level clocks stand still.",
    )
    state = fields.Selection(related="stage_id.state", store=True, index=True, precompute=True)
    date_reported = fields.Datetime(
        string="Reported On", required=True, default=fields.Datetime.now, copy=False, index=True
    )
    date_authorised = fields.Datetime(string="Authorised On", readonly=True, copy=False)
    date_done = fields.Datetime(string="Done On", readonly=True, copy=False, index="btree_not_null")
    date_closed = fields.Datetime(string="Closed On", readonly=True, copy=False, index="btree_not_null")
    authorised_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    authorise_reason = fields.Char(
        string="Reason to Go Ahead",
        groups="base.group_user",
        copy=False,
        tracking=True,
        help="Why work that is not covered starts without an accepted quotation.",
    )
    cancel_reason = fields.Char(copy=False, tracking=True)
    reopen_count = fields.Integer(readonly=True, copy=False)

    # A new call has none: that needs no statement.
    rating_last_value = fields.Float(compute="_compute_rating_last_value", store=True, precompute=True)

    _team_state = models.Index("(team_id, state)")

    # Computes -------------------------------------------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_team_id(self):
        Team = self.env["after.sales.team"]
        for company, tickets in self.grouped("company_id").items():
            wrong = tickets.filtered(lambda ticket, c=company: ticket.team_id.company_id != c)
            wrong.team_id = Team._get_default_team(company, self.env.user) if wrong else False

    @api.depends("team_id")
    def _compute_stage_id(self):
        """The team's first stage; a call that is under way keeps its stage when the other team has it too."""
        for team, tickets in self.grouped("team_id").items():
            stages = team._get_stages()
            tickets.filtered(lambda ticket, s=stages: ticket.stage_id not in s).stage_id = stages[:1]

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        return stages.search([])

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = f"{ticket.name} {ticket.subject or ''}".strip()

    # CRUD -----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_service_level_right(vals)
        tickets = super().create(vals_list)
        tickets._after_intake()
        tickets._apply_priority_rules()
        tickets._plan_clocks()
        tickets._after_stage_change()
        return tickets

    def write(self, vals):
        self._check_service_level_right(vals)
        before = {}
        if "stage_id" in vals:
            self.check_access("write")
            stage = self.env["after.sales.stage"].browse(vals["stage_id"])
            before = {ticket: ticket.state for ticket in self if ticket.stage_id != stage}
            self.browse().union(*before)._check_stage_change(stage)
        result = super().write(vals)
        if before:
            self.browse().union(*before)._after_stage_change(before)
        if "waiting_for" in vals:
            self._after_waiting_change()
        if self._get_service_level_triggers() & vals.keys():
            if "service_level_id" not in vals:
                self._apply_priority_rules()
            self._plan_clocks()
        elif "user_id" in vals:
            self._plan_work_clocks()
        return result

    def copy_data(self, default=None):
        return [
            dict(vals, subject=self.env._("%s (copy)", ticket.subject))
            for ticket, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_under_way(self):
        self._check_unlink()
