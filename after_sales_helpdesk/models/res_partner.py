from odoo import api, fields, models
from odoo.fields import Domain

SUFFIX = 8
"""Digits that tell two subscribers apart when a number cannot be read in full."""


class ResPartner(models.Model):
    _inherit = "res.partner"

    phone_sanitized = fields.Char(index="btree_not_null")
    after_sales_ticket_count = fields.Integer(
        string="Calls", compute="_compute_after_sales_ticket_count", compute_sudo=False
    )
    after_sales_intervention_count = fields.Integer(
        string="Interventions", compute="_compute_after_sales_intervention_count", compute_sudo=False
    )

    def _compute_after_sales_ticket_count(self):
        """Calls of the whole company the contact belongs to."""
        companies = self.commercial_partner_id
        groups = self.env["after.sales.ticket"]._read_group(
            [("commercial_partner_id", "in", companies.ids)], ["commercial_partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.after_sales_ticket_count = counts.get(partner.commercial_partner_id.id, 0)

    def action_view_after_sales_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_ticket_action"
        )
        action["domain"] = [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    def _compute_after_sales_intervention_count(self):
        """Visits to the whole company the contact belongs to; a technician counts his own only."""
        groups = self.env["after.sales.intervention"]._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
            ["commercial_partner_id"],
            ["__count"],
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.after_sales_intervention_count = counts.get(partner.commercial_partner_id.id, 0)

    def action_view_after_sales_interventions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_intervention_action"
        )
        action["domain"] = [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    @api.model
    def _get_callers(self, number, company):
        """Return who may be calling from the number, however either side spelled it.

        The number is read as one of the company's country; one that cannot be read, or whose owner wrote only its
        local part, is searched by its last digits, which finds nobody rather than a crowd.
        """
        digits = "".join(char for char in number or "" if char.isdigit())
        if len(digits) < SUFFIX - 2:
            return self.browse()
        domain = Domain("company_id", "in", [False, company.id])
        country = company.country_id or self.env.company.country_id
        sanitized = self._phone_format(number=number, country=country)
        if sanitized:
            callers = self.search(domain & Domain("phone_sanitized", "=", sanitized))
            if callers:
                return callers
        suffix = "%" + digits[-SUFFIX:]
        callers = self.search(domain & Domain("phone_sanitized", "=like", suffix), limit=2)
        if not callers:
            callers = self.search(domain & Domain("phone_mobile_search", "like", digits[-SUFFIX:]), limit=2)
        return callers if len(callers.commercial_partner_id) == 1 else self.browse()

    def _get_main_caller(self):
        """Return the one to register the call for: the person if there is one, nobody when it is not certain."""
        if len(self.commercial_partner_id) != 1:
            return self.browse()
        people = self.filtered(lambda partner: not partner.is_company)
        if len(people) == 1:
            return people
        return self if len(self) == 1 else self.commercial_partner_id
