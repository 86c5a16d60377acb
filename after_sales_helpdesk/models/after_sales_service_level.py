from odoo import api, fields, models
from odoo.fields import Command

WARNING = {"percent": 80, "recipient": "responsible"}
ESCALATION = {"percent": 150, "recipient": "leader"}


class AfterSalesServiceLevel(models.Model):
    _inherit = "after.sales.service.level"

    alert_ids = fields.One2many(
        "after.sales.service.level.alert",
        "service_level_id",
        string="Alerts",
        copy=True,
        default=lambda self: self._default_alert_ids(),
    )

    work_start = fields.Selection(
        [
            ("reported", "The Call Is Reported"),
            ("assigned", "Somebody Is Responsible"),
            ("authorised", "The Work Is Authorised"),
        ],
        string="Work Counts From",
        required=True,
        default="reported",
        help="When the times until on site, restored and resolved begin. The first answer counts from the report.",
    )

    @api.model
    def _default_alert_ids(self):
        """A warning to who can still keep the promise, and word to the leader when it is long broken."""
        return [Command.create(dict(WARNING)), Command.create(dict(ESCALATION))]

    @api.model
    def _create_missing_alerts(self):
        """Levels that are older than the desk get the same alerts as new ones."""
        levels = self.with_context(active_test=False).search([("alert_ids", "=", False)])
        levels.write({"alert_ids": self._default_alert_ids()})
