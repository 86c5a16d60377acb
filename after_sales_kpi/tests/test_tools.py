import doctest
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import age, first_time_fix, months, ratio
from ..tools.first_time_fix import Job, Verdict
from ..tools.ratio import Ratio

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@tagged("at_install")
class TestTools(BaseCase):
    """The pure rules, with the worked checks that define them."""

    def test_doctests(self):
        for module in (age, first_time_fix, months, ratio):
            result = doctest.testmod(module)
            self.assertFalse(result.failed, module.__name__)
            self.assertTrue(result.attempted, module.__name__)

    # ------------------------------------------------------------
    # Ratios
    # ------------------------------------------------------------
    def test_denominator_zero_is_empty(self):
        self.assertIsNone(Ratio().value(100))
        self.assertIsNone(Ratio(7, 0).value())
        self.assertEqual(Ratio(0, 7).value(100), 0.0)

    def test_worked_utilisation(self):
        """40 h calendar, 8 h leave, 20 h work, 6 h driving: 62.5 % without, 81.25 % with the drive time."""
        self.assertEqual(Ratio(20, 40 - 8).value(100), 62.5)
        self.assertEqual((Ratio(20, 40 - 8) + Ratio(6, 0)).value(100), 81.25)

    def test_worked_cohort_claim_rate(self):
        """4 accepted claims among 80 units with 6 months in service: 5 %."""
        self.assertEqual(Ratio(4, 80).value(100), 5.0)

    def test_worked_net_promoter_score(self):
        """5 promoters, 3 passives, 2 detractors: passives stay in the denominator."""
        self.assertEqual(ratio.total([Ratio(5, 5), Ratio(0, 3), Ratio(-2, 2)]).value(100), 30.0)

    @given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1))
    def test_total_never_averages_averages(self, pairs):
        pairs = [(min(pair), max(pair)) for pair in pairs]
        value = ratio.total([Ratio(*pair) for pair in pairs]).value()
        denominator = sum(pair[1] for pair in pairs)
        if denominator:
            self.assertAlmostEqual(value, sum(pair[0] for pair in pairs) / denominator)
            self.assertTrue(0 <= value <= 1)
        else:
            self.assertIsNone(value)

    @given(st.floats(-1000, 1000), st.floats(-1000, 1000))
    def test_judge_mirrors_the_direction(self, value, target):
        self.assertEqual(ratio.judge(value, target, ratio.HIGHER), ratio.judge(-value, -target, ratio.LOWER))

    # ------------------------------------------------------------
    # Months and ages
    # ------------------------------------------------------------
    @given(DAYS, st.integers(-60, 60))
    def test_months(self, day, count):
        self.assertEqual(months.add(months.add(day, count), -count), months.first_day(day))
        self.assertEqual(months.first_day(months.last_day(day) + timedelta(days=1)), months.add(day, 1))
        self.assertEqual(len(list(months.span(day, months.add(day, abs(count))))), abs(count) + 1)

    @given(st.integers(0, 5000))
    def test_age_band_holds_the_age(self, days):
        code = age.band(days)
        [(first, last)] = [(first, last) for name, first, last in age.BANDS if name == code]
        self.assertTrue(first <= days and (last is None or days <= last))

    # ------------------------------------------------------------
    # First-time fix
    # ------------------------------------------------------------
    def test_worked_first_time_fix_rate(self):
        """10 closed repairs: 1 remote, 1 customer absent, 2 with a follow-up, 1 with a new case after 12
        days, 1 with a new case after 45 days: base 8, first time 5, 62.5 %."""
        day = date(2025, 1, 10)
        closed = [Job(key, unit=key, family=1, reported=day, done=day) for key in range(1, 7)]
        closed += [
            Job(7, unit=7, family=1, reported=day, done=day, visits=0),
            Job(8, unit=8, family=1, reported=day, done=day, absent=True),
            Job(9, unit=9, family=1, reported=day, done=day, visits=2),
            Job(10, unit=10, family=1, reported=day, done=day, visits=3),
        ]
        new = [
            Job(11, unit=1, family=1, reported=day + timedelta(days=12), done=None),
            Job(12, unit=2, family=1, reported=day + timedelta(days=45), done=None),
        ]
        verdicts = [first_time_fix.judge(job, closed + new, date(2025, 6, 1)) for job in closed]
        measured = [verdict for verdict in verdicts if verdict.measured]
        self.assertEqual(len(measured), 8)
        self.assertEqual(Ratio(sum(verdict.fixed for verdict in measured), len(measured)).value(100), 62.5)
        self.assertFalse(any(verdict.provisional for verdict in verdicts))

    def test_other_work_is_no_repair(self):
        day = date(2025, 1, 10)
        self.assertEqual(
            first_time_fix.judge(Job(1, 1, 1, day, day, repair=False), [], day), Verdict(first_time_fix.OTHER)
        )
        # and a maintenance visit soon after is no repeat of a repair
        repair = Job(2, 1, 1, day, day)
        maintenance = Job(3, 1, 1, day + timedelta(days=3), day, repair=False)
        self.assertTrue(first_time_fix.judge(repair, [maintenance], day).fixed)

    def test_without_unit_nothing_repeats(self):
        day = date(2025, 1, 10)
        job, other = Job(1, None, 1, day, day), Job(2, None, 1, day, day)
        self.assertTrue(first_time_fix.judge(job, [other], day).fixed)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(
                st.integers(1, 2),
                st.sampled_from([None, 1, 2]),
                st.integers(0, 90),
                st.integers(0, 20),
                st.integers(0, 2),
                st.booleans(),
            ),
            max_size=8,
        ),
        st.integers(0, 60),
    )
    def test_a_longer_window_never_fixes_more(self, rows, window):
        start = date(2025, 1, 1)
        jobs = [
            Job(
                key,
                unit,
                family,
                start + timedelta(days=day),
                start + timedelta(days=day + length),
                visits,
                absent,
            )
            for key, (unit, family, day, length, visits, absent) in enumerate(rows, 1)
        ]
        today = start + timedelta(days=400)
        for job in jobs:
            short = first_time_fix.judge(job, jobs, today, window)
            longer = first_time_fix.judge(job, jobs, today, window + 10)
            self.assertEqual(short.measured, longer.measured)
            self.assertLessEqual(longer.fixed, short.fixed)
