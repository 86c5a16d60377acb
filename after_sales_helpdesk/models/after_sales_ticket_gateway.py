import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import html2plaintext, plaintext2html
from odoo.tools.mail import email_normalize, email_split, parse_contact_from_email

from ..tools.mail import is_auto_reply, is_forged, is_same_house

_logger = logging.getLogger(__name__)

MAX_DESCRIPTION = 200_000
"""Characters of a mail that are copied to the description of its call; the mail itself is kept whole."""


LOOP_WINDOW = timedelta(days=1)
"""No shorter than the minutes in which Odoo looks for a loop, two hours unless told."""


class AfterSalesTicket(models.Model):
    """Mail that comes in: to which call it goes, whom we believe, and what a customer's word does to a finished call."""

    _inherit = "after.sales.ticket"

    is_unverified = fields.Boolean(
        string="Sender Not Verified",
        readonly=True,
        copy=False,
        help="The mail server found that the mail was not sent by who it names.",
    )

    # Where a mail goes ----------------------------------------------------------------------------------------------

    @api.model
    def _route_mail(self, message, message_dict, route):
        """The route of a mail to the desk, or False when it must open nothing.

        A machine's answer opens no call: two helpdesks would answer each other. An answer goes to the call that took
        over from the one it names. Who has nothing to do with that call, or is not who he says, gets a call of his own:
        he must neither be read by its customer nor stop its clocks.
        """
        model, thread_id, values, user_id, alias = route
        ticket_sudo = self.sudo().browse(thread_id or []).exists()  # the gateway sees all calls
        machine = is_auto_reply(message)
        if machine and not ticket_sudo:
            _logger.info("Auto-reply %s opens no call.", message_dict.get("message_id"))
            return False
        forged = is_forged(message.get_all("Authentication-Results", []))
        if not ticket_sudo:
            return (
                (model, False, dict(values or {}, is_unverified=True), self.env.uid, alias)
                if forged
                else route
            )
        final = ticket_sudo._get_final()
        if not forged and (machine or ticket_sudo._knows_sender(message_dict.get("email_from"))):
            if machine:
                message_dict["message_type"] = (
                    "auto_comment"  # nobody's word: it wakes no call, stops no clock
                )
            if machine or final._takes_answers():
                return (model, final.id, values, user_id, alias)
            return (model, False, dict(values or {}, **final._prepare_follow_up_vals()), user_id, alias)
        _logger.info(
            "Mail %s is no answer of the customer of %s.", message_dict.get("message_id"), final.name
        )
        if machine:
            return False
        values = dict(values or {}, team_id=final.team_id.id, is_unverified=forged)
        return (model, False, values, self.env.uid if forged else user_id, alias)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Calls of the last hours only, by index: a loop is quick, and the address alone would read all calls."""
        since = fields.Datetime.now() - LOOP_WINDOW
        domain = super()._detect_loop_sender_domain(email_from_normalized)
        return domain and [("date_reported", ">=", since), *domain]

    def _get_final(self):
        """The call that took over from this one: merged into it, or opened later about the same."""
        self.ensure_one()
        seen, ticket = self.browse(), self
        while ticket.merged_into_id and ticket not in seen:
            seen, ticket = seen | ticket, ticket.merged_into_id
        if not ticket._takes_answers():
            later = ticket.child_ids.filtered(lambda child: child.state in self._get_open_states())
            return later.sorted("id")[-1:] or ticket
        return ticket

    def _takes_answers(self):
        """Whether an answer still belongs here: the call is open, or finished a short time ago."""
        self.ensure_one()
        return self.state in self._get_open_states() or self._is_in_grace()

    def _knows_sender(self, email_from):
        """Whether who writes has to do with the call: its customer's people, who was written to, or one of ours."""
        self.ensure_one()
        address = email_normalize(email_from or "")
        if not address:
            return False
        known = {
            email_normalize(text)
            for text in email_split(", ".join(filter(None, (self.contact_email, self.email_cc))))
        }
        customer = self.commercial_partner_id
        if address in known or (customer.is_company and is_same_house(address, customer.email or "")):
            return True
        partners = self.env["res.partner"].search([("email_normalized", "=", address)])
        return bool(
            (customer and customer in partners.commercial_partner_id)
            or partners & (self.message_partner_ids | self.message_ids.partner_ids)
            or partners.user_ids.filtered(lambda user: not user.share)
        )

    # A new call -----------------------------------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        values = dict(custom_values or {})
        team = self.env["after.sales.team"].browse(values.get("team_id"))
        company = team.company_id or self.env.company
        if values.get("is_unverified"):
            msg_dict["author_id"] = False  # the address is shown, nobody is named
        author = self.env["res.partner"].browse(msg_dict.get("author_id"))
        if author and author.company_id not in (company, self.env["res.company"]):
            author = author.browse()
        partner = author or self.env["res.partner"].browse(values.get("partner_id"))
        values.update(
            name="/",  # else core would take the subject
            subject=(msg_dict.get("subject") or "").strip() or self.env._("(no subject)"),
            description=self._prepare_description(msg_dict.get("body")),
            channel="email",
            company_id=company.id,
            email_cc=self._keep_own_copies(partner, msg_dict),
        )
        if partner:
            values["partner_id"] = partner.id
            if not values.get("unit_id") and (unit := self._find_unit_in_mail(msg_dict, partner, company)):
                values["unit_id"] = unit.id
        elif not values.get("is_unverified"):
            values["contact_name"] = parse_contact_from_email(msg_dict.get("email_from"))[0]
        ticket = super(AfterSalesTicket, self.with_company(company)).message_new(
            msg_dict, custom_values=values
        )
        ticket._subscribe_customer()
        return ticket

    @api.model
    def _find_unit_in_mail(self, msg_dict, partner, company):
        """The sender's own unit whose serial he writes in the subject or in the mail, when it is but one."""
        text = html2plaintext((msg_dict.get("body") or "")[:MAX_DESCRIPTION])
        Unit_sudo = self.env["after.sales.unit"].sudo()  # the gateway sees all units
        found = Unit_sudo._find_in_text(f"{msg_dict.get('subject') or ''} {text}", partner, company)
        return found.sudo(False)

    def _subscribe_customer(self):
        """He follows his new call, with what core would look up given: he is known, and who else may follow already."""
        self.ensure_one()
        customer = self.partner_id.filtered("active")
        if customer:
            self.env["mail.followers"]._insert_followers(
                self._name,
                self.ids,
                customer.ids,
                customer_ids=customer.filtered("partner_share").ids,
                check_existing=bool(self.user_id),
            )

    @api.model
    def _prepare_description(self, body):
        """The mail as description; of one that is too long its beginning, as plain text."""
        if not body or len(body) <= MAX_DESCRIPTION:
            return body
        return plaintext2html(html2plaintext(body[:MAX_DESCRIPTION]))

    def message_update(self, msg_dict, update_vals=None):
        """Who was copied in is written to only when he belongs to the customer."""
        own = self._keep_own_copies(self.partner_id, msg_dict)
        return super().message_update(dict(msg_dict, cc=own), update_vals=update_vals)

    @api.model
    def _keep_own_copies(self, partner, msg_dict):
        """Return who may be answered in copy; nobody else is proposed for an answer to this mail either."""
        for name in ("cc_filtered", "to_filtered"):
            if msg_dict.get(name):
                msg_dict[name] = self._get_own_copies(partner, msg_dict[name])
        return self._get_own_copies(partner, msg_dict.get("cc"))

    @api.model
    def _get_own_copies(self, partner, addresses):
        """Of the addresses in copy those of the customer's own people: answers go to nobody else (D44)."""
        copies = self._mail_cc_sanitized_raw_dict(addresses)
        copies.pop(False, None)
        if not copies or not partner:
            return ""
        customer = partner.commercial_partner_id
        contacts = self.env["res.partner"].sudo()  # the gateway sees all contacts
        found = contacts.search(
            [("commercial_partner_id", "=", customer.id), ("email_normalized", "in", list(copies))]
        )
        known = set(found.mapped("email_normalized"))
        return ", ".join(
            text
            for address, text in copies.items()
            if address in known or (customer.is_company and is_same_house(address, customer.email or ""))
        )

    # The customer writes --------------------------------------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_values):
        """The first answer that a person of ours writes stops its clock; a customer's word wakes a finished call."""
        if self._is_answer(message):
            self._stop_clocks(("response",), message.date)
        elif self._is_from_customer(message, msg_values):
            self._after_customer_message(message)
        return super()._message_post_after_hook(message, msg_values)

    def _is_from_customer(self, message, msg_values):
        # sudo: users are nobody else's to read; who left us is no customer
        author_sudo = message.author_id.sudo().with_context(active_test=False)
        return (
            message.message_type in ("comment", "email")
            and self._is_comment(message)
            and not msg_values.get("rating_id")
            and bool(author_sudo or message.email_from)
            and not author_sudo.user_ids.filtered(lambda user: not user.share)
        )

    def _after_customer_message(self, message):
        """Within the grace period the call is open again; later what he writes on the old page is a call of its own."""
        self.ensure_one()
        ticket_sudo = self.sudo()  # a portal user may write on his call, the flow goes on by itself
        if ticket_sudo.state in self._get_open_states():
            return
        if ticket_sudo._is_in_grace():
            ticket_sudo._reopen()
        elif ticket_sudo._get_final() == ticket_sudo:
            ticket_sudo.create(
                dict(
                    ticket_sudo._prepare_follow_up_vals(),
                    subject=ticket_sudo.subject,
                    description=self._prepare_description(message.body),
                    channel="portal",
                )
            )
