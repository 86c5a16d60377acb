from odoo import api, fields, models
from odoo.tools import ormcache

from odoo.addons.after_sales_contract.models.after_sales_service_level import PRIORITIES


class AfterSalesServiceLevelRule(models.Model):
    """Which service level a call gets by customer, team, service and priority; the first row that fits decides.

    A contract's own service level comes before all rows.
    """

    _name = "after.sales.service.level.rule"
    _description = "Service-Level Policy"
    _order = "sequence, id"
    _rec_name = "service_level_id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", check_company=True, ondelete="cascade"
    )
    team_id = fields.Many2one(
        "after.sales.team", index="btree_not_null", check_company=True, ondelete="cascade"
    )
    service_id = fields.Many2one(
        "after.sales.service", index="btree_not_null", check_company=True, ondelete="cascade"
    )
    priority = fields.Selection(PRIORITIES, help="Only for calls of this priority.")
    service_level_id = fields.Many2one("after.sales.service.level", required=True, ondelete="cascade")

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache()
    def _get_rule_ids(self):
        """Rows of all companies in order: every call asks, and there are few of them."""
        return tuple(self.sudo().search([])._ids)

    @api.model
    def _find_levels(self, tickets, with_priority=False):
        """{call: service level} of the calls for which a row fits; the rows are read once."""
        rules = self.sudo().browse(self._get_rule_ids())  # the policy holds for whoever registers the call
        if not with_priority:
            rules = rules.filtered(lambda rule: not rule.priority)
        found = {}
        for ticket in tickets if rules else ():
            fitting = rules.filtered(lambda rule, t=ticket: rule._fits(t, with_priority))[:1]
            if fitting:
                found[ticket] = fitting.service_level_id
        return found

    def _fits(self, ticket, with_priority=False):
        """Whether every condition of the row holds; the customer stands for his whole company."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        return (
            self.company_id in (ticket.company_id, self.env["res.company"])
            and (not customer or customer._origin == ticket.partner_id.commercial_partner_id._origin)
            and (not self.team_id or self.team_id == ticket.team_id._origin)
            and (not self.service_id or self.service_id == ticket.service_id._origin)
            and (not with_priority or not self.priority or self.priority == ticket.priority)
        )
