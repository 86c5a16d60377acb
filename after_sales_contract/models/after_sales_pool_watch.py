import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date, formatLang

from ..tools import pools

_logger = logging.getLogger(__name__)


class AfterSalesPool(models.Model):
    """Thresholds of a pool: who is told that it runs out, once for each."""

    _inherit = "after.sales.pool"

    threshold_ids = fields.Many2many(
        "after.sales.pool.threshold",
        "after_sales_pool_threshold_rel",
        "pool_id",
        "threshold_id",
        "Thresholds",
        default=lambda self: self.env["after.sales.pool.threshold"]._get_default(self.env.company),
        help="When somebody is told that the hours run out.",
    )
    alert_ids = fields.One2many("after.sales.pool.alert", "pool_id", "Alerts")
    alert = fields.Char(
        compute="_compute_alert",
        help="What is to be said of the pool now, as long as a threshold is reached.",
    )

    @api.depends("alert_ids.active", "used", "bought", "overage", "date_to")
    @api.depends_context("lang")
    def _compute_alert(self):
        for pool in self:
            pool.alert = pool._get_alert_text() if pool.alert_ids and not pool.closed_on else False

    def _get_alert_text(self):
        """The figures of the pool in a sentence."""
        self.ensure_one()
        words = {
            "pool": self.name,
            "rate": formatLang(self.env, self.used_rate, digits=0),
            "left": formatLang(self.env, self.balance, digits=2),
            "over": formatLang(self.env, self.overage, digits=2),
            "day": format_date(self.env, self.date_to),
        }
        if self.overage and self.balance <= pools.TINY:
            return self.env._("%(pool)s is used up; %(over)s hours went beyond it.", **words)
        if self.date_to:
            return self.env._("%(pool)s: %(rate)s %% used, %(left)s hours left until %(day)s.", **words)
        return self.env._("%(pool)s: %(rate)s %% used, %(left)s hours left.", **words)

    def _get_reached(self, today):
        """Thresholds that the pool has crossed."""
        self.ensure_one()
        if self.closed_on or self.contract_id.state not in ("running", "notice"):
            return self.env["after.sales.pool.threshold"]
        last = self._get_last_day()

        rate = pools.rate_with_beyond(self.used, self.overage, self.bought)

        def is_reached(threshold):
            if threshold.kind == "used":
                return rate >= threshold.value
            if not last or self.balance <= pools.TINY:
                return False
            return pools.is_near_end((last - today).days, (last - self.date_from).days + 1, threshold.value)

        return self.threshold_ids.filtered(is_reached)

    def _check_thresholds(self):
        """Tell once of every threshold that is newly crossed; forget those that a top-up undid."""
        # sudo: a technician who books hours tells people whom he may not read
        for pool_sudo in self.sudo().exists():
            today = fields.Date.context_today(pool_sudo)
            reached = pool_sudo._get_reached(today)
            alerts = pool_sudo.alert_ids
            undone = alerts.filtered(lambda alert, now=reached: alert.threshold_id not in now)
            if undone:
                undone.active = False
                pool_sudo.activity_unlink(["mail.mail_activity_data_warning"])
            new = reached - (alerts - undone).threshold_id
            for recipient, thresholds in new.grouped("recipient").items():
                pool_sudo._tell(recipient, thresholds)

    def _tell(self, recipient, thresholds):
        """Tell of the highest of the thresholds that were crossed at once; the others are written down with it."""
        self.ensure_one()
        told = max(thresholds, key=lambda threshold: (threshold.kind == "used", threshold.value))
        partner, email = self._tell_customer() if recipient == "customer" else self._tell_responsible()
        self.env["after.sales.pool.alert"].create(
            [
                {
                    "pool_id": self.id,
                    "threshold_id": threshold.id,
                    "name": self._get_alert_text(),
                    "partner_id": partner.id if threshold == told else False,
                    "email": email if threshold == told else False,
                }
                for threshold in thresholds
            ]
        )

    def _tell_responsible(self):
        """A task for the responsible of the contract, in his language; without one, for whoever books."""
        user = self.contract_id.user_id or self.env.user
        pool = self.with_context(lang=user.lang)
        self.activity_schedule(
            "mail.mail_activity_data_warning", summary=pool._get_alert_text(), user_id=user.id
        )
        return user.partner_id, user.email

    def _tell_customer(self):
        """A message to the customer in his language; where he has no address the responsible is told."""
        partner = self.partner_id
        template = self.env.ref("after_sales_contract.mail_template_pool_alert", raise_if_not_found=False)
        if not template or not partner.email:
            return self._tell_responsible()
        try:
            with self.env.cr.savepoint():
                template.send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")
        except Exception:
            # A template that somebody broke must not stop a technician who books his hours.
            _logger.warning("The alert of pool %s could not be sent.", self.id, exc_info=True)
            return self._tell_responsible()
        return partner, partner.email

    @api.model
    def _get_ending_domain(self, today):
        """Pools of which a threshold of days may be reached by the calendar alone."""
        days = self.env["after.sales.pool.threshold"].search([("kind", "=", "days")]).mapped("value")
        latest = fields.Date.add(today, days=max(days, default=0))
        return (
            Domain("closed_on", "=", False) & Domain("date_to", ">=", today) & Domain("date_to", "<=", latest)
        )
