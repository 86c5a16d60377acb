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
    after_sales_offer_last_run = fields.Datetime("Extensions Last Offered", readonly=True)
    after_sales_expiry_last_run = fields.Datetime("Expiry Last Announced", readonly=True)

    _after_sales_days_positive = models.Constraint(
        "CHECK (after_sales_offer_days >= 0 AND after_sales_expiry_days >= 0"
        " AND after_sales_goodwill_months >= 0)",
        "Days and months cannot be negative.",
    )

    def write(self, vals):
        # Another distance is another window: what it takes in is looked at as if for the first time.
        for kind in ("offer", "expiry"):
            if f"after_sales_{kind}_days" in vals:
                vals = {**vals, f"after_sales_{kind}_last_run": False}
        return super().write(vals)
