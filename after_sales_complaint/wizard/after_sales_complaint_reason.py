from odoo import fields, models


class AfterSalesComplaintReason(models.TransientModel):
    """The turns a complaint takes only with a reason: contested, reopened, withdrawn."""

    _name = "after.sales.complaint.reason"
    _description = "Reason"

    complaint_id = fields.Many2one("after.sales.complaint", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("contest", "The customer contests the decision"),
            ("reopen", "Reopen"),
            ("withdraw", "The customer withdraws the complaint"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.complaint_id.check_access("write")
        getattr(self.complaint_id, f"_{self.kind}")(self.reason)
        return {"type": "ir.actions.act_window_close"}
