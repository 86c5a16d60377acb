from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AfterSalesComplaintPostpone(models.TransientModel):
    """A step will be late: say why, promise a new date, tell the customer."""

    _name = "after.sales.complaint.postpone"
    _description = "Promise a New Date"

    complaint_id = fields.Many2one("after.sales.complaint", required=True, readonly=True)
    step_id = fields.Many2one(
        "after.sales.complaint.step",
        compute="_compute_step_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('complaint_id', '=', complaint_id), ('state', '=', 'running')]",
    )
    deadline = fields.Date(related="step_id.deadline", string="Promised so Far")
    new_deadline = fields.Date(required=True)
    reason = fields.Char(string="Cause of Delay", required=True)
    is_told = fields.Boolean(
        string="Tell the Customer", compute="_compute_is_told", store=True, readonly=False, precompute=True
    )

    @api.depends("complaint_id")
    def _compute_step_id(self):
        for wizard in self:
            running = wizard.complaint_id._get_running_steps()
            wizard.step_id = running.sorted(lambda step: (step.deadline, step.id))[:1]

    @api.depends("complaint_id")
    def _compute_is_told(self):
        for wizard in self:
            complaint = wizard.complaint_id
            wizard.is_told = bool(complaint.partner_id.email or complaint.email)

    def action_confirm(self):
        self.ensure_one()
        complaint = self.complaint_id
        complaint.check_access("write")
        if self.step_id.complaint_id != complaint or self.step_id.state != "running":
            raise UserError(self.env._("This step of %s does not run any more.", complaint.name))
        if self.new_deadline <= self.deadline or self.new_deadline < complaint._today():
            raise UserError(
                self.env._("The new date must be later than the date promised so far, and not past.")
            )
        # Steps are written by the workflow only.
        self.step_id.sudo()._extend(self.new_deadline, self.reason)
        complaint.message_post(
            body=self.env._(
                "%(step)s: new date %(date)s. Cause of delay: %(reason)s",
                step=self.step_id._get_label(),
                date=format_date(self.env, self.new_deadline),
                reason=self.reason,
            )
        )
        if self.is_told:
            complaint._check_reachable()
            complaint._send("after_sales_complaint.mail_template_delay")
        return {"type": "ir.actions.act_window_close"}
