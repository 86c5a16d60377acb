from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .after_sales_complaint import CHANNELS


class AfterSalesComplaintRoute(models.Model):
    """Which desk and which person answers which complaint: the first line that fits wins."""

    _name = "after.sales.complaint.route"
    _description = "Complaint Routing Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, readonly=False, precompute=True, index=True
    )
    channel = fields.Selection(CHANNELS)
    cause_id = fields.Many2one("after.sales.complaint.cause", help="Also every cause below it.")
    categ_id = fields.Many2one(
        "product.category", string="Product Category", help="Also every category below it."
    )
    country_id = fields.Many2one("res.country")
    only_safety = fields.Boolean(string="Only with Danger to People")
    origin_team_id = fields.Many2one("after.sales.complaint.team", string="Arrived At", check_company=True)
    team_id = fields.Many2one("after.sales.complaint.team", string="Desk", check_company=True)
    user_id = fields.Many2one("res.users", string="Responsible", domain="[('share', '=', False)]")

    @api.depends("team_id", "origin_team_id")
    def _compute_company_id(self):
        for route in self:
            route.company_id = route.team_id.company_id or route.origin_team_id.company_id or route.company_id

    @api.constrains("team_id", "user_id")
    def _check_target(self):
        if any(not route.team_id and not route.user_id for route in self):
            raise ValidationError(self.env._("A routing rule needs a desk or a responsible person."))

    def _matches(self, complaint):
        self.ensure_one()
        return (
            (not self.channel or self.channel == complaint.channel)
            and (not self.cause_id or self._is_below(complaint.cause_id, self.cause_id))
            and (not self.categ_id or self._is_below(complaint.product_id.categ_id, self.categ_id))
            and (not self.country_id or self.country_id == complaint.commercial_partner_id.country_id)
            and (not self.only_safety or complaint.is_safety)
            and (not self.origin_team_id or self.origin_team_id == complaint.team_id)
        )

    @api.model
    def _is_below(self, record, ancestor):
        return bool(record) and record.parent_path.startswith(ancestor.parent_path)

    def _find(self, complaint):
        """The rule of a complaint, or an empty recordset."""
        rules = self.search([("company_id", "in", [complaint.company_id.id, False])])
        return next((rule for rule in rules if rule._matches(complaint)), self.browse())
