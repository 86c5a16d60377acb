from odoo import api, fields, models

from ..tools.age import BANDS, OLD


class AfterSalesBacklog(models.Model):
    """Open calls at the end of a day: the state of a past day cannot be read back from today's calls."""

    _name = "after.sales.backlog"
    _description = "Open Calls by Day"
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Date(required=True, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    team_id = fields.Many2one("after.sales.team", index="btree_not_null", ondelete="cascade")
    age_band = fields.Selection("_selection_age_band", string="Age", required=True)
    open_count = fields.Integer(string="Open Calls", required=True)
    old_count = fields.Integer(string="Open for More Than 30 Days", required=True)

    @api.model
    def _selection_age_band(self):
        return self.env["after.sales.ticket.fact"]._fields["age_band"]._description_selection(self.env)

    @api.model
    def _take(self):
        """Count the open calls of today, in place of an earlier count of the same day."""
        today = fields.Date.context_today(self)
        self.search([("date", "=", today)]).unlink()
        return self.create(
            [
                {
                    "date": today,
                    "company_id": company.id,
                    "team_id": team.id,
                    "age_band": age_band or BANDS[0][0],
                    "open_count": count,
                    "old_count": count if age_band == OLD else 0,
                }
                for company, team, age_band, count in self.env["after.sales.ticket.fact"]._read_group(
                    [("is_open", "=", True)], ["company_id", "team_id", "age_band"], ["__count"]
                )
            ]
        )
