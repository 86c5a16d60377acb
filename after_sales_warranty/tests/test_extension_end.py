from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import MANAGER
from .extension_common import ExtensionCommon


@tagged("post_install", "-at_install")
class TestExtensionEnd(ExtensionCommon):
    """An extension begins the day after the cover before and counts this day: twelve months are twelve months."""

    def _extend(self, delivered):
        unit = self._create_unit(serial="END", delivery_date=delivered)
        self.env["sale.order"].create(
            {
                "partner_id": unit.partner_id.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.service.id, "after_sales_unit_ids": [Command.link(unit.id)]}
                    )
                ],
            }
        ).action_confirm()
        return unit

    def test_ends_of_two_years_and_an_extension(self):
        """(delivered, last day of two years, first and last day of one year more)"""
        table = [
            ("2026-11-29", "2028-11-29", "2028-11-30", "2029-11-29"),
            ("2024-02-29", "2026-02-28", "2026-03-01", "2027-02-28"),
            ("2025-02-28", "2027-02-28", "2027-03-01", "2028-02-29"),
            ("2026-12-31", "2028-12-31", "2029-01-01", "2029-12-31"),
        ]
        for days in table:
            with self.subTest(days), freeze_time(days[0]), self.env.cr.savepoint() as savepoint:
                delivered, end, first, last = map(date.fromisoformat, days)
                unit = self._extend(delivered)
                base, extension = unit.warranty_ids.sorted("id")
                self.assertEqual(base.date_end, end)
                self.assertRecordValues(extension, [{"date_start": first, "date_end": last}])
                self.assertEqual(unit.warranty_end, last)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_own_durations_count_the_same_day(self):
        self.one_year.part_duration = 6
        unit = self._extend(date(2026, 11, 29))
        extension = self._get_extensions(unit)
        self.assertEqual(extension._get_class_term("part").end, date(2029, 5, 29))
        self.assertEqual(extension._get_class_term("labour").end, date(2029, 11, 29))

    def test_an_exchange_keeps_the_end(self):
        unit = self._extend(date(2026, 3, 10))
        end = self._get_extensions(unit).date_end
        other = self._create_unit(serial="NEW", delivery_date=date(2026, 5, 1))
        unit._replace_with(other, date(2026, 5, 1))
        self.assertEqual(self._get_extensions(other).date_end, end)

    def test_goodwill_from_a_date(self):
        """The day that a person chose counts; the day of an event does not."""
        unit = self._create_unit(serial="DAY", delivery_date=date(2026, 3, 10))
        term = self._create_term("Year", kind="extension", duration=12)
        manager = self._create_user("giving", MANAGER)
        for start, end in (("date", date(2027, 4, 30)), ("basis", date(2027, 3, 10))):
            wizard = self.env["after.sales.warranty.grant"].with_user(manager)
            wizard.create(
                {
                    "unit_ids": unit.ids,
                    "term_id": term.copy().id,
                    "start": start,
                    "date_start": date(2026, 5, 1),
                    "reason": "Sorry.",
                }
            ).action_grant()
            self.assertEqual(self._get_extensions(unit)[-1:].date_end, end)
