from contextlib import contextmanager
from datetime import date

from odoo.tests import Form

from odoo.addons.after_sales_billing.tests.common_subcontract import SubcontractCommon


class PurchaseCommon(SubcontractCommon):
    """A subcontractor's work with its purchase order, and the buyer who answers for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_role("bill_buyer", "purchase.group_purchase_user")
        cls.subcontractor.buyer_id = cls.buyer
        cls.order = cls._create_subcontract(date_start="2026-03-10 08:00:00", date_end="2026-03-10 12:00:00")
        cls.purchase = cls.order.sudo().purchase_order_id.sudo(False)

    def _get_activities(self, record):
        return record.sudo().activity_ids.filtered(
            lambda task: task.activity_type_id == self.env.ref("mail.mail_activity_data_warning")
        )

    def _make_bill(self, purchase):
        """By the accountant, as *Create Bill* does."""
        action = purchase.sudo().action_create_invoice()
        bill = self.env["account.move"].browse(action["res_id"])
        bill.write({"invoice_date": "2026-03-20", "ref": f"Bill {bill.id}"})
        return bill

    def _order_and_approve(self):
        """The buyer confirms the order, the report is approved."""
        self.purchase.with_user(self.buyer).button_confirm()
        self._approve(self.order, cost=180.0)

    def _order_and_finish(self):
        """The whole of it, up to the charge of the finished visit."""
        self._order_and_approve()
        return self._finish_subcontracted(self.order)

    @contextmanager
    def _enter_bill(self):
        """The form of a bill of the subcontractor that the accountant enters by hand."""
        bills = self.env["account.move"].with_user(self.accountant)
        with Form(bills.with_context(default_move_type="in_invoice")) as form:
            form.partner_id = self.subcontractor
            form.invoice_date = date(2026, 3, 20)
            yield form
