from odoo import fields, models


class AfterSalesSession(models.Model):
    _inherit = "after.sales.session"

    trip_ids = fields.One2many("after.sales.trip", "session_id", string="Trips")

    def _get_real_cost(self, vals, tariff_line):
        """Kilometres driven with a vehicle of ours cost what the vehicle costs."""
        if vals["kind"] == "travel_km":
            trips = self.trip_ids.filtered(lambda trip: trip.state == "done" and trip.cost)
            if trips:
                return sum(trips.mapped("cost"))
        return super()._get_real_cost(vals, tariff_line)
