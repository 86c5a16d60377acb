from odoo import fields, models


class ResCompany(models.Model):
    """When a company looks at renewals and whom it tells."""

    _inherit = "res.company"

    after_sales_renewal_days = fields.Integer(
        "Prepare Renewals (Days before Notice)",
        default=60,
        help="Tacit renewals with a price adjustment are put before a manager so many days before the last day of "
        "notice. Zero: never.",
    )
    after_sales_consumer_days = fields.Integer(
        "Warn Consumers (Days before Notice)",
        default=30,
        help="Law asks to warn consumers in writing so many days before the last day of notice of a tacit renewal. "
        "The mail leaves ten days earlier. Zero: no warning.",
    )
    after_sales_ending_days = fields.Integer(
        "Write to Customers (Days before the End)",
        default=30,
        help="Customers whose contract ends without renewal are written to so many days before. Zero: never.",
    )
    after_sales_responsible_days = fields.Integer(
        "Remind the Responsible (Days before)",
        default=60,
        help="Activity so many days before the last day of notice, or before the end. Zero: never.",
    )

    _after_sales_renewal_days_positive = models.Constraint(
        "CHECK (after_sales_renewal_days >= 0 AND after_sales_consumer_days >= 0"
        " AND after_sales_ending_days >= 0 AND after_sales_responsible_days >= 0)",
        "Days cannot be negative.",
    )
