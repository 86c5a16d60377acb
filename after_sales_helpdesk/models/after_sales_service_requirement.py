from odoo import fields, models

PRESENT = {
    "service": lambda ticket: ticket.service_id,
    "unit": lambda ticket: ticket.unit_id,
    "product": lambda ticket: ticket.product_id,
    "symptom": lambda ticket: ticket.fault_id,
    "site": lambda ticket: ticket.site_id,
    "phone": lambda ticket: ticket.contact_phone or ticket.partner_id.phone,
    "email": lambda ticket: ticket.contact_email,
    "description": lambda ticket: ticket._has_description(),
    "file": lambda ticket: ticket.message_attachment_count,
}
"""What can be asked for, and how a call shows that it is known."""


class AfterSalesServiceRequirement(models.Model):
    """What must be known before a call goes on, whatever it is about or for one service, and how to ask for it."""

    _name = "after.sales.service.requirement"
    _description = "Data Needed for a Service"
    _order = "sequence, id"
    _rec_name = "what"

    service_id = fields.Many2one(
        "after.sales.service", index="btree_not_null", ondelete="cascade", help="Empty: asked of every call."
    )
    sequence = fields.Integer(default=10)
    what = fields.Selection(
        [
            ("service", "Service"),
            ("unit", "Installed Unit"),
            ("product", "Product"),
            ("symptom", "Symptom"),
            ("site", "Site"),
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("description", "Description"),
            ("file", "Photo or Document"),
        ],
        required=True,
    )
    hint = fields.Char(
        string="How to Ask",
        translate=True,
        help="Shown to who registers the call while the answer is missing.",
    )

    _one_each = models.UniqueIndex("(service_id, what)", "The service asks for this already.")
    _one_for_all = models.UniqueIndex("(what) WHERE service_id IS NULL", "Every call asks for this already.")

    def _get_words(self):
        """What is asked, each once, with how to ask for it; the word of the service comes before that of every call."""
        labels = dict(self._fields["what"]._description_selection(self.env))
        words = {
            row.what: f"{labels[row.what]} ({row.hint})" if row.hint else labels[row.what] for row in self
        }
        return ", ".join(words.values())

    def _get_missing(self, ticket):
        """Those of the requirements that the call does not meet yet."""
        return self.filtered(lambda row: not PRESENT[row.what](ticket))
