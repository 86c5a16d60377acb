from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import ACCOUNTANT, TECHNICIAN, AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestTrip(AfterSalesBillingCommon):
    """BI-12, D92: kilometres driven for a visit, what they cost, and what the customer pays for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.van = cls._create_vehicle(after_sales_km_cost=0.5)

    def _create_trip(self, visit, **vals):
        return (
            self.env["after.sales.trip"]
            .with_user(self.technician_user)
            .create(
                {"intervention_id": visit.id, "vehicle_id": self.van.id, "date": date(2026, 3, 10), **vals}
            )
        )

    def test_new_trip_finds_its_visit(self):
        """A trip entered from the menu has no company before it has a visit."""
        visit = self._start_bare_visit()
        trips = self.env["after.sales.trip"].with_user(self.technician_user)
        field = trips.fields_get(["intervention_id"])["intervention_id"]
        domain = field["domain"]
        if isinstance(domain, str):
            domain = safe_eval(domain, {"company_id": trips.new({}).company_id.id})
        self.assertIn(visit, self.env["after.sales.intervention"].search(domain))
        form = Form(trips)
        form.intervention_id = visit.with_user(self.technician_user)
        form.vehicle_id = self.van.with_user(self.technician_user)
        form.distance = 12.0
        self.assertEqual(form.save().company_id, self.company)

    def test_day_of_the_visit_or_its_drive(self):
        visit = self._start_bare_visit()
        van = self._create_vehicle(after_sales_km_cost=0.4553)
        trip = self.env["after.sales.trip"].create(
            {"intervention_id": visit.id, "vehicle_id": van.id, "distance": 1000.0}
        )
        self.assertRecordValues(trip.sudo(), [{"date": date(2026, 3, 10), "cost_km": 0.4553, "cost": 455.3}])
        trip.session_id = self.env["after.sales.session"].create(
            {
                "intervention_id": visit.id,
                "kind": "travel",
                "technician_id": self.technician.id,
                "date_start": "2026-03-09 15:00:00",
                "date_stop": "2026-03-09 16:00:00",
            }
        )
        self.assertEqual(trip.date, date(2026, 3, 9))

    def test_trip_by_odometer_is_charged(self):
        visit = self._start_bare_visit()
        trip = self._create_trip(visit, odometer_start=1000.0, odometer_end=1080.0)
        self.assertEqual((trip.distance_km, trip.sudo().cost_km), (80.0, 0.5))
        trip.action_done()
        self.assertEqual(self.van.odometer, 1080.0)
        self.assertFalse(trip.sudo().charge_ids, "The visit is not done")
        visit.action_done()
        self.assertRecordValues(
            trip.sudo().charge_ids,
            [
                {
                    "kind": "travel_km",
                    "quantity": 80.0,
                    "price_unit": 0.62,
                    "amount_customer": 49.6,
                    "cost": 40.0,
                }
            ],
        )
        self._bill()
        with self.assertRaisesRegex(UserError, "billed"):
            trip.action_cancel()

    def test_trip_of_a_session_gives_its_real_cost(self):
        """The kilometres of the work report are charged once; the trip says what they cost"""
        visit = self._do_visit(self._create_unit(), parts=False)
        session = visit.session_ids.filtered(lambda row: row.kind == "travel")
        charge = visit.visit_charge_ids.filtered(lambda row: row.kind == "travel_km")
        self.assertEqual(charge.cost, 16.1)
        with self.assertRaisesRegex(UserError, "choose the session"):
            self._create_trip(visit, distance=46.0).action_done()
        trip = self._create_trip(visit, distance=46.0, session_id=session.id)
        trip.action_done()
        self.assertEqual(charge.cost, 23.0)
        self.assertFalse(trip.sudo().charge_ids)
        self.assertEqual(len(visit.visit_charge_ids.filtered(lambda row: row.kind == "travel_km")), 1)
        self.assertFalse(trip.copy().session_id, "a session has one trip")

    def test_the_driver_does_not_see_what_it_costs(self):
        trip = self._create_trip(self._start_bare_visit(), distance=10.0).with_user(self.technician_user)
        for fname in ("cost", "cost_km"):
            with self.assertRaises(AccessError):
                trip.read([fname])
        self.assertEqual(trip.with_user(self.agent).cost, 5.0)
        self.assertEqual(trip.copy().with_user(self.agent).cost, 5.0)

    def test_trip_fills_its_session(self):
        visit = self._start_bare_visit()
        session = self.env["after.sales.session"].create(
            {
                "intervention_id": visit.id,
                "technician_id": self.technician.id,
                "kind": "travel",
                "date_start": "2026-03-10 08:00:00",
                "date_stop": "2026-03-10 09:00:00",
            }
        )
        self._create_trip(visit, distance=30.0, session_id=session.id).action_done()
        self.assertEqual(session.distance_km, 30.0)
        visit.action_done()
        charge = visit.visit_charge_ids.filtered(lambda row: row.kind == "travel_km")
        self.assertRecordValues(charge, [{"quantity": 30.0, "cost": 15.0}])

    def test_trip_in_miles(self):
        self.van.odometer_unit = "miles"
        trip = self._create_trip(self._start_bare_visit(), distance=10.0)
        self.assertEqual(trip.distance_km, 16.1)

    def test_cancelled_trip_takes_its_odometer_back(self):
        trip = self._create_trip(self._start_bare_visit(), odometer_start=10.0, odometer_end=30.0)
        trip.action_done()
        self.assertTrue(trip.odometer_id)
        trip.action_cancel()
        self.assertFalse(self.env["fleet.vehicle.odometer"].search([("vehicle_id", "=", self.van.id)]))

    def test_trips_of_others_are_not_his(self):
        trip = self._create_trip(self._start_bare_visit(), distance=5.0)
        other = self._create_role("bill_other_technician", TECHNICIAN)
        self.assertFalse(self.env["after.sales.trip"].with_user(other).search([("id", "=", trip.id)]))
        accountant = self._create_role("bill_trip_accountant", ACCOUNTANT)
        self.assertTrue(self.env["after.sales.trip"].with_user(accountant).search([("id", "=", trip.id)]))
