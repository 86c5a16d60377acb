from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTicketCoverage(HelpdeskCommon):
    def _rows(self, ticket):
        return {row.product_id.name or row.cost_class: row for row in ticket.coverage_ids}

    def _checked(self, **values):
        ticket = self._create_ticket(self.agent, **values)
        ticket.action_check_coverage()
        return ticket

    def test_warranty_pays_parts_customer_pays_labour(self):
        ticket = self._checked(unit_id=self._create_covered_unit(part=100, labour=0, travel=50).id)
        rows = self._rows(ticket)
        self.assertEqual(ticket.state, "checked")
        self.assertEqual((rows["part"].payer, rows["part"].customer_share), ("warranty", 0.0))
        self.assertEqual((rows["labour"].payer, rows["labour"].customer_share), ("customer", 1.0))
        self.assertEqual(rows["travel"].customer_share, 0.5)
        self.assertEqual(ticket.regime_id.code, "warranty")
        self.assertTrue(all(row.reason for row in ticket.coverage_ids))
        self.assertTrue(all(row.evidence for row in ticket.coverage_ids))
        self.assertTrue(ticket.is_uncovered)

    def test_contract_pays_what_it_includes(self):
        unit = self._create_unit(serial="SN-1")
        contract = self._create_contract(unit, included=("travel", "call_out"))
        ticket = self._checked(unit_id=unit.id)
        rows = self._rows(ticket)
        self.assertEqual(ticket.contract_id, contract)
        self.assertEqual((rows["travel"].payer, rows["call_out"].payer), ("contract", "contract"))
        self.assertEqual((rows["labour"].payer, rows["part"].payer), ("customer", "customer"))
        self.assertEqual(ticket.regime_id.code, "contract")

    def test_on_demand(self):
        """CT-21: without warranty and contract the same flow works."""
        ticket = self._checked(service_id=self.service.id)
        self.assertEqual(set(ticket.coverage_ids.mapped("payer")), {"customer"})
        self.assertEqual(ticket.regime_id.code, "on_demand")

    def test_one_part_is_excluded(self):
        """D58: per line, not per document."""
        unit = self._create_covered_unit(part=100, labour=100, travel=100)
        unit.warranty_ids.excluded_product_ids = self.filter
        ticket = self._checked(unit_id=unit.id)
        self.env["after.sales.ticket.coverage"].with_user(self.agent).create(
            [{"ticket_id": ticket.id, "product_id": product.id} for product in (self.filter, self.pump)]
        )
        rows = self._rows(ticket)
        self.assertEqual(rows["Filter"].payer, "customer")
        self.assertEqual(rows["Pump"].payer, "warranty")

    def test_agent_adds_a_part_in_the_list(self):
        arch = self.env["after.sales.ticket"].with_user(self.agent).get_view(view_type="form")["arch"]
        rows = etree.fromstring(arch).find(".//field[@name='coverage_ids']/list")
        self.assertEqual((rows.get("editable"), rows.get("edit"), rows.get("create")), ("bottom", "1", None))
        ticket = self._checked(service_id=self.service.id)
        with Form(ticket) as form, form.coverage_ids.new() as row:
            row.product_id = self.filter
            row.quantity = 3
        part = self._rows(ticket)["Filter"]
        self.assertEqual((part.cost_class, part.quantity, part.payer), ("part", 3, "customer"))
        self.assertTrue(part.reason)

    def test_checking_again_sees_what_changed(self):
        ticket = self._checked(service_id=self.service.id)
        ticket.unit_id = self._create_covered_unit(labour=100, travel=100)
        ticket.action_check_coverage()
        self.assertEqual(set(ticket.coverage_ids.mapped("payer")), {"warranty"})
        self.assertEqual(len(ticket.coverage_ids), 6)

    def test_mandatory_data(self):
        """HD-02: no check without a customer and a thing that it is about."""
        with self.assertRaisesRegex(ValidationError, "customer"):
            self._checked(partner_id=None)
        with self.assertRaisesRegex(ValidationError, "what it is about"):
            self._checked()

    def test_override_keeps_what_was_decided(self):
        ticket = self._checked(service_id=self.service.id)
        row = self._rows(ticket)["labour"]
        decided = row.decided_reason
        wizard = self.env["after.sales.ticket.coverage.override"].with_user(self.manager)
        wizard = wizard.create(
            {"coverage_id": row.id, "payer": "goodwill", "reason": "Third failure this year"}
        )
        wizard.action_apply()
        self.assertEqual((row.payer, row.customer_share), ("goodwill", 0.0))
        self.assertEqual((row.decided_payer, row.decided_reason), ("customer", decided))
        self.assertEqual(row.override_user_id, self.manager)
        ticket.action_check_coverage()
        self.assertEqual(row.payer, "goodwill")
        self.assertIn("Third failure this year", ticket.message_ids[:1].body)

    def test_override_of_a_decision(self):
        """What charges the work lays the override over the decision: the allocations still add up to one."""
        row = self._rows(self._checked(service_id=self.service.id))["labour"]
        row.with_user(self.manager)._override("goodwill", 0.25, "Good customer")
        request = row._prepare_request()
        decision = row._apply_override(self.env["after.sales.coverage"]._resolve([request])[row.id], request)
        self.assertEqual(
            [(a.payer, a.share) for a in decision.allocations], [("goodwill", 0.75), ("customer", 0.25)]
        )
        self.assertEqual(decision.reason, "Good customer")

    def test_override_needs_right_and_reason(self):
        row = self._rows(self._checked(service_id=self.service.id))["labour"]
        with self.assertRaises(UserError):
            row.with_user(self.agent)._override("goodwill", 0.0, "Please")
        with self.assertRaises(UserError):
            row.with_user(self.manager)._override("goodwill", 0.0, "  ")
        with self.assertRaises(AccessError):
            self.env["after.sales.ticket.coverage.override"].with_user(self.agent).create(
                {"coverage_id": row.id, "payer": "goodwill", "reason": "Please"}
            )

    def test_agent_cannot_decide_by_hand(self):
        ticket = self._checked(service_id=self.service.id)
        row = self._rows(ticket)["labour"]
        with self.assertRaises(AccessError):
            row.with_user(self.agent).write({"decided_payer": "warranty"})
        forged = (
            self.env["after.sales.ticket.coverage"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": ticket.id,
                    "product_id": self.pump.id,
                    "override_payer": "warranty",
                    "override_reason": "me",
                    "decided_payer": "warranty",
                }
            )
        )
        self.assertEqual(forged.payer, "customer")

    def test_batch_asks_the_engine_a_constant_number_of_times(self):
        unit = self._create_covered_unit()
        tickets = self.env["after.sales.ticket"].union(
            *(self._create_ticket(unit_id=unit.id) for __ in range(6))
        )

        one, five = (self._count_statements(some._check_coverage) for some in (tickets[0], tickets[1:]))
        self.assertLess(five, one + 4 * 12)
