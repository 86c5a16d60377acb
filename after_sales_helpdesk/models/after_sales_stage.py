from odoo import api, fields, models
from odoo.tools import ormcache

STATES = [
    ("registered", "Registered"),
    ("checked", "Coverage Checked"),
    ("quoted", "Quoted"),
    ("authorised", "Authorised"),
    ("planned", "Planned"),
    ("done", "Done"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
"""The flow of a call, in order; a stage is a company's own step inside one of them."""


class AfterSalesStage(models.Model):
    _name = "after.sales.stage"
    _description = "Call Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        STATES,
        required=True,
        default="registered",
        help="What the stage means to the flow: checks, clocks and figures follow it, whatever the stage is called.",
    )
    fold = fields.Boolean(string="Folded in Kanban")
    team_ids = fields.Many2many("after.sales.team", string="Teams", help="Empty: a stage of every team.")
    template_id = fields.Many2one(
        "mail.template",
        string="Notice to the Customer",
        domain="[('model', '=', 'after.sales.ticket')]",
        help="Sent when a call reaches this stage.",
    )
    description = fields.Html(
        string="Guidance", translate=True, help="Shown to the operator while a call is here."
    )

    @api.model
    @ormcache("team_ids")
    def _get_ids_of_teams(self, team_ids):
        """The stages of these teams, in order, and those of every team: each step of each call asks for them."""
        # sudo: which stages there are is no secret, and the answer is kept for everybody
        stages_sudo = self.sudo().with_context(active_test=True)
        return tuple(stages_sudo.search([("team_ids", "in", [False, *team_ids])]).ids)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if not {"active", "sequence", "team_ids"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
