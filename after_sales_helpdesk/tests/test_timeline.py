from datetime import datetime, timedelta

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, tagged

from ..tools.timeline import lanes, overlapping, touches
from .common_field import DAY, FieldCommon

stretches = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 40)).map(
        lambda pair: (DAY + timedelta(hours=pair[0]), DAY + timedelta(hours=pair[0] + pair[1]))
    ),
    max_size=12,
).map(sorted)


def shared(one, other):
    return one[0] < other[1] and other[0] < one[1]


class TestTimelineTool(TransactionCase):
    @settings(max_examples=40, deadline=None)
    @given(stretches)
    def test_lanes(self, blocks):
        placed = list(zip(blocks, lanes(blocks), overlapping(blocks), strict=True))
        for index, (block, lane, double) in enumerate(placed):
            others = placed[:index] + placed[index + 1 :]
            self.assertFalse([b for b, its_lane, __ in others if its_lane == lane and shared(b, block)])
            self.assertEqual(double, any(shared(b, block) for b, *__ in others))
        together = max((sum(shared(a, b) and a[0] <= b[0] for a in blocks) for b in blocks), default=0)
        self.assertLessEqual(max(lanes(blocks), default=-1) + 1, together)

    @settings(max_examples=40, deadline=None)
    @given(stretches, st.integers(0, 200), st.integers(1, 40))
    def test_touches(self, off, start, length):
        apart, reached = [], DAY - timedelta(hours=1)
        for stretch in off:
            if stretch[0] >= reached:
                apart.append(stretch)
                reached = stretch[1]
        block = (DAY + timedelta(hours=start), DAY + timedelta(hours=start + length))
        self.assertEqual(
            touches(block, apart, timedelta(0)), any(shared(block, stretch) for stretch in apart)
        )


