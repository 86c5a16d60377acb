from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import warranty as rules
from ..tools.durations import duration_text

ACTIVITY = "after_sales_warranty.mail_activity_type_goodwill"
MANAGER = "after_sales_warranty.group_after_sales_manager"


class AfterSalesGoodwill(models.Model):
    """More warranty that was not sold: who asked for it, who allowed it and why."""

    _name = "after.sales.goodwill"
    _description = "Goodwill Extension"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "unit_id"
    # Who asked follows and answers, though he may not write the record.
    _mail_post_access = "read"
    _check_company_auto = True

    unit_id = fields.Many2one(
        "after.sales.unit",
        "Installed Unit",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(related="unit_id.partner_id", string="Owner")
    term_id = fields.Many2one(
        "after.sales.warranty.term",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    start = fields.Selection(
        [
            ("after", "When the running warranty ends"),
            ("basis", "When the term says"),
            ("date", "On a date"),
        ],
        required=True,
        default="after",
        readonly=True,
    )
    date_start = fields.Date("Date", readonly=True)
    months = fields.Float("Months Given", digits=(8, 2), readonly=True, compute="_compute_months", store=True)
    reason = fields.Char(required=True, readonly=True, tracking=True)
    state = fields.Selection(
        [("requested", "To Approve"), ("approved", "Approved"), ("refused", "Refused")],
        required=True,
        default="requested",
        readonly=True,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Requested By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, tracking=True)
    date_decided = fields.Datetime("Decided On", readonly=True)
    decision_reason = fields.Char("Reason of the Decision", tracking=True)
    warranty_id = fields.Many2one(
        "after.sales.warranty", index="btree_not_null", readonly=True, ondelete="set null"
    )

    @api.depends("term_id")
    def _compute_months(self):
        for goodwill in self:
            days, months = rules.period(
                goodwill.term_id.duration or 0, goodwill.term_id.duration_unit or "day"
            )
            goodwill.months = months + days / 30.0

    @api.constrains("unit_id", "term_id")
    def _check_not_given_yet(self):
        """A unit has a warranty of a term once, an extension as often as it is given."""
        for goodwill in self.filtered(lambda g: g.term_id.kind != "extension"):
            if goodwill.term_id in goodwill.unit_id.warranty_ids.term_id:
                raise ValidationError(
                    self.env._(
                        "%(unit)s has %(term)s already. To give it more time, choose a term of the kind Extension.",
                        unit=goodwill.unit_id.display_name,
                        term=goodwill.term_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_requested(self):
        if self.filtered(lambda goodwill: goodwill.state != "requested"):
            raise UserError(self.env._("A decision on goodwill is kept: it explains a warranty."))

    # === FLOW === #

    def _submit(self):
        """Grant at once what the person may give; ask the managers for the rest."""
        is_manager = self.env.su or self.env.user.has_group(MANAGER)
        free = self if is_manager else self.filtered(lambda goodwill: goodwill._is_within_limit())
        free._grant()
        # The agent may not write his own request, yet it asks in his name.
        for goodwill_sudo in (self - free).sudo():
            note = self.env._(
                "%(user)s asks for %(time)s on %(unit)s: %(reason)s",
                user=goodwill_sudo.user_id.name,
                time=duration_text(goodwill_sudo.months, "month", goodwill_sudo.env.lang),
                unit=goodwill_sudo.unit_id.display_name,
                reason=goodwill_sudo.reason,
            )
            for manager in goodwill_sudo._get_deciders():
                goodwill_sudo.activity_schedule(ACTIVITY, note=note, user_id=manager.id)

    def _get_deciders(self):
        """Users who decide in the company what agents may not."""
        self.ensure_one()
        # Agents may not read the members of groups.
        group_sudo = self.env.ref(MANAGER).sudo()
        return group_sudo.all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )

    def _is_within_limit(self):
        """Whether all goodwill on the unit, this one included, stays within what an agent may give."""
        self.ensure_one()
        if self.term_id.kind == "legal":
            return True
        given = sum(
            self.search([("unit_id", "=", self.unit_id.id), ("state", "=", "approved")]).mapped("months")
        )
        return given + self.months <= self.company_id.after_sales_goodwill_months

    def _grant(self):
        for goodwill in self:
            start = goodwill._get_start()
            warranty = self.env["after.sales.warranty"]._grant(
                [(goodwill.unit_id, goodwill.term_id)],
                starts={goodwill.unit_id: start} if start else None,
                reason=goodwill.reason,
            )
            # An agent decides within his limit but may not write the decision itself.
            goodwill.sudo().write({"warranty_id": warranty.id, **self._prepare_decision_vals("approved")})

    def _prepare_decision_vals(self, state):
        return {"state": state, "decided_by_id": self.env.user.id, "date_decided": fields.Datetime.now()}

    def _get_start(self):
        """First day of the warranty; None lets the term decide."""
        self.ensure_one()
        if self.start == "date":
            return self.date_start
        if self.start == "after":
            return self.unit_id._get_next_cover_start(fields.Date.context_today(self))
        return None

    # === ACTIONS === #

    def _ensure_may_decide(self):
        if not self.env.user.has_group(MANAGER):
            raise UserError(self.env._("Only a manager decides on goodwill."))
        self.check_access("write")
        # Two managers who decide at once make one decision.
        self.lock_for_update()
        for goodwill in self.filtered(lambda g: g.state != "requested"):
            raise UserError(
                self.env._("The goodwill on %s is decided already.", goodwill.unit_id.display_name)
            )

    def action_approve(self):
        self._ensure_may_decide()
        self._grant()
        self.activity_feedback([ACTIVITY], feedback=self.env._("Approved"))

    def action_refuse(self):
        self._ensure_may_decide()
        for goodwill in self.filtered(lambda g: not g.decision_reason):
            raise UserError(
                self.env._("Say why the goodwill on %s is refused.", goodwill.unit_id.display_name)
            )
        self.write(self._prepare_decision_vals("refused"))
        self.activity_feedback([ACTIVITY], feedback=self.env._("Refused"))

    def action_view_warranty(self):
        self.ensure_one()
        return self.unit_id._get_record_action_for(self.warranty_id)
