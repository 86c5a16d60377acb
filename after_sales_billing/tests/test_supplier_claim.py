from datetime import date, timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import VISIT_DAY
from .common_recovery import SupplierRecoveryCommon

PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestSupplierClaim(SupplierRecoveryCommon):
    """BI-16: what a supplier bears is found, claimed once, sent with its evidence and answered."""

    # ------------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------------

    def test_parts_in_full_without_an_agreement(self):
        """Part A is under warranty and cost 70.00; part B is the customer's, labour is not agreed"""
        charge = self._visit_charges()
        self.assertRecordValues(
            charge,
            [
                {
                    "product_id": self.part_a.id,
                    "amount_recoverable": 70.0,
                    "recovery_state": "to_claim",
                    "recovery_supplier_id": self.supplier.id,
                    "recovery_unit_id": self.unit.id,
                }
            ],
        )

    def test_shares_by_cost_class(self):
        """A contract pays the labour: half of its cost is the supplier's by agreement"""
        contract = self._create_contract(inclusions=(("labour", 100.0),), units=self.unit)
        self._agree(part=0.8, labour=0.5)
        charges = self._visit_charges(contract=contract)
        labour = charges.filtered(lambda charge: charge.cost_class == "labour")
        self.assertEqual(sum(labour.mapped("amount_recoverable")), sum(labour.mapped("cost")) / 2)
        self.assertEqual(
            charges.filtered(lambda charge: charge.kind == "part").mapped("amount_recoverable"), [56.0]
        )

    def test_share_of_the_tariff_price(self):
        self._agree(part=1.0).basis = "price"
        self.assertEqual(self._visit_charges().amount_recoverable, 120.0)

    def test_an_agreement_reached_later_counts_for_what_is_not_claimed(self):
        charge = self._visit_charges()
        term = self._agree(part=0.5)
        self.assertEqual(charge.amount_recoverable, 35.0)
        self._make_claims(charge)
        term.share = 0.1
        self.assertEqual(charge.amount_recoverable, 35.0, "what is claimed stays")
        term.write({"share": 0.1, "date_from": date(2026, 5, 1)})
        other = self._create_supplied("SN0002")
        self.assertEqual(self._covered_charge(other).amount_recoverable, 70.0, "not agreed on that day")

    def test_what_is_not_the_suppliers(self):
        charge = self._visit_charges()
        for record, vals in [
            (self.unit, {"supplier_warranty_end": date(2026, 3, 8)}),
            (self.unit, {"supplier_warranty_end": False}),
            (self.unit, {"supplier_id": False}),
            (charge.ticket_id, {"service_id": self._create_maintenance().id}),
            (charge, {"fault_id": self._create_misuse().id}),
            (charge, {"cost": 0.0}),
        ]:
            with self.subTest(vals=vals):
                old = {name: record[name] for name in vals}
                record.sudo().write(vals)
                self.assertEqual((charge.amount_recoverable, charge.recovery_state), (0.0, False))
                self.assertTrue(charge._get_unclaimable_reason())
                record.sudo().write({name: getattr(value, "id", value) for name, value in old.items()})
                self.assertEqual(charge.amount_recoverable, 70.0)
        self.unit.supplier_warranty_end = date(2026, 3, 9)
        self.assertEqual(charge.amount_recoverable, 70.0, "the last day counts, and the day of the fault")

    def _create_maintenance(self):
        return self.env["after.sales.service"].create({"name": "Yearly check", "trigger": "due_date"})

    def _create_misuse(self):
        return self.env["after.sales.fault"].create({"name": "Dropped", "code": "DROP", "is_misuse": True})

    def test_a_component_has_its_own_supplier(self):
        maker = self.env["res.partner"].create({"name": "Pump maker"})
        pump = self._create_supplied("P1", parent_id=self.unit.id, supplier_id=maker.id)
        bare = self._create_supplied("P2", parent_id=self.unit.id, supplier_id=False)
        charges = self._create_charge(unit_id=pump.id) + self._create_charge(unit_id=bare.id)
        self.assertEqual(charges[0].recovery_supplier_id, maker)
        self.assertEqual(charges[1].recovery_unit_id, self.unit, "of the whole, when the component has none")

    def test_customers_bill_is_not_touched(self):
        """The supplier is no payer: who pays and what is billed stays the same"""
        charge = self._visit_charges()
        self._make_claims(charge)
        self.assertEqual((charge.billing_state, charge.amount_customer), ("nothing", 0.0))
        part_b = charge.intervention_id.visit_charge_ids.filtered(lambda c: c.product_id == self.part_b)
        self.assertEqual(part_b.billing_state, "to_bill")
        self.assertTrue(self._bill())
        self.assertEqual(charge.recovery_state, "claimed")

    # ------------------------------------------------------------------
    # Making claims
    # ------------------------------------------------------------------

    def test_batched_per_supplier_or_per_unit(self):
        charges = self._visit_charges() + self._covered_charge(self._create_supplied("SN0002"))
        self.supplier.after_sales_claim_grouping = "unit"
        claims = self._make_claims(charges)
        self.assertEqual(len(claims), 2)
        claims.unlink()
        self.supplier.after_sales_claim_grouping = "supplier"
        claim = self._make_claims(charges, user=self.manager)
        self.assertRecordValues(
            claim,
            [
                {
                    "partner_id": self.supplier.id,
                    "amount_claimed": 140.0,
                    "currency_id": self.company.currency_id.id,
                    "user_id": self.manager.id,
                    "unit_count": 2,
                }
            ],
        )
        self.assertEqual(self._rows(claim), [("claim", True, 70.0)] * 2)

    def test_a_charge_is_on_one_live_claim(self):
        """D87: the database says so, whoever asks; a claim given up sets it free"""
        charge = self._visit_charges()
        claim = self._make_claims(charge)
        with self.assertRaisesRegex(UserError, claim.name):
            self._make_claims(charge)
        other = self.env["after.sales.supplier.claim"].create(
            {"partner_id": self.supplier.id, "currency_id": self.company.currency_id.id}
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            other.line_ids.create({"claim_id": other.id, "charge_id": charge.id})
        claim.action_cancel()
        self.assertEqual(charge.recovery_state, "to_claim")
        again = self._make_claims(charge)
        self.assertEqual(charge.supplier_claim_count, 2)
        with self.assertRaisesRegex(UserError, again.name):
            claim.action_draft()
        again.unlink()
        claim.action_draft()
        self.assertEqual(charge.recovery_state, "claimed")

    def test_line_taken_off_a_new_claim(self):
        charges = self._visit_charges() + self._covered_charge(self._create_supplied("SN0002"))
        claim = self._make_claims(charges)
        with Form(claim) as form:
            form.line_ids.remove(index=0)
        self.assertEqual(sorted(charges.mapped("recovery_state")), ["claimed", "to_claim"])
        claim.action_mark_sent()
        with self.assertRaisesRegex(UserError, "new claim"):
            claim.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "evidence"):
            claim.unlink()

    def test_problems_are_shown_and_hold_up_nobody_else(self):
        other = self.env["res.partner"].create({"name": "Other maker"})
        charges = self._visit_charges() + self._covered_charge(
            self._create_supplied("SN0002", supplier_id=other.id)
        )
        self.supplier.active = False
        wizard = self.env["after.sales.supplier.claim.make"].with_user(self.accountant)
        wizard = wizard.create({"charge_ids": [(6, 0, charges.ids)]})
        self.assertEqual((wizard.ready_count, wizard.problem_count), (1, 1))
        self.assertIn("archived", wizard.line_ids.filtered("problem").problem)
        claim = self._make_claims(charges)
        self.assertEqual(claim.partner_id, other)
        self.assertIn("no e-mail address", claim.warning)
        self.assertIn("no address", claim.warning)

    def test_reasons_against_a_claim(self):
        charge = self._visit_charges()
        bare = self._create_charge()
        dollar = self.env["res.currency"].create({"name": "XSX", "symbol": "x"})
        for vals, words in [
            ({"company_id": self.env["res.company"].create({"name": "Else"}).id}, "another company"),
            ({"after_sales_claim_currency_id": dollar.id}, "no rate"),
        ]:
            old = {name: self.supplier[name].id for name in vals}
            self.supplier.write(vals)
            with self.assertRaisesRegex(UserError, words):
                self._make_claims(charge)
            self.supplier.write(old)
        with self.assertRaisesRegex(UserError, "No supplier"):
            self._make_claims(bare)

    def test_claim_in_the_suppliers_currency(self):
        """100 company = 200 foreign: rounded in the supplier's currency, compared at the rate of the claim"""
        foreign = self.setup_other_currency("GBP", rates=[("2016-01-01", 2.0)])
        self.supplier.after_sales_claim_currency_id = foreign
        claim = self._make_claims(self._visit_charges())
        self.assertRecordValues(claim, [{"currency_id": foreign.id, "amount_claimed": 140.0}])
        claim.action_mark_sent()
        self._answer(claim, "partial", amount=99.99)
        self.assertRecordValues(claim.line_ids, [{"amount_recoverable": 70.0, "claimed_company": 70.0}])
        self.assertAlmostEqual(claim.line_ids.agreed_company, 50.0, 2)
        move = self._settle(claim)
        self.assertRecordValues(move, [{"currency_id": foreign.id, "amount_untaxed": 99.99}])
        self.assertEqual((claim.state, claim.amount_settled), ("settled", 99.99))

    def test_less_may_be_claimed_not_more(self):
        claim = self._make_claims(self._visit_charges())
        claim.line_ids.amount_claimed = 60.0
        for amount in (70.01, 0.0):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation) as caught,
                self.env.cr.savepoint(),
            ):
                claim.line_ids.amount_claimed = amount
                claim.flush_recordset()
            self.assertIn("claimed_range", str(caught.exception))
        claim.invalidate_recordset()
        claim.action_mark_sent()
        with self.assertRaisesRegex(ValidationError, "fixed"):
            claim.line_ids.amount_claimed = 50.0

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _send(self, claim):
        action = claim.action_send()
        composer = Form(
            self.env["mail.compose.message"].with_env(claim.env).with_context(**action["context"])
        )
        composer.save()._action_send_mail()

    def test_sent_with_report_and_evidence(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.supplier.lang = "it_IT"
        visit = self._start_visit(self.unit)
        self.env["after.sales.intervention.photo"].create({"intervention_id": visit.id, "image": PIXEL})
        visit = self._finish_visit(visit)
        claim = self._make_claims(visit.visit_charge_ids.filtered("amount_recoverable"))
        self._send(claim)
        self.assertRecordValues(
            claim,
            [
                {
                    "state": "sent",
                    "date_sent": fields.Date.today(),
                    "date_due": fields.Date.today() + timedelta(days=30),
                }
            ],
        )
        message = claim.message_ids.filtered(lambda message: message.partner_ids == self.supplier)
        self.assertEqual(len(message), 1)
        names = message.attachment_ids.mapped("name")
        number = visit.name.replace("/", "_")
        self.assertLessEqual({f"{number}.pdf", f"{number} 1.jpg"}, set(names))
        self.assertEqual(len(names), 3, "the claim itself, the report of the visit and its photo")
        claim.action_collect_evidence()
        self.assertEqual(len(claim.evidence_ids), 2, "nothing is collected twice")

    def test_report_names_what_the_supplier_must_know(self):
        lot = self.unit.lot_id
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.in_type_id.id,
                "partner_id": self.supplier.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
            }
        )
        move = self.env["stock.move"].create(
            {
                "product_id": self.machine.id,
                "product_uom_qty": 1.0,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
                "origin": "PO77",
            }
        )
        move._action_confirm()
        move.move_line_ids = [
            (5, 0),
            (
                0,
                0,
                {
                    "lot_id": lot.id,
                    "quantity": 1.0,
                    **{
                        "product_id": self.machine.id,
                        "location_id": picking.location_id.id,
                        "location_dest_id": picking.location_dest_id.id,
                    },
                },
            ),
        ]
        move.picked = True
        picking._action_done()
        claim = self._make_claims(self._visit_charges())
        html = (
            self.env["ir.actions.report"]
            .with_user(self.accountant)
            ._render_qweb_html("after_sales_billing.report_supplier_claim", claim.ids)[0]
            .decode()
        )
        for words in ("SN0001", "PO77", picking.name, "Part A", claim.name, "70.00"):
            self.assertIn(words, html)

    def test_supplier_without_address_is_told_of(self):
        claim = self._make_claims(self._visit_charges())
        self.assertFalse(claim.warning)
        self.supplier.email = False
        with self.assertRaisesRegex(UserError, "Mark as Sent"):
            claim.action_send()
        claim.action_mark_sent()
        self.assertEqual(claim.state, "sent")

    def test_days_of_the_supplier_and_reminder_once(self):
        self.supplier.after_sales_claim_days = 10
        claim = self._make_claims(self._visit_charges())
        claim.action_mark_sent()
        self.assertEqual(claim.date_due, fields.Date.today() + timedelta(days=10))
        in_time = self._make_claims(self._covered_charge(self._create_supplied("SN0002")))
        in_time.action_mark_sent()
        claim.sudo().date_due = fields.Date.today() - timedelta(days=1)
        with self.enter_registry_test_mode():
            for __ in range(2):
                self.env.ref(
                    "after_sales_billing.ir_cron_after_sales_supplier_claim"
                ).sudo().method_direct_trigger()
        self.assertEqual(claim.activity_ids.user_id, self.accountant)
        self.assertEqual(len(claim.activity_ids), 1)
        self.assertFalse(in_time.activity_ids)
        claim.action_agree()
        self.assertFalse(claim.activity_ids)

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

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
