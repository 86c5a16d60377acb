from functools import partial

from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTicketSpeed(HelpdeskCommon):
    """Statements, which are exact and repeatable; seconds are measured in tests/bench."""

    def test_single_call_with_three_clocks(self):
        def create():
            tickets.append(self._create_ticket(self.agent, channel="email"))

        tickets = []
        self._count_statements(create)
        self.assertLessEqual(self._count_statements(create), 25)
        self.assertEqual(len(tickets[-1].clock_ids), 3)

    def test_call_by_serial(self):
        """What the serial brings besides: unit, warranty and contract; ten statements ask the engine for the regime."""
        units = [self._create_covered_unit(serial=f"SPEED-{n}") for n in range(2)]
        for unit in units:
            self._create_contract(unit)
        counts = [
            self._count_statements(
                lambda u=u: self._create_ticket(self.agent, serial=u.serial, partner_id=None)
            )
            for u in units
        ]
        self.assertLessEqual(counts[1], 40)

    def test_regimes_of_a_batch_are_asked_for_at_once(self):
        units = [self._create_covered_unit(serial=f"SPEED-{n}") for n in range(24)]

        def create(units):
            vals_list = [{"subject": "Call", "team_id": self.team.id, "unit_id": unit.id} for unit in units]
            tickets = self.env["after.sales.ticket"].create(vals_list)
            self.assertEqual(set(tickets.regime_id.mapped("code")), {"warranty"})

        few, many = (
            self._count_statements(lambda: create(units[:2])),
            self._count_statements(lambda: create(units[2:])),
        )
        self.assertLessEqual((many - few) / 20, 3)

    def _many(self, number):
        return self.env["after.sales.ticket"].create(
            [
                {
                    "subject": f"Call {n}",
                    "partner_id": self.consumer.id,
                    "team_id": self.team.id,
                    "channel": "email",
                }
                for n in range(number)
            ]
        )

    def test_list_and_kanban_read_in_a_bounded_number_of_statements(self):
        self._many(160)
        Ticket = self.env["after.sales.ticket"].with_user(self.agent)
        domain = [("team_id", "=", self.team.id)]
        for kind in ("list", "kanban"):
            view = Ticket.get_view(view_type=kind)
            names = view["models"]["after.sales.ticket"]
            spec = {
                name: {"fields": {"display_name": {}}} if Ticket._fields[name].relational else {}
                for name in names
            }
            with self.subTest(view=kind):
                few, many = (
                    self._count_statements(partial(Ticket.web_search_read, domain, spec, limit=number))
                    for number in (20, 80)
                )
                self.assertLessEqual(many, few + 2)
                self.assertLessEqual(many, 40)

    def test_open_calls_are_found_by_index(self):
        """The lists of open and of late calls, and both jobs, never read the table from end to end."""
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for query in (
            "SELECT id FROM after_sales_ticket WHERE date_deadline < now() AND date_closed IS NULL",
            "SELECT id FROM after_sales_ticket WHERE user_id = 1",
            "SELECT id FROM after_sales_ticket WHERE team_id = 1 AND state IN ('registered', 'checked')",
            "SELECT id FROM after_sales_ticket_clock WHERE deadline < now() AND stop IS NULL"
            " AND breached IS NOT TRUE ORDER BY deadline LIMIT 500",
            "SELECT id FROM after_sales_ticket_clock WHERE alert_on <= now() AND stop IS NULL ORDER BY alert_on LIMIT 500",
        ):
            self.env.cr.execute("EXPLAIN " + query)
            plan = " ".join(row[0] for row in self.env.cr.fetchall())
            with self.subTest(query=query):
                self.assertIn("Index", plan)
                self.assertNotIn("Seq Scan", plan)

    def test_job_is_linear(self):
        """A further missed deadline costs no more than the first ones did."""
        level = self.env["after.sales.service.level"].create({"name": "One hour", "response_hours": 1})
        clocks = self.env["after.sales.ticket.clock"]

        def stamp(number):
            tickets = self._many(number)
            tickets.sudo().service_level_id = level
            tickets.clock_ids.filtered(lambda clock: clock.kind == "response").write(
                {"deadline": "2026-01-01 08:00:00"}
            )
            work = tickets.clock_ids.filtered(lambda clock: clock.kind == "response" and not clock.stop)
            return self._count_statements(lambda: clocks.browse(work.ids)._check_breaches())

        stamp(2)
        few, many = stamp(10), stamp(30)
        self.assertLessEqual((many - few) / 20, 10)
