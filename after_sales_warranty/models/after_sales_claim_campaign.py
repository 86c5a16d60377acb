from odoo import fields, models


class AfterSalesClaim(models.Model):
    """Claims that a campaign opened, and recalls that whoever handles a claim must know of."""

    _inherit = "after.sales.claim"

    campaign_unit_ids = fields.One2many("after.sales.campaign.unit", "claim_id", "Campaigns")

    def _get_alerts(self, others):
        alerts = super()._get_alerts(others)
        recall = self.unit_id.open_recall
        return [recall, *alerts] if recall else alerts

    def _reopen(self, reason):
        res = super()._reopen(reason)
        self._resume_campaigns()
        return res

    def _resume_campaigns(self):
        """The units are back in the campaigns they were ticked off in."""
        # Whoever takes the work up again may have its unit counted as open again.
        self.sudo().campaign_unit_ids.filtered(lambda row: row.state == "done").state = "in_progress"

    def _apply_outcome(self):
        res = super()._apply_outcome()
        # Whoever may close a claim may have its unit ticked off in the campaign.
        self.sudo().campaign_unit_ids.state = "done"
        return res
