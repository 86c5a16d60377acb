from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_recovery import SupplierRecoveryCommon

PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestSupplierClaim(SupplierRecoveryCommon):
    """BI-16: what a supplier bears is claimed once, and sent with its evidence."""

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
