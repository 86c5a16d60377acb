from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import is_html_empty

# Written by the actions only, or a limit would be a matter of good manners.
GUARDED = {"state", "decided_by_id", "decided_on", "approved_by_id", "approved_on", "required_role", "kind"}


class AfterSalesComplaintDecision(models.Model):
    """A decision with its reasons and remedies. In force at once when the one who takes it may grant all of it,
    otherwise after someone with a wider mandate approved. A decision on appeal is taken by someone else."""

    _name = "after.sales.complaint.decision"
    _description = "Complaint Decision"
    _order = "complaint_id, id desc"
    _rec_name = "outcome"
    _check_company_auto = True

    complaint_id = fields.Many2one("after.sales.complaint", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="complaint_id.currency_id")
    kind = fields.Selection(
        [("first", "Decision"), ("appeal", "Decision on Appeal")],
        required=True,
        readonly=True,
        default=lambda self: self._get_kind(
            self.env["after.sales.complaint"].browse(self.env.context.get("default_complaint_id"))
        ),
        help="Settled when the decision is begun, by the state of the complaint.",
    )
    outcome = fields.Selection(
        [
            ("accepted", "Granted"),
            ("partly", "Granted in Part"),
            ("goodwill", "Goodwill"),
            ("rejected", "Not Granted"),
        ],
        required=True,
        default="accepted",
    )
    reason = fields.Html(string="Reasons", help="In words the customer understands; printed in the letter.")
    internal_note = fields.Text()
    measure_ids = fields.One2many(
        "after.sales.complaint.measure", "decision_id", string="Remedies", copy=True
    )
    amount = fields.Monetary(string="Value", compute="_compute_amount", store=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_approve", "To Approve"),
            ("approved", "In Force"),
            ("refused", "Not Approved"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    required_role = fields.Selection(
        [
            ("technician", "Technician"),
            ("agent", "Agent"),
            ("reviewer", "Complaint Reviewer"),
            ("manager", "Manager"),
        ],
        readonly=True,
        copy=False,
        help="The narrowest role that may grant all of it.",
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)

    _pending_unique = models.UniqueIndex(
        "(complaint_id) WHERE state IN ('draft', 'to_approve')", "Another decision is already being written."
    )

    @api.depends("measure_ids.amount", "measure_ids.state")
    def _compute_amount(self):
        for decision in self:
            decision.amount = sum(
                decision.measure_ids.filtered(lambda m: m.state != "cancelled").mapped("amount")
            )

    @api.constrains("kind", "state", "decided_by_id", "approved_by_id")
    def _check_appeal_independence(self):
        for decision in self.filtered(lambda d: d.kind == "appeal" and d.state in ("to_approve", "approved")):
            barred = decision.complaint_id._get_involved_users()
            if barred & (decision.decided_by_id | decision.approved_by_id):
                raise ValidationError(decision._get_appeal_message())

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded(vals)
        # Not a precomputed field: its shadow records would stay among the complaint's remedies.
        default = self.env.context.get("default_complaint_id")
        complaints = self.env["after.sales.complaint"].browse(
            v.get("complaint_id", default) for v in vals_list
        )
        vals_list = [
            dict(vals, kind=self._get_kind(complaint))
            for vals, complaint in zip(vals_list, complaints, strict=True)
        ]
        # An earlier decision may be settled in memory only; the index that allows one at a time looks at rows.
        self.flush_model(["state"])
        decisions = super().create(vals_list)
        for decision in decisions:
            decision.complaint_id._check_can_decide()
        return decisions

    def write(self, vals):
        self._check_guarded(vals)
        if {"outcome", "reason", "complaint_id"} & vals.keys() and not self.env.su:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._check_draft()

    @api.model
    def _get_kind(self, complaint):
        return "appeal" if complaint.state == "appealed" else "first"

    @api.model
    def _check_guarded(self, vals):
        if not self.env.su and GUARDED & vals.keys():
            raise AccessError(self.env._("A decision is submitted, approved or refused by its buttons."))

    def _check_draft(self):
        if any(decision.state != "draft" for decision in self):
            raise UserError(
                self.env._("A decision that was submitted is not changed any more: take a new one.")
            )

    # ------------------------------------------------------------
    # Submitting and approving
    # ------------------------------------------------------------

    def action_submit(self):
        """Take the decision in one's own name."""
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        self.complaint_id._check_can_decide()
        self._check_decider()
        self._check_content()
        role = self._get_required_role()
        # Only here and in approval are the guarded fields written, after the checks above.
        self_sudo = self.sudo()
        self_sudo.write(
            {
                "state": "to_approve",
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "required_role": role,
            }
        )
        if self._may_grant(self.env.user):
            self._approve()
        else:
            self._ask_approval()
        return {"type": "ir.actions.act_window_close"}

    def action_approve(self):
        for decision in self:
            decision._check_state_to_approve()
            decision._check_decider()
            if decision.decided_by_id == self.env.user:
                raise UserError(self.env._("Someone else must approve what you decided."))
            if not decision._may_grant(self.env.user):
                raise UserError(
                    self.env._(
                        "Your limit is not enough for %(amount)s: it takes %(role)s.",
                        amount=decision._format_amount(),
                        role=decision._get_role_label(decision.required_role),
                    )
                )
            decision._approve()
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        """Send it back: the one who decided writes a new decision."""
        for decision in self:
            decision._check_state_to_approve()
            if decision.decided_by_id != self.env.user and not decision._may_grant(self.env.user):
                raise UserError(self.env._("Only someone who may approve it, or who took it, can refuse it."))
            decision._drop()
            complaint = decision.complaint_id
            complaint.activity_unlink(["after_sales_complaint.mail_activity_type_approval"])
            complaint.message_post(body=self.env._("The decision was not approved. A new one is needed."))
            if decision.decided_by_id != self.env.user:
                complaint.activity_schedule(
                    "after_sales_complaint.mail_activity_type_complaint",
                    summary=self.env._("Not approved: decide again"),
                    user_id=decision.decided_by_id.id,
                )
        return {"type": "ir.actions.act_window_close"}

    def _drop(self):
        """It never comes into force, nor does anything it would have granted."""
        decisions_sudo = self.sudo()
        decisions_sudo.write({"state": "refused"})
        decisions_sudo.measure_ids.write({"state": "cancelled"})

    def _check_state_to_approve(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "to_approve":
            raise UserError(self.env._("This decision does not wait for approval."))

    def _approve(self):
        self.ensure_one()
        self.sudo().write(
            {"state": "approved", "approved_by_id": self.env.uid, "approved_on": fields.Datetime.now()}
        )
        self.complaint_id.activity_unlink(["after_sales_complaint.mail_activity_type_approval"])
        self.complaint_id._decided(self)

    def _ask_approval(self):
        self.ensure_one()
        complaint = self.complaint_id
        user = self._find_approver()
        complaint.activity_schedule(
            "after_sales_complaint.mail_activity_type_approval",
            summary=self.env._("Approve a remedy of %s", self._format_amount()),
            date_deadline=complaint.deadline or complaint._today(),
            user_id=user.id,
        )
        complaint.message_post(
            body=self.env._(
                "%(user)s decided; %(amount)s needs the approval of: %(role)s.",
                user=self.decided_by_id.name,
                amount=self._format_amount(),
                role=self._get_role_label(self.required_role),
            )
        )

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def _check_content(self):
        self.ensure_one()
        if is_html_empty(self.reason):
            raise UserError(self.env._("Give the reasons of the decision: the customer is told them."))
        if self.outcome == "rejected" and self.measure_ids:
            raise UserError(
                self.env._("A complaint that is not granted has no remedy; choose goodwill instead.")
            )
        if self.outcome != "rejected" and not self.measure_ids:
            raise UserError(self.env._("Choose at least one remedy, even if it is an apology."))
        for measure in self.measure_ids:
            measure._check_ready()

    def _get_role_label(self, role):
        return dict(self._fields["required_role"]._description_selection(self.env)).get(role, "")

    def _format_amount(self):
        self.ensure_one()
        return self.currency_id.format(self.amount)
