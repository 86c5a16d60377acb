import ast

from odoo import api, fields, models


class AfterSalesComplaintTeam(models.Model):
    """A desk where complaints arrive: its address, its people, and what it tells the customer about recourse."""

    _name = "after.sales.complaint.team"
    _description = "Complaint Desk"
    _inherit = ["mail.alias.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Leave empty to share the desk.")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        help="Answers for every complaint of the desk that nobody else took, and hears of overdue ones.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "after_sales_complaint_team_member_rel",
        "team_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False)]",
    )
    appeal_user_id = fields.Many2one(
        "res.users",
        string="Appeals Go To",
        domain="[('share', '=', False)]",
        help="Looks at contested decisions. Whoever took part in the first decision is passed over.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Calendar",
        check_company=True,
        help="Counts working days. Empty: the company's calendar.",
    )
    auto_acknowledge = fields.Boolean(
        string="Acknowledge at Once",
        default=True,
        help="Complaints that arrive by e-mail or on the portal are acknowledged the moment they are registered.",
    )
    appeal_days = fields.Integer(
        string="Days to Contest",
        default=30,
        help="Calendar days after the answer in which it can be contested.",
    )
    external_recourse = fields.Html(
        translate=True,
        help="Bodies outside the company to which the customer can turn; printed in the letter.",
    )
    complaint_ids = fields.One2many("after.sales.complaint", "team_id")
    open_count = fields.Integer(compute="_compute_open_count")

    _appeal_days_positive = models.Constraint(
        "CHECK (appeal_days >= 0)", "Days to contest cannot be negative."
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_count(self):
        counts = dict(
            self.env["after.sales.complaint"]._read_group(
                [("team_id", "in", self.ids), ("is_open", "=", True)], ["team_id"], ["__count"]
            )
        )
        for team in self:
            team.open_count = counts.get(team, 0)

    def _get_default(self, company):
        """The first desk of the company, or else a shared one."""
        return self.search([("company_id", "=", company.id)], limit=1) or self.search(
            [("company_id", "=", False)], limit=1
        )

    def action_open_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_complaint.after_sales_complaint_action"
        )
        action["domain"] = [("team_id", "=", self.id)]
        action["context"] = {"default_team_id": self.id, "search_default_open": 1}
        return action

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("after.sales.complaint")
        if self.id:
            values["alias_defaults"] = defaults = ast.literal_eval(self.alias_defaults or "{}")
            defaults["team_id"] = self.id
            if self.company_id:
                defaults["company_id"] = self.company_id.id
        return values
