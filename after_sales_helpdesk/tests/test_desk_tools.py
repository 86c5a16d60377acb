import doctest
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import assign, suggest
from ..tools.assign import covers, level_out, take_turns
from ..tools.suggest import Facts, distance, score

unhurried = settings(deadline=None)
members = st.lists(st.integers(1, 50), unique=True, min_size=1, max_size=8)
counts = st.dictionaries(st.integers(1, 50), st.integers(0, 20))
facts = st.builds(
    Facts,
    skills=st.sampled_from([0.0, 0.5, 0.9, 1.0]),
    free=st.booleans(),
    km=st.none() | st.floats(0, 20_000),
    visits=st.integers(0, 50),
)
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@tagged("at_install")
class TestDeskTools(BaseCase):
    def test_doctests(self):
        for module in (assign, suggest):
            self.assertFalse(doctest.testmod(module).failed)

    @unhurried
    @given(members, counts, st.integers(0, 60))
    def test_turns_are_fair(self, people, last, number):
        given_calls = Counter(take_turns(people, last, number))
        self.assertEqual(sum(given_calls.values()), number)
        shares = [given_calls[person] for person in people]
        self.assertLessEqual(max(shares) - min(shares), 1)

    @unhurried
    @given(members, counts, st.integers(0, 60))
    def test_load_is_levelled(self, people, load, number):
        """Nobody gets a call while somebody else has fewer."""
        open_calls = {person: load.get(person, 0) for person in people}
        for person in level_out(people, load, number):
            self.assertEqual(open_calls[person], min(open_calls.values()))
            open_calls[person] += 1

    @unhurried
    @given(facts, facts)
    def test_skill_before_time_before_all_else(self, one, other):
        self.assertTrue(0 <= score(one) <= 100)
        if one.skills == 1 and other.skills < 1:
            self.assertGreater(score(one), score(other))
        if one.skills == other.skills == 1 and one.free and not other.free:
            self.assertGreater(score(one), score(other))

    @unhurried
    @given(points, points)
    def test_distance(self, one, other):
        self.assertAlmostEqual(distance(one, other), distance(other, one), places=6)
        self.assertTrue(0 <= distance(one, other) <= 20_038)

    @unhurried
    @given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
    def test_no_gap_covers(self, lengths):
        spans, at = [], 0
        for length in lengths:
            spans.append((at, at + length))
            at += length
        self.assertTrue(covers(spans, 0, at))
        self.assertFalse(covers(spans, 0, at + 1))
