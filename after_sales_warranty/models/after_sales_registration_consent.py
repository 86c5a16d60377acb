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


class AfterSalesRegistration(models.Model):
    _inherit = "after.sales.registration"

    def _keep_marketing_consent(self):
        """Who ticked that he wants offers gets promotions, until he says otherwise."""
        agreed = self.filtered(lambda r: r.consent_ids.consent_id.filtered("is_marketing"))
        # Whoever confirms a registration need not be able to edit contacts.
        agreed.partner_id.sudo().after_sales_wants_promotions = True
