from odoo import fields, models

from ..tools import warranty as rules


class AfterSalesWarrantyEvent(models.Model):
    """One dated cause in the life of a warranty. The end of the warranty is what they add up to."""

    _name = "after.sales.warranty.event"
    _description = "Warranty Event"
    _order = "date, id"

    warranty_id = fields.Many2one("after.sales.warranty", required=True, index=True, ondelete="cascade")
    unit_id = fields.Many2one(related="warranty_id.unit_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="warranty_id.company_id", store=True, index=True, precompute=True)
    kind = fields.Selection(
        [
            ("start", "Start"),
            ("suspension", "Out of Use"),
            ("extension", "Extension"),
            ("repair", "Repair"),
            ("replacement", "Replacement"),
            ("waiver", "Waiver"),
            ("void", "Loss of Cover"),
            ("transfer", "New Owner"),
        ],
        "Event",
        required=True,
    )
    active = fields.Boolean(
        default=True, help="Off: recorded by mistake or no longer true; it does not count."
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="Last day out of use. Empty while the unit is still out of use.")
    days = fields.Integer()
    months = fields.Integer()
    reason = fields.Char()
    res_model = fields.Char("Source Model", readonly=True)
    res_id = fields.Many2oneReference("Source", model_field="res_model", readonly=True)
    user_id = fields.Many2one("res.users", "Recorded By", default=lambda self: self.env.user, readonly=True)

    _start_uniq = models.UniqueIndex("(warranty_id) WHERE kind = 'start'", "A warranty starts once.")
    _dates_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date)", "An event cannot end before it begins."
    )
    _period_positive = models.Constraint(
        "CHECK (days >= 0 AND months >= 0)", "An event never takes time away."
    )

    def _as_event(self):
        self.ensure_one()
        return rules.Event(self.kind, self.date, self.date_to or None, self.days, self.months)
