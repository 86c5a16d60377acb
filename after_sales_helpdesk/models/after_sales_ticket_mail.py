from odoo import api, models
from odoo.tools.mail import parse_contact_from_email


class AfterSalesTicket(models.Model):
    """Mail: answers, notices at each stage, rating at the end, the customer's portal page."""

    _inherit = "after.sales.ticket"

    def _creation_message(self):
        self.ensure_one()
        return self.env._("Call %s registered.", self.name)

    def _is_comment(self, message):
        """Whether the customer reads it; by the cached id, every message asks."""
        return message.subtype_id.id == self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")

    def _is_answer(self, message):
        return (
            message.message_type in ("comment", "email")
            and self._is_comment(message)
            and bool(message.author_id.sudo().user_ids.filtered(lambda user: not user.share and user.active))
        )

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Answers go to the address of the team: also a mail that names no call opens one there."""
        addresses = self.sudo().team_id._notify_get_reply_to(default=default, author_id=author_id)
        result = {ticket.id: addresses.get(ticket.team_id.id) for ticket in self}
        alone = self.filtered(lambda ticket: not ticket.team_id)
        if alone:
            result |= super(AfterSalesTicket, alone)._notify_get_reply_to(
                default=default, author_id=author_id
            )
        return result

    def _get_customer_information(self):
        """Who is written to for the first time becomes a contact of the name he gave, not of his bare address, and is
        written to in the language of the company: the frame and the buttons of the mail as its text."""
        found = super()._get_customer_information()
        for ticket in self:
            name, email = parse_contact_from_email(ticket.contact_email)
            if not email:
                continue
            values = found.setdefault(email, {})
            values["lang"] = ticket.company_id.partner_id.lang
            if name := ticket.contact_name or name:
                values["name"] = name
        return found

    # Notices --------------------------------------------------------------------------------------------------------

    def _send_stage_notice(self):
        if self.env.context.get(
            "after_sales_silent"
        ):  # a recall that opens many calls has told its owner itself
            return
        for ticket in self:
            template_sudo = ticket.stage_id.sudo().template_id  # whoever moves a call need not read templates
            # who did not write to us is not written to
            if template_sudo and (ticket.partner_id or ticket.contact_email) and not ticket.is_unverified:
                ticket.message_post_with_source(
                    template_sudo,
                    email_layout_xmlid="mail.mail_notification_light",
                    subtype_xmlid="mail.mt_note",
                )

    # Rating ---------------------------------------------------------------------------------------------------------

    def _send_rating_request(self):
        template = self.env.ref("after_sales_helpdesk.mail_template_ticket_rating", raise_if_not_found=False)
        for ticket in self:
            if template and ticket.team_id.rating_request and ticket.partner_id:
                ticket.rating_send_request(template.sudo(), lang=ticket.partner_id.lang, force_send=False)

    def _rating_get_parent_field_name(self):
        return "team_id"

    # Portal ---------------------------------------------------------------------------------------------------------

    def _compute_access_url(self):
        super()._compute_access_url()
        for ticket in self:
            ticket.access_url = f"/my/calls/{ticket.id}"

    @api.model
    def _get_portal_domain(self):
        """The calls of the customer's company; an employee who looks at the portal sees those in which he is one."""
        return [("commercial_partner_id", "=", self.env.user.commercial_partner_id.id)]

    @api.model
    def _get_portal_sortings(self):
        return {
            "date": {"label": self.env._("Newest"), "order": "date_reported desc"},
            "name": {"label": self.env._("Number"), "order": "name"},
            "state": {"label": self.env._("Status"), "order": "stage_id, date_reported desc"},
        }

    @api.model
    def _get_portal_filters(self):
        return {
            "all": {"label": self.env._("All"), "domain": []},
            "open": {"label": self.env._("Open"), "domain": [("state", "in", self._get_open_states())]},
            "finished": {
                "label": self.env._("Finished"),
                "domain": [("state", "in", self._get_finished_states())],
            },
        }
