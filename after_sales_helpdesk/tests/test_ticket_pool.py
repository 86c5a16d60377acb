from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import Form

from .common_field import DAY, FieldCommon


class TestTicketPool(FieldCommon):
    """CT-15, D26, D29: a call shows the hours it may draw on; what it took is written under the day of the work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_customer_pool()
        cls.pool = cls.contract.pool_ids

    @classmethod
    def _create_customer_pool(cls, **values):
        pool = {
            "name": "Ten hours",
            "date_from": DAY - timedelta(days=30),
            "entry_ids": [Command.create({"name": "Bought", "quantity": 10.0})],
        }
        return cls._create_contract(scope="customer", **{"pool_ids": [Command.create(pool)], **values})

    def test_figures_on_the_call(self):
        """Bought, reserved, used, left, the threshold that is reached, and the way to the pool."""
        entries = self.env["after.sales.pool.entry"]
        entries.create({"pool_id": self.pool.id, "name": "Visit", "kind": "reserve", "quantity": -2.0})
        ticket = self._create_ticket(self.agent)
        self.assertFalse(ticket.pool_alert)
        self.pool._consume([{"name": "Visit", "quantity": 8.5}])
        ticket.invalidate_recordset()
        self.assertRecordValues(
            ticket.pool_ids,
            [{"bought": 10.0, "reserved": 2.0, "used": 8.5, "balance": 1.5, "used_rate": 85.0}],
        )
        self.assertIn("85 % used, 1.50 hours left", ticket.pool_alert)
        self.assertEqual(Form(ticket).pool_ids.ids, self.pool.ids)
        action = ticket.pool_ids.get_formview_action()
        self.assertEqual((action["res_model"], action["res_id"]), (self.pool._name, self.pool.id))
        self.pool.date_to = DAY - timedelta(days=1)
        ticket.invalidate_recordset()
        self.assertFalse(ticket.pool_ids, "the call can no longer draw on it")

    def test_alert_of_a_pool_that_another_customer_shares(self):
        """A call of the sharing customer has a contract of its own or none: it is told that the shared pool is empty."""
        sister = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        self.pool.shared_partner_ids = sister
        self.pool._consume([{"name": "Visit", "quantity": 12.0, "over": 2.0}])
        own = self._create_customer_pool(partner_id=sister.id, pool_ids=[])
        for values in ({}, {"contract_id": own.id}):
            call = self._create_ticket(self.agent, partner_id=sister.id, **values)
            self.assertEqual(call.pool_ids, self.pool)
            self.assertIn("Ten hours is used up; 2.00 hours", call.pool_alert)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertFalse(self._create_ticket(self.agent, partner_id=stranger.id).pool_alert)
        self.assertFalse(self._create_ticket(self.agent, partner_id=None).pool_ids)

    def test_calls_ask_for_their_pools_together(self):
        tickets = self.env["after.sales.ticket"].union(*(self._create_ticket() for __ in range(6)))
        one, five = (
            self._count_statements(lambda some=some: some.mapped("pool_alert"))
            for some in (tickets[0], tickets[1:])
        )
        self.assertLessEqual(five, one)

    def test_entry_has_the_day_of_the_work(self):
        """A call of the 11th about work of the days before: each day is written under its own, in the technician's zone."""
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.action_authorise()
        visit = self._create_visit(
            ticket_id=ticket.id, contract_id=self.contract.id, date_start=DAY - timedelta(days=2)
        )
        self._add_session(visit, "work", -24.5, -24)
        self._add_session(visit, "work", -15, -13)
        self._add_session(visit, "work", 10, 12)
        self._finish(visit.with_user(self.technician_user))
        taken = self.pool.entry_ids.filtered(lambda entry: entry.kind == "consume")
        self.assertEqual(set(taken.mapped("date")), {date(2026, 3, 10), date(2026, 3, 11)})
        self.assertEqual(self.pool.used, 4.5)
        statement = self.pool._make_statements(date(2026, 3, 10))
        self.assertEqual(statement.used, 2.5)

    def test_hours_of_a_month_are_for_its_work(self):
        """Work of the days before the call draws on the pool of those days, not on the one of the call's day."""
        self.pool.date_to = date(2026, 3, 10)
        following = self.pool.copy(
            {
                "name": "From the 11th",
                "date_from": date(2026, 3, 11),
                "date_to": False,
                "entry_ids": [Command.create({"name": "Bought", "quantity": 10.0})],
            }
        )
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.action_authorise()
        visit = self._create_visit(
            ticket_id=ticket.id, contract_id=self.contract.id, date_start=DAY - timedelta(days=2)
        )
        self._add_session(visit, "work", -15, -13)
        self._add_session(visit, "work", 10, 13)
        self._finish(visit.with_user(self.technician_user))
        self.assertEqual((self.pool.used, following.used), (2.0, 3.0))
