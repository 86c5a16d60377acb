import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 09:00:00")
class TestClaimCases(AfterSalesCommon):
    """What makes a claim suspicious, what is kept of it, what the customer is told, and what comes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.term = cls._create_term(claim_limit=1, proof_required=True)
        cls.unit = cls._create_unit(serial="CC1")
        cls.technician = cls._create_user("tech_claim", TECHNICIAN)
        cls.agent = cls._create_user("agent_claim", AGENT)
        cls.manager = cls._create_user("manager_claim", MANAGER)
        cls.fault = cls.env.ref("after_sales_warranty.after_sales_fault_s10")

    def _claim(self, **values):
        return (
            self.env["after.sales.claim"]
            .with_user(self.agent)
            .create({"unit_id": self.unit.id, "fault_id": self.fault.id, "date": date(2026, 6, 10), **values})
        )

    def _decided(self, state="authorised", **values):
        claim = self._claim(**values)
        claim.action_check()
        claim.reason = "Because of the facts."
        getattr(claim, {"authorised": "action_authorise", "refused": "action_refuse"}[state])()
        return claim

    def _file(self, name="photo.jpg", user=None, **values):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.agent)
            .create({"name": name, "datas": base64.b64encode(b"x"), **values})
        )

    # === ALERTS === #

    def _assert_alert(self, claim, text, there=True):
        claim.invalidate_recordset(["alerts"])
        (self.assertIn if there else self.assertNotIn)(text, claim.alerts or "")

    def test_same_unit_twice(self):
        first, second = self._claim(), self._claim()
        self._assert_alert(second, first.name)
        first.action_cancel()
        self._assert_alert(second, first.name, False)

    def test_same_fault_again(self):
        first = self._decided("refused")
        self._assert_alert(self._claim(), f"claimed before: {first.name}")
        other = self.env.ref("after_sales_warranty.after_sales_fault_s41")
        self._assert_alert(self._claim(fault_id=other.id), "claimed before", False)

    def test_serial_returned_before(self):
        self._assert_alert(self._claim(), "returned before", False)
        self.unit._end("Returned.", custody="returned")
        again = self._create_unit(serial="cc-1", partner_id=self.business.id)
        claim = self._claim(unit_id=again.id)
        self._assert_alert(claim, "returned before, by Carla Consumer")

    def test_claim_limit_reached(self):
        claim = self._claim()
        self._assert_alert(claim, "used up", False)
        claim.action_cancel()
        self._decided()
        self._assert_alert(self._claim(), "The claim limit of Two years (1) is used up")

    def test_soon_after_the_end(self):
        for day, there in [
            (date(2028, 3, 10), False),
            (date(2028, 3, 11), True),
            (date(2028, 5, 9), True),
            (date(2028, 5, 10), False),
        ]:
            self._assert_alert(self._claim(date=day), "before the claim", there)

    def test_before_the_delivery(self):
        self._assert_alert(self._claim(date=date(2026, 3, 9)), "delivered after")
        self._assert_alert(self._claim(date=date(2026, 3, 10)), "delivered after", False)

    def test_lost_stolen_scrapped(self):
        for kind, label in [("lost", "Lost"), ("stolen", "Stolen"), ("scrapped", "Scrapped")]:
            with self.subTest(kind), self.cr.savepoint() as savepoint:
                claim = self._claim(date=date(2026, 6, 1))
                claim.action_check()
                self.unit._withdraw(kind, date(2026, 6, 5), "Gone")
                self._assert_alert(claim, f"reported as: {label}")
                with self.assertRaisesRegex(UserError, "lost, stolen or scrapped"):
                    claim.action_authorise()
                claim.with_user(self.manager).write({"reason": "Happened before it was lost."})
                claim.with_user(self.manager).action_authorise()
                self.assertEqual(claim.state, "authorised")
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_proof_of_purchase(self):
        claim = self._claim()
        self._assert_alert(claim, "proof of purchase")
        claim.proof_ids = self._file("receipt.pdf")
        self._assert_alert(claim, "proof of purchase", False)
        sold = self._deliver(self.machine, 1, self._create_lot(self.machine, "CC9"))
        self._assert_alert(self._claim(unit_id=sold.id, date=date(2026, 6, 15)), "proof of purchase", False)

    def test_owner_differs(self):
        self._assert_alert(self._claim(partner_id=self.business.id), "The owner on record is Carla Consumer")

    def test_what_the_inspection_found(self):
        claim = self._claim()
        inspection = (
            self.env["after.sales.claim.inspection"]
            .with_user(self.technician)
            .create({"claim_id": claim.id, "condition": "worn", "serial_read": "cc 1"})
        )
        self._assert_alert(claim, "inspection", False)
        self._assert_alert(claim, "read on the goods", False)
        inspection.write({"condition": "opened", "serial_read": "CC7"})
        self._assert_alert(claim, "The inspection found: Opened or repaired by others.")
        self._assert_alert(claim, "is CC7, not CC1")

    def test_ended_unit(self):
        self.unit._end("Returned.", custody="returned")
        self._assert_alert(self._claim(), "no longer in service")

    # === EVIDENCE === #

    def test_evidence_is_kept(self):
        """WA-30: once decided, files and inspections can be added to and not taken away."""
        photo, receipt = self._file(), self._file("receipt.pdf")
        claim = self._claim(attachment_ids=[Command.link(photo.id)], proof_ids=[Command.link(receipt.id)])
        inspection = (
            self.env["after.sales.claim.inspection"]
            .with_user(self.technician)
            .create({"claim_id": claim.id, "condition": "opened", "note": "Seal broken"})
        )
        self.assertRecordValues(inspection, [{"user_id": self.technician.id, "date": inspection.date}])
        self.assertTrue(photo.with_user(self.technician).read(["datas"]), "whoever reads the claim sees it")
        claim.action_check()
        claim.reason = "Opened by others."
        claim.action_refuse()
        for forbidden in (
            lambda: photo.unlink(),
            lambda: photo.sudo().unlink(),
            lambda: receipt.write({"datas": base64.b64encode(b"forged")}),
            lambda: claim.write({"attachment_ids": [Command.clear()]}),
            lambda: claim.with_user(self.manager).write({"proof_ids": [Command.unlink(receipt.id)]}),
            lambda: inspection.with_user(self.manager).unlink(),
            lambda: inspection.write({"condition": "intact"}),
            lambda: claim.with_user(self.manager).unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                forbidden()
        claim.attachment_ids = [Command.link(self._file("more.jpg").id)]
        self.assertEqual(len(claim.attachment_ids), 2)

    def test_evidence_can_be_corrected_before(self):
        photo = self._file()
        claim = self._claim(attachment_ids=[Command.link(photo.id)])
        claim.attachment_ids = False
        photo.unlink()
        inspection = (
            self.env["after.sales.claim.inspection"]
            .with_user(self.agent)
            .create({"claim_id": claim.id, "condition": "intact"})
        )
        inspection.condition = "damaged"
        inspection.unlink()
        self.assertFalse(claim.inspection_ids)

    def test_somebody_else_s_file_stays_his(self):
        private = self._file(user=self.manager)
        claim = self._claim(attachment_ids=[Command.link(self._file().id)])
        self.assertFalse(private.res_id)
        self.assertEqual(claim.attachment_ids.res_id, claim.id)

    # === THE CUSTOMER LEARNS IT === #

    def test_notice_in_the_language_of_the_customer(self):
        self.consumer.lang = "it_IT"
        for state, day, words in [
            ("authorised", date(2026, 6, 10), "copre al 100%"),
            ("refused", date(2028, 4, 1), "terminata il 10/03/2028"),
        ]:
            claim = self._decided(state, date=day)
            message = claim.message_ids.filtered(lambda m: m.message_type == "auto_comment")
            self.assertEqual(message.partner_ids, self.consumer)
            self.assertIn(words, message.body)
            self.assertIn("Because of the facts.", message.body)
            claim.sudo().state = "cancelled"

    def test_no_address_somebody_tells_him(self):
        self.consumer.email = False
        claim = self._decided("refused")
        self.assertIn("Carla Consumer", claim.activity_ids.summary)
        self.assertEqual(claim.activity_ids.user_id, self.agent)

    def test_refusal_needs_a_reason(self):
        claim = self._claim()
        claim.action_check()
        with self.assertRaisesRegex(UserError, "Say why"):
            claim.action_refuse()
        self.assertEqual(claim.state, "checked")

    # === OUTCOME AND REOPENING === #

    def _reopen(self, claim, reason="The receipt was found", user=None):
        form = Form(
            self.env["after.sales.claim.reopen"]
            .with_user(user or self.agent)
            .with_context(default_claim_ids=claim.ids)
        )
        form.reason = reason
        form.save().action_reopen()

    def test_reopening(self):
        claim = self._decided("refused")
        self._reopen(claim)
        self.assertRecordValues(claim, [{"state": "checked", "decided_by_id": False, "date_decided": False}])
        self.assertTrue(any("The receipt was found" in (m.body or "") for m in claim.message_ids))
        claim.action_authorise()
        self.assertEqual(claim.state, "authorised")
        draft = self._claim()
        with self.assertRaises(UserError):
            self._reopen(draft)
        with self.assertRaises(AccessError):
            self._reopen(claim, user=self.technician)

    def test_an_outcome_counts_once(self):
        """Closed, reopened and closed again: one repair, one exchange, one refund."""
        self.unit.warranty_ids.write({"repair_policy": "extend", "repair_months": 6, "claim_limit": 0})
        claim = self._decided()
        claim.outcome = "repair"
        for __ in range(2):
            claim.action_close()
            self.assertEqual(self.unit.warranty_end, date(2028, 9, 10))
            self._reopen(claim)
            claim.action_authorise()
        new = self._create_unit(serial="CC2")
        claim.write({"outcome": "exchange", "replacement_unit_id": new.id})
        for __ in range(2):
            claim.action_close()
            self.assertEqual((self.unit.replaced_by_id, len(new.warranty_ids)), (new, 1))
            self._reopen(claim)
            claim.with_user(self.manager).action_authorise()

    def test_exchanged_once(self):
        new, newer = self._create_unit(serial="CC2"), self._create_unit(serial="CC3")
        claim = self._decided()
        self.unit._replace_with(new, date(2026, 6, 12))
        claim.write({"outcome": "exchange", "replacement_unit_id": newer.id})
        with self.assertRaisesRegex(UserError, "exchanged"):
            claim.action_close()

    def test_exchange_needs_its_replacement(self):
        """D63: chosen on the claim, or taken from the unit that was replaced meanwhile."""
        claim = self._decided()
        claim.outcome = "exchange"
        with self.assertRaisesRegex(UserError, "Choose the unit that replaces"):
            claim.action_close()
        new = self._create_unit(serial="CC2")
        self.unit._replace_with(new, date(2026, 6, 12))
        claim.action_close()
        self.assertRecordValues(claim, [{"state": "closed", "replacement_unit_id": new.id}])
        self.assertEqual(len(new.warranty_ids), 1, "the cover passed on once")

    def test_refund_ends_the_unit_and_its_owner(self):
        claim = self._decided()
        claim.outcome = "refund"
        claim.action_close()
        self.assertRecordValues(self.unit, [{"state": "ended", "custody": "returned"}])
        self.assertEqual(self.unit.owner_ids.date_to, date(2026, 6, 15))

    def test_other_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "stranger_claim", MANAGER, company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        claim = self._claim()
        inspection = self.env["after.sales.claim.inspection"].create(
            {"claim_id": claim.id, "condition": "intact"}
        )
        with self.assertRaises(AccessError):
            inspection.with_user(stranger).read(["note"])
        with self.assertRaises(AccessError):
            self._reopen(claim, user=stranger)
