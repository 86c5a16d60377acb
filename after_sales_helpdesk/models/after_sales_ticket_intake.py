from odoo import api, fields, models


class AfterSalesTicket(models.Model):
    """Intake: the number finds the caller, the serial finds the unit."""

    _inherit = "after.sales.ticket"

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

    # Computes -----------------------------------------------------------------------------------------------------------

    @api.depends("contact_phone", "company_id")
    def _compute_caller_ids(self):
        Partner = self.env["res.partner"]
        for ticket in self:
            ticket.caller_ids = Partner._get_callers(ticket.contact_phone, ticket.company_id)

    @api.depends("contact_phone", "company_id", "unit_id")
    def _compute_partner_id(self):
        """Whoever is already named stays; then the owner of the unit, then the one caller of that number."""
        Partner = self.env["res.partner"]
        for ticket in self:
            partner = ticket.partner_id or ticket.unit_id.partner_id
            if not partner and ticket.contact_phone:
                partner = Partner._get_callers(ticket.contact_phone, ticket.company_id)._get_main_caller()
            ticket.partner_id = partner

    @api.depends("serial", "company_id")
    def _compute_unit_id(self):
        Unit = self.env["after.sales.unit"]
        for ticket in self:
            serial = (ticket.serial or "").strip()
            if serial and not ticket.unit_id:
                unit = Unit._get_by_serial(serial, ticket.company_id)
                ticket.unit_id = unit if len(unit) == 1 else False
            else:
                ticket.unit_id = ticket.unit_id

    @api.depends("serial", "unit_id", "company_id")
    def _compute_serial_is_unknown(self):
        Unit = self.env["after.sales.unit"]
        for ticket in self:
            serial = (ticket.serial or "").strip()
            ticket.serial_is_unknown = bool(
                serial and not ticket.unit_id and not Unit._get_by_serial(serial, ticket.company_id)
            )

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
