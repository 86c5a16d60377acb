from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AfterSalesIntervention(models.Model):
    _name = "after.sales.intervention"
    _description = "Intervention"
    _inherit = [
        "after.sales.call.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "after.sales.billable.mixin",
    ]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    # Who, where, for what
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

    # Before parts, sessions and photos: Odoo writes lines in this order, and a technician may enter those of a visit that
    # he is on.
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

    # Where it stands
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
        group_expand=True,
    )
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
    is_remote = fields.Boolean(
        "Remote",
        readonly=True,
        copy=False,
        help="Help on the telephone or by remote access: nobody went there.",
    )
    call_out = fields.Boolean(
        "Call-Out Fee",
        compute="_compute_call_out",
        store=True,
        readonly=False,
        precompute=True,
        help="Whether this visit has a call-out fee.",
    )

    # Signature
    signature = fields.Image("Customer Signature", copy=False, max_width=1024, max_height=1024, readonly=True)
    signed_by = fields.Char(copy=False, readonly=True, tracking=True)
    signed_on = fields.Datetime(copy=False, readonly=True)

    picking_count = fields.Integer(compute="_compute_picking_count")

    # Computes
    # --------

    @api.depends("name", "partner_id.name")
    @api.depends_context("after_sales_show_customer")
    def _compute_display_name(self):
        """The number; on a calendar that of the customer beside it."""
        show = self.env.context.get("after_sales_show_customer")
        for record in self:
            record.display_name = (
                f"{record.name} {record.partner_id.name or ''}".strip() if show else record.name
            )

    @api.model
    def _get_ticket_fields(self):
        return [*super()._get_ticket_fields(), "unit_id", "contract_id", "service_id", "fault_id"]

    @api.depends("partner_id", "unit_id")
    def _compute_site_id(self):
        for record in self:
            commercial = record.partner_id.commercial_partner_id
            site = record.unit_id.site_id
            if site and site.commercial_partner_id == commercial:
                record.site_id = site
            elif record.partner_id and record.site_id.commercial_partner_id != commercial:
                record.site_id = record.partner_id.address_get(["delivery"])["delivery"]

    @api.depends("service_id", "is_remote")
    def _compute_call_out(self):
        for record in self:
            record.call_out = not record.is_remote and (
                not record.service_id or record.service_id.charge_call_out
            )

    @api.depends("service_id", "is_remote")
    def _compute_check_ids(self):
        """The checklist of the service, until somebody filled in a line of it; it is for who goes there."""
        untouched = self.filtered(
            lambda r: not r.is_remote and not any(check._is_touched() for check in r.check_ids)
        )
        for service, records in untouched.grouped("service_id").items():
            records.check_ids = [Command.clear()] + [
                Command.create(line._prepare_intervention_check_vals()) for line in service.check_ids
            ]

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

    def action_open_map(self):
        """Show the site on a map; its address and nothing else leaves the house."""
        self.ensure_one()
        return self.site_id._get_after_sales_map_action()

    # CRUD
    # ----

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(record.state not in ("draft", "cancelled") for record in self):
            raise UserError(self.env._("Cancel an intervention before you delete it."))
        if self.part_ids.move_id or self.collect_ids.move_id:
            raise UserError(self.env._("This intervention moved goods: it can be cancelled, not deleted."))
