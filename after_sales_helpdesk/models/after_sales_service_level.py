from odoo import api, fields, models
from odoo.fields import Command

WARNING = {"percent": 80, "recipient": "responsible"}
ESCALATION = {"percent": 150, "recipient": "leader"}

STARTS = [
    ("reported", "The Call Is Reported"),
    ("acknowledged", "Somebody Answers or Takes It"),
    ("assigned", "Somebody Is Responsible"),
    ("authorised", "The Work Is Authorised"),
]
"""Events that may start a clock; the call keeps the moment of each as date_<event> (D39)."""
START_FIELDS = {"on_site": "on_site_start", "restored": "restore_start", "resolved": "resolve_start"}
"""Each kind of clock whose start event the level names, and the field that names it."""


class AfterSalesServiceLevel(models.Model):
    _inherit = "after.sales.service.level"

    alert_ids = fields.One2many(
        "after.sales.service.level.alert",
        "service_level_id",
        string="Alerts",
        copy=True,
        default=lambda self: self._default_alert_ids(),
    )

    on_site_start = fields.Selection(
        STARTS,
        string="On Site Counts From",
        required=True,
        default="reported",
        help="When this time begins. It ends when work begins on site.",
    )
    restore_start = fields.Selection(
        STARTS,
        string="Restored Counts From",
        required=True,
        default="reported",
        help="When this time begins. It ends when the product works again.",
    )
    resolve_start = fields.Selection(
        STARTS,
        string="Resolved Counts From",
        required=True,
        default="reported",
        help="When this time begins. It ends when the call is solved.",
    )

    def _get_start_event(self, kind):
        """The event that starts the clock of this kind; the first answer counts from the report."""
        self.ensure_one()
        return self[START_FIELDS[kind]] if kind in START_FIELDS else "reported"

    def _waits_for_events(self):
        """Whether some time begins later than the call."""
        return any(level._get_start_event(kind) != "reported" for level in self for kind in START_FIELDS)

    @api.model
    def _default_alert_ids(self):
        """A warning to who can still keep the promise, and word to the leader when it is long broken."""
        return [Command.create(dict(WARNING)), Command.create(dict(ESCALATION))]

    @api.model
    def _create_missing_alerts(self):
        """Levels that are older than the desk get the same alerts as new ones."""
        levels = self.with_context(active_test=False).search([("alert_ids", "=", False)])
        levels.write({"alert_ids": self._default_alert_ids()})
