from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class AfterSalesIntervention(models.Model):
    _name = "after.sales.intervention"
    _description = "Intervention"
    _inherit = ["mail.thread", "mail.activity.mixin", "after.sales.billable.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    # Who, where, for what
    name = fields.Char(
        "Number", default=lambda self: self.env._("New"), readonly=True, copy=False, index=True
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    ticket_id = fields.Many2one(
        "after.sales.ticket", "Call", index="btree_not_null", check_company=True, tracking=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        help="Where the work is done.",
    )
    site_address = fields.Char(related="site_id.contact_address_inline", string="Address")
    site_phone = fields.Char(related="site_id.phone", string="Phone")
    unit_id = fields.Many2one(
        "after.sales.unit",
        "Installed Unit",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    contract_id = fields.Many2one(
        "after.sales.contract",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    service_id = fields.Many2one(
        "after.sales.service",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    fault_id = fields.Many2one(
        "after.sales.fault",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    description = fields.Text("Request", help="What the customer asked for.")

    # Plan
    technician_ids = fields.Many2many(
        "resource.resource",
        "after_sales_intervention_technician_rel",
        "intervention_id",
        "technician_id",
        "Technicians",
        default=lambda self: self._default_technician_ids(),
        domain="[('is_technician', '=', True)]",
        check_company=True,
    )
    technician_id = fields.Many2one(
        "resource.resource",
        "Lead Technician",
        compute="_compute_technician_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('id', 'in', technician_ids)]",
        check_company=True,
        tracking=True,
    )
    date_start = fields.Datetime("Planned Start", index=True, tracking=True, copy=False)
    date_end = fields.Datetime(
        "Planned End",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )

    # What was done
    state = fields.Selection(
        [
            ("draft", "New"),
            ("planned", "Planned"),
            ("in_progress", "In Progress"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    outcome = fields.Selection(
        [
            ("solved", "Solved"),
            ("second_visit", "Second Visit Needed"),
            ("customer_absent", "Customer Absent"),
            ("refused", "Refused by the Customer"),
        ],
        copy=False,
        tracking=True,
    )
    outcome_reason = fields.Char(
        "Cause", copy=False, help="Why another visit is needed, or why it was refused."
    )
    defect = fields.Text("Defect Found", copy=False)
    work_done = fields.Text(copy=False)
    date_started = fields.Datetime("Started On", readonly=True, copy=False)
    date_arrival = fields.Datetime(
        "Arrived On", compute="_compute_date_arrival", store=True, help="Start of the first work session."
    )
    date_done = fields.Datetime("Done On", readonly=True, copy=False, index=True)
    session_ids = fields.One2many("after.sales.session", "intervention_id", "Sessions")
    part_ids = fields.One2many("after.sales.intervention.part", "intervention_id", "Parts")
    collect_ids = fields.One2many("after.sales.intervention.collect", "intervention_id", "Collected Material")
    check_ids = fields.One2many(
        "after.sales.intervention.check",
        "intervention_id",
        "Checklist",
        compute="_compute_check_ids",
        store=True,
        readonly=False,
    )
    expense_ids = fields.One2many("after.sales.intervention.expense", "intervention_id", "Expenses")
    photo_ids = fields.One2many("after.sales.intervention.photo", "intervention_id", "Photos")
    call_out = fields.Boolean(
        "Call-Out Fee",
        compute="_compute_call_out",
        store=True,
        readonly=False,
        precompute=True,
        help="Whether this visit has a call-out fee.",
    )
    per_diem_days = fields.Float("Per-Diem Days", copy=False, digits=(6, 2))
    running_session_id = fields.Many2one(
        "after.sales.session", "My Running Session", compute="_compute_running_session_id"
    )
    running_kind = fields.Selection(
        [("travel", "Travel"), ("work", "Work"), ("waiting", "Waiting")],
        "Running Session",
        compute="_compute_running_session_id",
    )

    # Signature
    signature = fields.Image("Customer Signature", copy=False, max_width=1024, max_height=1024, readonly=True)
    signed_by = fields.Char(copy=False, readonly=True, tracking=True)
    signed_on = fields.Datetime(copy=False, readonly=True)

    # Figures
    hours_travel = fields.Float("Travel Hours", compute="_compute_hours", store=True)
    hours_work = fields.Float("Work Hours", compute="_compute_hours", store=True)
    hours_waiting = fields.Float("Waiting Hours", compute="_compute_hours", store=True)
    distance_km = fields.Float("Distance (km)", compute="_compute_hours", store=True)
    hours_planned = fields.Float("Planned Hours", compute="_compute_hours_planned", store=True)
    picking_count = fields.Integer(compute="_compute_picking_count")

    _date_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "An intervention cannot end before it starts.",
    )
    _per_diem_positive = models.Constraint(
        "CHECK (per_diem_days IS NULL OR per_diem_days >= 0)", "Per-diem days cannot be negative."
    )

    # Defaults and computes
    # ---------------------

    def _default_technician_ids(self):
        """A technician who writes a visit of his own is on it, or he could not read it back."""
        technician = self.env["resource.resource"]._get_own_technician()
        return technician.ids

    @api.depends("name", "partner_id.name")
    @api.depends_context("after_sales_show_customer")
    def _compute_display_name(self):
        """The number; on a calendar that of the customer beside it."""
        show = self.env.context.get("after_sales_show_customer")
        for record in self:
            record.display_name = (
                f"{record.name} {record.partner_id.name or ''}".strip() if show else record.name
            )

    @api.depends("ticket_id")
    def _compute_from_ticket(self):
        for record in self:
            ticket = record.ticket_id
            record.company_id = ticket.company_id or record.company_id or self.env.company
            for fname in ("partner_id", "unit_id", "contract_id", "service_id", "fault_id"):
                record[fname] = ticket[fname] or record[fname]

    @api.depends("partner_id", "unit_id")
    def _compute_site_id(self):
        for record in self:
            commercial = record.partner_id.commercial_partner_id
            site = record.unit_id.site_id
            if site and site.commercial_partner_id == commercial:
                record.site_id = site
            elif record.partner_id and record.site_id.commercial_partner_id != commercial:
                record.site_id = record.partner_id.address_get(["delivery"])["delivery"]

    @api.depends("technician_ids")
    def _compute_technician_id(self):
        for record in self:
            if record.technician_id not in record.technician_ids:
                record.technician_id = record.technician_ids._origin[:1]

    @api.depends("date_start", "service_id")
    def _compute_date_end(self):
        for record in self:
            if not record.date_start:
                record.date_end = False
            elif not record.date_end or record.date_end < record.date_start:
                hours = record.service_id.duration or 1.0
                record.date_end = fields.Datetime.add(record.date_start, hours=hours)

    @api.depends("service_id")
    def _compute_call_out(self):
        for record in self:
            record.call_out = not record.service_id or record.service_id.charge_call_out

    @api.depends("service_id")
    def _compute_check_ids(self):
        """The checklist of the service, until somebody filled in a line of it."""
        untouched = self.filtered(lambda r: not any(check._is_touched() for check in r.check_ids))
        for service, records in untouched.grouped("service_id").items():
            records.check_ids = [Command.clear()] + [
                Command.create(line._prepare_intervention_check_vals()) for line in service.check_ids
            ]

    @api.depends("session_ids.hours", "session_ids.kind", "session_ids.distance_km")
    def _compute_hours(self):
        for record in self:
            by_kind = dict.fromkeys(("travel", "work", "waiting"), 0.0)
            for session in record.session_ids:
                by_kind[session.kind] += session.hours
            record.hours_travel = by_kind["travel"]
            record.hours_work = by_kind["work"]
            record.hours_waiting = by_kind["waiting"]
            record.distance_km = sum(record.session_ids.mapped("distance_km"))

    @api.depends("session_ids.kind", "session_ids.date_start")
    def _compute_date_arrival(self):
        for record in self:
            work = record.session_ids.filtered(lambda s: s.kind == "work" and s.date_start)
            record.date_arrival = min(work.mapped("date_start"), default=False)

    @api.depends("date_start", "date_end")
    def _compute_hours_planned(self):
        for record in self:
            span = record.date_start and record.date_end and record.date_end - record.date_start
            record.hours_planned = span.total_seconds() / 3600 if span else 0.0

    @api.depends("session_ids.date_stop", "session_ids.technician_id", "session_ids.kind")
    @api.depends_context("uid")
    def _compute_running_session_id(self):
        """The clock that the buttons start and stop: the user's own, or the lead's when the user is not on the visit."""
        own = self.env["resource.resource"]._get_own_technician()
        for record in self:
            who = (own & record.technician_ids) or record.technician_id
            running = record.session_ids.filtered(lambda s, t=who: not s.date_stop and s.technician_id in t)[
                :1
            ]
            record.running_session_id = running
            record.running_kind = running.kind

    @api.depends("collect_ids.picking_id", "part_ids")
    def _compute_picking_count(self):
        for record in self:
            record.picking_count = len(record._get_pickings())

    def _get_pickings(self):
        """Receipts of what was collected and transfers of what is fitted."""
        # sudo: how many there are; who may not read them gets no button
        return (self.collect_ids.picking_id | self.part_ids.sudo().supply_move_ids.picking_id).sudo(False)

    def _get_part_location(self):
        """Where the parts of this visit come from: the van of who goes, else the warehouse."""
        self.ensure_one()
        van = self.technician_id.after_sales_location_id or self.technician_ids.after_sales_location_id[:1]
        if van or not self.company_id:
            return van
        return self._get_warehouse_location().sudo(False)

    # Constraints
    # -----------

    @api.constrains("technician_id", "technician_ids")
    def _check_lead(self):
        for record in self:
            if record.technician_id and record.technician_id not in record.technician_ids:
                raise ValidationError(self.env._("The lead technician must be one of the technicians."))

    # CRUD
    # ----

    @api.model_create_multi
    def create(self, vals_list):
        new = self.env._("New")
        self.env["ir.sequence"]._number_documents("after.sales.intervention", vals_list, placeholder=new)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(record.state not in ("draft", "cancelled") for record in self):
            raise UserError(self.env._("Cancel an intervention before you delete it."))
        if self.part_ids.move_id or self.collect_ids.move_id:
            raise UserError(self.env._("This intervention moved goods: it can be cancelled, not deleted."))
