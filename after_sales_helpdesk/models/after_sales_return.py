import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.after_sales_warranty.tools.qr import qr_png

from .groups import AGENT


class AfterSalesReturn(models.Model):
    """Goods that a customer may send us: authorised with a label, received, repaired, exchanged or refunded.

    Its state is that of its lines: each piece of goods arrives and leaves by itself.
    """

    _name = "after.sales.return"
    _description = "Return"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char("Number", default="/", readonly=True, copy=False, index="trigram")
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
    is_unannounced = fields.Boolean(
        "Came Unannounced", readonly=True, copy=False, help="The goods came before anybody authorised it."
    )
    date_authorised = fields.Datetime("Authorised On", readonly=True, copy=False)
    authorised_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    valid_until = fields.Date(copy=False, tracking=True)
    is_expired = fields.Boolean("Expired", compute="_compute_is_expired")
    note = fields.Text("Note for the Workshop")

    @api.depends("ticket_id")
    def _compute_from_ticket(self):
        for record in self:
            ticket = record.ticket_id
            record.company_id = ticket.company_id or record.company_id or self.env.company
            record.partner_id = ticket.partner_id or record.partner_id
            record.claim_id = ticket.claim_id or record.claim_id

    @api.depends("line_ids.state")
    def _compute_state(self):
        for record in self:
            states = set(record.line_ids.mapped("state"))
            live = states - {"cancelled"}
            if states and not live:
                record.state = "cancelled"
            elif not live or "draft" in live:
                record.state = "draft"
            elif live == {"expected"}:
                record.state = "authorised"
            elif "expected" in live:
                record.state = "partial"
            else:
                record.state = "closed" if live == {"done"} else "received"

    @api.depends("valid_until", "state")
    def _compute_is_expired(self):
        for record in self:
            late = record.valid_until and record.valid_until < fields.Date.context_today(record)
            record.is_expired = bool(late and record.state in ("authorised", "partial"))

    @api.depends("loan_ids.state")
    def _compute_loan_count(self):
        for record in self:
            record.loan_count = len(record.loan_ids.filtered(lambda loan: loan.state == "out"))

    @api.depends("line_ids.move_id")
    def _compute_picking_count(self):
        for record in self:
            record.picking_count = len(record._get_pickings())

    def _compute_access_url(self):
        super()._compute_access_url()
        for record in self:
            record.access_url = f"/my/returns/{record.id}"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                # sudo: numbering is the house's business, whoever registers
                sequence_sudo = self.env["ir.sequence"].sudo().with_company(company)
                vals["name"] = sequence_sudo.next_by_code(self._name) or "/"
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(record.state not in ("draft", "cancelled") for record in self):
            raise UserError(self.env._("Cancel a return before you delete it."))

    # Actions

    def _ensure_agent(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(AGENT):
            raise AccessError(self.env._("Ask an agent: only agents decide on returns."))

    def action_authorise(self):
        """Let the customer send the goods: the receipts are announced and the label can be printed (HD-09, HD-10)."""
        self._ensure_agent()
        for record in self:
            record._ensure_authorisable()
        self.line_ids.filtered(lambda line: line.state == "draft")._announce()
        today = fields.Date.context_today(self)
        for record in self:
            days = record.policy_id.valid_days
            record.write(
                {
                    "date_authorised": fields.Datetime.now(),
                    "authorised_by_id": self.env.uid,
                    "valid_until": record.valid_until or (days and fields.Date.add(today, days=days)),
                }
            )

    def _ensure_authorisable(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("%s is authorised already.", self.name))
        if not self.line_ids:
            raise UserError(self.env._("Say what comes back with %s.", self.name))
        claim = self.claim_id
        if claim.state == "refused":
            raise UserError(self.env._("%s was refused: nothing comes back under it.", claim.name))
        if self.policy_id.claim_required and claim.state != "authorised":
            raise UserError(
                self.env._("%s needs a warranty claim that is authorised.", self.policy_id.display_name)
            )

    def action_receive(self):
        """Open the list of what is expected, to say what arrived: any part of it, with the serial that is on it."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            self.line_ids._ensure_complete()
        elif self.state not in ("authorised", "partial"):
            raise UserError(self.env._("Nothing of %s is on its way to us.", self.name))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive Goods"),
            "res_model": "after.sales.return.receive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_return_id": self.id},
        }

    def action_cancel(self):
        self._ensure_agent()
        for record in self:
            if record.line_ids.filtered(lambda line: line.state not in ("draft", "expected", "cancelled")):
                raise UserError(
                    self.env._("Goods of %s are with us: hand them back instead of cancelling.", record.name)
                )
        self.line_ids._cancel_announced()

    def action_print_label(self):
        return self.env.ref("after_sales_helpdesk.action_report_return_label").report_action(self)

    def _get_label_qr(self):
        """The code that opens the return on the device of who unpacks the parcel."""
        self.ensure_one()
        return base64.b64encode(qr_png(f"{self.get_base_url()}/odoo/after-sales-returns/{self.id}"))

    def action_view_pickings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        return action | {"domain": [("id", "in", self._get_pickings().ids)], "context": {}}

    def _get_pickings(self):
        # sudo: how many, for agents who have no stock rights
        lines_sudo = self.sudo().line_ids
        return lines_sudo.move_id.picking_id | lines_sudo.other_move_ids.picking_id

    def action_view_loans(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("after_sales_helpdesk.after_sales_loan_action")
        context = {
            "default_return_id": self.id,
            "default_ticket_id": self.ticket_id.id,
            "default_partner_id": self.partner_id.id,
            "default_product_id": self.line_ids.product_id[:1].id,
        }
        return action | {"domain": [("return_id", "=", self.id)], "context": context}

    def action_quote(self):
        """Quote what neither warranty nor contract pays: on the call of the return, opened when there is none."""
        self.ensure_one()
        self._ensure_agent()
        if not self.ticket_id:
            self.ticket_id = self.env["after.sales.ticket"].create(self._prepare_ticket_vals())
        ticket = self.ticket_id
        if ticket.state == "registered":
            ticket.action_check_coverage()
        return ticket.action_quote()

    def _prepare_ticket_vals(self):
        self.ensure_one()
        line = self.line_ids[:1]
        return {
            "subject": self.env._("Return %s", self.name),
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "unit_id": line.unit_id.id,
            "product_id": line.product_id.id,
            "fault_id": line.fault_id.id if line.fault_id.kind == "symptom" else False,
            "claim_id": self.claim_id.id,
            "channel": "internal",
        }

    def _after_closed(self):
        """The last goods are dealt with: a call without open visits or loaners is done."""
        # sudo: whoever hands out the goods moves the call on
        tickets_sudo = self.sudo().ticket_id.filtered(
            lambda ticket: (
                ticket.state in ("authorised", "planned")
                and all(record.state in ("draft", "closed", "cancelled") for record in ticket.return_ids)
                and all(loan.state != "out" for loan in ticket.loan_ids)
                and all(visit.state in ("done", "cancelled") for visit in ticket.intervention_ids)
            )
        )
        tickets_sudo._move_to("done")
        self.sudo().ticket_id._end_refused()
