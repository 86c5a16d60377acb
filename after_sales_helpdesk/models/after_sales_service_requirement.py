from odoo import api, fields, models

PRESENT = {
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
    """What must be known before a call for a service goes on, and how to ask for it."""

    _name = "after.sales.service.requirement"
    _description = "Data Needed for a Service"
    _order = "sequence, id"
    _rec_name = "what"

    service_id = fields.Many2one("after.sales.service", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    what = fields.Selection(
        [
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

    @api.model
    def _get_labels(self):
        return dict(self._fields["what"]._description_selection(self.env))

    def _get_missing(self, ticket):
        """Those of the requirements that the call does not meet yet."""
        return self.filtered(lambda row: not PRESENT[row.what](ticket))
