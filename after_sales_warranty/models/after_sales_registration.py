from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

STAFF = "after_sales_warranty.group_after_sales_technician"
AGENTS = "after_sales_warranty.group_after_sales_agent"

#: States in which a registration stands in the way of another one of the same person.
STANDING = ("received", "review", "confirmed")


class AfterSalesRegistration(models.Model):
    """A customer says that a product is his: accepted by rule at once, or looked at by a person."""

    _name = "after.sales.registration"
    _description = "Product Registration"
    _inherit = ["after.sales.numbered.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_received desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [
            ("received", "Received"),
            ("review", "To Review"),
            ("confirmed", "Confirmed"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn by the Customer"),
            ("ended", "Former Owner"),
        ],
        required=True,
        readonly=True,
        default="received",
        tracking=True,
        index=True,
        copy=False,
    )
    channel = fields.Selection(
        [("portal", "Customer's page"), ("public", "Public page"), ("staff", "Our staff")],
        "Received By",
        required=True,
        readonly=True,
        default="staff",
        help="On the public page nobody proves who he is.",
    )
    date_received = fields.Datetime("Received On", required=True, default=fields.Datetime.now, index=True)

    # === WHO === #
    partner_id = fields.Many2one(
        "res.partner", "Customer", index=True, check_company=True, ondelete="restrict", tracking=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True, precompute=True
    )
    contact_name = fields.Char("Contact", required=True)
    email = fields.Char("E-mail")
    email_normalized = fields.Char(
        compute="_compute_email_normalized", store=True, precompute=True, index="btree_not_null"
    )
    phone = fields.Char()
    lang = fields.Char("Language", help="In which the customer filled in the page.")

    # === WHAT === #
    serial = fields.Char("Serial Number", required=True, index="trigram", tracking=True)
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        check_company=True,
        domain=[("type", "=", "consu")],
        ondelete="restrict",
        tracking=True,
    )
    product_text = fields.Char("Product as Written")
    purchase_date = fields.Date(required=True)
    dealer = fields.Char(help="Where it was bought, as the customer wrote it.")
    note = fields.Text("Customer's Note")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Proof of Purchase", groups=STAFF, help="Read by the staff only."
    )
    consent_ids = fields.One2many(
        "after.sales.registration.consent", "registration_id", "Consents", readonly=True, groups=STAFF
    )
    safety_contact_ids = fields.One2many(
        "after.sales.safety.contact", "registration_id", readonly=True, groups=AGENTS
    )

    # === THE DECISION === #
    unit_id = fields.Many2one(
        "after.sales.unit",
        "Installed Unit",
        index="btree_not_null",
        check_company=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    candidate_id = fields.Many2one(
        "after.sales.unit",
        "Unit on Record",
        index="btree_not_null",
        readonly=True,
        copy=False,
        groups=STAFF,
        help="The unit this serial number belongs to. The customer is never told whose it is.",
    )
    previous_owner_id = fields.Many2one(
        "res.partner", "Owner Before", index="btree_not_null", readonly=True, copy=False, groups=STAFF
    )
    review_codes = fields.Char(readonly=True, copy=False, groups=STAFF)
    review_reasons = fields.Text("To Look At", compute="_compute_review_reasons", groups=STAFF)
    refusal_reason = fields.Text(copy=False, help="The customer reads it in the mail and on his page.")
    user_id = fields.Many2one("res.users", "Reviewer", index="btree_not_null", tracking=True, groups=STAFF)
    date_decided = fields.Datetime("Decided On", readonly=True, copy=False)
    reward_ids = fields.One2many(
        "after.sales.registration.reward", "registration_id", "Rewards", readonly=True, groups=STAFF
    )

    _unit_uniq = models.UniqueIndex(
        "(unit_id) WHERE unit_id IS NOT NULL AND state NOT IN ('refused', 'withdrawn', 'ended')",
        "This unit is registered already.",
    )
    _person_uniq = models.UniqueIndex(
        "(company_id, LOWER(serial), email_normalized, COALESCE(product_id, 0))"
        " WHERE email_normalized IS NOT NULL AND state NOT IN ('refused', 'withdrawn', 'ended')",
        "This person has registered this serial number already.",
    )

    _turned_down = models.Index("(company_id, date_decided) WHERE state IN ('refused', 'withdrawn')")

    @api.depends("email")
    def _compute_email_normalized(self):
        for registration in self:
            registration.email_normalized = email_normalize(registration.email or "")

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda r: r.state in ("confirmed", "ended")):
            raise UserError(self.env._("A confirmed registration is not deleted: refuse it instead."))

    # === ACTIONS === #

    def action_check(self):
        """Apply the rules again: confirm what they allow, keep the rest for review."""
        self.check_access("write")
        self._ensure_state("received", "review")
        # Units, warranties and vouchers follow from the rules, not from the agent's rights.
        self.sudo()._check()

    def action_confirm(self):
        """Accept what was reviewed. Raises ``UserError`` with what is missing."""
        self.check_access("write")
        self._ensure_state("received", "review")
        for registration in self:
            registration._ensure_confirmable()
        # The customer, the unit and the voucher may be made by whoever reviews.
        self.sudo()._confirm()
        self.filtered(lambda r: not r.user_id).user_id = self.env.user

    def action_refuse(self):
        """Refuse, also what was confirmed before; the reason goes to the customer."""
        self.check_access("write")
        self._ensure_state("received", "review", "confirmed")
        for registration in self.filtered(lambda r: not (r.refusal_reason or "").strip()):
            raise UserError(
                self.env._("Say why %s is refused: the customer will read it.", registration.name)
            )
        # Rewards are taken back and the unit is put right, whoever reviews.
        self.sudo()._refuse()
        self.filtered(lambda r: not r.user_id).user_id = self.env.user

    def action_view_unit(self):
        self.ensure_one()
        unit = self.unit_id or self.candidate_id
        return unit._get_record_action_for(unit)

    def action_view_partner(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_record_action_for(self.partner_id)
