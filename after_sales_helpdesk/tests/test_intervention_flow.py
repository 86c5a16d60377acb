from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_field import DAY, FieldCommon


@tagged("post_install", "-at_install")
class TestInterventionFlow(FieldCommon):
    # Plan
    # ----

    def test_plan_needs_who_and_when(self):
        visit = self._create_visit(self.agent, technician_ids=False)
        with self._quietly_refused(UserError, "who goes and when"):
            visit.action_plan()
        visit.write(
            {"technician_ids": [Command.set(self.technician.ids)], "date_start": False, "date_end": False}
        )
        with self._quietly_refused(UserError, "who goes and when"):
            visit.action_plan()
        visit.date_start = DAY + timedelta(hours=8)
        visit.action_plan()
        self.assertEqual(visit.state, "planned")
        self.assertEqual(visit.technician_id, self.technician)
        self.assertEqual(visit.date_end, DAY + timedelta(hours=9), "an hour when no service says how long")

    def test_plan_moves_the_call_on_and_needs_its_authorisation(self):
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        visit = self._create_visit(self.agent, ticket_id=ticket.id)
        self.assertEqual(visit.partner_id, ticket.partner_id)
        with self._quietly_refused(UserError):
            visit.action_plan()
        ticket.action_check_coverage()
        ticket.authorise_reason = "Agreed"
        ticket.action_authorise()
        visit.action_plan()
        self.assertEqual(ticket.state, "planned")

    def test_second_visit_sends_the_call_back(self):
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.authorise_reason = "Agreed"
        ticket.action_authorise()
        visit = self._create_visit(self.agent, ticket_id=ticket.id)
        visit.action_plan()
        visit.with_user(self.technician_user).action_start()
        with self._quietly_refused(UserError, "cause"):
            self._finish(visit, "second_visit")
        self._finish(visit, "second_visit", outcome_reason="Part missing")
        self.assertEqual(ticket.state, "authorised")

    @freeze_time(DAY)
    def test_busy_technician_is_shown_over_the_whole_duration(self):
        first = self._create_visit(self.agent)
        first.action_plan()
        inside = self._create_visit(
            self.agent, date_start=DAY + timedelta(hours=8), date_end=DAY + timedelta(hours=20)
        )
        self.assertIn(first.name, inside.planning_warning)
        after = self._create_visit(
            self.agent, date_start=DAY + timedelta(hours=19), date_end=DAY + timedelta(hours=20)
        )
        self.assertFalse(after.planning_warning)

    # Finish, reopen
    # --------------

    def test_technician_works_without_stock_hr_or_accounting_rights(self):
        before = self.env["after.sales.unit"].search_count([])
        visit = self._create_visit(self.agent).with_user(self.technician_user)
        visit.action_plan()
        visit.action_start()
        self._add_session(visit, "work", 13, 14)
        part = self._add_part(visit, self.part_a)
        self.assertEqual(part.location_id, self.van)
        self._finish(visit)
        move = part.sudo().move_id
        self.assertRecordValues(
            move,
            [
                {
                    "state": "done",
                    "quantity": 1.0,
                    "location_id": self.van.id,
                    "location_dest_id": self.customer_location.id,
                    "reference": visit.name,
                }
            ],
        )
        self.assertEqual(self.part_a.with_context(location=self.van.id).qty_available, 9)
        self.assertEqual(self.env["after.sales.unit"].search_count([]), before, "a spare part is no unit")
        for model in ("after.sales.charge", "after.sales.charge.allocation", "stock.move"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.technician_user).search([]).mapped("display_name")
        self.assertEqual(self.env.user.id, self.env.uid)

    def test_tracked_part_needs_its_serial(self):
        board = self._create_product("Serial board", tracking="serial", after_sales_tracked=False)
        lot = self._create_lot(board, "SB-1")
        self.env["stock.quant"]._update_available_quantity(board, self.van, 1, lot_id=lot)
        visit = self._create_visit(self.agent).with_user(self.technician_user)
        part = self._add_part(visit, board)
        with self._quietly_refused(UserError, "serial number"):
            self._finish(visit)
        self.assertEqual(visit.state, "draft", "nothing is half done")
        part.lot_id = lot
        self._finish(visit)
        self.assertEqual(part.sudo().move_id.lot_ids, lot)

    def test_procedure_is_at_hand(self):
        """HD-32: who takes the call and who does the work read how it is done, in the version that is approved."""
        service = self.env["after.sales.service"].with_user(self.manager)
        service = service.create({"name": "Descaling", "procedure": "<p>Taps first</p>"})
        visit = self._create_visit(self.technician_user, service_id=service.id)
        call = self._create_ticket(self.agent, service_id=service.id)
        self.assertFalse(visit.procedure or call.procedure)
        service.sudo().action_approve_procedure()  # that another manager has to is the catalogue's to test
        service.procedure = "<p>Not thought through</p>"
        self.env.invalidate_all()
        for record in (visit, call):
            with Form(record) as form:
                self.assertIn("Taps first", form.procedure)
                self.assertEqual(form.procedure_version, 1)

    def test_finished_visit_is_locked_and_reopened_by_agents(self):
        visit = self._create_visit(self.agent).with_user(self.technician_user)
        session = self._add_session(visit, "work", 13, 14)
        part = self._add_part(visit, self.part_b)
        first = self._finish(visit)
        for change in (
            lambda: session.write({"date_stop": DAY + timedelta(hours=15)}),
            lambda: part.write({"quantity": 5}),
            lambda: part.unlink(),
            lambda: self._add_session(visit, "work", 15, 16),
            lambda: visit.write({"date_start": DAY + timedelta(hours=15)}),
            lambda: visit.write({"work_done": "Something else"}),
        ):
            with self._quietly_refused(UserError):
                change()
        with self._quietly_refused(AccessError, "agent"):
            visit.action_reopen()
        visit.with_user(self.agent).action_reopen()
        self.assertEqual(set(first.mapped("state")), {"cancelled"})
        session.date_stop = DAY + timedelta(hours=15)
        move = part.sudo().move_id
        second = self._finish(visit)
        self.assertEqual(part.sudo().move_id, move, "a part leaves the stock once")
        self.assertFalse(first & second)
        self.assertEqual(second.filtered(lambda c: c.kind == "labour").quantity, 2.0)

    def test_cancel(self):
        visit = self._create_visit(self.agent)
        visit.action_cancel()
        self.assertEqual(visit.state, "cancelled")
        visit.action_reopen()
        self.assertEqual(visit.state, "draft")
        self._add_session(visit, "travel", 13, 14)
        with self._quietly_refused(UserError, "travelled or worked"):
            visit.action_cancel()
        self._finish(visit, "customer_absent")
        with self._quietly_refused(UserError, "reopen it"):
            visit.action_cancel()
