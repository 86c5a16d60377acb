from odoo import api, fields, models

STAFF = "after_sales_warranty.group_after_sales_technician"
AGENTS = "after_sales_warranty.group_after_sales_agent"


class AfterSalesUnit(models.Model):
    """Who registered a unit, and whom to warn when it is unsafe."""

    _inherit = "after.sales.unit"

    registration_ids = fields.One2many("after.sales.registration", "unit_id", "Registrations", groups=STAFF)
    registration_count = fields.Integer(compute="_compute_registration_count", groups=STAFF)
    safety_contact_ids = fields.One2many("after.sales.safety.contact", "unit_id", groups=AGENTS)

    def _get_registration_domain(self):
        return ["|", ("unit_id", "in", self.ids), ("candidate_id", "in", self.ids)]

    def _compute_registration_count(self):
        registrations = self.env["after.sales.registration"].search_fetch(
            self._get_registration_domain(), ["unit_id", "candidate_id"]
        )
        for unit in self:
            unit.registration_count = len(
                registrations.filtered(lambda r, u=unit._origin: u in (r.unit_id, r.candidate_id))
            )

    def action_view_registrations(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_registration_action"
        )
        return {**action, "domain": self._get_registration_domain(), "context": {}}

    def _record_new_owner(self, owners):
        """The old owner's registration is over, and his safety contact is not the new owner's."""
        res = super()._record_new_owner(owners)
        # Whoever changes the owner need not read registrations or safety contacts.
        units_sudo = self.sudo().filtered(
            lambda unit: owners[unit].commercial_partner_id != unit.commercial_partner_id
        )
        units_sudo._drop_safety_contacts()
        units_sudo.access_token = False  # the links of the old owner end with his ownership
        former_sudo = units_sudo.registration_ids.filtered(
            lambda r: r.state == "confirmed" and r.commercial_partner_id != r.unit_id.commercial_partner_id
        )
        former_sudo.state = "ended"
        # The index on standing registrations must see the old one go before the new one comes.
        former_sudo.flush_recordset(["state"])
        return res

    def _end(self, reason, custody=None):
        res = super()._end(reason, custody=custody)
        self._drop_safety_contacts()
        return res

    def _drop_safety_contacts(self):
        # Contact data without a purpose are deleted, whoever ends the purpose.
        self.sudo().safety_contact_ids.unlink()

    def _get_safety_emails(self):
        """``{unit: e-mail address}`` of the units whose owner named one for recalls. For recalls only."""
        # The addresses are read by recalls, not by the person who sends them.
        contacts_sudo = (
            self.env["after.sales.safety.contact"]
            .sudo()
            .search_fetch([("unit_id", "in", self.ids), ("email", "!=", False)], ["unit_id", "email"])
        )
        return {
            contact.unit_id.with_env(self.env): contact.email for contact in contacts_sudo if contact.email
        }

    def _set_safety_contact(self, vals):
        """Keep ``vals`` (name, email, phone) as the safety contact of the unit; empty: forget it."""
        self.ensure_one()
        self._drop_safety_contacts()
        if vals:
            # The owner has no access to the list of safety contacts, only to his own through his unit.
            self.env["after.sales.safety.contact"].sudo().create(
                {**vals, "unit_id": self.id, "company_id": self.company_id.id}
            )

    @api.model
    def _get_reviewer(self, company):
        """Whom to ask to look at what a customer sent: an agent of the company."""
        # Customers and visitors cannot read users.
        agents_sudo = (
            self.env.ref(AGENTS)
            .sudo()
            .all_user_ids.filtered(lambda user: not user.share and company in user.company_ids)
        )
        managers_sudo = agents_sudo.filtered(
            lambda user: user.has_group("after_sales_warranty.group_after_sales_manager")
        )
        return (agents_sudo - managers_sudo or managers_sudo).sorted("id")[-1:]
