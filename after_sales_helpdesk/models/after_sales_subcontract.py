from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

LONGEST = 24
"""Hours that one report may span: longer is a slip of the keyboard."""
TODO = "mail.mail_activity_data_todo"
"""What the subcontractor answered, for the responsible to act on."""


class AfterSalesSubcontract(models.Model):
    """An intervention that a partner does for us: the order, his answer and his report, all on his own page (HD-20)."""

    _name = "after.sales.subcontract"
    _description = "Subcontract Order"
    _inherit = ["after.sales.numbered.mixin", "portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    intervention_id = fields.Many2one(
        "after.sales.intervention", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="intervention_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Subcontractor", required=True, index=True, check_company=True, tracking=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    user_id = fields.Many2one("res.users", "Responsible", index=True, default=lambda self: self.env.user)
    instructions = fields.Text(help="What the subcontractor must know; he reads it on his page.")
    price = fields.Monetary("Agreed Price", tracking=True, help="What he is paid for it, without taxes.")
    state = fields.Selection(
        [
            ("draft", "New"),
            ("sent", "Sent"),
            ("accepted", "Order Accepted"),
            ("declined", "Declined"),
            ("reported", "Reported"),
            ("approved", "Approved"),
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
    decline_reason = fields.Text(readonly=True, copy=False)

    # The report
    date_start = fields.Datetime("Work Began", copy=False)
    date_end = fields.Datetime("Work Ended", copy=False)
    hours = fields.Float(compute="_compute_hours", store=True)
    work_done = fields.Text(copy=False)
    parts_used = fields.Text(copy=False, help="One part a line, with quantity and serial.")
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.intervention"]._fields["outcome"]._description_selection(self.env)
        ),
        copy=False,
    )
    outcome_reason = fields.Char("Cause", copy=False)
    signed_by = fields.Char("Signed by (Customer)", copy=False)
    cost = fields.Monetary(
        copy=False,
        tracking=True,
        help="What he charges us for it: the agreed price, or what was approved.",
    )
    date_reported = fields.Datetime("Reported On", readonly=True, copy=False)
    photo_ids = fields.Many2many(
        "ir.attachment",
        "after_sales_subcontract_photo_rel",
        "subcontract_id",
        "attachment_id",
        "Photos",
        copy=False,
    )
    expense_id = fields.Many2one(
        "after.sales.intervention.expense",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _one_live = models.UniqueIndex(
        "(intervention_id, partner_id) WHERE state NOT IN ('declined', 'cancelled')",
        "This subcontractor has an order for this intervention already.",
    )
    _amounts_positive = models.Constraint(
        "CHECK (COALESCE(price, 0) >= 0 AND COALESCE(cost, 0) >= 0)",
        "What a subcontractor is paid is not negative.",
    )

    @api.depends("date_start", "date_end")
    def _compute_hours(self):
        for order in self:
            span = order.date_start and order.date_end and order.date_end - order.date_start
            order.hours = span.total_seconds() / 3600 if span else 0.0

    def _compute_access_url(self):
        super()._compute_access_url()
        for order in self:
            order.access_url = f"/my/subcontracts/{order.id}"

    @api.constrains("date_start", "date_end")
    def _check_times(self):
        for order in self.filtered(lambda o: o.date_start and o.date_end):
            if order.date_end <= order.date_start:
                raise ValidationError(self.env._("The work cannot end before it began."))
            if order.hours > LONGEST:
                raise ValidationError(self.env._("A report of more than %s hours is not possible.", LONGEST))
            if order.date_end > fields.Datetime.add(fields.Datetime.now(), minutes=10):
                raise ValidationError(self.env._("Work that lies in the future cannot be reported."))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unsent(self):
        if any(order.state not in ("draft", "cancelled") for order in self):
            raise UserError(self.env._("An order that was sent is cancelled, not deleted."))

    # Actions of the office

    def action_send(self):
        """Send the order with its link; the visit is the subcontractor's from now on."""
        self.check_access("write")
        self._ensure_state("draft")
        template = self.env.ref("after_sales_helpdesk.mail_template_subcontract")
        for order in self:
            if not order.partner_id.email:
                raise UserError(self.env._("%s has no e-mail address.", order.partner_id.display_name))
            order.intervention_id._ensure_open()
            order._assign()
        self.write({"state": "sent"})
        for order in self:
            order.message_post_with_source(
                template.sudo(),
                email_layout_xmlid="mail.mail_notification_light",
                subtype_xmlid="mail.mt_note",
            )
        self._after_sent()

    def _after_sent(self):
        """Hook: the orders were sent. Where purchases are installed they make the purchase order."""

    def _assign(self):
        """The subcontractor goes: he stands among the technicians, so that the plan shows him."""
        self.ensure_one()
        # sudo: agents order work without a right on resources
        technician_sudo = (
            self.env["resource.resource"].sudo()._get_subcontractor(self.partner_id, self.company_id)
        )
        self.intervention_id.technician_ids |= technician_sudo.sudo(False)

    def action_cancel(self):
        self.check_access("write")
        self._ensure_state("draft", "sent", "accepted", "declined")
        self._cancel()

    def action_approve(self):
        """The report is right: it goes into the intervention, its cost into the charges (BI-20)."""
        self.check_access("write")
        self._ensure_state("reported")
        for order in self:
            visit = order.intervention_id
            visit._ensure_open()
            order.expense_id = self.env["after.sales.intervention.expense"].create(
                order._prepare_expense_vals()
            )
            if visit.state in ("draft", "planned"):
                visit.action_start()
            visit.write(order._prepare_visit_vals())
            visit.message_post(
                body=self.env._("Report of %s approved.", order.partner_id.name),
                attachment_ids=order.photo_ids.copy({"res_id": visit.id, "res_model": visit._name}).ids,
            )
        self.write({"state": "approved"})
        self.activity_feedback([TODO])

    def action_send_back(self):
        """Something is missing: the subcontractor corrects his report."""
        self.check_access("write")
        self._ensure_state("reported")
        self.write({"state": "accepted"})
        self.activity_feedback([TODO])

    def _cancel(self):
        """Call the orders off; who was to do the work is told."""
        expected = self.filtered(lambda order: order.state in ("sent", "accepted"))
        self.write({"state": "cancelled"})
        self.activity_unlink([TODO])
        self.flush_recordset(["state"])  # before another is made: one is live at a time
        for order in expected:
            order.message_post(
                body=order.with_context(lang=order.partner_id.lang).env._(
                    "Order %s is cancelled: please do not do this work.", order.name
                ),
                partner_ids=order.partner_id.ids,
            )

    def _prepare_expense_vals(self):
        self.ensure_one()
        return {
            "intervention_id": self.intervention_id.id,
            "kind": "subcontract",
            # the customer reads it on report and invoice: what was done, not whom we gave it to
            "name": shorten((self.work_done or "").strip().partition("\n")[0], 100, placeholder="…")
            or self.intervention_id.name,
            "amount": self.cost or self.price,
            "date": fields.Datetime.context_timestamp(self, self.date_start).date(),
        }

    def _prepare_visit_vals(self):
        self.ensure_one()
        visit = self.intervention_id
        parts = self.parts_used and self.env._("Parts: %s", self.parts_used)
        return {
            "work_done": "\n".join(filter(None, (visit.work_done, self.work_done, parts))),
            "outcome": self.outcome,
            "outcome_reason": self.outcome_reason,
            "signed_by": visit.signed_by or self.signed_by,
        }
