"""What a use of the hours leads to, recomputed from the plan."""

from __future__ import annotations

import math

import pytest
from plans import MONTHS, SALES, SMALL, best, case_of, changed, model_of, today
from pytest import approx  # noqa: PT013 (it reads as a word)

from allocator.limits import limits_on_hours, limits_on_results
from allocator.outcome import Use, outcome

TINY = """
    name = "Tiny"
    period_days = 90
    steps = {steps}
    [objective]
    later = 0.5
    [areas.hunting]
    creates = true
    potential = 2.0
    [areas.working]
    works = true
    depths = [{{ name = "standard", effort = 1.0, win = 1.0 }}]
    {more}
"""
PLAN = """
    territory,area,hours,opportunities,open,win_rate,deal_size,cycle_days,hours_per_opportunity
    North,hunting,40,12,4,0.25,1000,45,
    North,working,60,,,,,,5
"""


def tiny(steps=1, more=""):
    """One territory that hunts 12 opportunities in 40 hours, and can work 12 in its 60."""
    return case_of(PLAN, model_of(TINY.format(steps=steps, more=more)))


def use(hunting, working, worked, created=None):
    """Hours and opportunities by step; nothing is known to be created unless given."""
    start = created or [0.0] * len(hunting)
    return Use([hunting, working], [[start]], [[[[w] for w in worked]]])


def test_todays_hours_bring_todays_numbers():
    """Today's hours create today's 12 opportunities; 8 worked are 2 wins and 2,000, half of it later."""
    reached = outcome(tiny(), use([40], [60], [8])).territories[0].sources[0]
    assert reached.total_created == approx(12)
    assert reached.wins == approx((2,))
    assert (reached.in_period, reached.later) == (approx(1000), approx(1000))
    assert reached.unworked == approx(4 + 12 - 8)


def test_revenue_weighs_what_books_later():
    """Of 2,000 won, 1,000 books later and counts half."""
    assert outcome(tiny(), use([40], [60], [8])).revenue == approx(1500)


def test_steps_book_by_their_place():
    """With cycles of 45 in 90 days, what the first of two steps wins books in the period."""
    reached = outcome(tiny(steps=2), use([20, 20], [30, 30], [4, 2])).territories[0].sources[0]
    assert (reached.in_period, reached.later) == (approx(1000), approx(500))
    assert reached.created == approx((6, 6))


def test_hours_create_even_what_nobody_works():
    """A programme that leaves prospecting idle is shown with what the hours would find."""
    assert outcome(tiny(), use([40], [60], [0])).territories[0].sources[0].unworked == approx(16)


def test_opportunities_that_bring_opportunities_settle():
    """A market that grows with what is created in it settles where both sides agree."""
    more = """
    [[couplings]]
    name = "Buzz"
    grows = "hunting"
    by = "opportunities"
    of = ["hunting"]
    rate = 0.5
    """
    reached = outcome(tiny(more=more), use([1e6], [60], [0])).territories[0].sources[0]
    # All chords are filled: n = 0.99·24·(1 + 0.5·n/24), so n = 23.76 / (1 − 0.495).
    assert reached.total_created == approx(23.76 / 0.505, rel=1e-9)


def test_trust_before_the_first_step_is_todays():
    """A limit that looks one step back allows today's rate in the first step, what was worked after."""
    more = """
    [[couplings]]
    name = "Trust"
    limits = "hunting"
    goodwill = 0.1
    by = "worked"
    of = ["hunting"]
    rate = 0.5
    lag = 1
    """
    reached = outcome(tiny(steps=2, more=more), use([20, 20], [30, 30], [2, 0]))
    assert reached.territories[0].sources[0].created == approx((0.6 + 3.0, 0.6 + 1.0))


@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
def test_recomputed_revenue_is_the_programmes(model):
    """Revenue recomputed from the plan agrees with what the programme found, today and recommended."""
    case = case_of(SMALL, model)
    for solved in (best(case).chosen, today(case).solved):
        assert outcome(case, solved.use).revenue == approx(solved.revenue, rel=1e-9)


@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
def test_recommended_use_keeps_every_limit(model):
    """With all that the hours create, the recommended use still keeps every limit."""
    reached = outcome(case := case_of(SMALL, model), best(case).chosen.use)
    checks = [*limits_on_hours(reached), *limits_on_results(reached)]
    assert {check.family for check in checks} >= {"capacity", "shares", "creating", "trust", "backlog"}
    assert max(check.violation for check in checks) <= 1e-7


def test_wins_are_capped():
    """However deep the work, no more than 95 % of the opportunities are won."""
    case = case_of(
        SMALL,
        changed(
            SALES,
            "opportunity_management",
            depths=[
                {"name": "standard", "effort": 1.0, "win": 1.0},
                {"name": "endless", "effort": 90.0, "win": 80.0},
            ],
        ),
    )
    rates = [rate for k in case.territories for s in k.sources for rate in s.win_rates]
    assert max(rates) == 0.95
    assert math.isclose(min(rates), 0.2)
