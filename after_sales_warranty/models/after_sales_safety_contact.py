from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class AfterSalesSafetyContact(models.Model):
    """Whom to warn when a unit is unsafe: contact data given for recalls and used for nothing else.

    Regulation (EU) 2023/988 asks who registers products to take such data apart from marketing. They
    are no contact of the address book, no thread hangs on them, and they go when the unit changes hands.
    """

    _name = "after.sales.safety.contact"
    _description = "Safety Contact"
    _order = "id desc"

    registration_id = fields.Many2one(
        "after.sales.registration", index="btree_not_null", ondelete="cascade", readonly=True
    )
    unit_id = fields.Many2one(
        "after.sales.unit",
        "Installed Unit",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        help="Empty until the registration is confirmed.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    name = fields.Char(required=True)
    email = fields.Char("E-mail")
    phone = fields.Char()
    date = fields.Datetime("Consent Given On", required=True, readonly=True, default=fields.Datetime.now)

    _unit_uniq = models.UniqueIndex(
        "(unit_id) WHERE unit_id IS NOT NULL", "This unit has a safety contact already."
    )
    _reachable = models.Constraint(
        "CHECK (COALESCE(email, '') != '' OR COALESCE(phone, '') != '')",
        "A safety contact needs an e-mail address or a phone number.",
    )

    @api.constrains("email")
    def _check_email(self):
        for contact in self.filtered("email"):
            if not email_normalize(contact.email):
                raise ValidationError(
                    self.env._("%s is not an e-mail address: please correct it.", contact.email)
                )
