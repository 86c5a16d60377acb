from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesConsent(models.Model):
    """A sentence a person ticks when registering a product. What was ticked is kept word by word."""

    _name = "after.sales.consent"
    _description = "Consent Text"
    _order = "sequence, id"

    name = fields.Char("Purpose", required=True, translate=True, help="For the staff: what it is asked for.")
    text = fields.Text(required=True, translate=True, help="The sentence the customer ticks.")
    is_required = fields.Boolean("Required", help="Without it the product cannot be registered.")
    is_marketing = fields.Boolean("Allows Promotions", help="Whoever ticks it is written to by promotions.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)

    @api.model
    def _get_for_company(self, company):
        return self.search(Domain("company_id", "in", [False, company.id]))
