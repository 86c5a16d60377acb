from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.wording import find_softening


class AfterSalesCampaignWord(models.Model):
    """A word that law bars from the description of a hazard, and the days between which it does."""

    _name = "after.sales.campaign.word"
    _description = "Word Barred from Recall Notices"
    _order = "name, id"

    name = fields.Char("Word", required=True, help="A star at the end stands for any ending: precaution*.")
    date_from = fields.Date(required=True, default="1900-01-01")
    date_to = fields.Date()
    law_ref = fields.Char("Legal Source")
    active = fields.Boolean(default=True)

    _dates_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A rule cannot end before it begins."
    )

    @api.constrains("name")
    def _check_name(self):
        for word in self:
            if not word.name.strip(" *"):
                raise ValidationError(self.env._("Type a word: a star alone would bar every text."))

    @api.model
    def _find_in(self, text, day):
        """The barred words of this day that the text holds."""
        domain = Domain("date_from", "<=", day) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )
        return find_softening(text or "", self.search(domain).mapped("name"))
