from odoo import api, models
from odoo.tools import email_normalize, html2plaintext, parse_contact_from_email


class AfterSalesComplaint(models.Model):
    """A mail to the desk opens a complaint."""

    _inherit = "after.sales.complaint"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to the desk opens a complaint of its sender, acknowledged at once where the desk wants it."""
        values = dict(custom_values or {})
        author = self.env["res.partner"].browse(msg_dict.get("author_id"))
        name, address = parse_contact_from_email(msg_dict.get("email_from") or "")
        values.update(
            name="/",
            channel="email",
            subject=msg_dict.get("subject") or self.env._("No subject"),
            description=msg_dict.get("body"),
            email=email_normalize(address) or address,
            partner_name=name,
        )
        if author and not author.user_ids.filtered(lambda user: not user.share):
            values["partner_id"] = author.id
        complaint = super().message_new(msg_dict, custom_values=values)
        complaint.email = values["email"]
        complaint._acknowledge_at_once()
        return complaint

    def _creation_subtype(self):
        return self.env.ref("after_sales_complaint.mt_complaint_received")

    def _get_plain_description(self):
        self.ensure_one()
        return html2plaintext(self.description or "").strip()
