from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.after_sales_warranty.tools.actions import open_records

#: The supplier agreed to pay something: what follows is a document.
ANSWERED = ("agreed", "partial", "settled")
#: States in which a claim holds its charges: nobody else claims them.
LIVE = ("draft", "sent", *ANSWERED)


class AfterSalesSupplierClaim(models.Model):
    """What we ask a supplier to give back for goods of his that failed under his warranty (BI-16)."""

    _name = "after.sales.supplier.claim"
    _description = "Claim to a Supplier"
    _inherit = ["after.sales.numbered.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, index=True, check_company=True, tracking=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
        domain=[("share", "=", False)],
        help="Signs the claim and is reminded when the supplier does not answer.",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    date = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [
            ("draft", "New"),
            ("sent", "Sent"),
            ("agreed", "Agreed"),
            ("partial", "Partly Agreed"),
            ("settled", "Settled"),
            ("refused", "Refused"),
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
    date_sent = fields.Date("Sent On", readonly=True, copy=False, tracking=True)
    date_due = fields.Date(
        "Answer By", copy=False, help="Later on, the responsible is reminded to ask the supplier."
    )
    date_answered = fields.Date("Answered On", readonly=True, copy=False)
    date_settled = fields.Date("Settled On", readonly=True, copy=False)
    supplier_reference = fields.Char("Supplier's Reference", copy=False, tracking=True)
    refusal_reason = fields.Text("Supplier's Reason", readonly=True, copy=False)
    note = fields.Text("Remarks", help="Printed on the claim.")
    goods_wanted = fields.Boolean(
        "Goods Wanted Back", tracking=True, help="The supplier asks for the defective goods."
    )
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "after_sales_supplier_claim_evidence_rel",
        "claim_id",
        "attachment_id",
        copy=False,
        help="Work reports, photos and receipts; they go with the mail to the supplier.",
    )
    line_ids = fields.One2many("after.sales.supplier.claim.line", "claim_id", "Lines", copy=False)
    origin_id = fields.Many2one(
        "after.sales.supplier.claim",
        "Follows",
        readonly=True,
        index="btree_not_null",
        help="The claim of which this one asks for the rest.",
    )
    follow_up_ids = fields.One2many(
        "after.sales.supplier.claim", "origin_id", "Further Claims", readonly=True
    )

    amount_claimed = fields.Monetary("Claimed", compute="_compute_amounts", store=True, tracking=True)
    amount_agreed = fields.Monetary("Agreed", compute="_compute_amounts", store=True, tracking=True)
    amount_settled = fields.Monetary("Settled", compute="_compute_amounts", store=True)
    amount_open = fields.Monetary(
        "Left Open",
        compute="_compute_amounts",
        store=True,
        help="Claimed, and not agreed by the supplier: it can be claimed again.",
    )
    days_open = fields.Integer("Days Without Answer", compute="_compute_days_open")
    warning = fields.Text(compute="_compute_warning")
    document_state = fields.Selection(
        [("none", "To debit"), ("draft", "Draft document"), ("posted", "Debited")],
        "Debit Document",
        compute="_compute_document_state",
    )
    unit_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    ticket_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    move_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    goods_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    goods_away = fields.Boolean("Goods at the Supplier", compute="_compute_counts", compute_sudo=True)
    follow_up_count = fields.Integer(compute="_compute_counts", compute_sudo=True)

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------

    @api.depends("state", "line_ids.amount_claimed", "line_ids.amount_agreed", "line_ids.amount_settled")
    def _compute_amounts(self):
        for claim in self:
            lines = claim.line_ids
            claim.amount_claimed = sum(lines.mapped("amount_claimed"))
            claim.amount_agreed = sum(lines.mapped("amount_agreed"))
            claim.amount_settled = sum(lines.mapped("amount_settled"))
            claim.amount_open = (
                claim.amount_claimed - claim.amount_agreed if claim.state in (*ANSWERED, "refused") else 0.0
            )

    @api.depends("date_sent", "state")
    def _compute_days_open(self):
        for claim in self:
            waits = claim.state == "sent" and claim.date_sent
            claim.days_open = (fields.Date.context_today(claim) - claim.date_sent).days if waits else 0

    @api.depends("partner_id.active", "partner_id.email", "partner_id.country_id", "state")
    def _compute_warning(self):
        for claim in self:
            problems = claim.partner_id._get_after_sales_claim_warnings() if claim.state in LIVE else []
            claim.warning = "\n".join(problems) or False

    @api.depends("state", "line_ids.entry_ids.move_id.state", "line_ids.entry_ids.kind")
    def _compute_document_state(self):
        for claim in self:
            moves = claim.line_ids._get_entries("bill").move_id
            if moves:
                claim.document_state = "draft" if "draft" in moves.mapped("state") else "posted"
            else:  # before he agreed there is nothing to debit
                claim.document_state = claim._is_answered() and "none"

    @api.depends("line_ids.unit_id", "line_ids.charge_id.ticket_id", "follow_up_ids")
    def _compute_counts(self):
        for claim in self:
            claim.unit_count = len(claim.line_ids.unit_id)
            claim.ticket_count = len(claim.line_ids.charge_id.ticket_id)
            claim.move_count = len(claim.line_ids._get_entries().move_id)
            goods = claim._get_goods()
            claim.goods_count = len(goods)
            claim.goods_away = "at_supplier" in goods.mapped("state")
            claim.follow_up_count = len(claim.follow_up_ids)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    @api.constrains("partner_id", "line_ids")
    def _check_supplier(self):
        for claim in self:
            others = claim.line_ids.charge_id.recovery_supplier_id - claim.commercial_partner_id
            if others:
                raise ValidationError(
                    self.env._(
                        "%(claim)s goes to %(supplier)s and cannot hold what %(other)s bears.",
                        claim=claim.name,
                        supplier=claim.partner_id.display_name,
                        other=others[0].display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        for claim in self:
            if claim.state not in ("draft", "cancelled") or claim.date_sent:
                raise UserError(self.env._("%s is evidence: cancel it instead of deleting it.", claim.name))
        self.line_ids._release(self.env._("Claim deleted"))

    def _is_answered(self):
        """Whether the supplier agreed to pay something of the claim."""
        self.ensure_one()
        return self.state in ANSWERED

    # ------------------------------------------------------------------
    # From the claim to everything around it
    # ------------------------------------------------------------------

    def _get_action(self):
        """The claims as a client action."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_billing.after_sales_supplier_claim_action"
        )
        action.update({"domain": [("id", "in", self.ids)], "context": {"create": False}})
        if len(self) == 1:
            action.update({"views": [(False, "form")], "view_mode": "form", "res_id": self.id})
        return action

    def _open(self, records):
        self.check_access("read")
        return open_records(records)

    def action_view_charges(self):
        return self._open(self.line_ids.charge_id)

    def action_view_units(self):
        return self._open(self.line_ids.unit_id)

    def action_view_tickets(self):
        return self._open(self.line_ids.charge_id.sudo().ticket_id.sudo(False))

    def action_view_moves(self):
        return self._open(self.line_ids._get_entries().move_id.sudo(False))

    def action_view_follow_ups(self):
        return self._open(self.follow_up_ids)
