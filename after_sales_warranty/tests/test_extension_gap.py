from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..tools.warranty import last_day
from .common import AGENT, MANAGER
from .extension_common import ExtensionCommon

END = date(2028, 3, 10)


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestExtensionGap(ExtensionCommon):
    """A sold extension begins the day after the cover it waits for, whatever becomes of that cover."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("gap_manager", MANAGER)
        cls.agent = cls._create_user("gap_agent", AGENT)
        cls.second = cls._create_extension(
            "Extension 6",
            cls._create_term("Six months more", kind="extension", duration=6, goods_kind="new"),
        )
        cls.unit = cls._create_unit(serial="GAP-1")
        cls.base = cls.unit.warranty_ids
        for product in (cls.service, cls.second):
            order = cls.env["sale.order"].create(
                {
                    "partner_id": cls.consumer.id,
                    "order_line": [
                        Command.create(
                            {"product_id": product.id, "after_sales_unit_ids": [Command.set(cls.unit.ids)]}
                        )
                    ],
                }
            )
            order.action_confirm()
        cls.first_ext, cls.second_ext = cls._get_extensions(cls.unit)

    def _assert_no_gap(self, end):
        """Base, first and second extension follow each other to the day."""
        first_start = end + timedelta(days=1)
        second_start = last_day(first_start, months=12) + timedelta(days=1)
        self.assertEqual(self.base.date_end, end)
        self.assertEqual((self.first_ext | self.second_ext).mapped("date_start"), [first_start, second_start])

    def test_sold_one_after_the_other(self):
        self._assert_no_gap(END)

    def test_an_event_that_goes(self):
        event = self.base.with_user(self.manager)._add_event("extension", date(2026, 5, 10), months=6)
        self._assert_no_gap(date(2028, 9, 10))
        with self.assertRaises(AccessError):
            event.with_user(self.agent).unlink()
        event.unlink()
        self._assert_no_gap(END)

    def test_an_event_that_no_longer_counts(self):
        event = self.base.with_user(self.manager)._add_event("extension", date(2026, 5, 10), months=6)
        event.active = False
        self._assert_no_gap(END)
        event.active = True
        self._assert_no_gap(date(2028, 9, 10))

    def test_a_date_that_is_corrected(self):
        start = self.base.event_ids.with_user(self.manager)
        start.date = date(2026, 2, 10)
        self._assert_no_gap(date(2028, 2, 10))
        start.date = date(2026, 4, 10)
        self._assert_no_gap(date(2028, 4, 10))

    def test_a_reward_that_is_revoked(self):
        self.env["after.sales.registration.incentive"].create(
            {"name": "Thank you", "kind": "months", "months": 6}
        )
        registration = self.env["after.sales.registration"]._take_in(
            {
                "serial": "GAP-1",
                "contact_name": "Carla Consumer",
                "email": "carla@example.com",
                "purchase_date": date(2026, 4, 1),
                "company_id": self.company.id,
                "channel": "public",
            }
        )
        self._assert_no_gap(date(2028, 9, 10))
        reviewed = registration.with_user(self.agent)
        reviewed.refusal_reason = "The receipt was forged."
        reviewed.action_refuse()
        self._assert_no_gap(END)

    def test_an_extension_that_is_taken_back(self):
        self.first_ext.sale_order_id._action_cancel()
        self.assertEqual(self.second_ext.date_start, END + timedelta(days=1))

    def test_a_cover_that_would_have_ended_before_today(self):
        with freeze_time("2027-06-01"):
            self.base.event_ids.with_user(self.manager).date = date(2025, 1, 1)
            self.assertEqual(self.base.date_end, date(2027, 1, 1))
            self.assertEqual(self.first_ext.date_start, date(2027, 6, 1), "nothing begins in the past")

    def test_no_cover_left_to_follow(self):
        self.base.with_user(self.manager)._add_event("void", date(2026, 5, 10), reason="Misuse")
        self.assertEqual(self.first_ext.date_start, END + timedelta(days=1))

    def test_time_given_to_an_extension_that_waits(self):
        self.first_ext.with_user(self.manager)._add_event("extension", self.first_ext.date_start, months=1)
        self.base.with_user(self.manager)._add_event("extension", date(2026, 5, 10), months=6)
        self.assertEqual(self.first_ext.date_start, date(2028, 9, 11))
        self.assertEqual(self.first_ext.date_end, last_day(date(2028, 9, 11), months=13))
