from datetime import timedelta

from odoo import fields, models


class AfterSalesContract(models.Model):
    """What was announced about the end of the contract, and what follows where it was not."""

    _inherit = "after.sales.contract"

    alert_ids = fields.One2many("after.sales.contract.alert", "contract_id", "Alerts")
    alert_count = fields.Integer(compute="_compute_alert_count")
    is_withdrawal_free = fields.Boolean(
        "Free Withdrawal",
        compute="_compute_is_withdrawal_free",
        help="Renewed tacitly without the warning that law owes a consumer: he may withdraw at any time, at no cost.",
    )

    def _compute_alert_count(self):
        counts = dict(
            self.env["after.sales.contract.alert"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.alert_count = counts.get(contract, 0)

    def _compute_is_withdrawal_free(self):
        """Law L15: the warning reached the consumer in time, or this term binds us only. Until its last day it still can."""
        for contract in self:
            before, days = contract.predecessor_id, contract.company_id.after_sales_consumer_days
            owed = (
                before.tacit_renewal
                and days
                and before.date_notice
                and before.date_notice - timedelta(days=days) < contract._get_today()
                and contract.partner_id._get_after_sales_customer_kind() == "consumer"
            )
            contract.is_withdrawal_free = bool(owed) and not before.alert_ids.filtered(
                lambda alert: alert.kind == "consumer" and alert.state == "sent" and not alert.is_late
            )

    def action_view_alerts(self):
        return self._action_rows("after_sales_contract.after_sales_contract_alert_action")
