from itertools import count

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTicketFlow(HelpdeskCommon):
    serials = count(1000)

    def _covered(self, **values):
        unit = self._create_covered_unit(labour=100, travel=100, serial=f"SN-{next(self.serials)}")
        return self._create_ticket(self.agent, unit_id=unit.id, **values)

    def _on_demand(self):
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        ticket.action_check_coverage()
        return ticket

    def test_covered_call_from_end_to_end(self):
        ticket = self._covered()
        ticket.action_check_coverage()
        ticket.action_authorise()
        self.assertEqual((ticket.state, ticket.authorised_by_id), ("authorised", self.agent))
        self.assertTrue(ticket.date_authorised)
        ticket.action_done()
        self.assertTrue(ticket.date_done)
        ticket.action_close()
        self.assertEqual(ticket.state, "closed")
        self.assertTrue(ticket.date_closed)

    def test_no_step_is_skipped(self):
        """HD-28: registration, then coverage check, then authorisation; by button and by drag."""
        ticket = self._covered()
        for action in ("action_authorise", "action_done", "action_close"):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(ticket, action)()
        with self.assertRaises(UserError):
            ticket.stage_id = self.stages["closed"]
        ticket.action_check_coverage()
        with self.assertRaises(UserError):
            ticket.action_close()

    def test_work_of_the_customer_needs_his_word(self):
        """HD-11: what neither contract nor warranty covers is quoted first, or somebody answers for it."""
        ticket = self._on_demand()
        with self.assertRaisesRegex(UserError, "quotation"):
            ticket.action_authorise()
        with self.assertRaisesRegex(UserError, "quotation"):
            ticket.stage_id = self.stages["authorised"]
        ticket.authorise_reason = "Agreed on the phone with Ms Consumer"
        ticket.action_authorise()
        self.assertEqual(ticket.state, "authorised")

    def test_contract_customer_is_not_asked_again(self):
        """The regime says whether a quotation is needed: under a contract the tariff is agreed."""
        unit = self._create_unit(serial="SN-5")
        self._create_contract(unit, included=("travel",))
        ticket = self._create_ticket(self.agent, unit_id=unit.id)
        ticket.action_check_coverage()
        ticket.action_authorise()
        self.assertEqual(ticket.state, "authorised")

    def test_quotation(self):
        ticket = self._on_demand()
        ticket.action_quote()
        order = ticket.sale_order_id.sudo()
        self.assertEqual((ticket.state, order.state), ("quoted", "draft"))
        tariff = self.env["after.sales.tariff"]._get_for(company=self.company)
        prices = {(line.product_id, line.price) for line in tariff.line_ids}
        self.assertLessEqual({(line.product_id, line.price_unit) for line in order.order_line}, prices)
        self.assertEqual(len(order.order_line), 3)
        self.assertEqual(order.partner_shipping_id, ticket.site_id)
        self.assertFalse(ticket.is_quotation_sent)
        ticket.action_send_quotation()
        self.assertTrue(ticket.is_quotation_sent, "sending it again is not what comes next")
        self.assertEqual((order.state, ticket.waiting_for), ("sent", "customer"))
        order.action_confirm()
        self.assertEqual((ticket.state, ticket.waiting_for), ("authorised", False))
        self.assertEqual(order.after_sales_ticket_count, 1)

    def test_quotation_holds_only_what_is_uncovered(self):
        """Mixed case: unit covered, one part not."""
        unit = self._create_covered_unit(part=100, labour=100, travel=75)
        unit.warranty_ids.excluded_product_ids = self.filter
        ticket = self._create_ticket(self.agent, unit_id=unit.id)
        ticket.action_check_coverage()
        self.env["after.sales.ticket.coverage"].with_user(self.agent).create(
            {"ticket_id": ticket.id, "product_id": self.filter.id, "quantity": 2}
        )
        ticket.action_quote()
        lines = ticket.sale_order_id.sudo().order_line
        part = lines.filtered(lambda line: line.product_id == self.filter)
        self.assertEqual((part.product_uom_qty, part.discount), (2, 0))
        self.assertEqual((lines - part).mapped("discount"), [75.0] * len(lines - part))
        self.assertEqual(len(lines), 3)

    def test_what_the_warranty_leaves_to_the_customer_is_asked_first(self):
        """HD-11: the mixed case; the prices of a contract were accepted with it."""
        unit = self._create_covered_unit(part=100, labour=100, travel=0, serial="SN-MIXED")
        ticket = self._create_ticket(self.agent, unit_id=unit.id)
        ticket.action_check_coverage()
        self.assertEqual(ticket.regime_id.code, "warranty")
        with self.assertRaisesRegex(UserError, "Send a quotation"):
            ticket.action_authorise()
        ticket.action_quote()
        ticket.action_send_quotation()
        with self.assertRaisesRegex(UserError, "wait for the answer"):
            ticket.action_authorise()
        ticket.sale_order_id.sudo().action_confirm()
        self.assertEqual(ticket.state, "authorised")
        agreed = self._create_ticket(self.agent, unit_id=unit.id)
        agreed.contract_id = self._create_contract(unit)
        agreed.action_check_coverage()
        self.assertTrue(agreed.is_uncovered)
        agreed.action_authorise()
        self.assertEqual(agreed.state, "authorised")

    def test_quotation_is_neither_delivered_nor_invoiced_by_the_order(self):
        ticket = self._on_demand()
        self.env["after.sales.ticket.coverage"].with_user(self.agent).create(
            {"ticket_id": ticket.id, "product_id": self.pump.id}
        )
        ticket.action_quote()
        order = ticket.sale_order_id.sudo()
        order.action_confirm()
        self.assertFalse(order.picking_ids)
        self.assertEqual(set(order.order_line.mapped("qty_to_invoice")), {0.0})
        self.assertEqual(order.invoice_status, "no")
        self.assertFalse(sum(order.order_line.mapped("untaxed_amount_to_invoice")))

    def test_refused_quotation(self):
        ticket = self._on_demand()
        ticket.action_quote()
        ticket.sale_order_id.sudo()._action_cancel()
        self.assertEqual(ticket.state, "checked")
        first = ticket.sale_order_id
        ticket.action_quote()
        self.assertNotEqual(ticket.sale_order_id, first)

    def test_nothing_to_quote(self):
        ticket = self._covered()
        ticket.action_check_coverage()
        with self.assertRaises(UserError):
            ticket.action_quote()
        self.assertFalse(ticket.sale_order_id)

    def test_reopen_is_counted(self):
        ticket = self._covered()
        ticket.action_check_coverage()
        ticket.action_authorise()
        ticket.action_done()
        ticket.action_close()
        ticket.action_reopen()
        self.assertEqual((ticket.state, ticket.reopen_count, ticket.date_done), ("authorised", 1, False))
        self.assertFalse(ticket.date_closed)

    def test_cancelled_call_comes_back(self):
        ticket = self._covered()
        ticket.action_cancel()
        self.assertEqual(ticket.state, "cancelled")
        ticket.action_reopen()
        self.assertEqual(ticket.state, "registered")

    def test_stage_of_one_team(self):
        own = self.env["after.sales.stage"].create(
            {"name": "Waiting for parts", "state": "registered", "sequence": 15}
        )
        ticket = self._covered()
        ticket.stage_id = own
        self.assertEqual(ticket.state, "registered")
        own.team_ids = self.env["after.sales.team"].create({"name": "Others"})
        ticket.stage_id = self.stages["registered"]
        with self.assertRaises(UserError):
            ticket.stage_id = own

    def test_stages_of_a_team_are_those_of_now(self):
        """They are remembered, until a stage or the last of its teams changes."""
        other = self.env["after.sales.team"].create({"name": "Others"})
        before = self.team._get_stages()
        own = self.env["after.sales.stage"].create(
            {"name": "Waiting", "state": "registered", "sequence": 0, "team_ids": other.ids}
        )
        self.assertEqual(self.team._get_stages(), before)
        self.assertEqual(other._get_stages(), own + before)
        own.sequence = 100
        self.assertEqual(other._get_stages(), before + own)
        own.active = False
        self.assertEqual(other._get_stages(), before)
        own.active = True
        other.unlink()
        self.assertEqual(self.team._get_stages(), before + own, "now of every team")
        own.unlink()
        self.assertEqual(self.team._get_stages(), before)

    def test_team_without_a_stage_says_so(self):
        ticket = self._covered()
        ticket.action_check_coverage()
        self.stages["authorised"].active = False
        with self.assertRaisesRegex(UserError, "has no stage"):
            ticket.action_authorise()

    def test_claim(self):
        ticket = self._covered()
        action = ticket.action_open_claim()
        claim = self.env["after.sales.claim"].browse(action["res_id"])
        self.assertEqual((claim.unit_id, claim.partner_id), (ticket.unit_id, self.consumer))
        self.assertEqual(ticket.action_open_claim()["res_id"], claim.id)

    def test_only_a_new_call_is_deleted(self):
        ticket = self._covered().with_user(self.manager)
        ticket.action_check_coverage()
        with self.assertRaises(UserError):
            ticket.unlink()
        self._covered().with_user(self.manager).unlink()

    def test_visits_move_the_call(self):
        ticket = self._covered()
        ticket.action_check_coverage()
        visit = self._create_visit(ticket)
        with self.assertRaisesRegex(UserError, "not authorised yet"), self.env.cr.savepoint():
            visit.action_plan()
        ticket.action_authorise()
        visit.action_plan()
        self.assertEqual(ticket.state, "planned")
        self.assertEqual(ticket.date_visit, visit.date_start)
        with self.assertRaisesRegex(UserError, "interventions"):
            ticket.action_done()
        visit.write({"state": "done", "outcome": "second_visit"})
        visit._after_done()
        self.assertEqual(ticket.state, "authorised")
        second = self._create_visit(ticket)
        second.action_plan()
        second.write({"state": "done", "outcome": "solved"})
        second._after_done()
        self.assertEqual(ticket.state, "done")
        with self.assertRaises(UserError):
            ticket.action_plan()

    def test_contract_call_is_planned_without_more_ado(self):
        """A regime that asks for no authorisation authorises by planning."""
        unit = self._create_unit(serial="SN-6")
        self._create_contract(unit, included=("travel",))
        ticket = self._create_ticket(self.agent, unit_id=unit.id)
        ticket.action_check_coverage()
        self._create_visit(ticket).action_plan()
        self.assertEqual(ticket.state, "planned")
        self.assertTrue(ticket.date_authorised)

    def _create_visit(self, ticket):
        technician = self.env["resource.resource"].create({"name": "Tom", "is_technician": True})
        return self.env["after.sales.intervention"].create(
            {
                "ticket_id": ticket.id,
                "technician_ids": [Command.set(technician.ids)],
                "date_start": "2026-03-09 10:00:00",
            }
        )
