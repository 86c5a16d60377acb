from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import bands, pools

#: Zones whose clocks jump at 2:00, at midnight, by half an hour, or never.
ZONES = (
    "Europe/Rome",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
)
HOURS = st.integers(0, 4000).map(lambda cents: cents / 100)

thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ORDINARY = bands.Band("ordinary", tuple(bands.Rule(day, 8, 17) for day in range(5)))
NIGHT = bands.Band("night", (bands.Rule(None, 0, 6), bands.Rule(None, 22, 24)), is_overtime=True)
OVER = bands.Band("over", after=8.0)
DOUBLE = bands.Band("double", after=10.0)
REST = bands.Band("rest")


@tagged("-at_install", "post_install")
class TestPoolTools(BaseCase):
    """What must hold for whatever work and whatever pools."""

    @thorough
    @given(HOURS, st.lists(st.tuples(HOURS, st.sampled_from([0.5, 1.0, 1.5, 2.0])), max_size=5))
    def test_hours_are_neither_lost_nor_made(self, wanted, rows):
        sources = [pools.Source(key, left, weight) for key, (left, weight) in enumerate(rows)]
        fills, missing = pools.take(wanted, sources)
        self.assertAlmostEqual(sum(fill.hours for fill in fills) + missing, wanted, places=5)
        left = {source.key: source.left for source in sources}
        for fill in fills:
            self.assertAlmostEqual(fill.taken, fill.hours * sources[fill.key].weight, places=6)
            self.assertLessEqual(fill.taken, left[fill.key] + pools.TINY)
        if missing > 0.01:
            self.assertTrue(all(left[f.key] - f.taken < 0.01 for f in fills))
            self.assertTrue(
                all(source.left < 0.01 for source in sources if source.key not in {f.key for f in fills})
            )
        keys = [fill.key for fill in fills]
        self.assertEqual(keys, sorted(keys), "pools are used in their order")

    @thorough
    @given(HOURS, HOURS)
    def test_rest_is_carried_or_lost(self, left, limit):
        carried, lost = pools.carry_over(left, limit)
        self.assertAlmostEqual(carried + lost, left)
        self.assertTrue(0 <= carried <= limit and lost >= 0)

    @thorough
    @given(
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
        st.integers(0, 3 * 24 * 60),
        st.sampled_from(ZONES),
        st.floats(0, 12),
    )
    def test_daily_overtime_keeps_the_time(self, start, minutes, tz, worked):
        """Whatever night, midnight, edge or change of the clock: the slices are the session, in order and joined."""
        stop = start + timedelta(minutes=minutes)
        plain = bands.split(start, stop, tz, [ORDINARY, NIGHT, REST])
        before = {piece.date: worked for piece in plain[:1]}
        cut = bands.split(start, stop, tz, [ORDINARY, NIGHT, OVER, DOUBLE, REST], worked=before)
        self.assertAlmostEqual(sum(piece.hours for piece in cut), minutes / 60, places=6)
        for piece in cut:
            self.assertAlmostEqual((piece.stop - piece.start).total_seconds() / 3600, piece.hours, places=6)
        for one, two in zip(cut, cut[1:], strict=False):
            self.assertEqual(one.stop, two.start)
            self.assertNotEqual((one.date, one.band), (two.date, two.band))
        night = [sum(p.hours for p in rows if p.band == "night") for rows in (plain, cut)]
        self.assertAlmostEqual(*night, places=6, msg="hours that are overtime already stay where they are")
        for day in {piece.date for piece in cut}:
            hours = sum(p.hours for p in cut if p.date == day and p.band in ("ordinary", "rest"))
            self.assertLessEqual(hours + before.get(day, 0), max(8, before.get(day, 0)) + 1e-6)

    def test_table_of_edges(self):
        """Sessions over midnight, nights in which the clock jumps, and exact edges (P-09, D54)."""
        rome = "Europe/Rome"
        rows = (
            # (start, stop in UTC, zone), what comes out: (local day, band, hours)
            (
                (datetime(2026, 1, 5, 7), datetime(2026, 1, 5, 16), rome),
                [("01-05", "ordinary", 8), ("01-05", "over", 1)],
            ),
            ((datetime(2026, 1, 5, 16), datetime(2026, 1, 5, 17), rome), [("01-05", "rest", 1)]),
            (
                (datetime(2026, 1, 5, 22), datetime(2026, 1, 6, 1), rome),
                [("01-05", "night", 1), ("01-06", "night", 2)],
            ),
            (
                (datetime(2026, 3, 28, 20), datetime(2026, 3, 29, 5), rome),
                [("03-28", "rest", 1), ("03-28", "night", 2), ("03-29", "night", 5), ("03-29", "rest", 1)],
            ),
            (
                (datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 6), rome),
                [("10-25", "night", 7), ("10-25", "rest", 1)],
            ),
            ((datetime(2026, 1, 5, 12), datetime(2026, 1, 5, 12), rome), []),
        )
        for (start, stop, tz), expected in rows:
            cut = bands.split(start, stop, tz, [ORDINARY, NIGHT, OVER, REST])
            with self.subTest(start=start):
                self.assertEqual([(f"{p.date:%m-%d}", p.band, p.hours) for p in cut], expected)

    def test_overtime_band_may_take_the_rest_too(self):
        """One band for both: what is outside the hours, and what is beyond eight hours."""
        both = bands.Band("overtime", after=8.0, is_overtime=True)
        cut = bands.split(datetime(2026, 1, 5, 7), datetime(2026, 1, 5, 18), "Europe/Rome", [ORDINARY, both])
        self.assertEqual([(p.band, p.hours) for p in cut], [("ordinary", 8.0), ("overtime", 3.0)])
        self.assertEqual({piece.date for piece in cut}, {date(2026, 1, 5)})
