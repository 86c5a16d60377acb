from odoo import models


class AfterSalesCampaignUnit(models.Model):
    _inherit = "after.sales.campaign.unit"

    def _open_request(self):
        """The work of a campaign on a unit is a call, planned and done like any other."""
        claims = super()._open_request()
        claims.with_context(after_sales_silent=True)._open_calls("internal")
        return claims
