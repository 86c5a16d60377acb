import ast

from odoo import api, fields, models


class AfterSalesTeam(models.Model):
    _name = "after.sales.team"
    _inherit = ["mail.alias.mixin", "mail.thread"]
    _description = "After-Sales Team"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", string="Team Leader", check_company=True, domain="[('share', '=', False)]"
    )
    member_ids = fields.Many2many(
        "res.users", string="Members", check_company=True, domain="[('share', '=', False)]"
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        check_company=True,
        help="Service-level clocks run in these hours unless the contract names others; empty: the company's hours.",
    )
    service_level_id = fields.Many2one("after.sales.service.level", help="For customers without a contract.")
    rating_request = fields.Boolean(
        string="Ask for a Rating", default=True, help="Ask the customer for a rating when a call is closed."
    )
    alias_id = fields.Many2one(help="Mail to this address opens a call of the team.")
    ticket_ids = fields.One2many("after.sales.ticket", "team_id", string="Calls")

    open_count = fields.Integer(compute="_compute_ticket_counts")
    unassigned_count = fields.Integer(compute="_compute_ticket_counts")
    late_count = fields.Integer(compute="_compute_ticket_counts")

    def _compute_ticket_counts(self):
        Ticket = self.env["after.sales.ticket"]
        is_open = [("team_id", "in", self.ids), ("state", "in", Ticket._get_open_states())]

        def count(*domain):
            return {
                team.id: n for team, n in Ticket._read_group(is_open + list(domain), ["team_id"], ["__count"])
            }

        everything = count()
        unassigned = count(("user_id", "=", False))
        late = count(("is_late", "=", True))
        for team in self:
            team.open_count = everything.get(team.id, 0)
            team.unassigned_count = unassigned.get(team.id, 0)
            team.late_count = late.get(team.id, 0)

    @api.model
    def _get_default_team(self, company, user=None):
        """The first team of the company, the user's own before the others."""
        teams = self.search([("company_id", "=", company.id)])
        own = teams.filtered(lambda team: user in team.member_ids) if user else teams.browse()
        return (own or teams)[:1]

    # Mail ---------------------------------------------------------------------------------------------------------

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("after.sales.ticket")
        if self.id:
            values["alias_defaults"] = defaults = ast.literal_eval(self.alias_defaults or "{}")
            defaults["team_id"] = self.id
        return values

    # Stages -------------------------------------------------------------------------------------------------------

    def _get_stages(self):
        """The stages of the team, in order; of a call without a team those that belong to every team."""
        Stage = self.env["after.sales.stage"]
        return Stage.browse(Stage._get_ids_of_teams(tuple(self.ids)))

    def unlink(self):
        """A stage that loses its last team is one of every team."""
        self.env.registry.clear_cache()
        return super().unlink()

    # Overview -----------------------------------------------------------------------------------------------------

    def action_view_open(self):
        return self._get_ticket_action({"search_default_open": 1})

    def action_view_unassigned(self):
        return self._get_ticket_action({"search_default_open": 1, "search_default_unassigned": 1})

    def action_view_late(self):
        return self._get_ticket_action({"search_default_late": 1})

    def _get_ticket_action(self, context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_ticket_action"
        )
        return dict(
            action,
            domain=[("team_id", "=", self.id)],
            context={**context, "default_team_id": self.id},
        )
