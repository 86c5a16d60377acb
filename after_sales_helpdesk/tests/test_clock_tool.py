import doctest
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import clock, mail
from ..tools.clock import Span, deadline, elapsed, subtract

EPOCH = datetime(2026, 1, 5)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
minutes = st.integers(min_value=0, max_value=14 * 24 * 60)
spans = st.builds(
    lambda start, length: Span(EPOCH + timedelta(minutes=start), EPOCH + timedelta(minutes=start + length)),
    minutes,
    st.integers(min_value=0, max_value=600),
)


def nine_to_five(start, stop):
    """Every day from nine to five, whatever is asked for."""
    day = start.replace(hour=0, minute=0) - timedelta(days=1)
    while day <= stop:
        yield Span(day.replace(hour=9), day.replace(hour=17))
        day += timedelta(days=1)


@tagged("at_install")
class TestClockTool(BaseCase):
    def test_doctests(self):
        for module in (clock, mail):
            result = doctest.testmod(module)
            self.assertFalse(result.failed)
            self.assertTrue(result.attempted)

    def test_deadline_is_where_the_target_is_worked(self):
        """The working time up to the deadline is the target, and not a minute before it is."""

        @unhurried
        @given(minutes, st.integers(min_value=1, max_value=80 * 60), st.lists(spans, max_size=5))
        def check(start, target, pauses):
            start, target = EPOCH + timedelta(minutes=start), timedelta(minutes=target)
            due = deadline(start, target, nine_to_five, pauses)
            self.assertEqual(elapsed(start, due, nine_to_five, pauses), target)
            self.assertLess(elapsed(start, due - timedelta(minutes=1), nine_to_five, pauses), target)

        check()

    def test_pause_never_brings_a_deadline_forward(self):
        @unhurried
        @given(minutes, st.integers(min_value=1, max_value=3000), st.lists(spans, max_size=5), spans)
        def check(start, target, pauses, another):
            start, target = EPOCH + timedelta(minutes=start), timedelta(minutes=target)
            before = deadline(start, target, nine_to_five, pauses)
            after = deadline(start, target, nine_to_five, pauses + [another])
            self.assertGreaterEqual(after, before)
            self.assertEqual(
                after == before, elapsed(start, before, nine_to_five, pauses + [another]) == target
            )

        check()

    def test_subtract_splits_time(self):
        """What is left and what was taken away add up to the whole, without overlap."""

        @unhurried
        @given(st.lists(spans, max_size=6), st.lists(spans, max_size=6))
        def check(whole, holes):
            def total(some):
                return sum((span.duration for span in clock.merge(some)), timedelta())

            left = subtract(whole, holes)
            taken = subtract(whole, left)
            self.assertEqual(total(left) + total(taken), total(whole))

        check()
