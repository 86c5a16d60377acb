from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_recovery import SupplierRecoveryCommon


@tagged("post_install", "-at_install")
class TestSupplierDebit(SupplierRecoveryCommon):
    """D68: what a supplier agreed to is debited by Odoo's own document, once, and follows what becomes of it."""

    def test_vendor_credit_note(self):
        """Account, mapped taxes, analytic account, and a line for each charge, both ways"""
        plan = self.env["account.analytic.plan"].create({"name": "Contracts"})
        analytic = self.env["account.analytic.account"].create({"name": "C1", "plan_id": plan.id})
        abroad = self.tax_purchase_a.copy({"name": "Reverse charge"})
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        abroad.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(self.tax_purchase_a.id)],
            }
        )
        self.supplier.with_company(self.company).property_account_position_id = position
        contract = self._create_contract(units=self.unit, analytic_account_id=analytic.id)
        claim = self._agreed_claim(self._visit_charges(contract=contract))
        charge = claim.line_ids.charge_id
        move = self._settle(claim, post=False)
        self.assertRecordValues(
            move,
            [
                {
                    "move_type": "in_refund",
                    "partner_id": self.supplier.id,
                    "fiscal_position_id": position.id,
                    "amount_untaxed": 70.0,
                    "state": "draft",
                    "ref": claim.name,
                    "after_sales_supplier_claim_count": 1,
                    "after_sales_charge_count": 1,
                }
            ],
        )
        line = move.invoice_line_ids
        self.assertEqual(line.tax_ids, abroad)
        self.assertEqual(line.analytic_distribution, {str(analytic.id): 100.0})
        self.assertEqual(line.product_id, self.recovery_product, "no stock: the value of the part stays")
        self.assertEqual(line.account_id, self.company_data["default_account_expense"])
        for words in ("SN0001", "Part A", claim.name):
            self.assertIn(words, line.name)
        self.assertEqual(line.after_sales_entry_ids.charge_id, charge)
        self.assertEqual(claim.line_ids.move_line_id, line)
        self.assertEqual(charge.invoice_count, 0, "no invoice of the customer")
        self.assertEqual((claim.state, claim.document_state), ("agreed", "draft"), "pending does not count")
        fresh = self._make_claims(self._covered_charge(self._create_supplied("SN0009")))
        self.assertFalse(fresh.document_state, "nothing is agreed yet")
        fresh.action_mark_sent()
        fresh.action_agree()
        self.assertEqual(fresh.document_state, "none")
        move.action_post()
        self.assertRecordValues(
            claim, [{"state": "settled", "amount_settled": 70.0, "document_state": "posted"}]
        )
        self.assertEqual((charge.recovery_state, self._rows(claim)), ("debited", [("bill", True, 70.0)]))
        self.assertEqual(charge.sudo().entry_ids.document_name, move.name)
        self.assertEqual(move.action_view_after_sales_supplier_claims()["res_id"], claim.id)
        self.assertEqual(claim.action_view_moves()["res_id"], move.id)

    def test_invoice_to_the_supplier(self):
        self.supplier.after_sales_claim_document = "invoice"
        claim = self._agreed_claim()
        move = self._settle(claim)
        self.assertRecordValues(move, [{"move_type": "out_invoice", "amount_untaxed": 70.0}])
        self.assertFalse(move._after_sales_wants_statement(), "he does not read what the customer pays")
        self.assertFalse(move._after_sales_has_work_page() or move._get_after_sales_statement())
        with self.assertRaisesRegex(UserError, "no work"):
            move.action_print_after_sales_statement()
        self.assertEqual(claim.state, "settled")
        refund = self._reverse(move)
        refund.action_post()
        self.assertEqual((claim.state, claim.amount_settled), ("agreed", 0.0))

    def test_deleting_the_document_leaves_it_agreed(self):
        claim = self._agreed_claim(amount=50.0)
        move = self._settle(claim, post=False)
        with self.assertRaisesRegex(UserError, "debited on"):
            claim.action_settle()
        move.unlink()
        self.assertEqual(self._rows(claim), [("bill", False, 50.0), ("claim", True, 50.0)])
        self.assertEqual((claim.state, claim.line_ids.charge_id.recovery_state), ("partial", "claimed"))
        self.assertEqual(self._settle(claim).amount_untaxed, 50.0)
        self.assertEqual(claim.state, "settled")

    def test_deleting_a_line(self):
        charges = self._visit_charges() + self._covered_charge(self._create_supplied("SN0002"))
        claim = self._agreed_claim(charges)
        move = self._settle(claim, post=False)
        move.invoice_line_ids = [Command.delete(move.invoice_line_ids[0].id)]
        move.action_post()
        self.assertEqual((claim.state, claim.amount_settled), ("agreed", 70.0), "a half is not all")

    def test_cancelled_and_used_again(self):
        claim = self._agreed_claim()
        move = self._settle(claim)
        move.button_draft()
        self.assertEqual((claim.state, claim.amount_settled), ("agreed", 0.0))
        move.button_cancel()
        self.assertEqual(self._rows(claim), [("bill", False, 70.0), ("claim", True, 70.0)])
        move.button_draft()
        self.assertEqual(self._rows(claim), [("bill", True, 70.0)])
        move.action_post()
        self.assertEqual(claim.state, "settled")

    def test_not_used_again_when_the_claim_went_on(self):
        claim = self._agreed_claim()
        first = self._settle(claim, post=False)
        first.button_cancel()
        second = self._settle(claim)
        with self.assertRaisesRegex(UserError, "has meanwhile been billed"), self.env.cr.savepoint():
            first.button_draft()
        self.assertEqual(claim.state, "settled")
        second.button_draft()
        second.button_cancel()
        claim.action_cancel()
        with self.assertRaisesRegex(UserError, "no longer agreed"), self.env.cr.savepoint():
            first.button_draft()

    def test_reversed_in_full_can_be_debited_anew(self):
        """As for invoices: a credit adds a row and frees nothing by itself"""
        claim = self._agreed_claim()
        move = self._settle(claim)
        reversal = self._reverse(move)
        self.assertEqual(reversal.move_type, "in_invoice")
        self.assertEqual(claim.state, "settled", "a draft takes nothing back")
        reversal.action_post()
        self.assertEqual((claim.state, claim.amount_settled), ("agreed", 0.0))
        self.assertEqual(self._rows(claim), [("bill", True, 70.0), ("credit", True, -70.0)])
        with self.assertRaisesRegex(UserError, "debited on"):
            claim.action_cancel()
        again = self._settle(claim)
        self.assertEqual((again.amount_untaxed, claim.state, claim.amount_settled), (70.0, "settled", 70.0))
        self.assertEqual(
            self._rows(claim), [("bill", False, 70.0), ("credit", False, -70.0), ("bill", True, 70.0)]
        )

    def test_reversed_in_part(self):
        claim = self._agreed_claim()
        reversal = self._reverse(self._settle(claim))
        reversal.invoice_line_ids.price_unit = 20.0
        reversal.action_post()
        self.assertEqual((claim.state, claim.amount_settled), ("settled", 50.0))
        self.assertEqual(claim.line_ids.settled_company, 50.0)

    def test_corrected_document_takes_over(self):
        claim = self._agreed_claim()
        move = self._settle(claim)
        corrected = self._reverse(move, modify=True)
        self.assertEqual((corrected.move_type, corrected.state), ("in_refund", "draft"))
        self.assertEqual(claim.state, "agreed")
        corrected.invoice_line_ids.price_unit = 65.0
        corrected.invoice_date = date(2026, 4, 2)
        corrected.action_post()
        self.assertEqual((claim.state, claim.amount_settled), ("settled", 65.0))
        self.assertEqual(claim.line_ids.move_line_id.move_id, corrected)

    def test_draft_edited_by_hand(self):
        claim = self._agreed_claim()
        move = self._settle(claim, post=False)
        move.invoice_line_ids.price_unit = 60.0
        move.action_post()
        self.assertEqual((claim.amount_agreed, claim.amount_settled), (70.0, 60.0))

    def test_without_a_product_nothing_is_guessed(self):
        claim = self._agreed_claim()
        self.recovery_product.active = False
        with self.assertRaisesRegex(UserError, "product of supplier recovery"):
            claim.action_settle()
        own = self._create_service("Refunds of makers", taxes=self.vat)
        self.company.after_sales_recovery_product_id = own
        self.assertEqual(self._settle(claim).invoice_line_ids.product_id, own)

    # ------------------------------------------------------------------
    # Goods
    # ------------------------------------------------------------------

    def test_goods_go_back_to_the_supplier(self):
        """By a transfer to his location; they stay the customer's, and the unit says where it is"""
        self.supplier.after_sales_claim_goods = True
        claim = self._make_claims(self._visit_charges(), user=self.manager)
        self.assertTrue(claim.goods_wanted)
        with self.assertRaisesRegex(UserError, "None of the goods"):
            claim.action_send_goods()
        record = self.env["after.sales.return"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "policy_id": self.env.ref("after_sales_helpdesk.return_policy_repair").id,
                "line_ids": [Command.create({"unit_id": self.unit.id, "note": "Leaks"})],
            }
        )
        record.action_authorise()
        with self.assertRaisesRegex(UserError, "not accepted"):
            claim.action_send_goods()
        self.env["after.sales.return.receive"].create({"return_id": record.id}).action_receive()
        record.line_ids.condition = "worn"
        record.line_ids.action_accept()
        with self.assertRaises(AccessError):
            claim.with_user(self.technician_user).action_send_goods()
        claim.with_user(self.agent).action_send_goods()
        self.assertEqual(claim.message_ids[0].author_id, self.agent.partner_id)
        self.assertIn("Sent to the supplier", claim.message_ids[0].body)
        line = record.line_ids
        self.assertEqual((line.state, self.unit.custody), ("at_supplier", "at_supplier"))
        moves = line.other_move_ids.filtered(lambda move: move.location_dest_id.usage == "supplier")
        self.assertRecordValues(moves.picking_id, [{"state": "done", "partner_id": self.supplier.id}])
        self.assertEqual(moves.move_line_ids.owner_id, self.customer)
        self.assertEqual((claim.goods_count, line.supplier_reference), (1, claim.name))
        with self.assertRaisesRegex(UserError, "at the supplier already"):
            claim.action_send_goods()
        claim.invalidate_recordset(["goods_away"])
        self.assertTrue(claim.goods_away)
        claim.with_user(self.agent).action_goods_kept()
        self.assertRecordValues(line, [{"state": "accepted", "is_kept": True}])
        claim.invalidate_recordset(["goods_away"])
        self.assertFalse(claim.goods_away)
        self.assertIn("Kept by the supplier", claim.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "None of the goods"):
            claim.action_goods_kept()
        line.outcome = "refund"
        line.action_settle()
        self.assertEqual(self.unit.state, "ended")
