from odoo import api, fields, models


class AfterSalesContractEditPlanRow(models.TransientModel):
    _name = "after.sales.contract.edit.plan.row"
    _description = "Edited Instalment of a Service Contract"

    wizard_id = fields.Many2one("after.sales.contract.edit.plan", required=True, ondelete="cascade")
    instalment_id = fields.Many2one(
        "after.sales.contract.instalment", required=True, ondelete="cascade", readonly=True
    )
    line_id = fields.Many2one(related="instalment_id.line_id", string="Price")
    currency_id = fields.Many2one(related="instalment_id.currency_id")
    date_from = fields.Date(related="instalment_id.date_from")
    date_to = fields.Date(related="instalment_id.date_to")
    date_due = fields.Date("Due", required=True)
    amount = fields.Monetary(required=True)
    is_changed = fields.Boolean(compute="_compute_is_changed")

    @api.depends("date_due", "amount", "instalment_id")
    def _compute_is_changed(self):
        for row in self:
            before = row.instalment_id
            row.is_changed = row.date_due != before.date_due or bool(
                row.currency_id.compare_amounts(row.amount, before.amount)
            )
