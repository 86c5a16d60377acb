from lxml import etree

from odoo.tests import tagged

from .common import ACCOUNTANT, MANAGER, AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestCustomerForm(AfterSalesBillingCommon):
    """What each role finds on the form of a customer, all of it under one tab."""

    def test_one_tab(self):
        both = self._create_role("bill_both", ACCOUNTANT, MANAGER)
        auditor = self._create_role("bill_auditor", "account.group_account_readonly")
        billing = {
            "after_sales_billing_grouping",
            "after_sales_claim_document",
            "after_sales_supplier_term_ids",
        }
        agreed = {"after_sales_wants_promotions"}
        for user, seen in (
            (self.accountant, billing | agreed),
            (auditor, billing | agreed),
            (self.manager, billing | agreed),
            (both, billing | agreed),
            (self.agent, agreed),
            (self.technician_user, None),
        ):
            with self.subTest(user=user.login):
                arch = etree.fromstring(self.customer.with_user(user).get_view(view_type="form")["arch"])
                tabs = [page for page in arch.iter("page") if page.get("string") == "After-Sales"]
                found = [{field.get("name") for field in tab.iter("field")} for tab in tabs]
                self.assertEqual(
                    [names & (billing | agreed) for names in found], [] if seen is None else [seen]
                )
