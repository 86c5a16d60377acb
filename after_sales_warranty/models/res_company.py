from odoo import fields, models


class ResCompany(models.Model):
    """What a company gives as goodwill and when it writes to owners of units."""

    _inherit = "res.company"

    after_sales_card_mail = fields.Boolean(
        "Send Warranty Cards", help="After a delivery is done, its warranty cards are mailed to the customer."
    )
    after_sales_goodwill_months = fields.Float(
        "Goodwill of an Agent (Months)",
        default=3.0,
        help="An agent gives a unit up to these months without asking; a manager approves more.",
    )
    after_sales_offer_days = fields.Integer(
        "Offer Extensions (Days Before)",
        default=30,
        help="Days before the cover of a unit ends on which its owner is offered an extension. Zero: never.",
    )
    after_sales_expiry_days = fields.Integer(
        "Notice of Expiry (Days Before)",
        help="Days before the cover of a unit ends on which its owner is told so. Zero: never.",
    )
    after_sales_refused_months = fields.Integer(
        "Keep Refused Registrations (Months)",
        default=12,
        help="So long after the refusal a registration is deleted with all that the customer sent. Zero: it is kept.",
    )
    after_sales_repair_months = fields.Integer(
        "Warranty on Replaced Parts (Months)",
        help="A repair gives this warranty on the parts that it put into a unit. Zero: none.",
    )

    _after_sales_repair_positive = models.Constraint(
        "CHECK (after_sales_repair_months >= 0)", "The months of a warranty cannot be negative."
    )
    _after_sales_days_positive = models.Constraint(
        "CHECK (after_sales_offer_days >= 0 AND after_sales_expiry_days >= 0"
        " AND after_sales_goodwill_months >= 0 AND after_sales_refused_months >= 0)",
        "Days and months cannot be negative.",
    )

    def _get_after_sales_day(self, moment=None):
        """The calendar day of a moment (empty: now) where the company is, which need not be the day in UTC."""
        self.ensure_one()
        tz = self.partner_id.tz or self.env.user.tz or "UTC"
        moment = moment or fields.Datetime.now()
        return fields.Datetime.context_timestamp(self.with_context(tz=tz), moment).date()
