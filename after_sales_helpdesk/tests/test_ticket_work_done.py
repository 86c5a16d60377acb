from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_field import DAY, FieldCommon


@tagged("post_install", "-at_install")
class TestWorkDone(FieldCommon):
    """Work that was done stays done and is charged, whatever becomes of its call: cancelled, or merged into another."""

    def _create_open_call(self, **values):
        """A call that may be worked on."""
        call = self._create_ticket(
            self.agent, service_id=self.service.id, authorise_reason="Agreed by telephone", **values
        )
        call.action_check_coverage()
        call.action_authorise()
        return call

    def _help(self, call, start=10):
        """Half an hour on the telephone."""
        return call._log_time(
            self.technician,
            DAY + timedelta(hours=start),
            DAY + timedelta(hours=start + 0.5),
            note="Told him how",
        )

    def _go(self, call, start=10, outcome="second_visit"):
        """An hour at the customer's."""
        visit = self._create_visit(self.agent, ticket_id=call.id)
        self._add_session(visit, "work", start, start + 1)
        visit.outcome_reason = "A part is missing"
        self._finish(visit, outcome)
        return visit

    def _cancel(self, calls):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_ticket_cancel_action"
        )
        wizard = (
            self.env[action["res_model"]].with_user(self.agent).with_context(default_ticket_ids=calls.ids)
        )
        with Form(wizard) as form:
            form.reason = "He solved it himself"
        form.record.action_cancel_calls()
        return form.record

    # Cancelled ------------------------------------------------------------------------------------------------------

    def test_cancelled_after_help_on_the_telephone(self):
        call = self._create_ticket(self.agent)
        visit = self._help(call)
        charges = self._get_charges(visit)
        wizard = self._cancel(call)
        self.assertIn(visit.name, wizard.work_done)
        self.assertEqual((call.state, visit.state), ("cancelled", "done"))
        self.assertEqual(self._get_charges(visit), charges)
        self.assertEqual(charges.ticket_id, call)
        self.assertIn(visit.name, "".join(call.message_ids.mapped("body")), "what stays is said")

    def test_cancelled_after_a_visit(self):
        call = self._create_open_call()
        visit = self._go(call)
        self.assertEqual(call.state, "authorised")
        self._cancel(call)
        self.assertEqual((call.state, visit.state), ("cancelled", "done"))
        self.assertTrue(self._get_charges(visit))

    def test_nothing_is_said_where_nothing_was_done(self):
        self.assertFalse(self._cancel(self._create_ticket(self.agent)).work_done)

    def test_open_visits_are_ended_first(self):
        call = self._create_open_call()
        self._help(call)
        visit = self._create_visit(self.agent, ticket_id=call.id)
        visit.action_plan()
        with self._quietly_refused(UserError, f"{visit.name}. Finish or cancel them first"):
            self._cancel(call)
        visit.action_cancel()
        self._cancel(call)
        self.assertEqual(call.state, "cancelled")

    def test_charges_without_a_price_are_decided_first(self):
        self.tariff.line_ids.filtered(lambda line: line.kind == "labour").unlink()
        call = self._create_ticket(self.agent)
        charge = self._get_charges(self._help(call))
        self.assertTrue(charge.problem)
        with self._quietly_refused(UserError, "wait for a decision"):
            self._cancel(call)
        charge.with_user(self.manager).action_cancel()
        self._cancel(call)
        self.assertEqual(call.state, "cancelled")

    def test_charges_by_hand_are_checked_before_the_call_ends(self):
        call = self._create_open_call()
        visit = self._go(call, outcome="solved")
        charge = self._charge_toll(ticket_id=call.id)
        self.assertFalse(charge.problem)
        with self._quietly_refused(UserError, "decision: Toll. Give"):
            call.with_user(self.agent).action_close()
        self.assertEqual((call.state, visit.state), ("done", "done"))
        charge.action_confirm()
        call.with_user(self.agent).action_close()
        self.assertEqual(call.state, "closed")

    def test_refused_quotation_ends_a_call_that_was_helped(self):
        call = self._create_ticket(self.agent, service_id=self.service.id)
        self._help(call)
        call.action_check_coverage()
        call.action_quote()
        call.sale_order_id.sudo().with_context(after_sales_refusal="Too dear")._action_cancel()
        self.assertEqual(call.state, "cancelled")

    # Merged ---------------------------------------------------------------------------------------------------------

    def test_help_on_the_telephone_goes_to_the_call_that_stays(self):
        stays, goes = self._create_ticket(self.agent, channel="email"), self._create_ticket(self.agent)
        visit = self._help(goes)
        charges = self._get_charges(visit)
        goes._merge_into(stays)
        self.assertEqual((goes.state, visit.state), ("cancelled", "done"))
        self.assertEqual((visit.ticket_id, visit.session_ids.ticket_id), (stays, stays))
        self.assertEqual(self._get_charges(visit), charges)
        self.assertEqual(charges.ticket_id, stays)
        self.assertEqual((stays.hours_logged, stays.visit_charge_count), (0.5, len(charges)))
        self.assertFalse(goes.hours_logged)
        response = stays.clock_ids.filtered(lambda clock: clock.kind == "response")
        self.assertTrue(response.stop, "he was helped, that is an answer")

    def test_visits_go_to_the_call_that_stays_as_they_are(self):
        """What was done on another unit by another service stays so; the planned visit holds the other call open."""
        unit, other = (self._create_covered_unit(serial=serial) for serial in ("SN-401", "SN-402"))
        self.service.check_ids = [Command.create({"name": "Seal is tight"})]
        stays = self._create_open_call(unit_id=other.id)
        goes = self._create_open_call(unit_id=unit.id)
        done = self._go(goes)
        checks = done.check_ids
        planned = self._create_visit(
            self.agent,
            ticket_id=goes.id,
            date_start=DAY + timedelta(days=1),
            date_end=DAY + timedelta(days=1, hours=2),
        )
        planned.action_plan()
        self.assertEqual((goes.state, stays.state), ("planned", "authorised"))
        goes._merge_into(stays)
        self.assertEqual(stays.intervention_ids, done | planned)
        self.assertEqual((goes.state, stays.state), ("cancelled", "planned"))
        self.assertEqual((done | planned).unit_id, unit)
        self.assertTrue(checks.exists() and done.check_ids == checks)
        self.assertEqual(self._get_charges(done).ticket_id, stays)
        self.assertEqual(self._get_charges(done).unit_id, unit)
        self._finish(planned)
        self.assertEqual(stays.state, "done")

    def test_visits_are_not_moved_to_a_call_that_may_not_be_worked_on(self):
        goes, stays = self._create_open_call(), self._create_ticket(self.agent)
        self._go(goes)
        with self._quietly_refused(UserError, "let it be the call that stays"):
            goes._merge_into(stays)
        stays._merge_into(goes)
        self.assertEqual(stays.merged_into_id, goes)

    def test_goods_and_loaners_go_along(self):
        goes, stays = self._create_open_call(), self._create_open_call()
        goods = self.env["after.sales.return"].create(
            {
                "partner_id": self.consumer.id,
                "ticket_id": goes.id,
                "line_ids": [Command.create({"product_id": self.part_a.id, "note": "Broken"})],
            }
        )
        goods.action_authorise()
        goes._merge_into(stays)
        self.assertEqual((goods.ticket_id, goods.line_ids.ticket_id), (stays, stays))
        self.assertTrue(stays.awaits_goods)
        self.assertEqual(goes.state, "cancelled")

    def test_what_is_to_be_done_goes_along(self):
        goes, stays = self._create_ticket(self.agent), self._create_ticket(self.agent)
        activity = goes.activity_schedule("mail.mail_activity_data_call", user_id=self.agent.id)
        goes._merge_into(stays)
        self.assertEqual(stays.activity_ids, activity)
