from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AfterSalesComplaintAction(models.Model):
    """What the company changes so that the cause does not return: the register of improvements, from a complaint or
    not. Done is not enough: after a while someone else checks whether it worked."""

    _name = "after.sales.complaint.action"
    _description = "Corrective Action"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, date_deadline, id desc"
    _check_company_auto = True

    name = fields.Char(string="Action", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("immediate", "Immediate"),
            ("corrective", "Corrective"),
            ("preventive", "Preventive"),
            ("improvement", "Improvement"),
        ],
        required=True,
        default="corrective",
    )
    complaint_ids = fields.Many2many(
        "after.sales.complaint",
        "after_sales_complaint_action_rel",
        "action_id",
        "complaint_id",
        string="Complaints",
        check_company=True,
    )
    complaint_count = fields.Integer(compute="_compute_complaint_count")
    cause_id = fields.Many2one("after.sales.complaint.cause", index=True, tracking=True)
    product_id = fields.Many2one("product.product", index="btree_not_null", check_company=True)
    description = fields.Html(string="What Is Changed")
    root_cause = fields.Text()
    customer_note = fields.Char(
        string="What the Customer Is Told",
        help="Printed in the closing message: which change the complaint led to.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    date_deadline = fields.Date(string="Due", required=True, tracking=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("done", "Done, to Be Checked"),
            ("effective", "Effective"),
            ("ineffective", "Not Effective"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    date_done = fields.Date(string="Done on", readonly=True, copy=False)
    check_days = fields.Integer(string="Check After (days)", default=90)
    date_check = fields.Date(string="Check on", compute="_compute_date_check", store=True, copy=False)
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    checked_on = fields.Date(readonly=True, copy=False)
    check_note = fields.Text(string="Result of the Check", copy=False)
    recurrence_count = fields.Integer(
        string="Returned",
        compute="_compute_recurrence_count",
        help="Complaints of the same cause since it was done.",
    )
    reminded_on = fields.Date(readonly=True, copy=False)

    _check_days_positive = models.Constraint("CHECK (check_days >= 0)", "Days cannot be negative.")
    _watch_idx = models.Index("(date_deadline) WHERE state = 'open' AND reminded_on IS NULL")
    _check_idx = models.Index("(date_check) WHERE state = 'done' AND reminded_on IS NULL")

    @api.depends("complaint_ids")
    def _compute_complaint_count(self):
        for action in self:
            action.complaint_count = len(action.complaint_ids)

    @api.depends("date_done", "check_days")
    def _compute_date_check(self):
        for action in self:
            action.date_check = action.date_done and fields.Date.add(action.date_done, days=action.check_days)

    @api.depends("cause_id", "date_done")
    def _compute_recurrence_count(self):
        done = self.filtered(lambda action: action.cause_id and action.date_done)
        (self - done).recurrence_count = 0
        if not done:
            return
        # A cause that returned counts whether or not the reader may open each complaint.
        complaints_sudo = (
            self.env["after.sales.complaint"]
            .sudo()
            .search_fetch(
                [
                    ("cause_id", "in", done.cause_id.ids),
                    ("company_id", "in", done.company_id.ids),
                    ("date_received", ">=", fields.Date.add(min(done.mapped("date_done")), days=1)),
                    ("state", "!=", "cancelled"),
                ],
                ["cause_id", "company_id", "date_received"],
            )
        )
        for action in done:
            action.recurrence_count = sum(
                complaint.cause_id == action.cause_id
                and complaint.company_id == action.company_id
                and complaint.date_received.date() > action.date_done
                for complaint in complaints_sudo
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def _check_state(self, state):
        for action in self:
            if action.state != state:
                raise UserError(self.env._("“%s” is not in the state that this needs.", action.name))

    def action_done(self):
        self._check_state("open")
        self.write({"state": "done", "date_done": fields.Date.context_today(self), "reminded_on": False})
        self.activity_unlink(["after_sales_complaint.mail_activity_type_action"])
        # An immediate action has served when it is done; there is no cause to watch.
        self.filtered(lambda action: action.kind == "immediate").write({"state": "effective"})

    def action_effective(self):
        self._check_result()
        self._set_result("effective")

    def action_ineffective(self):
        """It did not help: a new action is opened for the same complaints."""
        self._check_result()
        self._set_result("ineffective")
        new = self.create([action._prepare_follow_up_vals() for action in self])
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "res_id": new[-1].id,
        }

    def action_cancel(self):
        self._check_state("open")
        self.state = "cancelled"
        self.activity_unlink(["after_sales_complaint.mail_activity_type_action"])

    def action_open_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_complaint.after_sales_complaint_action"
        )
        action["domain"] = [("action_ids", "in", self.ids)]
        action["context"] = {"default_action_ids": self.ids}
        return action

    def action_open_recurrences(self):
        """The complaints of the cause that came after the action."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_complaint.after_sales_complaint_action"
        )
        action["domain"] = [
            ("cause_id", "=", self.cause_id.id),
            ("company_id", "=", self.company_id.id),
            ("date_received", ">=", fields.Date.add(self.date_done, days=1)),
            ("state", "!=", "cancelled"),
        ]
        return action

    def _check_result(self):
        self._check_state("done")
        today = fields.Date.context_today(self)
        for action in self:
            if action.date_check > today:
                raise UserError(
                    self.env._(
                        "Whether “%(name)s” works is known on %(date)s: its time of observation is not over.",
                        name=action.name,
                        date=format_date(self.env, action.date_check),
                    )
                )
            if action.user_id == self.env.user:
                raise UserError(self.env._("Someone else checks whether your action was effective."))

    def _set_result(self, state):
        self.write(
            {"state": state, "checked_by_id": self.env.uid, "checked_on": fields.Date.context_today(self)}
        )
        self.activity_unlink(["after_sales_complaint.mail_activity_type_action"])

    def _prepare_follow_up_vals(self):
        self.ensure_one()
        return {
            "name": self.env._("Again: %s", self.name),
            "kind": self.kind,
            "company_id": self.company_id.id,
            "complaint_ids": self.complaint_ids.ids,
            "cause_id": self.cause_id.id,
            "product_id": self.product_id.id,
            "root_cause": self.root_cause,
            "user_id": self.user_id.id,
            "date_deadline": fields.Date.add(fields.Date.context_today(self), days=30),
        }

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    @api.model
    def _get_to_remind_domain(self, day):
        return [
            ("reminded_on", "=", False),
            "|",
            "&",
            ("state", "=", "open"),
            ("date_deadline", "<=", day),
            "&",
            ("state", "=", "done"),
            ("date_check", "<=", day),
        ]

    @api.model
    def _cron_watch(self, batch_size=200):
        domain = self._get_to_remind_domain(fields.Date.context_today(self))
        while actions := self.search(domain, limit=batch_size, order="id"):
            actions._remind()
            if not self.env["ir.cron"]._commit_progress(len(actions), remaining=self.search_count(domain)):
                return

    def _remind(self):
        for action in self:
            is_check = action.state == "done"
            checker = action.cause_id.user_id or action.complaint_ids.sudo().team_id.user_id[:1]
            user = checker if is_check and checker and checker != action.user_id else action.user_id
            action.activity_schedule(
                "after_sales_complaint.mail_activity_type_action",
                summary=self.env._("Check whether it was effective")
                if is_check
                else self.env._("This action is due"),
                date_deadline=action.date_check if is_check else action.date_deadline,
                user_id=user.id,
            )
        self.write({"reminded_on": fields.Date.context_today(self)})
