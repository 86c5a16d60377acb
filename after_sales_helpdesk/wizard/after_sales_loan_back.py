from odoo import fields, models


class AfterSalesLoanBack(models.TransientModel):
    """A loaner is home: in which condition."""

    _name = "after.sales.loan.back"
    _description = "Take Back a Loaner"

    loan_id = fields.Many2one(
        "after.sales.loan",
        "Loaner",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    accessories = fields.Char(related="loan_id.accessories")
    condition = fields.Char("Condition on Return", required=True)

    def action_come_back(self):
        self.ensure_one()
        self.loan_id.condition = self.condition
        self.loan_id.action_come_back()
        return {"type": "ir.actions.act_window_close"}
