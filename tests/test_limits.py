"""Every limit at a split, beside what it comes to by hand: the certificate knows no other judge."""

from __future__ import annotations

import pytest
from plans import case_of, model_of
from pytest import approx  # noqa: PT013 (it reads as a word)
from reference import chords

from allocator.limits import each, limits_on_hours, limits_on_results, no_hours_below_zero
from allocator.outcome import Use, outcome

MODEL = """
    name = "Tiny"
    period_days = 90
    steps = 2
    [areas.hunting]
    creates = true
    potential = 2.0
    share = [0.1, 0.6]
    [areas.working]
    works = true
    share = [0.2, 0.8]
    decay = 0.19
    end_pipeline = 0.5
    depths = [
      { name = "standard", effort = 1.0, win = 1.0 },
      { name = "deep", effort = 2.0, win = 1.5 },
    ]
    [[couplings]]
    name = "Trust"
    limits = "hunting"
    goodwill = 0.2
    by = "worked"
    of = ["hunting"]
    rate = 1.1
    lag = 1
"""
PLAN = """
    territory,rep,area,hours,min_hours,max_hours,opportunities,open,win_rate,deal_size,hours_per_opportunity
    North,Ann,hunting,40,,90,12,4,0.25,1000,
    North,Ann,working,60,5,,,,,,5
"""


def found(hours: float) -> float:
    """What so many hours of one of two steps find, along chords that are half as wide."""
    brought, left = 0.0, hours
    for width, slope in chords(40.0, 12.0, 24.0):
        used = min(left, width / 2)
        brought, left = brought + slope * used, left - used
    return brought


@pytest.fixture
def reached():
    """Ann hunts 30 and 10 hours and works 15 and 45; 3 opportunities are worked in each step."""
    use = Use([[30, 10], [15, 45]], [[[0.0, 0.0]]], [[[[2.0, 1.0], [3.0, 0.0]]]])
    return outcome(case_of(PLAN, model_of(MODEL)), use)


FIRST, SECOND = found(30), found(10)
WAITING = 0.9 * (4 + FIRST - 3)
"""In the second step, of the 4 open and those found, less 3 worked; 0.81 is kept over both steps."""
BY_HAND = {
    # Ann has 100 hours, 50 a step, and spends 30 + 15, then 10 + 45.
    ("capacity", "most", None, 0): (45, 50),
    ("capacity", "most", None, 1): (55, 50),
    ("bounds", "most", "hunting", None): (40, 90),
    ("bounds", "least", "working", None): (-60, -5),
    # Of 100 hours 10 to 60 belong to hunting, 20 to 80 to working.
    ("shares", "least", "hunting", None): (-40, -10),
    ("shares", "most", "hunting", None): (40, 60),
    ("shares", "least", "working", None): (-60, -20),
    ("shares", "most", "working", None): (60, 80),
    ("creating", "most", "hunting", 0): (FIRST, FIRST),
    ("creating", "most", "hunting", 1): (SECOND, SECOND),
    # A fifth of today's 6 a step, and 1.1 for each one worked a step before: today's 6, then 3.
    ("trust", "most", "hunting", 0): (FIRST, 1.2 + 6.6),
    ("trust", "most", "hunting", 1): (SECOND, 1.2 + 3.3),
    ("backlog", "most", "hunting", 0): (3, 4 + FIRST),
    ("backlog", "most", "hunting", 1): (3, WAITING + SECOND),
    # 5 hours an opportunity, twice as many for a deep one.
    ("working", "most", "working", 0): (2 * 5 + 1 * 10, 15),
    ("working", "most", "working", 1): (3 * 5, 45),
    ("working", "least", "hunting", None): (0, 0),
    ("next_period", "least", None, None): (-(WAITING + SECOND - 3), -2),
    ("hours", "least", "hunting", None): (-10, 0),
    ("hours", "least", "working", None): (-15, 0),
}


def by_place(checks, reached):
    return {
        (one.family, one.side, one.area, one.step): (one.used, one.allowed)
        for one in each(checks, reached)
    }


def test_limits_by_hand(reached):
    checks = [*limits_on_hours(reached), *limits_on_results(reached), *no_hours_below_zero(reached)]
    said = by_place(checks, reached)
    assert said.keys() == BY_HAND.keys()
    for place, (used, allowed) in BY_HAND.items():
        assert said[place] == (approx(used), approx(allowed)), place
    assert sum(len(those) for those in checks) == len(BY_HAND)


def test_what_is_broken_and_what_binds(reached):
    """55 of 50 hours are a tenth too many; what creates and what is over its limit binds."""
    (broken,) = [those for those in limits_on_hours(reached) if those.violation > 0]
    assert (broken.family, broken.step, broken.violation) == ("capacity", 1, approx(0.1))
    (ann,) = broken.binding(reached.instance)
    assert reached.instance.reps[ann.rep].name == "Ann"
    used_up = {
        (one.family, one.step)
        for those in limits_on_results(reached)
        for one in those.binding(reached.instance)
    }
    assert used_up == {("creating", 0), ("creating", 1), ("working", 0), ("working", None)}


def test_a_drained_pipeline_is_not_asked_for(reached):
    drained = by_place(limits_on_results(reached, {0}), reached)
    every = by_place(limits_on_results(reached), reached)
    assert every.keys() - drained.keys() == {("next_period", "least", None, None)}
