from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import ValidationError

from .common import ContractCommon


class TestBands(ContractCommon):
    def _split(self, start, stop, tz="Europe/Rome", **kw):
        cut = self.env["after.sales.time.band"]._split(start, stop, tz, **kw)
        return [(band, piece.date, piece.hours) for band, piece in cut]

    def test_golden_afternoon(self):
        """Work 14:00-19:00 in Rome: three ordinary hours, two of overtime."""
        day = date(2026, 1, 5)
        cut = self._split(datetime(2026, 1, 5, 13), datetime(2026, 1, 5, 18))
        self.assertEqual(cut, [(self.ordinary, day, 3.0), (self.overtime, day, 2.0)])

    def test_holiday_is_overtime(self):
        calendar = self.company.resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Epiphany",
                "calendar_id": calendar.id,
                "date_from": datetime(2026, 1, 5, 23),
                "date_to": datetime(2026, 1, 6, 22, 59, 59),
            }
        )
        cut = self._split(datetime(2026, 1, 6, 8), datetime(2026, 1, 6, 10))
        self.assertEqual(cut, [(self.overtime, date(2026, 1, 6), 2.0)])
        self.assertEqual(self._split(datetime(2026, 1, 7, 8), datetime(2026, 1, 7, 10))[0][0], self.ordinary)

    def test_saturday_and_night(self):
        cut = self._split(datetime(2026, 1, 9, 15), datetime(2026, 1, 10, 9))
        self.assertEqual(
            cut,
            [
                (self.ordinary, date(2026, 1, 9), 1.0),
                (self.overtime, date(2026, 1, 9), 7.0),
                (self.overtime, date(2026, 1, 10), 10.0),
            ],
        )

    def test_night_of_the_clock_change(self):
        """Hours really worked: the night of 29 March 2026 has one less, that of 25 October one more."""
        spring = self._split(datetime(2026, 3, 28, 23), datetime(2026, 3, 29, 22))
        autumn = self._split(datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 23))
        self.assertEqual([(cut[1], cut[2]) for cut in spring], [(date(2026, 3, 29), 23.0)])
        self.assertEqual([(cut[1], cut[2]) for cut in autumn], [(date(2026, 10, 25), 25.0)])

    def test_own_bands_of_a_company(self):
        other = self._create_other_company()
        band = self.env["after.sales.time.band"].create(
            {
                "name": "Always",
                "company_id": other.id,
                "line_ids": [Command.create({"dayofweek": False, "hour_from": 0, "hour_to": 24})],
            }
        )
        cut = self._split(datetime(2026, 1, 9, 15), datetime(2026, 1, 9, 20), company=other)
        self.assertEqual(cut, [(band, date(2026, 1, 9), 5.0)])

    def test_many_stretches_are_read_at_once(self):
        """Bands and holidays once, whatever the number of sessions; the cuts are those of one by one."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Epiphany",
                "company_id": self.env.company.id,
                "date_from": datetime(2026, 1, 5, 23),
                "date_to": datetime(2026, 1, 6, 22, 59),
            }
        )
        Band, company = self.env["after.sales.time.band"], self.env.company
        stretches = [
            (datetime(2026, 1, day, hour), datetime(2026, 1, day, hour + 6), tz, company, None)
            for day in (4, 5, 6, 9)
            for hour in (3, 14)
            for tz in ("Europe/Rome", None)
        ]

        def count(few):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Band._split_batch(few)
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(stretches[:2]), count(stretches))
        alone = [Band._split(*stretch) for stretch in stretches]
        self.assertEqual(Band._split_batch(stretches), alone)
        self.assertEqual(Band._split_batch([]), [])

    def test_shipped_overtime_begins_after_eight_hours_a_day(self):
        """Each row: start and stop in Rome, hours worked before, what comes out. 5 January 2026 is a Monday."""
        o, x = self.ordinary, self.overtime
        table = (
            ("05 08:00", "05 16:00", 0, [(o, 8.0)]),
            ("05 08:00", "05 17:00", 0, [(o, 8.0), (x, 1.0)]),
            ("05 08:00", "05 18:00", 0, [(o, 8.0), (x, 2.0)]),
            ("05 09:00", "05 19:00", 0, [(o, 8.0), (x, 2.0)]),
            ("05 07:00", "05 17:00", 0, [(x, 1.0), (o, 7.0), (x, 2.0)]),
            ("05 13:00", "05 17:00", 6.5, [(o, 1.5), (x, 2.5)]),
            ("05 13:00", "05 17:00", 8, [(x, 4.0)]),
            ("05 16:00", "06 02:00", 0, [(o, 1.0), (x, 7.0), (x, 2.0)]),
            ("10 08:00", "10 18:00", 0, [(x, 10.0)]),
        )
        for start, stop, before, expected in table:
            with self.subTest(start=start, stop=stop, before=before):
                begin, end = (datetime.strptime(f"2026-01-{t}", "%Y-%m-%d %H:%M") for t in (start, stop))
                hour = timedelta(hours=1)  # Rome is ahead of UTC
                cut = self._split(begin - hour, end - hour, worked={begin.date(): before})
                self.assertEqual([(band, hours) for band, __, hours in cut], expected)

    def test_one_band_takes_the_rest(self):
        """Shipped, that of overtime does, until there is one for it alone."""
        self.env["after.sales.time.band"].create({"name": "Rest", "sequence": 30})
        with self.assertRaises(ValidationError):
            self.env["after.sales.time.band"].create({"name": "Another rest"})
