import doctest
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import assessment, deadlines, limits

# The same examples on every machine, however slow it is.
steady = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))
promises = st.lists(
    st.builds(
        deadlines.Promise,
        key=st.integers(1, 99),
        days=st.integers(0, 60),
        working=st.booleans(),
        legal=st.booleans(),
        rank=st.integers(0, 31),
    ),
    max_size=6,
    unique_by=lambda promise: promise.key,
)
rows = st.lists(
    st.builds(limits.Limit, role=st.sampled_from(limits.ROLES), amount=st.floats(0, 1e6)), max_size=6
)


def weekday(day):
    return day.weekday() < 5


@tagged("after_sales_tools")
class TestTools(BaseCase):
    def test_doctests(self):
        for module in (assessment, deadlines, limits):
            with self.subTest(module=module.__name__):
                self.assertEqual(doctest.testmod(module).failed, 0)

    @steady
    @given(days, st.integers(0, 60))
    def test_due_date_counts_every_open_day(self, start, number):
        due = deadlines.due_date(start, number, True, weekday)
        between = [start + timedelta(days=i) for i in range(1, (due - start).days + 1)]
        self.assertTrue(weekday(due))
        if number:
            self.assertEqual(sum(map(weekday, between)), number)

    @steady
    @given(days, st.integers(0, 60), st.integers(0, 60))
    def test_more_days_are_never_earlier(self, start, few, more):
        few, more = sorted((few, more))
        for working in (True, False):
            self.assertLessEqual(
                deadlines.due_date(start, few, working, weekday),
                deadlines.due_date(start, more, working, weekday),
            )

    @steady
    @given(days, promises)
    def test_law_only_shortens(self, start, found):
        result = deadlines.deadline(start, found, weekday)
        if not found:
            self.assertIsNone(result)
            return
        due, promise = result
        self.assertIn(promise, found)
        for legal in (p for p in found if p.legal):
            self.assertLessEqual(due, deadlines.due_date(start, legal.days, legal.working, weekday))

    @steady
    @given(days, promises)
    def test_order_of_rows_does_not_matter(self, start, found):
        first = deadlines.deadline(start, found, weekday)
        last = deadlines.deadline(start, list(reversed(found)), weekday)
        self.assertEqual(first and first[0], last and last[0])

    @steady
    @given(days, st.integers(0, 400))
    def test_reminder_lies_inside_the_period(self, start, number):
        due = start + timedelta(days=number)
        self.assertTrue(start <= deadlines.half_time(start, due) <= due)

    @steady
    @given(st.floats(0, 1e6), rows)
    def test_required_role_may_grant_it(self, amount, found):
        role = limits.required_role(amount, found)
        if role is None:
            self.assertFalse(limits.may_grant(amount, limits.ROLES, found))
        else:
            self.assertTrue(limits.may_grant(amount, {role}, found))

    @steady
    @given(st.floats(0, 1e6), st.floats(0, 1e6), rows, st.sets(st.sampled_from(limits.ROLES)))
    def test_who_may_grant_much_may_grant_less(self, little, much, found, roles):
        little, much = sorted((little, much))
        if limits.may_grant(much, roles, found):
            self.assertTrue(limits.may_grant(little, roles, found))

    @steady
    @given(
        st.sampled_from(assessment.SEVERITIES),
        st.sampled_from(assessment.SEVERITIES),
        st.sampled_from(assessment.IMPACTS),
    )
    def test_graver_is_never_less_urgent(self, one, other, impact):
        one, other = sorted((one, other), key=assessment.SEVERITIES.index)
        self.assertLessEqual(
            assessment.priority(one, False, impact), assessment.priority(other, False, impact)
        )
        self.assertEqual(assessment.priority(one, True, impact), "3")
