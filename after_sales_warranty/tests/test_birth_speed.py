from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..models.after_sales_warranty_card import ALPHABET
from .common import AfterSalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestBirthSpeed(AfterSalesCommon):
    """A delivery of hundreds of serials makes their units and warranties in batches, and they are none the worse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["after.sales.warranty.term"].concat(
            *[cls._create_term(f"Term {months}", duration=months) for months in (12, 24, 36)]
        )
        cls.bare = cls._create_product("Bare", tracking="serial", after_sales_tracked=False)

    def _count_birth(self, product, size):
        """Statements that a delivery of so many serials takes."""
        lots = self.env["stock.lot"].create(
            [{"product_id": product.id, "name": f"{product.name}{size}-{i}"} for i in range(size)]
        )
        self._stock(product, size, lots)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": self.consumer.id,
                "location_id": self.stock_location.id,
                "location_dest_id": self.customer_location.id,
            }
        )
        self._prepare_move(product, size, lots, picking_id=picking.id)
        count = self._count_statements(picking._action_done)
        self.assertEqual(picking.state, "done")
        return count

    def test_statements_for_each_further_serial(self):
        """Units and three warranties each add less than a third of a statement to what Odoo needs for a serial."""
        further = {}
        for product in (self.bare, self.machine):
            self._count_birth(product, 2)
            counts = [self._count_birth(product, size) for size in (10, 40)]
            further[product] = (counts[1] - counts[0]) / 30
        self.assertLessEqual(further[self.machine] - further[self.bare], 0.3)
        self.assertEqual(
            self.env["after.sales.unit"].search_count([("product_id", "=", self.machine.id)]), 52
        )

    def test_dates_are_known_before_they_are_computed(self):
        """Warranties are made with their start: their dates are in the insert, no second statement writes them."""
        lots = self.env["stock.lot"].concat(*[self._create_lot(self.machine, f"D{i}") for i in range(3)])
        with patch.object(self.env.registry["after.sales.warranty"], "_compute_dates") as computed:
            units = self._deliver(self.machine, 3, lots)
        computed.assert_not_called()
        for unit in units:
            self.assertEqual(
                unit.warranty_ids.sorted("date_end").mapped("date_end"),
                [date(2027, 5, 10), date(2028, 5, 10), date(2029, 5, 10)],
            )
            self.assertEqual(unit.warranty_end, date(2029, 5, 10))

    def test_dates_follow_from_all_events_given(self):
        """As many events as one likes, with days as text and one that does not count."""
        unit = self._create_unit(product_id=self.pump.id)
        events = [
            {"kind": "start", "date": "2026-01-01", "months": 12},
            {"kind": "suspension", "date": "2026-02-01", "date_to": date(2026, 2, 10)},
            {"kind": "extension", "date": "2026-03-01", "months": 6, "active": False},
        ]
        made = self.env["after.sales.warranty"].create(
            {"unit_id": unit.id, "name": "By hand", "event_ids": [(0, 0, vals) for vals in events]}
        )
        self.assertEqual((made.date_start, made.date_end), (date(2026, 1, 1), date(2027, 1, 11)))
        made.event_ids[-1:].active = True
        self.assertEqual(made.date_end, date(2027, 7, 11))

    def test_a_batch_is_as_made_one_by_one(self):
        """What is computed once for all alike is what each would have got alone."""
        self.business.country_id = self.env.ref("base.it")
        self.machine.after_sales_digital_months = 24
        vals_list = [
            {
                "product_id": product.id,
                "partner_id": partner.id,
                "serial": serial,
                "delivery_date": day,
            }
            for serial, product, partner, day in (
                ("sn-o1", self.machine, self.consumer, date(2026, 3, 10)),
                ("SN-2", self.machine, self.consumer, date(2026, 3, 10)),
                ("SN-3", self.machine, self.business, date(2026, 3, 10)),
                ("SN-4", self.machine, self.business, date(2026, 4, 10)),
                ("SN-5", self.pump, self.business, date(2026, 4, 10)),
                (False, self.pump, self.business, date(2026, 4, 10)),
                (False, self.machine, self.business, date(2026, 4, 10)),
            )
        ]
        model = self.env["after.sales.unit"]
        names = [name for name, field in model._fields.items() if field.precompute]
        batch = model.create([dict(vals) for vals in vals_list]).read(names, load=False)
        model.search([]).write({"state": "ended"})
        self.env.flush_all()
        single = [model.create(dict(vals)).read(names, load=False)[0] for vals in vals_list]
        for ours, alone in zip(batch, single, strict=True):
            self.assertEqual({**ours, "id": 0}, {**alone, "id": 0})
        self.assertEqual(batch[0]["serial_key"], "SN01")

    def test_a_batch_with_one_stranger_is_refused(self):
        """Most of a batch is of one company: the one that names another's goods is found all the same."""
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self._create_lot(self.machine, "F1", company_id=other.id)
        vals_list = [
            {"product_id": self.machine.id, "lot_id": lot.id}
            for lot in (self._create_lot(self.machine, "F0", company_id=self.company.id), theirs)
        ]
        with self.assertRaisesRegex(UserError, "belongs to"):
            self.env["after.sales.unit"].create(vals_list)

    def test_check_codes(self):
        """Each of its own, in letters and digits that nobody takes for each other."""
        codes = {self.env["after.sales.warranty"]._make_code() for __ in range(500)}
        self.assertEqual(len(codes), 500)
        self.assertEqual({len(code) for code in codes}, {19})
        self.assertEqual(set("".join(codes)) - {"-"}, set(ALPHABET))
