from odoo import fields, models
from odoo.fields import Domain


class AfterSalesUnit(models.Model):
    """All cards of some units in one print, and the policy that they name: what was promised when they were sold."""

    _name = "after.sales.unit"
    _inherit = ["after.sales.unit", "after.sales.card.source"]

    def _get_after_sales_unit_domain(self):
        return Domain("id", "in", self.ids)

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Warranty cards %s", self.display_name)

    def _get_policy_day(self):
        """The day whose policy holds: when the unit was handed over."""
        self.ensure_one()
        return self.delivery_date or fields.Date.context_today(self)

    def _get_policy_url(self):
        """The public address of the policy that held when the unit was sold, else of today's; or False."""
        self.ensure_one()
        # Who may see the unit, its owner included, may know what is public anyway.
        policy_sudo = self.env["after.sales.policy"].sudo()
        country = self.partner_id.sudo().commercial_partner_id.country_id or self.company_id.sudo().country_id
        today = fields.Date.context_today(self)
        for day in (min(self._get_policy_day(), today), today):
            found_sudo = policy_sudo._get_policy(self.company_id, country, day)
            if found_sudo:
                return found_sudo._get_url(day)
        return False
