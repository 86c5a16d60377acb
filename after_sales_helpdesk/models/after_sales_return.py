from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesReturn(models.Model):
    """Goods that a customer may send us: authorised with a label, received, repaired, exchanged or refunded.

    Its state is that of its lines: each piece of goods arrives and leaves by itself.
    """

    _name = "after.sales.return"
    _description = "Return"
    _inherit = ["after.sales.call.mixin", "portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    claim_id = fields.Many2one(
        "after.sales.claim",
        "Warranty Claim",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    policy_id = fields.Many2one(
        "after.sales.return.policy",
        "Return Policy",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self.env["after.sales.return.policy"].search([], limit=1),
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", index=True, default=lambda self: self.env.user, tracking=True
    )
    line_ids = fields.One2many("after.sales.return.line", "return_id", "Goods", copy=True)
    loan_ids = fields.One2many("after.sales.loan", "return_id", "Loaners")
    loan_count = fields.Integer(compute="_compute_loan_count")
    picking_count = fields.Integer("Number of Transfers", compute="_compute_picking_count")
    waiting_delivery = fields.Char("Delivery Still to Do", compute="_compute_waiting_delivery")
    state = fields.Selection(
        [
            ("draft", "New"),
            ("authorised", "Authorised"),
            ("partial", "Partly Received"),
            ("received", "With Us"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    is_call_settled = fields.Boolean(compute="_compute_settled")
    is_claim_settled = fields.Boolean(compute="_compute_settled")
    is_unannounced = fields.Boolean(
        "Came Unannounced", readonly=True, copy=False, help="The goods came before anybody authorised it."
    )
    date_authorised = fields.Datetime("Authorised On", readonly=True, copy=False)
    authorised_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    valid_until = fields.Date(copy=False, tracking=True)
    is_expired = fields.Boolean("Term Expired", compute="_compute_is_expired")
    is_pickup = fields.Boolean(
        "We Pick It Up", help="We fetch the goods at the customer, instead of his sending them."
    )
    note = fields.Text("Note for the Workshop")

    @api.model
    def _get_ticket_fields(self):
        return [*super()._get_ticket_fields(), "claim_id"]

    @api.depends("line_ids.state")
    def _compute_state(self):
        for record in self:
            states = set(record.line_ids.mapped("state"))
            live = states - {"cancelled"}
            to_come = live & {"draft", "expected"}
            if states and not live:
                record.state = "cancelled"
            elif live == to_come:
                record.state = "authorised" if live == {"expected"} else "draft"
            elif to_come:
                record.state = "partial"
            else:
                record.state = "closed" if live == {"done"} else "received"

    @api.depends("state", "ticket_id", "claim_id")
    def _compute_settled(self):
        """A return past draft keeps its call and its claim; one that it lacks can be chosen, and is until it is saved."""
        for record in self:
            settled = record.state != "draft"
            record.is_call_settled = settled and bool(record._origin.ticket_id)
            record.is_claim_settled = settled and bool(record._origin.claim_id)

    @api.depends("valid_until", "state")
    def _compute_is_expired(self):
        for record in self:
            late = record.valid_until and record.valid_until < fields.Date.context_today(record)
            record.is_expired = bool(late and record.state in ("authorised", "partial"))

    def _can_be_sent(self):
        """Whether the customer still has something to send, with the label in the parcel."""
        self.ensure_one()
        return self.state in ("authorised", "partial") and "expected" in self.line_ids.mapped("state")

    @api.depends("loan_ids.state")
    def _compute_loan_count(self):
        for record in self:
            record.loan_count = len(record.loan_ids.filtered(lambda loan: loan.state == "out"))

    @api.depends("line_ids.move_id")
    def _compute_picking_count(self):
        for record in self:
            record.picking_count = len(record._get_pickings())

    @api.depends("line_ids.waiting_delivery")
    def _compute_waiting_delivery(self):
        for record in self:
            names = dict.fromkeys(record.line_ids.filtered("waiting_delivery").mapped("waiting_delivery"))
            record.waiting_delivery = ", ".join(names)

    def _compute_access_url(self):
        super()._compute_access_url()
        for record in self:
            record.access_url = f"/my/returns/{record.id}"

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(record.state not in ("draft", "cancelled") for record in self):
            raise UserError(self.env._("Cancel a return before you delete it."))
