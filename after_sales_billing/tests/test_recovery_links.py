from odoo.tests import tagged

from .common_recovery import SupplierRecoveryCommon


@tagged("post_install", "-at_install")
class TestRecoveryLinks(SupplierRecoveryCommon):
    """From the customer's claim to the supplier's and back."""

    def _create_warranty_claim(self, unit=None):
        return self.env["after.sales.claim"].create({"unit_id": (unit or self.unit).id})

    def test_by_the_call(self):
        """A unit may have several claims: the call says for which one the work was done."""
        mine, other = self._create_warranty_claim(), self._create_warranty_claim()
        ticket = self._create_ticket(self.unit, claim_id=mine.id)
        claim = self._make_claims(self._visit_charges(ticket=ticket))
        self.assertEqual((mine | other).mapped("supplier_claim_count"), [1, 0])
        self.assertEqual(mine.with_user(self.agent).action_view_supplier_claims()["res_id"], claim.id)
        self.assertFalse(other.action_view_supplier_claims()["domain"][0][2])
        for user in (self.agent, self.accountant):
            record = claim.with_user(user)
            self.assertEqual(record.warranty_claim_count, 1)
            self.assertEqual(record.action_view_warranty_claims()["res_id"], mine.id)

    def test_by_the_unit(self):
        """Work without a claim on its call, or without a call, belongs to the claims of its unit."""
        mine, other = (
            self._create_warranty_claim(),
            self._create_warranty_claim(self._create_supplied("SN0002")),
        )
        claim = self._make_claims(self._covered_charge(self.unit))
        self.assertEqual((mine | other).mapped("supplier_claim_count"), [1, 0])
        self.assertEqual(claim._get_warranty_claims(), mine)
        form = mine.with_user(self.agent).get_view(view_type="form")["arch"]
        self.assertIn("action_view_supplier_claims", form)
