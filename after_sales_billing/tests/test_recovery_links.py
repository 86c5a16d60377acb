from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import MANAGER
from .common_recovery import SupplierRecoveryCommon


@tagged("post_install", "-at_install")
class TestRecoveryLinks(SupplierRecoveryCommon):
    """From the customer's claim to the supplier's and back; who enters what suppliers bear."""

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

    def test_manager_enters_agreements_without_accounting(self):
        """Who pays what is the service manager's to agree: in the list of agreements, and on the supplier."""
        charge = self._create_charge(
            name="Labour",
            unit_id=self.unit.id,
            cost=60.0,
            allocation_ids=[Command.create({"payer": "warranty", "share": 1.0})],
        )
        self.assertFalse(charge.amount_recoverable)
        terms = self.env["after.sales.supplier.term"].with_user(self.manager)
        terms.get_views([(False, "list"), (False, "search")])
        with Form(terms, view="after_sales_billing.after_sales_supplier_term_view_list") as form:
            form.partner_id = self.supplier
            form.cost_class = "labour"
            form.share = 0.5
        term = form.save()
        self.assertEqual(charge.amount_recoverable, 30.0)
        term.share = 0.4
        self.assertEqual(charge.amount_recoverable, 24.0)
        term.unlink()
        self.assertFalse(charge.amount_recoverable)
        with self.assertRaises(AccessError):
            terms.with_user(self.agent).create({"partner_id": self.supplier.id, "cost_class": "labour"})

    def test_manager_sees_them_on_the_supplier(self):
        both = self._create_role("bill_manager_contacts", MANAGER, "base.group_partner_manager")
        with Form(self.supplier.with_user(both)) as form:
            form.after_sales_claim_document = "invoice"
            form.after_sales_claim_goods = True
            with form.after_sales_supplier_term_ids.new() as line:
                line.cost_class = "travel"
        self.assertRecordValues(self.supplier, [{"after_sales_claim_document": "invoice"}])
        self.assertEqual(self.supplier.after_sales_supplier_term_ids.cost_class, "travel")
        for user, seen in ((self.manager, True), (self.accountant, True), (self.technician_user, False)):
            arch = self.supplier.with_user(user).get_view(view_type="form")["arch"]
            self.assertEqual("after_sales_supplier_term_ids" in arch, seen, user.login)
