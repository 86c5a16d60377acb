from odoo.tests import tagged, warmup

from .common_workshop import WorkshopCommon

AUTHORISE_AND_RECEIVE = 66
"""Statements of a return authorised and received: 57 alone, some more beside other data."""
CREDITABLE = 165
"""The same until the sale may be credited: 113 alone, 150 beside all addons and demo data. The aim is 110."""


@tagged("post_install", "-at_install")
class TestReturnSpeed(WorkshopCommon):
    @warmup
    def test_return_authorised_and_received(self):
        __, units = self._sold_units("M-1", "M-2")
        self.quick_policy.outcome = "refund"
        for unit in units:
            record = self._create_return(unit, policy_id=self.quick_policy.id)
            line = record.line_ids
            self.env.flush_all()
            if unit == units[0]:  # fills the caches
                record.action_authorise()
                line._receive([(1.0, unit.serial)])
                continue
            with self.assertQueryCount(AUTHORISE_AND_RECEIVE):
                record.action_authorise()
                line._receive([(1.0, unit.serial)])
                self.env.flush_all()
            self.assertEqual(line.state, "accepted")

    def test_return_authorised_received_and_creditable(self):
        """OCA rma takes 283 with the credit note; that one is Odoo's own here, and takes 128 by itself."""
        if not self.company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.machine.invoice_policy = "delivery"
        self.quick_policy.outcome = "refund"
        sold = [self._sold_units(serial) for serial in ("M-1", "M-2")]
        for order, __ in sold:
            order._create_invoices().action_post()
        for order, unit in sold:  # the first fills the caches
            record = self._create_return(unit, policy_id=self.quick_policy.id)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            record.action_authorise()
            record.line_ids._receive([(1.0, unit.serial)])
            record.line_ids.action_settle()
            self.env.flush_all()
            statements = self.env.cr.sql_log_count - before
            credit = order._create_invoices(final=True)
            self.assertRecordValues(credit, [{"move_type": "out_refund", "state": "draft"}])
            self.assertEqual(credit.invoice_line_ids.product_id, self.machine)
        self.assertLessEqual(statements, CREDITABLE)
