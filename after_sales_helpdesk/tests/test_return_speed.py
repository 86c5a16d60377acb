from odoo.tests import tagged

from .common_workshop import WorkshopCommon

OURS = 8
"""Statements of ours beside the bare wizard and receipt of the same goods: 6 alone, 5 beside all addons, 4 with demo data."""
AUTHORISE_AND_RECEIVE = 118
"""The same with what Odoo takes for it, from an empty cache of records: 114 alone and beside all addons, where Odoo
takes 108 and 109; 116 with demo data, where it takes 112."""
SETTLE = 46
"""A refund of goods that are scrapped: 45 alone, most of it Odoo's scrap; 2 tell in the chatter which order to credit."""
CREDIT = 2
"""The credit note is Odoo's own: at most 1 more than the one of the bare return, which takes 155 to 161."""


@tagged("post_install", "-at_install")
class TestReturnSpeed(WorkshopCommon):
    """What a return costs beside Odoo's own return of the same goods, measured in the same run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.machine.invoice_policy = "delivery"
        cls.quick_policy.outcome = "refund"
        cls.plain = cls._create_product(
            "Plain machine", tracking="serial", invoice_policy="delivery", after_sales_tracked=False
        )

    def _count(self, step):
        """Statements of one step, which goes on with what the one before has read."""
        return self._count_statements(step, cold=False)

    def _sell_and_ship(self, product, serials):
        lots = [self._create_lot(product, serial) for serial in serials]
        order = self._sell((product, len(lots)))
        units = self._ship(order, {product: lots}).sorted("serial")
        order._create_invoices().action_post()
        return order, units

    def _measure_ours(self, *serials):
        """Statements to authorise, to receive, to settle and to credit."""
        order, units = self._sell_and_ship(self.machine, serials)
        record = self._create_return(*units, policy_id=self.quick_policy.id)
        self._forget()
        counts = [
            self._count(record.action_authorise),
            self._count(lambda: record.line_ids._receive([(1.0, serial) for serial in serials])),
            self._count(lambda: record.line_ids.action_settle()),
            self._count(lambda: order._create_invoices(final=True)),
        ]
        self.assertEqual(record.state, "closed")
        self.assertEqual(len(record.line_ids.sudo().picking_id), 1)
        self._assert_credited(order)
        return counts

    def _measure_bare(self, *serials):
        """Statements of Odoo's wizard, of its receipt and of its credit note."""
        order, __ = self._sell_and_ship(self.plain, serials)
        delivery = order.picking_ids

        def announce():
            wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
            wizard.product_return_moves.quantity = len(serials)
            wizard._create_return()

        def receive():
            receipt = delivery.return_ids
            receipt.move_ids.picked = True
            receipt._action_done()

        self._forget()
        counts = [
            self._count(announce),
            self._count(receive),
            self._count(lambda: order._create_invoices(final=True)),
        ]
        self._assert_credited(order)
        return counts

    def _forget(self):
        """Begin as a request does, with nothing read."""
        self.env.flush_all()
        self.env.invalidate_all()

    def _assert_credited(self, order):
        self.assertRecordValues(
            order.invoice_ids.sorted("id"), [{"move_type": "out_invoice"}, {"move_type": "out_refund"}]
        )

    def test_beside_the_bare_return(self):
        self._measure_ours("M-1")  # what is cached for good
        self._measure_bare("P-1")
        *ours, settle, credit = self._measure_ours("M-2")
        *bare, bare_credit = self._measure_bare("P-2")
        self.assertLessEqual(sum(ours), AUTHORISE_AND_RECEIVE)
        self.assertLessEqual(sum(ours) - sum(bare), OURS)
        self.assertLessEqual(settle, SETTLE)
        self.assertLessEqual(credit - bare_credit, CREDIT)

    def test_ten_pieces_of_one_delivery(self):
        """One transfer for all: 223 for ten pieces where one takes 114."""
        self._measure_ours("M-1")
        one = self._measure_ours("M-2")
        ten = self._measure_ours(*(f"N-{number}" for number in range(10)))
        self.assertLessEqual(sum(ten[:2]), 2.2 * sum(one[:2]))
        self.assertLessEqual(ten[2], 5 * one[2])  # Odoo scraps one by one
