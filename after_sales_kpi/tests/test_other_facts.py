from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from .common import AfterSalesKpiCommon

CLOCK = "after.sales.clock.fact"
VISIT = "after.sales.visit.fact"
WORK = "after.sales.intervention.fact"
COMPLAINT = "after.sales.complaint.fact"
UNIT = "after.sales.unit.month"


@tagged("post_install", "-at_install")
class TestOtherFacts(AfterSalesKpiCommon):
    # ------------------------------------------------------------
    # Service levels
    # ------------------------------------------------------------
    def test_service_levels(self):
        """Kept 2, missed 1, overdue and still running 1: 2 of 4; waiting, running, dropped, cancelled left out."""
        yesterday, tomorrow = self._ago(1), self._ago(-1)
        for number, (state, deadline) in enumerate(
            (
                ("met", yesterday),
                ("met", yesterday),
                ("breached", yesterday),
                ("running", yesterday),
                ("running", tomorrow),
                ("paused", yesterday),
                ("dropped", yesterday),
                ("met", yesterday),
            )
        ):
            ticket = self._call(self._ago(3), state="cancelled" if number == 7 else None)
            ticket.sudo().clock_ids.unlink()
            clock = (
                self.env["after.sales.ticket.clock"]
                .sudo()
                .create(
                    {"ticket_id": ticket.id, "kind": "response", "target_hours": 8, "start": self._ago(3)}
                )
            )
            self._force(clock, state=state, deadline=deadline, stop=yesterday if state == "met" else None)
        met, judged, rate = self._one(CLOCK, [], ["met:sum", "judged:sum", "compliance:avg"], user=self.agent)
        self.assertEqual((met, judged, rate), (2, 4, 50.0))

    # ------------------------------------------------------------
    # Interventions and visits
    # ------------------------------------------------------------
    def test_golden_visit_hours(self):
        visit = self._golden_visit(self._create_unit(covered=False))
        fact = self._facts(WORK, self.agent).browse(visit.id)
        self.assertAlmostEqual(fact.hours_work, 5.0)
        self.assertAlmostEqual(fact.hours_travel, 1.5)
        self.assertAlmostEqual(fact.distance_km, 46.0)
        self.assertEqual((fact.worked, fact.done, fact.due), (1, 1, 1))
        self.assertEqual(fact.product_id, self.machine)

    def test_planned_and_executed(self):
        ticket = self._call(self._ago(10))
        on_time = self._visit(ticket, date_start=self._ago(5))
        self._force(on_time, date_started=self._ago(5))
        late = self._visit(ticket, date_start=self._ago(5))
        self._force(late, date_started=self._ago(3))
        self._visit(ticket, date_start=self._ago(2), state="planned", outcome=None)
        self._visit(ticket, date_start=self._ago(-2), state="planned", outcome=None)
        self._visit(ticket, date_start=self._ago(2), state="cancelled", outcome=None)
        due, on_plan, days = self._one(
            WORK, [], ["due:sum", "on_plan:sum", "delay_days:sum"], user=self.agent
        )
        self.assertEqual((due, on_plan), (3, 1))
        self.assertGreaterEqual(days, 2)

    def test_contract_visits_within_tolerance(self):
        contract = self._create_contract()
        service = self.env.ref("after_sales_contract.after_sales_service_maintenance")
        today = fields.Date.today()
        visits = self.env["after.sales.contract.visit"].create(
            [
                {
                    "contract_id": contract.id,
                    "service_id": service.id,
                    "date": today - timedelta(days=days),
                    "tolerance": 7,
                }
                for days in (5, 20, 20, 3, 20, -30)
            ]
        )
        visits[0].action_done()
        visits[1].action_done()
        visits[4].action_cancel()
        due, on_time, rate = self._one(
            VISIT,
            [("contract_id", "=", contract.id), ("id", "in", visits.ids)],
            ["due:sum", "on_time:sum", "on_time_rate:avg"],
            user=self.agent,
        )
        # done today: 5 days late within 7, 20 days late is not; one more is past its tolerance, two are not due
        self.assertEqual((due, on_time), (3, 1))
        self.assertAlmostEqual(rate, 100 / 3)

    # ------------------------------------------------------------
    # Complaints and deliveries
    # ------------------------------------------------------------
    def _complain(self, **vals):
        return self.env["after.sales.complaint"].create(
            {"subject": "Late", "partner_id": self.customer.id, "company_id": self.company.id, **vals}
        )

    def test_acknowledged_in_time(self):
        """In time, too late, overdue, not due yet: 1 of 3. A promise that was extended is judged by its first date."""
        complaints = [self._complain() for __ in range(4)]
        today = fields.Date.today()
        for complaint, (state, deadline, done) in zip(
            complaints,
            (
                ("done", today, today),
                ("done", today - timedelta(days=3), today),
                ("running", today - timedelta(days=3), None),
                ("running", today + timedelta(days=3), None),
            ),
            strict=True,
        ):
            complaint.sudo().step_ids.unlink()
            step = (
                self.env["after.sales.complaint.step"]
                .sudo()
                .create(
                    {
                        "complaint_id": complaint.id,
                        "kind": "acknowledge",
                        "date_start": today - timedelta(days=5),
                        "first_deadline": deadline,
                        "deadline": today,
                        "remind_on": today,
                    }
                )
            )
            step.write({"state": state, "date_done": done})
        ok, due, rate, count = self._one(
            COMPLAINT,
            [],
            ["acknowledged_in_time:sum", "acknowledge_due:sum", "acknowledged_rate:avg", "__count"],
            user=self.agent,
        )
        self.assertEqual((ok, due, count), (1, 3, 4))
        self.assertAlmostEqual(rate, 100 / 3)

    def test_complaints_about_one_delivery_count_once(self):
        picking = self._deliver()
        self._complain(picking_id=picking.id)
        self._complain(picking_id=picking.id)
        self._complain()
        first, count = self._one(COMPLAINT, [], ["first_count:sum", "complaint_count:sum"], user=self.agent)
        self.assertEqual((first, count), (2, 3))
        deliveries = self._one(
            "after.sales.delivery.fact", [("picking_id", "=", picking.id)], ["delivery_count:sum"]
        )
        self.assertEqual(deliveries, (1,))

    def _deliver(self):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        customers = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": self.customer.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": customers.id,
            }
        )
        self.env["stock.quant"]._update_available_quantity(self.part_b, warehouse.lot_stock_id, 1.0)
        move = self.env["stock.move"].create(
            {
                "product_id": self.part_b.id,
                "product_uom_qty": 1.0,
                "picking_id": picking.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": customers.id,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        move.write({"quantity": 1.0, "picked": True})
        picking._action_done()
        return picking

    # ------------------------------------------------------------
    # Installed base
    # ------------------------------------------------------------
    def test_unit_months(self):
        today = fields.Date.today()
        start = today.replace(day=1) - relativedelta(months=5)
        covered = self._create_unit("UM1", delivery_date=start)
        plain = self._create_unit("UM2", covered=False, delivery_date=start + relativedelta(months=3))
        units = covered + plain
        self._call(self._ago(0), unit_id=covered.id)
        domain = [("unit_id", "in", units.ids)]
        count, warranty = self._one(UNIT, domain, ["unit_count:sum", "in_warranty:sum"], user=self.agent)
        self.assertEqual((count, warranty), (6 + 3, 6))
        this_month = domain + [("date", "=", today.replace(day=1))]
        repairs, rate, share = self._one(
            UNIT,
            this_month,
            ["repair_count:sum", "repairs_per_100:avg", "warranty_share:avg"],
            user=self.agent,
        )
        self.assertEqual((repairs, rate, share), (1, 50.0, 50.0))

    def test_unit_under_contract(self):
        unit = self._create_unit("UC1", covered=False, delivery_date=date(2025, 12, 20))
        self._create_contract(start=date(2026, 1, 1), units=unit)
        rows = self._facts(UNIT, self.agent).search([("unit_id", "=", unit.id)], order="date", limit=2)
        self.assertEqual(rows.mapped("in_contract"), [0, 1])
        self.assertEqual(rows.mapped("age_months"), [0, 1])

    def test_ended_unit_leaves(self):
        unit = self._create_unit("UE1", covered=False, delivery_date=date(2026, 1, 10))
        unit.state = "ended"
        self.assertFalse(
            self._facts(UNIT).search([("unit_id", "=", unit.id), ("date", ">", date(2026, 12, 1))])
        )
