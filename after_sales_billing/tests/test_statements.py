import logging

from odoo.tests import tagged

from .common import AfterSalesBillingCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestStatements(AfterSalesBillingCommon):
    """The work of a run grows with its invoices, and only so much."""

    def _count(self, number):
        partners = self.env["res.partner"].create([{"name": f"Customer {index}"} for index in range(number)])
        for partner in partners:
            self._create_charge(partner_id=partner.id)
            self._create_charge(partner_id=partner.id, price_unit=60.0)
        run = self._create_run()
        run.action_preview()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        run.action_bill()
        self.env.flush_all()
        self.assertEqual(run.move_count, number)
        return self.cr.sql_log_count - before

    def test_statements_per_further_invoice(self):
        self._count(2)  # warm
        few, many = self._count(5), self._count(25)
        _logger.info("Billing: %.1f statements per further invoice of two lines", (many - few) / 20)
        self.assertLessEqual((many - few) / 20, 9)
