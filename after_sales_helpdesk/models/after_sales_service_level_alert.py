from odoo import api, fields, models
from odoo.tools import format_datetime

from odoo.addons.after_sales_contract.models.after_sales_service_level import PRIORITIES


class AfterSalesServiceLevelAlert(models.Model):
    """Whom to tell when a part of the promised time has gone: a warning before the deadline, an escalation after it."""

    _name = "after.sales.service.level.alert"
    _description = "Service-Level Alert"
    _order = "percent, id"
    _rec_name = "recipient"

    service_level_id = fields.Many2one(
        "after.sales.service.level", required=True, index=True, ondelete="cascade"
    )
    percent = fields.Integer(
        string="Time Used (%)",
        required=True,
        default=80,
        help="Part of the promised time: 80 warns before the deadline, 150 escalates after it.",
    )
    recipient = fields.Selection(
        [("responsible", "Responsible"), ("leader", "Team Leader"), ("user", "Another Person")],
        required=True,
        default="responsible",
    )
    user_id = fields.Many2one("res.users", string="Person", domain="[('share', '=', False)]")
    priority = fields.Selection(PRIORITIES, string="Raise Priority To")

    _percent_positive = models.Constraint("CHECK (percent > 0)", "The part of time must be above 0 %.")
    _one_per_percent = models.UniqueIndex(
        "(service_level_id, percent, recipient)", "This person is told at this moment already."
    )
    _person_named = models.Constraint(
        "CHECK (recipient != 'user' OR user_id IS NOT NULL)", "Say which person is to be told."
    )

    def _get_recipient(self, ticket):
        """Who is told about the call; nobody named falls back on who answers for it."""
        self.ensure_one()
        leader = ticket.team_id.user_id
        if self.recipient == "user":
            return self.user_id
        return leader if self.recipient == "leader" and leader else ticket.user_id or leader

    def _alert(self, clock):
        """Tell the person, in his language, and raise the priority of the call."""
        for step in self:
            ticket, user = clock.ticket_id, step._get_recipient(clock.ticket_id)
            if user and clock.company_id in user.company_ids:
                clock.alert_activity_ids += ticket.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=step.with_context(lang=user.lang)._get_summary(clock, user),
                    user_id=user.id,
                )
            if step.priority and step.priority > (ticket.priority or "0"):
                ticket.priority = step.priority

    @api.model
    def _get_kinds(self):
        return dict(self.env["after.sales.ticket.clock"]._fields["kind"]._description_selection(self.env))

    def _get_summary(self, clock, user):
        self.ensure_one()
        return self.env._(
            "%(kind)s: %(percent)s %% of the time is used, due %(deadline)s",
            kind=self._get_kinds()[clock.kind],
            percent=self.percent,
            deadline=format_datetime(self.env, clock.deadline, tz=user.tz, dt_format="short")
            if clock.deadline
            else "-",
        )
