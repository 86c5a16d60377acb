from odoo import api, models


class AfterSalesTicket(models.Model):
    """Mail: calls by e-mail, answers, notices at each stage, rating at the end, the customer's portal page."""

    _inherit = "after.sales.ticket"

    # Gateway --------------------------------------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        values = dict(custom_values or {})
        team = self.env["after.sales.team"].browse(values.get("team_id")).exists()
        company = team.company_id or self.env.company
        author = self.env["res.partner"].browse(msg_dict.get("author_id"))
        values.update(
            name="New",
            subject=msg_dict.get("subject") or self.env._("(no subject)"),
            description=msg_dict.get("body"),
            channel="email",
            company_id=company.id,
        )
        if author and (not author.company_id or author.company_id == company):
            values["partner_id"] = author.id
        ticket = super(AfterSalesTicket, self.with_company(company)).message_new(
            msg_dict, custom_values=values
        )
        if ticket.partner_id:
            ticket.message_subscribe(partner_ids=ticket.partner_id.ids)
        return ticket

    def _creation_message(self):
        self.ensure_one()
        return self.env._("Call %s registered.", self.name)

    def _message_post_after_hook(self, message, msg_values):
        """The first answer that a person of ours writes to the customer is the response the clock waits for."""
        if self._is_answer(message):
            self._stop_clocks(("response",), message.date)
        return super()._message_post_after_hook(message, msg_values)

    def _is_answer(self, message):
        return (
            message.message_type in ("comment", "email")
            and message.subtype_id == self.env.ref("mail.mt_comment")
            and bool(message.author_id.sudo().user_ids.filtered(lambda user: not user.share and user.active))
        )

    # Notices --------------------------------------------------------------------------------------------------------

    def _send_stage_notice(self):
        if self.env.context.get(
            "after_sales_silent"
        ):  # a recall that opens many calls has told its owner itself
            return
        for ticket in self:
            template_sudo = ticket.stage_id.sudo().template_id  # whoever moves a call need not read templates
            if template_sudo and (ticket.partner_id or ticket.contact_email):
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
