from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import VISIT_DAY
from .common_recovery import SupplierRecoveryCommon


@tagged("post_install", "-at_install")
class TestSupplierAnswer(SupplierRecoveryCommon):
    """BI-16: agreed, partly agreed or refused, and what is claimed again."""

    def test_refused_needs_its_reason_and_frees(self):
        charge = self._visit_charges()
        claim = self._make_claims(charge)
        claim.action_mark_sent()
        with self.assertRaisesRegex(UserError, "why"):
            self._answer(claim, "refused")
        self._answer(claim, "refused", reason="Wrong water", supplier_reference="R-1")
        self.assertRecordValues(
            claim,
            [
                {
                    "state": "refused",
                    "refusal_reason": "Wrong water",
                    "supplier_reference": "R-1",
                    "amount_open": 70.0,
                }
            ],
        )
        self.assertEqual(charge.recovery_state, "refused", "free, and not due by itself")
        again = self._make_claims(charge)
        with self.assertRaisesRegex(UserError, again.name):
            claim.action_reopen()
        again.action_cancel()
        claim.action_reopen()
        self.assertEqual((claim.state, charge.recovery_state), ("sent", "claimed"))

    def test_refused_and_claimed_again_counts_once(self):
        """What was refused and is claimed anew was claimed once: the recovery rate is of that, not of twice as much."""
        charge = self._visit_charges()
        first = self._make_claims(charge)
        first.line_ids.amount_claimed = 60.0
        first.action_mark_sent()
        self._answer(first, "refused", reason="Wrong water")
        again = self._make_claims(charge)
        self.assertEqual(again.line_ids.claimed_company, 0.0, "not sent yet")
        again.action_mark_sent()
        lines = (first | again).line_ids.sorted("id")
        self.assertEqual(lines.mapped("claimed_company"), [60.0, 10.0], "the second asks for 70")
        again.action_agree()
        self._settle(again)
        totals = self.env["after.sales.supplier.claim.line"]._read_group(
            [("charge_id", "=", charge.id)], [], ["claimed_company:sum", "settled_rate:avg"]
        )
        self.assertEqual(totals, [(70.0, 100.0)])
        self.assertEqual(again.line_ids.settled_rate, 100.0)

    def test_claimed_again_counts_when_the_first_goes(self):
        charge = self._visit_charges()
        first = self._make_claims(charge)
        first.action_mark_sent()
        first.action_cancel()
        again = self._make_claims(charge)
        again.action_mark_sent()
        self.assertEqual((first | again).line_ids.sorted("id").mapped("claimed_company"), [0.0, 70.0])

    def test_partly_agreed_by_line_and_as_a_sum(self):
        self._agree(part=1.0, labour=1.0)
        contract = self._create_contract(inclusions=(("labour", 100.0),), units=self.unit)
        claim = self._make_claims(self._visit_charges(contract=contract))
        claim.action_mark_sent()
        part = claim.line_ids.filtered(lambda line: line.cost_class == "part")
        part.amount_agreed = 33.33
        for amount in (0.0, claim.amount_claimed, claim.amount_claimed + 1):
            with self.assertRaisesRegex(UserError, "A part"), self.env.cr.savepoint():
                self._answer(claim, "partial", amount=amount)
        self._answer(claim, "partial", reason="No labour")
        self.assertEqual((claim.state, claim.amount_agreed), ("partial", 33.33))
        others = claim.line_ids - part
        self.assertEqual(set(others.mapped("is_refused")), {True})
        self.assertEqual(set(others.charge_id.mapped("recovery_state")), {"refused"})
        claim.action_reopen()
        total = round(claim.amount_claimed * 0.37, 2)
        self._answer(claim, "partial", amount=total)
        self.assertAlmostEqual(sum(claim.line_ids.mapped("amount_agreed")), total, 2)
        self.assertFalse(any(claim.line_ids.mapped("is_refused")))

    def test_second_claim_for_the_rest(self):
        claim = self._agreed_claim(amount=49.95)
        charge = claim.line_ids.charge_id
        claim.action_claim_rest()
        rest = claim.follow_up_ids
        self.assertRecordValues(rest, [{"amount_claimed": 20.05, "state": "draft", "origin_id": claim.id}])
        for action in (claim.action_claim_rest, claim.action_cancel, claim.action_reopen):
            with self.assertRaisesRegex(UserError, rest.name):
                action()
        self._settle(claim)
        self.assertEqual((claim.state, charge.recovery_state), ("settled", "claimed"))
        rest.action_mark_sent()
        rest.action_agree()
        self._settle(rest)
        self.assertEqual((rest.state, charge.recovery_state), ("settled", "debited"))
        entries = charge.sudo().entry_ids.filtered(lambda entry: entry.side == "supplier")
        self.assertEqual(sum(entries.mapped("amount")), 70.0)
        self.assertEqual(sorted(entries.mapped("attempt")), [0, 1])
        self.assertEqual(sum((claim + rest).line_ids.mapped("claimed_company")), 70.0, "claimed once")
        with self.assertRaisesRegex(UserError, "agreed in full"):
            rest.action_claim_rest()

    def test_answer_is_fixed_once_it_is_given(self):
        claim = self._make_claims(self._visit_charges())
        with self.assertRaisesRegex(ValidationError, "not sent"):
            claim.line_ids.amount_agreed = 1.0
        claim.action_mark_sent()
        claim.action_agree()
        for amount in (1.0, 0.0):
            with self.assertRaisesRegex(ValidationError, "withdraw"), self.env.cr.savepoint():
                claim.line_ids.amount_agreed = amount
        self._settle(claim, post=False)
        with self.assertRaisesRegex(UserError, "debited on"):
            claim.action_cancel()
        with self.assertRaisesRegex(UserError, "claimed from its supplier"):
            claim.line_ids.charge_id.with_user(self.manager).action_cancel()

    def test_dates_of_the_golden_visit(self):
        claim = self._make_claims(self._visit_charges())
        self.assertRecordValues(
            claim.line_ids, [{"fault_date": date(2026, 3, 9), "date": VISIT_DAY, "unit_id": self.unit.id}]
        )
