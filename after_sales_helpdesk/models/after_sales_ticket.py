from odoo import api, fields, models

from odoo.addons.after_sales_contract.models.after_sales_service_level import PRIORITIES

WAITING = [("customer", "Customer"), ("part", "Spare Part"), ("supplier", "Supplier")]


class AfterSalesTicket(models.Model):
    """A call: what the customer needs, what he is entitled to, and how far we are.

    Intake (who calls, about which unit), flow (stages and their checks), service level (clocks) and mail each have
    their file.
    """

    _name = "after.sales.ticket"
    _inherit = ["portal.mixin", "rating.mixin", "mail.thread.cc", "mail.activity.mixin"]
    _description = "Call"
    _order = "priority desc, date_deadline, id desc"
    _check_company_auto = True
    _primary_email = "contact_email"
    _mail_post_access = "read"

    # What -----------------------------------------------------------------------------------------------------------
    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="New", index="trigram"
    )
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

    # Who and about which unit ---------------------------------------------------------------------------------------
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        check_company=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, precompute=True, index="btree_not_null"
    )
    contact_phone = fields.Char(string="Phone of the Caller", help="In any spelling: it finds the customer.")
    contact_email = fields.Char(
        string="E-mail of the Caller",
        compute="_compute_contact_email",
        store=True,
        readonly=False,
        precompute=True,
    )
    caller_ids = fields.Many2many(
        "res.partner", string="Known under This Number", compute="_compute_caller_ids"
    )
    serial = fields.Char(string="Serial Number", help="As the customer reads it out: it finds the unit.")
    serial_is_unknown = fields.Boolean(compute="_compute_serial_is_unknown")
    unit_id = fields.Many2one(
        "after.sales.unit",
        string="Installed Unit",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        check_company=True,
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        help="Where the unit stands and the technician goes.",
    )
    parent_id = fields.Many2one(
        "after.sales.ticket",
        string="Follows",
        index="btree_not_null",
        check_company=True,
        domain="[('id', '!=', id), ('commercial_partner_id', '=', commercial_partner_id)]",
    )
    child_ids = fields.One2many("after.sales.ticket", "parent_id", string="Followed By")
    similar_count = fields.Integer(string="Other Open Calls", compute="_compute_similar_count")

    # What he is entitled to -----------------------------------------------------------------------------------------
    warranty_state = fields.Selection(related="unit_id.warranty_state")
    warranty_end = fields.Date(related="unit_id.warranty_end")
    pool_alert = fields.Text(related="contract_id.pool_alert")
    contract_id = fields.Many2one(
        "after.sales.contract",
        compute="_compute_contract_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
    )
    contract_hint = fields.Char(compute="_compute_contract_hint")
    regime_id = fields.Many2one("after.sales.regime", readonly=True, copy=False, tracking=True)
    coverage_ids = fields.One2many("after.sales.ticket.coverage", "ticket_id", copy=False)
    is_uncovered = fields.Boolean(
        string="Customer Pays",
        compute="_compute_is_uncovered",
        store=True,
        help="Some of the work is the customer's.",
    )
    claim_id = fields.Many2one(
        "after.sales.claim", string="Warranty Claim", copy=False, index="btree_not_null", check_company=True
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    intervention_ids = fields.One2many("after.sales.intervention", "ticket_id", string="Interventions")
    intervention_count = fields.Integer(compute="_compute_visits")
    date_visit = fields.Datetime(string="Next Visit", compute="_compute_visits")

    # Service level --------------------------------------------------------------------------------------------------
    service_level_id = fields.Many2one(
        "after.sales.service.level",
        compute="_compute_service_level_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
    )
    clock_ids = fields.One2many("after.sales.ticket.clock", "ticket_id", copy=False)
    pause_ids = fields.One2many("after.sales.ticket.pause", "ticket_id", copy=False)
    date_deadline = fields.Datetime(
        string="Next Deadline",
        compute="_compute_date_deadline",
        store=True,
        copy=False,
        help="The next moment at which a running service-level clock would be missed.",
    )
    restored_is_running = fields.Boolean(compute="_compute_restored_is_running")
    is_breached = fields.Boolean(
        string="Deadline Missed",
        compute="_compute_date_deadline",
        store=True,
        copy=False,
        index="btree_not_null",
    )

    _open_deadline = models.Index("(date_deadline) WHERE date_closed IS NULL")
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

    @api.depends("partner_id")
    def _compute_contact_email(self):
        for ticket in self:
            ticket.contact_email = ticket.contact_email or ticket.partner_id.email

    @api.depends("unit_id")
    def _compute_product_id(self):
        for ticket in self:
            ticket.product_id = ticket.unit_id.product_id or ticket.product_id

    @api.depends("unit_id", "partner_id")
    def _compute_site_id(self):
        for ticket in self:
            ticket.site_id = ticket.unit_id.site_id or ticket.site_id or ticket.partner_id

    @api.depends("coverage_ids.customer_share")
    def _compute_is_uncovered(self):
        for ticket in self:
            ticket.is_uncovered = any(row.customer_share for row in ticket.coverage_ids)

    @api.depends("intervention_ids.state", "intervention_ids.date_start")
    def _compute_visits(self):
        for ticket in self:
            visits_sudo = ticket.sudo().intervention_ids  # a technician sees how many, not whose they are
            planned = visits_sudo.filtered(lambda visit: visit.state == "planned" and visit.date_start)
            ticket.intervention_count = len(visits_sudo)
            ticket.date_visit = min(planned.mapped("date_start"), default=False)

    @api.depends("unit_id", "commercial_partner_id")
    def _compute_similar_count(self):
        for ticket in self:
            ticket.similar_count = self.search_count(ticket._get_similar_domain())

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = f"{ticket.name} {ticket.subject or ''}".strip()

    # CRUD -----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env["ir.sequence"]._number_documents("after.sales.ticket", vals_list, placeholder="New")
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
        return result

    def copy_data(self, default=None):
        return [
            dict(vals, subject=self.env._("%s (copy)", ticket.subject))
            for ticket, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_under_way(self):
        self._check_unlink()

    # Lists of the same customer -------------------------------------------------------------------------------------

    def _get_similar_domain(self):
        """Other open calls about the same unit, or of the same customer when there is no unit."""
        self.ensure_one()
        domain = [("id", "!=", self._origin.id), ("state", "in", self._get_open_states())]
        if self.unit_id:
            return domain + [("unit_id", "=", self.unit_id._origin.id)]
        return domain + [
            ("commercial_partner_id", "=", self.commercial_partner_id._origin.id),
            ("commercial_partner_id", "!=", False),
        ]

    def action_view_similar(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_ticket_action"
        )
        return dict(action, domain=self._get_similar_domain(), context={"create": False})
