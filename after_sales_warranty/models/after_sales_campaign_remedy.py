from odoo import fields, models


class AfterSalesCampaignRemedy(models.Model):
    """What an owner may be offered: repair, replacement, refund."""

    _name = "after.sales.campaign.remedy"
    _description = "Campaign Remedy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    outcome = fields.Selection(
        [("repair", "Repair"), ("exchange", "Exchange"), ("refund", "Refund")],
        "Outcome of the Claim",
        help="The outcome proposed on the claim that the wish of an owner opens.",
    )
    active = fields.Boolean(default=True)
