from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestClaim(AfterSalesCommon):
    """Registered, checked by rule, decided by a person with reasons, closed with its outcome."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term(labour_share=0, travel_share=0, repair_policy="suspend")
        cls.unit = cls._create_unit(serial="C1")
        cls.agent = cls._create_user("agent", AGENT)
        cls.manager = cls._create_user("manager", MANAGER)
        cls.technician = cls._create_user("technician", TECHNICIAN)
        cls.fault = cls.env.ref("after_sales_warranty.after_sales_fault_s10")

    def _register(self, **values):
        form = Form(self.env["after.sales.claim"].with_user(values.pop("user", self.agent)))
        form.unit_id = values.pop("unit", self.unit)
        form.fault_id = values.pop("fault", self.fault)
        form.date = values.pop("date", date(2026, 5, 1))
        return form.save()

    def test_covered(self):
        claim = self._register()
        self.assertEqual(claim.partner_id, self.consumer)
        self.assertTrue(claim.name.startswith("CLM/"))
        claim.action_check()
        self.assertRecordValues(
            claim,
            [
                {
                    "state": "checked",
                    "regime": "warranty",
                    "warranty_id": self.unit.warranty_ids.id,
                    "part_share": 1.0,
                    "labour_share": 0.0,
                    "part_granted": 1.0,
                    "is_override": False,
                }
            ],
        )
        self.assertIn(self.unit.warranty_ids.number, claim.decision)
        claim.action_authorise()
        self.assertRecordValues(claim, [{"state": "authorised", "decided_by_id": self.agent.id}])
        with self.assertRaisesRegex(UserError, "outcome"):
            claim.action_close()
        claim.outcome = "repair"
        with freeze_time("2026-05-10"):
            claim.action_close()
        self.assertEqual(claim.state, "closed")
        self.assertEqual(self.unit.warranty_ids.date_end, date(2028, 3, 20), "ten days out of use")
        self.assertEqual(self.unit.claim_count, 1)

    def test_not_covered(self):
        claim = self._register(date=date(2029, 1, 1))
        claim.action_check()
        self.assertRecordValues(claim, [{"regime": "post_warranty", "part_share": 0.0}])
        with self.assertRaisesRegex(UserError, "manager"):
            claim.action_authorise()
        with self.assertRaisesRegex(UserError, "Say why"):
            claim.action_refuse()
        claim.reason = "The warranty is over."
        claim.action_refuse()
        claim.action_close()
        self.assertEqual(claim.state, "closed")
        with self.assertRaises(UserError):
            claim.with_user(self.manager).unlink()

    def test_override_needs_right_and_reason(self):
        claim = self._register()
        claim.action_check()
        with self.assertRaises(UserError):
            claim.labour_granted = 1.0
        claim = claim.with_user(self.manager)
        claim.labour_granted = 1.0
        self.assertTrue(claim.is_override)
        with self.assertRaisesRegex(UserError, "differs"):
            claim.action_authorise()
        claim.reason = "A good customer."
        claim.action_authorise()
        self.assertRecordValues(claim, [{"labour_share": 0.0, "labour_granted": 1.0, "state": "authorised"}])

    def test_what_the_check_found_is_nobody_s_to_write(self):
        """Neither an agent nor a manager forges the answer of the rules, nor moves it to another unit or fault."""
        other = self._create_unit(serial="C9")
        claim = self._register()
        for user in (self.agent, self.manager):
            mine = claim.with_user(user)
            for vals in (
                {"state": "authorised"},
                {"part_share": 1.0},
                {"decision": "All of it."},
                {"decided_by_id": self.manager.id},
            ):
                with self.subTest(vals, user=user.login), self.assertRaisesRegex(UserError, "evidence"):
                    mine.write(vals)
                with self.assertRaisesRegex(UserError, "evidence"):
                    claim.create({"unit_id": other.id, **vals})
        claim.date = date(2026, 6, 9)
        claim.action_check()
        for vals in ({"unit_id": other.id}, {"fault_id": False}, {"date": date(2026, 6, 1)}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "back to draft"):
                claim.write(vals)
        claim.action_draft()
        claim.unit_id = other
        claim.action_check()
        self.assertEqual(claim.warranty_id, other.warranty_ids)

    def test_exchange(self):
        new = self._create_unit(serial="C2", delivery_date=date(2026, 6, 1))
        claim = self._register()
        claim.action_check()
        claim.action_authorise()
        claim.write({"outcome": "exchange", "replacement_unit_id": new.id})
        with freeze_time("2026-06-01"):
            claim.action_close()
        self.assertEqual(self.unit.replaced_by_id, new)
        self.assertEqual(new.warranty_end, date(2028, 3, 10))

    def test_refund(self):
        claim = self._register()
        claim.action_check()
        claim.action_authorise()
        claim.outcome = "refund"
        claim.action_close()
        self.assertRecordValues(self.unit, [{"state": "ended", "custody": "returned"}])

    def test_alerts(self):
        first = self._register()
        second = self._register(date=date(2028, 4, 1))
        self.assertIn(first.name, second.alerts)
        self.assertIn("22 days", second.alerts)
        first.action_cancel()
        second.invalidate_recordset(["alerts"])
        self.assertNotIn(first.name, second.alerts)

    def test_states(self):
        claim = self._register()
        for action in ("action_authorise", "action_refuse", "action_close"):
            with self.assertRaises(UserError):
                getattr(claim, action)()
        claim.action_check()
        claim.action_draft()
        self.assertEqual(claim.state, "draft")

    def test_technician_reads_only(self):
        claim = self._register()
        self.assertTrue(claim.with_user(self.technician).name)
        for action in ("action_check", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(claim.with_user(self.technician), action)()
