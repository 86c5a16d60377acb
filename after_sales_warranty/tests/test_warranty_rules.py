"""The pure rules of the warranty ledger: doctests, a table and properties."""

import doctest
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import coverage, network, qr, warranty
from ..tools.warranty import Event, add_period, covers, last_day, out_of_use, term_of

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
STARTS = st.builds(
    Event,
    st.just("start"),
    st.dates(date(2022, 1, 1), date(2024, 12, 31)),
    months=st.integers(1, 60),
    whole_day=st.booleans(),
)


@st.composite
def suspensions(draw):
    first = draw(DAYS)
    return Event("suspension", first, first + timedelta(days=draw(st.integers(0, 120))))


GIVING = st.one_of(
    suspensions(),
    st.builds(Event, st.sampled_from(["repair", "extension"]), DAYS, months=st.integers(0, 24)),
    st.builds(Event, st.just("extension"), DAYS, days=st.integers(0, 90)),
    st.builds(Event, st.just("replacement"), DAYS, months=st.integers(0, 36)),
    st.builds(Event, st.just("transfer"), DAYS),
)
ENDING = st.builds(Event, st.sampled_from(["void", "waiver"]), DAYS)


class TestWarrantyRules(BaseCase):
    def test_doctests(self):
        for module in (warranty, coverage, network, qr):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_table(self):
        """Worked examples: what each kind of event does to two years from 10 March 2024."""
        start = Event("start", date(2024, 3, 10), months=24)
        table = [
            ([], date(2026, 3, 10)),
            ([Event("extension", date(2025, 1, 1), months=12)], date(2027, 3, 10)),
            ([Event("extension", date(2026, 3, 11), days=30)], date(2026, 4, 9)),
            ([Event("suspension", date(2026, 3, 10), date(2026, 3, 10))], date(2026, 3, 11)),
            ([Event("suspension", date(2026, 3, 11), date(2026, 4, 11))], date(2026, 3, 10)),
            ([Event("suspension", date(2025, 5, 1), None)], date(2026, 3, 10)),
            ([Event("repair", date(2025, 5, 1))], date(2026, 3, 10)),
            ([Event("repair", date(2025, 5, 1), months=12)], date(2027, 3, 10)),
            ([Event("replacement", date(2025, 5, 1))], date(2026, 3, 10)),
            ([Event("replacement", date(2025, 5, 1), months=24)], date(2027, 5, 1)),
            ([Event("replacement", date(2025, 5, 1), months=6)], date(2026, 3, 10)),
            ([Event("replacement", date(2026, 3, 1), months=6)], date(2026, 9, 1)),
            (  # ten days lost before the new unit came count for the old cover only, ten after it for both
                [
                    Event("suspension", date(2025, 4, 1), date(2025, 4, 10)),
                    Event("replacement", date(2025, 5, 1), months=24),
                    Event("suspension", date(2025, 6, 1), date(2025, 6, 10)),
                ],
                date(2027, 5, 11),
            ),
            ([Event("transfer", date(2025, 5, 1))], date(2026, 3, 10)),
            ([Event("void", date(2025, 5, 1))], date(2025, 4, 30)),
            ([Event("waiver", date(2030, 5, 1))], date(2026, 3, 10)),
            ([Event("extension", date(2024, 1, 1), months=12)], date(2026, 3, 10)),
        ]
        for events, end in table:
            with self.subTest(events=events):
                self.assertEqual(term_of([start, *events]).end, end)

    def test_month_ends(self):
        self.assertEqual(add_period(date(2024, 2, 29), months=12), date(2025, 2, 28))
        self.assertEqual(add_period(date(2023, 12, 31), months=2), date(2024, 2, 29))

    def test_where_periods_end(self):
        """(first day, months, last day when something happened that day, last day when the day counts)"""
        table = [
            (date(2028, 11, 30), 12, date(2029, 11, 30), date(2029, 11, 29)),
            (date(2027, 1, 1), 12, date(2028, 1, 1), date(2027, 12, 31)),
            # 29 February
            (date(2028, 2, 29), 12, date(2029, 2, 28), date(2029, 2, 28)),
            (date(2028, 2, 29), 48, date(2032, 2, 29), date(2032, 2, 28)),
            (date(2028, 2, 28), 12, date(2029, 2, 28), date(2029, 2, 27)),
            (date(2028, 3, 1), 12, date(2029, 3, 1), date(2029, 2, 28)),
            (date(2027, 3, 1), 12, date(2028, 3, 1), date(2028, 2, 29)),
            (date(2028, 3, 1), 48, date(2032, 3, 1), date(2032, 2, 29)),
            # ends of months
            (date(2027, 1, 31), 1, date(2027, 2, 28), date(2027, 2, 28)),
            (date(2027, 1, 29), 1, date(2027, 2, 28), date(2027, 2, 28)),
            (date(2027, 1, 28), 1, date(2027, 2, 28), date(2027, 2, 27)),
            (date(2027, 2, 28), 6, date(2027, 8, 28), date(2027, 8, 27)),
            (date(2027, 3, 1), 6, date(2027, 9, 1), date(2027, 8, 31)),
            (date(2027, 8, 31), 6, date(2028, 2, 29), date(2028, 2, 29)),
            (date(2027, 5, 1), 1, date(2027, 6, 1), date(2027, 5, 31)),
            (date(2027, 12, 31), 24, date(2029, 12, 31), date(2029, 12, 30)),
        ]
        for first, months, happened, counted in table:
            for whole_day, end in ((False, happened), (True, counted)):
                with self.subTest(first=first, months=months, whole_day=whole_day):
                    start = Event("start", first, months=months, whole_day=whole_day)
                    self.assertEqual(term_of([start]).end, end)
        self.assertEqual(last_day(date(2027, 1, 31), days=30), date(2027, 3, 1))

    @settings(deadline=None, max_examples=300)
    @given(DAYS, st.integers(1, 120))
    @example(date(2028, 2, 29), 12)
    @example(date(2027, 2, 28), 12)
    @example(date(2027, 1, 30), 1)
    def _what_follows_goes_on(self, end, months):
        """A cover that follows another has no gap or day twice, and is no shorter than more time on the other."""
        first = end + timedelta(days=1)
        following = term_of([Event("start", first, months=months, whole_day=True)])
        self.assertEqual(following.start, first)
        self.assertGreaterEqual(following.end, add_period(end, months=months))
        self.assertGreaterEqual(following.end + timedelta(days=1), add_period(first, months=months))
        self.assertLessEqual(following.end, add_period(first, months=months))
        if first.day <= 28:  # the next period begins on the same day of the month
            self.assertEqual(following.end + timedelta(days=1), add_period(first, months=months))

    @settings(deadline=None, max_examples=200)
    @given(DAYS, st.integers(1, 400))
    def _days_are_counted(self, first, days):
        term = term_of([Event("start", first, days=days, whole_day=True)])
        covered = [day for day in range(-1, days + 2) if covers(term, first + timedelta(days=day))]
        self.assertEqual(covered, list(range(days)))

    @settings(deadline=None, max_examples=200)
    @given(STARTS, st.lists(st.one_of(GIVING, ENDING), max_size=8), st.randoms())
    def _order_of_entry_does_not_matter(self, start, events, random):
        shuffled = [start, *events]
        random.shuffle(shuffled)
        self.assertEqual(term_of(shuffled), term_of([start, *events]))

    @settings(deadline=None, max_examples=200)
    @given(STARTS, st.lists(GIVING, max_size=6), GIVING)
    @example(  # a month added to 28 February is shorter than one added to 1 March
        Event("start", date(2022, 1, 1), months=1),
        [Event("replacement", date(2022, 1, 1), months=2), Event("repair", date(2022, 1, 2), months=1)],
        Event("suspension", date(2022, 1, 1), date(2022, 1, 1)),
    )
    def _no_event_shortens(self, start, events, another):
        before, after = term_of([start, *events]), term_of([start, *events, another])
        self.assertGreaterEqual(before.end, term_of([start]).end)
        self.assertGreaterEqual(after.end, before.end)

    @settings(deadline=None, max_examples=200)
    @given(STARTS, st.lists(GIVING, max_size=6), ENDING)
    def _void_ends(self, start, events, ending):
        term = term_of([start, *events, ending])
        self.assertLess(term.end, max(ending.date, term.end + timedelta(days=1)))
        self.assertFalse(covers(term, ending.date))

    @settings(deadline=None, max_examples=200)
    @given(st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=8))
    def _lost_days_count_once(self, raw):
        spans = [(first, first + timedelta(days=length)) for first, length in raw]
        days = {first + timedelta(days=i) for first, last in spans for i in range((last - first).days + 1)}
        self.assertEqual(out_of_use(spans), len(days))

    def test_properties(self):
        self._what_follows_goes_on()
        self._days_are_counted()
        self._order_of_entry_does_not_matter()
        self._no_event_shortens()
        self._void_ends()
        self._lost_days_count_once()
