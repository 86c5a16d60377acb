from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

QUARTER = timedelta(minutes=15)


class AfterSalesTicketLogTime(models.TransientModel):
    _name = "after.sales.ticket.log.time"
    _description = "Log Time on a Call"

    ticket_id = fields.Many2one("after.sales.ticket", string="Call", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id")
    technician_id = fields.Many2one(
        "resource.resource",
        string="Who Helped",
        compute="_compute_technician_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', 'in', (company_id, False)), '|', ('is_technician', '=', True), ('user_id', '=', uid)]",
        help="Empty: you.",
    )
    kind = fields.Selection([("work", "Work"), ("waiting", "Waiting")], default="work", required=True)
    date_start = fields.Datetime("Start", required=True, default=lambda self: self._default_date_start())
    date_stop = fields.Datetime("End", compute="_compute_date_stop", store=True, readonly=False)
    hours = fields.Float(
        "Duration",
        compute="_compute_hours",
        store=True,
        readonly=False,
        default=lambda self: self._default_hours(),
    )
    is_chargeable = fields.Boolean(
        "Chargeable", compute="_compute_is_chargeable", store=True, readonly=False, precompute=True
    )
    note = fields.Char("What Was Done", required=True)

    @api.model
    def _default_date_start(self):
        """A quarter of an hour that ends now: one logs what one has just done; or what followed on one's last session."""
        now = fields.Datetime.now()
        start = now - QUARTER
        company = self.env["after.sales.ticket"].browse(self.env.context.get("default_ticket_id")).company_id
        own = self.env["resource.resource"]._get_own(company or self.env.company)
        last = self.env["after.sales.session"].search(
            [("technician_id", "in", own.ids), ("date_stop", ">", start), ("date_stop", "<=", now)],
            order="date_stop desc",
            limit=1,
        )
        return last.date_stop or start

    @api.model
    def _default_hours(self):
        return (fields.Datetime.now() - self._default_date_start()).total_seconds() / 3600

    @api.depends("ticket_id")
    def _compute_technician_id(self):
        """Who logs it; an agent may help without being one of the technicians."""
        Resource = self.env["resource.resource"]
        for wizard in self:
            wizard.technician_id = wizard.technician_id or Resource._get_own(wizard.ticket_id.company_id)

    @api.depends("date_start", "hours")
    def _compute_date_stop(self):
        """Another start moves the end: asking for the duration now would compute it from the old end."""
        self.env.remove_to_compute(self._fields["hours"], self)
        for wizard in self:
            wizard.date_stop = wizard.date_start and wizard.date_start + timedelta(hours=wizard.hours)

    @api.depends("date_stop")
    def _compute_hours(self):
        for wizard in self:
            span = wizard.date_start and wizard.date_stop and wizard.date_stop - wizard.date_start
            wizard.hours = span.total_seconds() / 3600 if span else 0.0

    @api.onchange("hours")
    def _onchange_hours(self):
        """What took longer began earlier: it has just ended. Only a duration by hand does so (its end is still to
        compute); an end by hand stays as it was typed, and is refused where it lies in the future."""
        now = fields.Datetime.now()
        by_hand = self.env.is_to_compute(self._fields["date_stop"], self)
        if by_hand and self.date_start and self.date_start + timedelta(hours=self.hours) > now:
            self.date_start = now - timedelta(hours=self.hours)

    @api.depends("kind")
    def _compute_is_chargeable(self):
        for wizard in self:
            wizard.is_chargeable = wizard.kind != "waiting"

    def action_log(self):
        self.ensure_one()
        if not self.date_stop or self.date_stop <= self.date_start:
            raise UserError(self.env._("Say how long it took: work cannot end before it starts."))
        self.ticket_id._log_time(
            self.technician_id or self.env["resource.resource"]._ensure_own(self.ticket_id.company_id),
            self.date_start,
            self.date_stop,
            kind=self.kind,
            is_chargeable=self.is_chargeable,
            note=self.note,
        )
        return {"type": "ir.actions.act_window_close"}
