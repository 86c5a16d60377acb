from odoo import api, fields, models


class AfterSalesInterventionSign(models.TransientModel):
    """The customer reads what was done and signs the work report on the technician's screen."""

    _name = "after.sales.intervention.sign"
    _description = "Sign an Intervention"

    intervention_id = fields.Many2one("after.sales.intervention", required=True, readonly=True)
    work_done = fields.Text(related="intervention_id.work_done")
    summary = fields.Html(compute="_compute_summary")
    signed_by = fields.Char(
        "Name", compute="_compute_signed_by", store=True, readonly=False, precompute=True, required=True
    )
    signature = fields.Image(required=True, max_width=1024, max_height=1024)

    @api.depends("intervention_id")
    def _compute_summary(self):
        """Parts, times and who pays, as on the report and like it in the customer's language."""
        for wizard in self:
            visit = wizard.intervention_id._get_report_record()
            wizard.summary = visit.env["ir.qweb"]._render(
                "after_sales_helpdesk.intervention_sign_summary", {"o": visit}
            )

    @api.depends("intervention_id")
    def _compute_signed_by(self):
        for wizard in self:
            wizard.signed_by = wizard.signed_by or wizard.intervention_id._get_signer_name()

    def action_confirm(self):
        self.ensure_one()
        self.intervention_id.check_access("write")
        self.intervention_id._sign(self.signature, self.signed_by)
        return {"type": "ir.actions.act_window_close"}
