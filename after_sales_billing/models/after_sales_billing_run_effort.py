from odoo import fields, models


class AfterSalesBillingRun(models.Model):
    """What a run took: its time, and how many of its documents needed a hand (BI-22)."""

    _inherit = "after.sales.billing.run"

    date_opened = fields.Datetime("Opened On", default=fields.Datetime.now, readonly=True, copy=False)
    date_done = fields.Datetime("Billed On", readonly=True, copy=False)
    minutes = fields.Float(
        compute="_compute_effort", help="From the opening of the run to its last invoice, its check included."
    )
    minutes_per_document = fields.Float("Minutes per Document", compute="_compute_effort")
    hand_count = fields.Integer(
        "Needed a Hand",
        compute="_compute_effort",
        help="Documents held up, not posted as they should, changed in their amounts, deleted, cancelled or credited.",
    )
    hand_rate = fields.Float("Needed a Hand (%)", compute="_compute_effort")
    days_to_invoice = fields.Float(
        "Days to Invoice",
        compute="_compute_effort",
        help="From the last day of work on an invoice to its date; the mean of those that are posted.",
    )

    def _compute_effort(self):
        """The figures of today: a credit note or a repair changes them long after the run."""
        rows = self.env["after.sales.billing.effort"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id"],
            ["minutes:sum", "__count", "by_hand:sum", "hand_rate:avg", "days_to_invoice:avg"],
        )
        effort = {run.id: rest for run, *rest in rows}
        for run in self:
            minutes, documents, by_hand, hand_rate, days = effort.get(run._origin.id, (0.0, 0, 0, 0.0, 0.0))
            run.minutes = minutes
            run.minutes_per_document = minutes / documents if documents else 0.0
            run.hand_count = by_hand
            run.hand_rate = hand_rate
            run.days_to_invoice = days or 0.0

    def _finish(self):
        running = self.filtered(lambda run: run.state == "running")
        result = super()._finish()
        running.filtered(lambda run: run.state == "done").date_done = fields.Datetime.now()
        return result

    def action_view_effort(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_billing.after_sales_billing_effort_action"
        )
        action.update(
            {"domain": [("run_id", "in", self.ids)], "context": {}, "view_mode": "list,pivot,graph"}
        )
        action["views"] = [(False, mode) for mode in action["view_mode"].split(",")]
        return action
