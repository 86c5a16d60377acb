from odoo import api, fields, models


class AfterSalesTimeBandLine(models.Model):
    _name = "after.sales.time.band.line"
    _description = "Hours of a Time Band"
    _order = "holiday, dayofweek, hour_from, id"

    band_id = fields.Many2one("after.sales.time.band", required=True, index=True, ondelete="cascade")
    dayofweek = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        "Day of Week",
        help="Empty: every day.",
    )
    hour_from = fields.Float("From", required=True)
    hour_to = fields.Float("To", required=True, default=24.0)
    holiday = fields.Boolean(
        "Holidays", help="These hours hold on days off of the working calendar, whatever weekday."
    )

    _hours_ordered = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < hour_to AND hour_to <= 24)",
        "Hours of a band run from an earlier to a later time of the same day.",
    )

    @api.constrains("band_id", "dayofweek", "hour_from", "hour_to", "holiday")
    def _check_overlap(self):
        self.band_id._check_overlap()
