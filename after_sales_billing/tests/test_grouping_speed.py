from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestGroupingSpeed(AfterSalesBillingCommon):
    """Statements of grouping charges into invoices, which are exact and repeatable."""

    def _count(self, number):
        charges = self.env["after.sales.charge"].union(*(self._create_charge() for __ in range(number)))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        groups = self.env["after.sales.billing"]._get_groups(charges, "all")
        self.assertEqual(groups, [charges])
        return self.env.cr.sql_log_count - before

    def test_fiscal_position_is_looked_up_once_a_customer(self):
        self._count(1)
        self.assertEqual(self._count(12), self._count(2))
