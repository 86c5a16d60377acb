from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.after_sales_contract.models.groups import OFFICE

COST_READERS = f"{OFFICE},fleet.fleet_group_user"
KM_PER_MILE = 1.609344


class AfterSalesTrip(models.Model):
    """A drive to a visit: it gives the kilometres their real cost, and the vehicle its odometer."""

    _name = "after.sales.trip"
    _description = "Trip"
    _inherit = ["after.sales.numbered.mixin", "mail.thread", "after.sales.billable.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    # its company is the trip's: a company check would only keep a new trip, which has none yet, from any visit
    intervention_id = fields.Many2one(
        "after.sales.intervention", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="intervention_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    ticket_id = fields.Many2one(related="intervention_id.ticket_id")
    partner_id = fields.Many2one(related="intervention_id.partner_id")
    session_id = fields.Many2one(
        "after.sales.session",
        "Travel Session",
        index="btree_not_null",
        copy=False,  # its kilometres are counted once
        domain="[('intervention_id', '=', intervention_id), ('kind', '=', 'travel')]",
        help="The session that carries these kilometres. The trip then gives them their real cost; without a session "
        "the trip itself is charged.",
    )
    technician_id = fields.Many2one(
        "resource.resource",
        "Driver",
        compute="_compute_technician_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('is_technician', '=', True)]",
        check_company=True,
    )
    vehicle_id = fields.Many2one("fleet.vehicle", required=True, index=True, check_company=True)
    odometer_unit = fields.Selection(related="vehicle_id.odometer_unit", compute_sudo=True)
    date = fields.Date(
        compute="_compute_date", store=True, readonly=False, precompute=True, required=True, index=True
    )
    odometer_start = fields.Float()
    odometer_end = fields.Float()
    distance = fields.Float(
        compute="_compute_distance",
        store=True,
        readonly=False,
        precompute=True,
        help="By odometer when both ends are read, otherwise by hand; in the vehicle's unit.",
    )
    distance_km = fields.Float("Distance (km)", compute="_compute_distance_km", store=True)
    cost_km = fields.Float(
        "Cost per km",
        compute="_compute_cost_km",
        store=True,
        readonly=False,
        digits=(16, 4),
        copy=False,  # a driver who duplicates a trip may not read it
        groups=COST_READERS,
        help="Taken from the vehicle when the trip is entered; a later change there leaves it alone.",
    )
    cost = fields.Monetary(compute="_compute_cost", store=True, groups=COST_READERS)
    state = fields.Selection(
        [("draft", "New"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    odometer_id = fields.Many2one("fleet.vehicle.odometer", readonly=True, copy=False, ondelete="set null")
    note = fields.Char()

    _distance_positive = models.Constraint(
        "CHECK (distance IS NULL OR distance >= 0)", "The distance of a trip cannot be negative."
    )
    _session_once = models.UniqueIndex(
        "(session_id) WHERE session_id IS NOT NULL AND state != 'cancelled'",
        "This session has a trip already.",
    )

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------

    @api.depends("intervention_id", "session_id")
    def _compute_technician_id(self):
        for trip in self:
            trip.technician_id = (
                trip.session_id.technician_id or trip.technician_id or trip.intervention_id.technician_id
            )

    @api.depends("intervention_id", "session_id")
    def _compute_date(self):
        """The day of the drive or of the visit, whenever it is entered."""
        for trip in self:
            if trip.session_id:
                trip.date = trip.session_id._prepare_moment_vals()["date"]
            elif trip.intervention_id:
                trip.date = trip.intervention_id._get_charge_date()
            else:
                trip.date = trip.date or fields.Date.context_today(trip)

    @api.depends("odometer_start", "odometer_end")
    def _compute_distance(self):
        for trip in self:
            if trip.odometer_end:
                trip.distance = trip.odometer_end - trip.odometer_start
            else:
                trip.distance = trip.distance or 0.0

    @api.depends("distance", "vehicle_id")
    def _compute_distance_km(self):
        for trip in self:
            factor = KM_PER_MILE if trip.vehicle_id.sudo().odometer_unit == "miles" else 1.0
            trip.distance_km = round(trip.distance * factor, 1)

    @api.depends("vehicle_id")
    def _compute_cost_km(self):
        for trip in self:
            # the figures of a vehicle belong to the fleet manager; the trip takes over its cost per km only
            vehicle_sudo = trip.vehicle_id.sudo()
            trip.cost_km = vehicle_sudo.after_sales_km_cost or trip.cost_km

    @api.depends("distance_km", "cost_km")
    def _compute_cost(self):
        for trip in self:
            trip.cost = trip.distance_km * trip.cost_km

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model
    def _get_number_company(self, vals):
        visit = self.env["after.sales.intervention"].browse(vals.get("intervention_id"))
        return visit.company_id or super()._get_number_company(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(trip.state == "done" for trip in self):
            raise UserError(self.env._("A trip that is done is cancelled, not deleted."))

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_done(self):
        for trip in self:
            if trip.state != "draft":
                raise UserError(self.env._("%s is done or cancelled already.", trip.name))
            if not trip.distance:
                raise UserError(self.env._("Enter the distance or the odometer of %s.", trip.name))
            if not trip.session_id and trip._is_in_sessions():
                raise UserError(
                    self.env._(
                        "The work sessions of this visit carry its kilometres: choose the session of the trip."
                    )
                )
        self.write({"state": "done"})
        self._write_odometer()
        self._fill_session()
        # who may finish his trip makes its charge, with no right on prices
        self.sudo()._make_charges()

    def action_cancel(self):
        charges_sudo = self.sudo().charge_ids  # as in action_done
        live_sudo = charges_sudo.filtered(lambda charge: charge.state != "cancelled")
        if live_sudo - live_sudo._get_unbilled():
            raise UserError(
                self.env._("The kilometres of this trip are billed: delete or credit the invoice first.")
            )
        live_sudo._cancel()
        self.odometer_id.sudo().unlink()  # the reading came from this trip
        self.write({"state": "cancelled"})

    def action_draft(self):
        if any(trip.state != "cancelled" for trip in self):
            raise UserError(self.env._("Only a cancelled trip goes back to new."))
        self.write({"state": "draft"})

    # ------------------------------------------------------------------
    # Business
    # ------------------------------------------------------------------

    def _is_in_sessions(self):
        return any(session.distance_km for session in self.intervention_id.sudo().session_ids)

    def _write_odometer(self):
        read = self.filtered("odometer_end")
        # a driver reads the odometer of his vehicle without any right in the fleet
        rows_sudo = (
            self.env["fleet.vehicle.odometer"]
            .sudo()
            .create(
                [
                    {"vehicle_id": trip.vehicle_id.id, "value": trip.odometer_end, "date": trip.date}
                    for trip in read
                ]
            )
        )
        for trip, row_sudo in zip(read, rows_sudo, strict=True):
            trip.odometer_id = row_sudo.id

    def _fill_session(self):
        """The trip's kilometres go to its session; of a finished visit only the real cost can still be refined."""
        for trip in self.filtered("session_id"):
            session = trip.session_id
            if not session.distance_km and session.intervention_id.state not in ("done", "cancelled"):
                session.distance_km = trip.distance_km
            trip_sudo = trip.sudo()  # the driver refines a cost that he does not see
            charges_sudo = trip_sudo.session_id.charge_ids
            charges_sudo.filtered(
                lambda charge: charge.kind == "travel_km" and charge.state != "cancelled"
            ).cost = trip_sudo.cost

    # ------------------------------------------------------------------
    # after.sales.billable.mixin
    # ------------------------------------------------------------------

    def _get_charge_intervention(self):
        return self.intervention_id

    def _get_to_charge_domain(self):
        return (
            Domain("state", "=", "done")
            & Domain("intervention_id.state", "=", "done")
            & Domain("session_id", "=", False)
        )

    def _prepare_charge_vals_list(self):
        return [
            trip._prepare_charge_vals(
                "travel_km", "km", trip.distance_km, date=trip.date, technician_id=trip.technician_id.id
            )
            for trip in self
            if trip.distance_km and not trip._is_in_sessions()
        ]

    def _get_real_cost(self, vals, tariff_line):
        return self.cost or super()._get_real_cost(vals, tariff_line)
