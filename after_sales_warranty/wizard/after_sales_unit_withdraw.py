from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesUnitWithdraw(models.TransientModel):
    """Units are gone: lost, stolen or scrapped."""

    _name = "after.sales.unit.withdraw"
    _description = "Units Lost, Stolen or Scrapped"

    unit_ids = fields.Many2many("after.sales.unit", string="Installed Units", required=True)
    kind = fields.Selection(
        [("lost", "Lost"), ("stolen", "Stolen"), ("scrapped", "Scrapped")],
        "What Happened",
        required=True,
        default="scrapped",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char(required=True)

    def action_withdraw(self):
        self.ensure_one()
        self.unit_ids.check_access("write")
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._("What has not happened yet cannot be reported: the date is in the future.")
            )
        for unit in self.unit_ids.filtered(lambda u: u.state == "ended"):
            raise UserError(self.env._("%s is no longer in service.", unit.display_name))
        labels = dict(self._fields["kind"]._description_selection(self.env))
        self.unit_ids._withdraw(self.kind, self.date, f"{labels[self.kind]}: {self.reason}")
        return {"type": "ir.actions.act_window_close"}
