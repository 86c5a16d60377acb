from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_recovery import SupplierRecoveryCommon


@tagged("post_install", "-at_install")
class TestSupplierRights(SupplierRecoveryCommon):
    """Who may do what with claims to suppliers, and how many statements it takes."""

    def test_who_may_what(self):
        charges = self._visit_charges()
        claim = self._make_claims(charges, user=self.manager)
        claim.action_mark_sent()
        claim.action_agree()
        with self.assertRaisesRegex(AccessError, "accountants"):
            claim.action_settle()
        self.assertTrue(claim.with_user(self.agent).amount_claimed)
        for action in ("action_cancel", "action_reopen"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(claim.with_user(self.agent), action)()
        portal = new_test_user(self.env, login="bill_portal", groups="base.group_portal")
        nobody = self._create_role("bill_nobody")
        for user in (portal, nobody, self.technician_user):
            for model in (
                "after.sales.supplier.claim",
                "after.sales.supplier.claim.line",
                "after.sales.supplier.term",
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {model}"):
                    self.env[model].with_user(user).search([])
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_role("bill_elsewhere", "account.group_account_invoice", company=other)
        with self.assertRaises(AccessError):
            claim.with_user(stranger).read(["name"])
        self.assertFalse(self.env["after.sales.supplier.claim"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self._make_claims(self._covered_charge(self._create_supplied("SN0002")), user=self.agent)

    def test_views_open_for_each_role(self):
        claim = self._agreed_claim()
        self._settle(claim)
        for user in (self.accountant, self.manager, self.agent):
            record = claim.with_user(user)
            for view in ("form", "list", "kanban", "activity", "search"):
                record.get_views([(False, view)])
            names = [name for name in record.get_views([(False, "form")])["models"][record._name]["fields"]]
            record.read([name for name in names if record._has_field_access(record._fields[name], "read")])
        unit = self.unit.with_user(self.agent)
        self.assertEqual(
            (unit.supplier_claim_count, unit.action_view_supplier_claims()["res_id"]), (1, claim.id)
        )
        ticket = claim.line_ids.ticket_id.with_user(self.agent)
        self.assertEqual(
            (ticket.supplier_claim_count, ticket.action_view_supplier_claims()["res_id"]), (1, claim.id)
        )
        supplier = self.supplier.with_user(self.agent)
        self.assertEqual(supplier.after_sales_supplier_claim_count, 1)
        self.assertFalse(self.supplier.with_user(self.technician_user).after_sales_supplier_claim_count)
        self.assertIn(
            claim.id,
            self.env["after.sales.supplier.claim"]
            .search(supplier.action_view_after_sales_supplier_claims()["domain"])
            .ids,
        )

    def test_many_charges_cost_no_more_statements_each(self):
        """Statements of making a claim grow by the numbers of its lines only in the inserts"""
        charges = self.env["after.sales.charge"]
        for number in range(8):
            unit = self._create_supplied(f"M{number:04}")
            charges += self._covered_charge(unit)
        self.assertEqual(set(charges.mapped("recovery_state")), {"to_claim"})
        claims = self.env["after.sales.supplier.claim"].with_user(self.accountant)
        claims._make(charges[:1].with_user(self.accountant))

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            claims._make(some.with_user(self.accountant))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few, more = count(charges[1:3]), count(charges[3:8])
        self.assertLessEqual(more - few, 3 * 2, f"{few} for 2, {more} for 5")