@tagged("post_install", "-at_install")
class TestTimeline(FieldCommon):
    """What the planner sees and drags. It is Wednesday 11 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["resource.resource"].search([("is_technician", "=", True)]).filtered(
            lambda resource: resource != cls.technician
        ).is_technician = False
        cls.technician.calendar_id = cls.calendar
        cls.other = cls._create_technician("hd_other", calendar_id=cls.calendar.id)
        cls.agent.tz = "Europe/Rome"
        cls.planner = cls.env["after.sales.intervention"].with_user(cls.agent)

    def _get_timeline(self, days=14, user=None, **kwargs):
        Visit = self.planner.with_user(user) if user else self.planner
        return Visit.get_timeline("2026-03-11", days, **kwargs)

    def _get_row(self, data, technician):
        return next(row for row in data["rows"] if row["id"] == technician.id)

    def test_rows_blocks_and_conflicts(self):
        first = self._create_visit(date_start=DAY + timedelta(hours=9), date_end=DAY + timedelta(hours=11))
        double = self._create_visit(date_start=DAY + timedelta(hours=10), date_end=DAY + timedelta(hours=12))
        night = self._create_visit(
            technician_ids=[Command.set(self.other.ids)],
            date_start=DAY + timedelta(hours=20),
            date_end=DAY + timedelta(hours=21),
        )
        cancelled = self._create_visit(date_start=DAY + timedelta(hours=14))
        cancelled.action_cancel()
        later = self._create_visit(
            date_start=DAY + timedelta(days=20), date_end=DAY + timedelta(days=20, hours=1)
        )
        data = self._get_timeline()
        self.assertEqual({row["id"] for row in data["rows"]}, {self.technician.id, self.other.id})
        row = self._get_row(data, self.technician)
        self.assertEqual(
            [(block["id"], block["lane"], block["clash"]) for block in row["visits"]],
            [(first.id, 0, "visit"), (double.id, 1, "visit")],
        )
        self.assertEqual([b["clash"] for b in self._get_row(data, self.other)["visits"]], ["off"])
        self.assertEqual(set(data["visits"]), {first.id, double.id, night.id})
        self.assertNotIn(later.id, data["visits"])
        self.assertEqual(data["visits"][first.id]["start"], "2026-03-11 09:00:00")

    def test_time_off_is_shared_and_leaves_are_personal(self):
        data = self._get_timeline()
        rows = [self._get_row(data, technician) for technician in (self.technician, self.other)]
        self.assertEqual(rows[0]["off"], rows[1]["off"], "one calendar, one list")
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.other.id,
                "calendar_id": self.calendar.id,
                "date_from": DAY + timedelta(days=1, hours=9),
                "date_to": DAY + timedelta(days=1, hours=18),
            }
        )
        data = self._get_timeline()
        row = self._get_row(data, self.other)
        self.assertEqual(row["leaves"], [["2026-03-12 09:00:00", "2026-03-12 18:00:00"]])
        self.assertNotEqual(row["off"], self._get_row(data, self.technician)["off"])
        away = ["2026-03-11 18:00:00", "2026-03-13 09:00:00"]
        self.assertIn(away, data["offs"][row["off"]])

    def test_what_is_to_plan(self):
        undated = self._create_visit(date_start=False, date_end=False, description="Come by")
        call = self._create_ticket(subject="Noise in the pump", service_id=self.service.id)
        call.action_check_coverage()
        registered = self._create_ticket(subject="Not looked at yet")
        names = {item["name"] for item in self._get_timeline()["to_plan"]}
        self.assertIn(undated.name, names)
        self.assertFalse({registered.name, call.name} & names, "nobody has agreed to the work yet")
        call.authorise_reason = "Agreed"
        call.action_authorise()
        self.assertIn(call.name, {item["name"] for item in self._get_timeline()["to_plan"]})
        found = self._get_timeline(query="noise in")["to_plan"]
        self.assertEqual([(item["model"], item["id"]) for item in found], [(call._name, call.id)])

    def test_goods_in_the_workshop_are_nothing_to_plan(self):
        Ticket = self.env["after.sales.ticket"].with_user(self.agent)
        call = self._create_ticket(self.agent, service_id=self.service.id, authorise_reason="Agreed")
        call.action_check_coverage()
        call.action_authorise()
        to_plan = [("state", "=", "authorised"), ("awaits_goods", "=", False), ("id", "=", call.id)]
        self.assertEqual(Ticket.search(to_plan), call)
        goods = self.env["after.sales.return"].create(
            {
                "partner_id": self.consumer.id,
                "ticket_id": call.id,
                "line_ids": [Command.create({"product_id": self.part_a.id, "note": "Broken"})],
            }
        )
        self.assertFalse(call.awaits_goods, "nothing is announced yet")
        goods.action_authorise()
        self.assertTrue(call.awaits_goods)
        self.assertFalse(Ticket.search(to_plan))
        self.assertEqual(Ticket.search([("awaits_goods", "=", True), ("id", "=", call.id)]), call)
        self.assertNotIn(call.name, {item["name"] for item in self._get_timeline()["to_plan"]})
        goods.action_cancel()
        self.assertEqual(Ticket.search(to_plan), call)
        self.assertIn(call.name, {item["name"] for item in self._get_timeline()["to_plan"]})

    def test_collected_material_in_repair_is_nothing_to_plan(self):
        call = self._create_ticket(self.agent, service_id=self.service.id, authorise_reason="Agreed")
        call.action_check_coverage()
        call.action_authorise()
        visit = self._create_visit(ticket_id=call.id)
        collected = self._collect(visit, product_id=self.part_a.id)
        self._finish(visit, outcome="second_visit", outcome_reason="To the workshop")
        self.assertTrue(call.awaits_goods, "with the technician")
        collected.action_receive()
        self.assertTrue(call.awaits_goods, "in repair")

    @freeze_time(DAY)
    def test_drop_a_call(self):
        call = self._create_ticket(service_id=self.service.id, site_id=self.consumer.id)
        call.action_check_coverage()
        call.authorise_reason = "The customer said so"
        call.action_authorise()
        self.service.duration = 1.5
        planned = self.planner.plan_on_timeline(
            call._name, call.id, self.technician.id, "2026-03-12 09:30:00"
        )
        visit = self.env["after.sales.intervention"].browse(planned["id"])
        self.assertRecordValues(
            visit,
            [
                {
                    "ticket_id": call.id,
                    "technician_ids": self.technician.ids,
                    "technician_id": self.technician.id,
                    "date_start": datetime(2026, 3, 12, 9, 30),
                    "date_end": datetime(2026, 3, 12, 11, 0),
                    "state": "planned",
                    "site_id": self.consumer.id,
                }
            ],
        )
        self.assertEqual(call.state, "planned")
        self.assertFalse(planned["warning"])
        self.assertNotIn(call.name, {item["name"] for item in self._get_timeline()["to_plan"]})

    def test_drop_of_a_call_that_is_not_authorised_leaves_nothing(self):
        call = self._create_ticket(service_id=self.service.id)
        with self._quietly_refused(UserError):
            self.planner.plan_on_timeline(call._name, call.id, self.technician.id, "2026-03-12 09:30:00")
        self.assertFalse(call.intervention_ids)

    def test_drag_to_another_row(self):
        """The length stays; who leaves is replaced, who else goes stays, and the lead moves with the block."""
        third = self._create_technician("hd_third", calendar_id=self.calendar.id)
        visit = self._create_visit(technician_ids=[Command.set((self.technician | third).ids)])
        visit.technician_id = self.technician
        visit.action_plan()
        planned = self.planner.plan_on_timeline(
            visit._name, visit.id, self.other.id, "2026-03-11 20:00:00", self.technician.id
        )
        self.assertEqual(visit.technician_ids, self.other | third)
        self.assertEqual(visit.technician_id, self.other)
        self.assertEqual(visit.date_end - visit.date_start, timedelta(hours=8))
        self.assertIn("does not work", planned["warning"])

    def test_drag_to_the_past_is_told(self):
        """It is planned as the planner wants it, who may write down what was agreed before; and he reads it."""
        visit = self._create_visit()
        visit.action_plan()
        drop = (visit._name, visit.id, self.technician.id)
        planned = self.planner.plan_on_timeline(*drop, "2026-03-11 10:00:00")
        self.assertEqual(planned["warning"], "This moment is past.")
        self.assertEqual((visit.state, visit.date_start), ("planned", DAY + timedelta(hours=10)))
        self.assertFalse(self.planner.plan_on_timeline(*drop, "2026-03-12 09:00:00")["warning"])

    def test_what_has_begun_stays(self):
        visit = self._create_visit()
        visit.action_plan()
        visit.action_start()
        with self._quietly_refused(UserError, "begun"):
            self.planner.plan_on_timeline(visit._name, visit.id, self.other.id, "2026-03-12 09:00:00")
        with self._quietly_refused(UserError, "technician"):
            self.planner.plan_on_timeline(visit._name, visit.id, 0, "2026-03-12 09:00:00")

    def test_rights(self):
        visit = self._create_visit()
        other_user = self.other.user_id
        self.assertNotIn(visit.id, self._get_timeline(user=other_user)["visits"])
        with self._quietly_refused(AccessError):
            self.planner.with_user(other_user).plan_on_timeline(
                visit._name, visit.id, self.other.id, "2026-03-12 09:00:00"
            )
        with self._quietly_refused(AccessError):
            self._get_timeline(user=self._create_user("hd_portal", "base.group_portal"))

    def test_statements_do_not_grow_with_rows(self):
        def fill(number, offset):
            technicians = self.env["resource.resource"].create(
                [
                    {
                        "name": f"Technician {offset + n}",
                        "is_technician": True,
                        "company_id": self.company.id,
                        "calendar_id": self.calendar.id,
                        "tz": "UTC",
                    }
                    for n in range(number)
                ]
            )
            self.env["after.sales.intervention"].create(
                [
                    {
                        "partner_id": self.consumer.id,
                        "technician_ids": [Command.set(technician.ids)],
                        "date_start": DAY + timedelta(days=day, hours=9),
                        "date_end": DAY + timedelta(days=day, hours=11),
                    }
                    for technician in technicians
                    for day in range(10)
                ]
            )

        fill(2, 0)
        self._get_timeline()
        few = self._count_statements(self._get_timeline)
        fill(48, 10)
        self.assertLessEqual(self._count_statements(self._get_timeline), few)
        self.assertLessEqual(few, 40)


@tagged("post_install", "-at_install")
class TestTimelineRoute(FieldCommon, HttpCase):
    def test_over_the_wire(self):
        visit = self._create_visit()
        self.authenticate(self.agent.login, self.agent.login)
        data = self.make_jsonrpc_request(
            "/web/dataset/call_kw/after.sales.intervention/get_timeline",
            {
                "model": "after.sales.intervention",
                "method": "get_timeline",
                "args": ["2026-03-11", 14],
                "kwargs": {},
            },
        )
        self.assertIn(str(visit.id), data["visits"])
        self.assertIn(str(data["rows"][0]["off"]), data["offs"])
