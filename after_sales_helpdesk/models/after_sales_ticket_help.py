from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.mail import email_normalize, parse_contact_from_email

SHOWN = 5
"""Similar calls that are named on the form; the button opens all of them."""


class AfterSalesTicket(models.Model):
    """Beside the call: templates, what is still to be asked, similar calls, guidance, and the caller as a contact."""

    _inherit = "after.sales.ticket"

    template_id = fields.Many2one(
        "after.sales.ticket.template",
        check_company=True,
        index="btree_not_null",
        help="Fills what is empty with what calls of this kind have in common.",
    )
    contact_name = fields.Char(
        string="Name of the Caller", help="A caller we do not know becomes a contact of this name."
    )
    missing_data = fields.Char(string="Still to Ask", compute="_compute_missing_data")
    similar_count = fields.Integer(string="Other Open Calls", compute="_compute_similar")
    similar_ids = fields.Many2many(
        "after.sales.ticket", string="Similar Open Calls", compute="_compute_similar"
    )
    guidance_ids = fields.Many2many(
        "after.sales.guidance",
        string="Guidance for Operators",
        compute="_compute_guidance_ids",
        groups="base.group_user",
    )
    procedure = fields.Html(
        related="service_id.approved_procedure", string="Procedure", groups="base.group_user"
    )
    procedure_version = fields.Integer(related="service_id.procedure_version", groups="base.group_user")
    product_document_count = fields.Integer(
        string="Product Documents", compute="_compute_product_document_count", groups="base.group_user"
    )

    # Template -------------------------------------------------------------------------------------------------------

    @api.depends("template_id")
    def _compute_from_template(self):
        """What is written already stays."""
        for ticket in self:
            template = ticket.template_id
            ticket.subject = ticket.subject or template.subject
            ticket.service_id = ticket.service_id or template.service_id
            ticket.fault_id = ticket.fault_id or template.fault_id
            if not ticket._has_description():
                ticket.description = template.description or ticket.description

    def _has_description(self):
        """Whether somebody wrote what it is about: the questions of the template are no answer yet."""
        words = html2plaintext(self.description or "").split()
        return bool(words) and words not in self.template_id._get_questions()

    # What is missing ------------------------------------------------------------------------------------------------

    @api.depends(
        "template_id",
        "service_id",
        "unit_id",
        "product_id",
        "fault_id",
        "site_id",
        "partner_id",
        "contact_phone",
        "contact_email",
        "description",
        "message_ids",
    )
    def _compute_missing_data(self):
        for ticket, rows in self._get_missing_rows().items():
            ticket.missing_data = rows._get_words()

    def _get_missing_rows(self):
        """What is still to ask of each call ({call: requirements}): what every call needs, then what its service does."""
        # sudo: whoever looks, what is known of the call is the same
        requirement_sudo = self.env["after.sales.service.requirement"].sudo()
        of_all = requirement_sudo.search([("service_id", "=", False)])
        return {
            ticket: (of_all | ticket.sudo().service_id.requirement_ids)._get_missing(ticket.sudo())
            for ticket in self
        }

    # Similar calls --------------------------------------------------------------------------------------------------

    @api.depends("unit_id", "commercial_partner_id")
    def _compute_similar(self):
        for ticket in self:
            domain = ticket._get_similar_domain()
            shown = self.search(domain, limit=SHOWN)
            ticket.similar_ids = shown
            ticket.similar_count = len(shown) if len(shown) < SHOWN else self.search_count(domain)

    def _get_similar_domain(self):
        """Other open calls of the same customer; when the unit is known, about it or about no unit yet."""
        self.ensure_one()
        others = Domain("id", "!=", self._origin.id) & Domain("state", "in", self._get_open_states())
        customer = self.commercial_partner_id._origin
        of_customer = Domain("commercial_partner_id", "=", customer.id) if customer else Domain.FALSE
        if self.unit_id:
            of_customer &= Domain("unit_id", "=", False)
            return list(others & (Domain("unit_id", "=", self.unit_id._origin.id) | of_customer))
        return list(others & of_customer)

    def action_view_similar(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_ticket_action"
        )
        return dict(action, domain=self._get_similar_domain(), context={"create": False})

    # Guidance -------------------------------------------------------------------------------------------------------

    @api.depends("product_id", "service_id", "fault_id", "company_id")
    def _compute_guidance_ids(self):
        for ticket in self:
            ticket.guidance_ids = self.env["after.sales.guidance"]._get_for(ticket)

    @api.depends("product_id")
    def _compute_product_document_count(self):
        for ticket in self:
            domain = ticket._get_product_document_domain()
            ticket.product_document_count = (
                self.env["product.document"].search_count(domain) if ticket.product_id else 0
            )

    def _get_product_document_domain(self):
        self.ensure_one()
        product = self.product_id
        return [
            "|",
            "&",
            ("res_model", "=", "product.product"),
            ("res_id", "=", product.id),
            "&",
            ("res_model", "=", "product.template"),
            ("res_id", "=", product.product_tmpl_id.id),
        ]

    def action_view_product_documents(self):
        """Manuals, drawings and data sheets of the product of the call (HD-41)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Product Documents"),
            "res_model": "product.document",
            "view_mode": "kanban,list",
            "domain": self._get_product_document_domain(),
            "context": {"create": False},
        }

    def action_open_map(self):
        """Show the site on a map; its address and nothing else leaves the house."""
        self.ensure_one()
        return self.site_id._get_after_sales_map_action()

    @api.model
    def _get_new_call_action(self, partner, units):
        """The form of a new call of the customer, about the unit if there is just one."""
        unit = units if len(units) == 1 else units.browse()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Call"),
            "res_model": "after.sales.ticket",
            "view_mode": "form",
            "context": {"default_partner_id": partner.id, "default_unit_id": unit.id},
        }

    # The caller -----------------------------------------------------------------------------------------------------

    def _after_intake(self):
        """What follows from a call that was just registered: its caller is known, somebody answers for it."""
        callers = self.filtered(lambda t: t.contact_name and not t.partner_id and t.channel != "email")
        callers._make_contacts()
        templates = self.filtered(lambda t: t.template_id.priority)
        for priority, tickets in templates.grouped(lambda t: t.template_id.priority).items():
            tickets.priority = priority
        free = self.filtered(lambda t: not t.user_id and t.team_id.assignment not in (False, "manual"))
        for team, tickets in free.grouped("team_id").items():
            team._assign(tickets)

    def action_make_contact(self):
        """Make the caller or the sender of the mail a customer, or take the one who has his address already."""
        self.check_access("write")
        self._make_contacts()

    def _make_contacts(self):
        """A number that several customers share names none of them: then a person chooses."""
        for ticket in self.filtered(
            lambda t: not t.partner_id and len(t.caller_ids.commercial_partner_id) < 2
        ):
            ticket.partner_id = ticket.caller_ids._get_main_caller() or ticket._find_or_make_contact()

    def _find_or_make_contact(self):
        self.ensure_one()
        contacts_sudo = self.env["res.partner"].sudo()  # who takes a call need not be a contact manager
        name, email = parse_contact_from_email(self.contact_email or "")
        if email:
            mine = [
                ("email_normalized", "=", email_normalize(email)),
                ("company_id", "in", [False, self.company_id.id]),
            ]
            found = contacts_sudo.search(mine, limit=2)
            if len(found) == 1:
                if name and found.name == found.email:  # made by writing to a bare address
                    found.name = self.contact_name or name
                return found
        name = self.contact_name or name or email or self.contact_phone
        if not name:
            return contacts_sudo
        return contacts_sudo.create(
            {
                "name": name,
                "email": email,
                "phone": self.contact_phone,
                "company_id": self.company_id.id,
                "country_id": self.company_id.country_id.id,
                "lang": self.company_id.partner_id.lang or self.env.lang,
            }
        )
