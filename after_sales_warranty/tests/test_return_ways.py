from datetime import date

from odoo.tests import freeze_time, tagged

from .common import AfterSalesCommon


@tagged("post_install", "-at_install")
class TestReturnWays(AfterSalesCommon):
    """What comes back without saying which delivery it was part of: a till, a receipt made by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term()
        cls.hose = cls._create_product("Hose", tracking="lot")
        cls.lot = cls._create_lot(cls.hose, "L1")

    def _give_back(self, product, quantity, lots=(), partner=None, **values):
        move = self._prepare_move(
            product,
            quantity,
            lots,
            partner_id=partner.id if partner else False,
            location_id=self.customer_location.id,
            location_dest_id=self.stock_location.id,
            **values,
        )
        move._action_done()
        self.assertFalse(self.env["after.sales.unit.exception"].search([]))
        return move

    def test_pieces_of_whoever_gives_them_back(self):
        """The latest of his go first; those of others stay."""
        for product, lots in ((self.pump, ()), (self.hose, self.lot)):
            with self.subTest(product.name):
                first = self._deliver(product, 3, lots)
                second = self._deliver(product, 2, lots)
                theirs = self._deliver(product, 5, lots, partner=self.business)
                self._give_back(product, 4, lots, self.consumer)
                self.assertRecordValues(
                    first | second | theirs,
                    [
                        {"state": "in_service", "quantity": 1.0},
                        {"state": "ended", "quantity": 2.0},
                        {"state": "in_service", "quantity": 5.0},
                    ],
                )

    def test_unknown_sender(self):
        """Nobody's pieces are taken for somebody's: neither a customer's nor those he registered."""
        theirs = self._deliver(self.hose, 2, self.lot)
        registered = self._create_unit(product_id=self.hose.id, lot_id=self.lot.id, quantity=2)
        nobodys = self._deliver(self.hose, 2, self.lot, partner=self.env["res.partner"])
        self._give_back(self.hose, 1.5, self.lot)
        self.assertEqual((theirs | registered | nobodys).mapped("quantity"), [2.0, 2.0, 0.5])
        self._give_back(self.hose, 5, self.lot)
        self.assertEqual(
            (theirs | registered | nobodys).mapped("state"), ["in_service", "in_service", "ended"]
        )

    def test_serial_needs_no_sender(self):
        lot = self._create_lot(self.machine, "R1")
        unit = self._deliver(self.machine, 1, lot)
        self._give_back(self.machine, 1, lot)
        self.assertRecordValues(unit, [{"state": "ended", "custody": "returned"}])

    def test_pieces_with_a_serial_of_their_own_stay(self):
        """A serial typed on an untracked product names one piece, and nobody said that it came back."""
        unit = self._create_unit(product_id=self.pump.id, serial="TYPED-1")
        self._give_back(self.pump, 1, partner=self.consumer)
        self.assertEqual(unit.state, "in_service")

    def test_more_than_was_delivered(self):
        unit = self._deliver(self.pump, 2)
        self._give_back(self.pump, 9, partner=self.consumer, origin_returned_move_id=unit.move_id.id)
        self.assertEqual(unit.state, "ended")

    def _deliver_serial(self, name):
        return self._deliver(self.machine, 1, self._create_lot(self.machine, name))

    def test_exchanged_after_the_return(self):
        """The old unit came back before its replacement was recorded: what ran then is handed over."""
        with freeze_time("2026-01-10"):
            first = self._deliver_serial("R1")
        with freeze_time("2026-02-10"):
            self._give_back(self.machine, 1, first.lot_id)
            self.assertEqual(first.warranty_ids.ended_by, "void")
            second = self._deliver_serial("R2")
            first._replace_with(second, date(2026, 2, 10))
        self.assertEqual(first.warranty_ids.date_end, date(2026, 2, 9))
        self.assertIn("replacement", second.warranty_ids.event_ids.mapped("kind"))
        self.assertRecordValues(second.warranty_ids, [{"ended_by": False, "date_start": date(2026, 1, 10)}])

    def test_exchanged_after_the_loss(self):
        """What was lost, stolen or scrapped has no warranty to hand over: its replacement has its own."""
        for custody in ("lost", "scrapped"):
            with self.subTest(custody):
                with freeze_time("2026-01-10"):
                    first = self._deliver_serial(f"{custody} 1")
                with freeze_time("2026-02-10"):
                    first._withdraw(custody, date(2026, 2, 10), "Gone")
                    second = self._deliver_serial(f"{custody} 2")
                    first._replace_with(second, date(2026, 2, 10))
                self.assertRecordValues(second.warranty_ids, [{"date_start": date(2026, 2, 10)}])
                self.assertEqual(second.warranty_ids.event_ids.mapped("kind"), ["start"])
