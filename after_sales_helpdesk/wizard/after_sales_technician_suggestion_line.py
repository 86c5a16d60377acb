from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesTechnicianSuggestionLine(models.TransientModel):
    _name = "after.sales.technician.suggestion.line"
    _description = "Suggested Technician"
    _order = "score desc, id"

    suggestion_id = fields.Many2one("after.sales.technician.suggestion", required=True, ondelete="cascade")
    technician_id = fields.Many2one("resource.resource", required=True, ondelete="cascade")
    score = fields.Float(string="Fit", digits=(5, 1))
    is_free = fields.Boolean(string="Free")
    date_free = fields.Datetime(string="Next Free", help="When he can go next; empty: not within two weeks.")
    distance_km = fields.Float(string="Distance (km)", digits=(8, 1))
    is_distance_known = fields.Boolean(string="Distance Known")
    visit_count = fields.Integer(string="Visits to the Customer")
    reason = fields.Char(string="Remarks")

    def action_choose(self):
        """Open a new intervention of this technician when he is free next, which is at that time where he is free then."""
        self.ensure_one()
        wizard = self.suggestion_id
        if not wizard.ticket_id:
            raise UserError(self.env._("The call is gone: open it again."))
        action = wizard.ticket_id.action_plan()
        action["context"] = dict(
            action["context"],
            default_technician_ids=self.technician_id.ids,
            default_technician_id=self.technician_id.id,
            default_date_start=fields.Datetime.to_string(self.date_free or wizard.date_start),
        )
        return action
