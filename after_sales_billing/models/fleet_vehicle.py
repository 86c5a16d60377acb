from odoo import fields, models


class FleetVehicle(models.Model):
    _inherit = "fleet.vehicle"

    after_sales_km_cost = fields.Float(
        "Cost per km",
        digits=(16, 4),  # official tables of costs per km have four
        help="What a kilometre of a service trip costs us with this vehicle.",
    )
    after_sales_trip_count = fields.Integer("Trips", compute="_compute_after_sales_trip_count")

    def _compute_after_sales_trip_count(self):
        counts = dict(
            self.env["after.sales.trip"]._read_group(
                [("vehicle_id", "in", self.ids), ("state", "!=", "cancelled")], ["vehicle_id"], ["__count"]
            )
        )
        for vehicle in self:
            vehicle.after_sales_trip_count = counts.get(vehicle, 0)

    def action_view_after_sales_trips(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("after_sales_billing.after_sales_trip_action")
        action.update({"domain": [("vehicle_id", "=", self.id)], "context": {"default_vehicle_id": self.id}})
        return action
