from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import MANAGER


@tagged("post_install", "-at_install")
class TestExtensionCredit(AccountTestInvoicingCommon):
    """A credit note takes the extension back, a new invoice gives it again."""

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref(MANAGER)
            | cls.quick_ref("sales_team.group_sale_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            "credit_accountant",
            groups="account.group_account_invoice",
            company_id=cls.env.company.id,
        )
        term_model = cls.env["after.sales.warranty.term"]
        term_model.search([]).active = False
        term_model.create({"name": "Two years", "duration": 24, "applies_to": "all"})
        year = term_model.create(
            {"name": "One more year", "kind": "extension", "duration": 12, "applies_to": "all"}
        )
        cls.service = cls.env["product.product"].create(
            {
                "name": "Extension 12",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 100.0,
                "after_sales_extension_term_id": year.id,
            }
        )
        machine = cls.env["product.product"].create({"name": "Machine", "type": "consu", "is_storable": True})
        cls.unit = cls.env["after.sales.unit"].create(
            {
                "product_id": machine.id,
                "serial": "CREDIT",
                "partner_id": cls.partner_a.id,
                "delivery_date": fields.Date.today(),
            }
        )

    def _get_extensions(self):
        return self.unit.warranty_ids.filtered(lambda w: w.kind == "extension").sorted("id")

    def _invoice(self, order):
        move = order._create_invoices()
        move.with_user(self.accountant).action_post()
        return move

    def _credit(self, invoice, method="refund_moves"):
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "Goodwill"})
        )
        credit = self.env["account.move"].browse(getattr(wizard, method)()["res_id"])
        if credit.move_type == "out_refund" and credit.state == "draft":
            credit.action_post()
        return credit

    def test_credit(self):
        end = self.unit.warranty_end
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.service.id, "after_sales_unit_ids": [Command.set(self.unit.ids)]}
                    )
                ],
            }
        )
        order.action_confirm()
        invoice = self._invoice(order)
        self.assertEqual(self._get_extensions().mapped("state"), ["pending"])
        credit = self._credit(invoice)
        extension = self._get_extensions()
        self.assertEqual(extension.state, "void")
        self.assertIn(credit.name, extension.event_ids.filtered(lambda e: e.kind == "void").reason)
        self.assertEqual(self.unit.warranty_end, end)
        self._invoice(order)
        self.assertEqual(self._get_extensions().mapped("state"), ["void", "pending"])
        self.assertGreater(self.unit.warranty_end, end)
