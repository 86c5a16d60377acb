from odoo import fields, models


class AfterSalesRegistrationConsent(models.Model):
    """A consent as it was given: the words of that day in the language they were read in."""

    _name = "after.sales.registration.consent"
    _description = "Consent Given"
    _order = "id"

    registration_id = fields.Many2one(
        "after.sales.registration", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="registration_id.company_id", store=True, index=True, precompute=True
    )
    consent_id = fields.Many2one(
        "after.sales.consent", "Purpose", required=True, index=True, ondelete="restrict"
    )
    text = fields.Text(required=True, readonly=True)
    date = fields.Datetime("Given On", required=True, readonly=True, default=fields.Datetime.now)
