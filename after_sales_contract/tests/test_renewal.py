from ast import literal_eval
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import AGENT
from .renewal_common import RenewalCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-15")
class TestRenewal(RenewalCommon):
    """The next term of a contract, its run and its approval."""

    def test_successor_copies_everything_that_is_valid(self):
        """D14, D09: every line type, cover, inclusion and visit plan; what has ended stays behind."""
        units = (
            self._create_unit(serial="R1") | self._create_unit(serial="R2") | self._create_unit(serial="R3")
        )
        contract = self._create_tacit(
            units=units,
            pool_hours=5,
            reference="PO 7",
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 1200.0, "discount": 10}),
                Command.create({"product_id": self.extra.id, "price_unit": 60, "pricing": "per_unit"}),
                Command.create({"product_id": self.extra.id, "price_unit": 5, "date_to": date(2026, 6, 30)}),
                Command.create(
                    {
                        "product_id": self.extra.id,
                        "price_unit": 9,
                        "price_basis": "month",
                        "date_from": date(2026, 9, 1),
                    }
                ),
            ],
            visit_plan_ids=[
                Command.create({"service_id": self.service.id, "interval": 5, "first_after": 31})
            ],
        )
        contract.cover_ids[0].date_to = date(2026, 5, 31)
        units[1].state = "ended"
        contract.cover_ids.create({"contract_id": contract.id, "product_id": self.pump.id, "quantity": 3})
        after = self._renew(contract)
        self.assertRecordValues(
            after,
            [
                {
                    "state": "running",
                    "predecessor_id": contract.id,
                    "origin_id": contract.id,
                    "renewal_number": 1,
                    "date_start": date(2027, 1, 1),
                    "date_end": date(2027, 12, 31),
                    "date_notice": date(2027, 12, 1),
                    "reference": "PO 7",
                    "user_id": contract.user_id.id,
                    "tacit_renewal": True,
                }
            ],
        )
        self.assertEqual(contract.successor_id, after)
        self.assertEqual(after.line_ids.mapped("price_unit"), [1200.0, 60.0, 9.0])
        self.assertFalse(any(after.line_ids.mapped("date_from")))
        self.assertEqual(after.cover_ids.unit_id, units[2])
        self.assertEqual(after.cover_ids.filtered(lambda c: not c.unit_id).quantity, 3)
        self.assertEqual(after.inclusion_ids.mapped("cost_class"), ["labour", "travel", "call_out"])
        self.assertEqual(after.amount_untaxed, 1080 + 60 * 4 + 108)
        self.assertEqual(sum(after.instalment_ids.mapped("amount")), after.amount_untaxed)
        self.assertEqual(after.pool_ids.balance, 5)
        # every five months from 1 February 2026: 1 July, 1 December, then 1 May and 1 October
        self.assertEqual(after.visit_ids.mapped("date_planned")[0], date(2027, 5, 3))
        self.assertEqual(contract.state, "running")

    def test_chain_of_terms(self):
        """D16: three years, then one year at a time, from the 31st of a month."""
        contract = self._create_tacit(
            date_start=date(2024, 1, 31),
            duration=35,
            duration_unit="month",
            renewal_duration=1,
            renewal_duration_unit="month",
            notice=5,
        )
        self.assertEqual(contract.date_end, date(2026, 12, 30))
        first = self._renew(contract)
        second = self._renew(first)
        third = self._renew(second)
        self.assertEqual(
            [(c.date_start, c.date_end, c.date_notice) for c in first | second | third],
            [
                (date(2026, 12, 31), date(2027, 1, 30), date(2027, 1, 25)),
                (date(2027, 1, 31), date(2027, 2, 27), date(2027, 2, 22)),
                (date(2027, 2, 28), date(2027, 3, 30), date(2027, 3, 25)),
            ],
        )
        self.assertEqual((first | second | third).origin_id, contract)
        terms = self.env["after.sales.contract"].search(second.action_view_terms()["domain"])
        self.assertEqual(terms, contract | first | second | third)

    def test_price_of_the_whole_term(self):
        """A price per term counts for the length of the next term."""
        contract = self._create_tacit(
            date_start=date(2024, 1, 1),
            duration=3,
            renewal_duration=1,
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 3600.0, "price_basis": "term"})
            ],
        )
        self.assertEqual(self._renew(contract).amount_untaxed, 1200.0)

    def test_template_decides_the_renewal(self):
        """D13: term, tacit renewal and adjustment come from the template and stay the contract's own."""
        rule = self._create_adjustment(percent=3)
        template = self._create_contract_template(
            duration=2,
            tacit_renewal=True,
            renewal_duration=6,
            renewal_duration_unit="month",
            adjustment_id=rule.id,
        )
        contract = self._create_contract(template_id=template.id, duration=2, start=False)
        template.write({"renewal_duration": 1, "tacit_renewal": False, "adjustment_id": False})
        self.assertRecordValues(
            contract,
            [
                {
                    "renewal_duration": 6,
                    "renewal_duration_unit": "month",
                    "tacit_renewal": True,
                    "adjustment_id": rule.id,
                }
            ],
        )

    def test_terms_stay_editable_and_renewed_leave_the_lists(self):
        """D15."""
        user = self._create_user("agent_r", AGENT)
        contract = self._create_contract()
        with Form(contract.with_user(user)) as form:
            form.tacit_renewal = True
            form.renewal_duration = 6
            form.renewal_duration_unit = "month"
            form.notice = 60
        self.assertEqual(contract.date_notice, date(2026, 11, 1))
        action = self.env.ref("after_sales_contract.after_sales_contract_action_to_renew")
        closed = self._create_contract(date_closed=date(2026, 12, 1))
        listed = self.env["after.sales.contract"].search(literal_eval(action.domain))
        self.assertIn(contract, listed)
        self.assertNotIn(closed, listed)
        after = self._renew(contract)
        self.assertEqual(after.date_end, date(2027, 6, 30))
        listed = self.env["after.sales.contract"].search(literal_eval(action.domain))
        self.assertNotIn(contract, listed)
        self.assertIn(after, listed)

    def test_explicit_renewal_waits_for_the_customer(self):
        after = self._renew(self._create_contract())
        self.assertEqual(after.state, "proposed")
        self.assertFalse(after.visit_ids)
        self.assertFalse(after.pool_ids)

    def test_refused_renewal(self):
        """The history of the contract does not call renewed what the customer did not want."""
        contract = self._create_contract()
        after = self._renew(contract)
        row = contract.renewal_row_ids
        self.assertEqual((row.state, row.renewal_id.done_count), ("done", 1))
        after.with_user(self.manager)._refuse("Too dear")
        self.env.invalidate_all()
        self.assertEqual((after.state, row.state, row.renewal_id.done_count), ("cancelled", "called_off", 0))
        after.action_draft()
        self.assertEqual(row.state, "done")

    def test_notice_calls_the_renewal_off(self):
        contract = self._create_tacit()
        after = self._renew(contract)
        contract._give_notice(date(2026, 11, 1))
        self.assertEqual(after.state, "cancelled")
        self.assertFalse(contract.successor_id)
        contract.action_withdraw_notice()
        self.assertTrue(contract.tacit_renewal)
        again = self._renew(contract)
        self.assertEqual(contract.successor_id, again)
        contract.date_closed = date(2026, 11, 15)
        contract.action_end()
        self.assertEqual((contract.state, again.state), ("ended", "cancelled"))

    def test_notice_after_the_next_term_is_billed(self):
        """The dialog says what is in the way, and nothing is half done."""
        contract = self._create_tacit()
        after = self._renew(contract)
        self._billed(after.instalment_ids[0])
        agent = self._create_user("late_letters", AGENT)
        wizard = Form.from_action(self.env(user=agent), contract.with_user(agent).action_notice())
        self.assertIn(f"The next term, {after.name}, is billed already: credit its invoices", wizard.effects)
        with self.assertRaisesRegex(UserError, "credit its invoices"):
            wizard.save().action_apply()
        self.assertEqual((contract.state, contract.successor_id), ("running", after))

    def test_what_cannot_be_renewed(self):
        """Drafts, cancelled, closed and renewed contracts: a reason on the row, nothing made."""
        cancelled, closed, draft, notice, renewed = (self._create_tacit() for __ in range(5))
        cancelled.action_cancel()
        closed.date_closed = date(2026, 11, 30)
        draft.write({"state": "draft"})
        notice._give_notice(date(2026, 11, 1))
        first = self._renew(renewed)
        contracts = cancelled | closed | draft | notice | renewed
        run = self._open_run(contracts)
        self.assertEqual(run.line_ids.mapped("state"), ["left_out"] * 5)
        for row, words in zip(
            run.line_ids, ("Cancelled", "ends early", "Draft", "Notice", first.name), strict=True
        ):
            self.assertIn(words, row.reason)
        with self.assertRaisesRegex(UserError, "no contract to renew"):
            run.action_approve()
        with self.assertRaisesRegex(UserError, "renewed already"):
            renewed.action_renew()
        self.assertEqual(len(contracts.successor_ids), 1)
