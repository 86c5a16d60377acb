"""The pure rules of the warranty ledger: doctests, a table and properties."""

import doctest
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import coverage, network, qr, warranty
from ..tools.warranty import Event, add_period, covers, out_of_use, term_of

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
STARTS = st.builds(
    Event, st.just("start"), st.dates(date(2022, 1, 1), date(2024, 12, 31)), months=st.integers(1, 60)
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
        self.assertGreaterEqual(before.end, add_period(start.date, months=start.months))
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
        self._order_of_entry_does_not_matter()
        self._no_event_shortens()
        self._void_ends()
        self._lost_days_count_once()
