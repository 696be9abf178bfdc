"""Heads more, part by part of a plan: where the next one goes, and how few are enough."""

from __future__ import annotations

import pytest
from plans import SALES
from running import ROOT

from allocator.answers import heads
from allocator.answers.heads import heads_for
from allocator.apart.growth import Growth
from allocator.program import fewest_heads, in_blocks, more_heads
from allocator.reading import read_plan
from allocator.solving.optimum import solved
from allocator.solving.settings import Clock, Settings

NATIONAL = read_plan(ROOT / "inputs" / "national.csv", SALES)
HOURS = 440.0
PATIENT = Clock(None)
MILLION = 1e6


def asked_for(target, settings):
    return heads._asked(NATIONAL, SALES, target, HOURS, settings, PATIENT)


@pytest.fixture(scope="module")
def growth():
    """The national plan with a rep without hours in each of its sixty territories."""
    asked, settings = asked_for(0.0, Settings()), Settings()
    with Growth(asked.case, asked.added, HOURS, settings, PATIENT) as found:
        yield found


@pytest.fixture(scope="module")
def most(growth):
    """What the plan earns with today's reps."""
    return growth.revenue


def test_each_head_goes_where_it_brings_most(growth, most):
    """As if each place were tried, on the programme of the whole plan."""
    asked = asked_for(0.0, Settings())
    sized = more_heads(in_blocks(asked.case), asked.added, HOURS)

    def earned(counts):
        program = sized.program.bounded(list(sized.sizes), counts, counts)
        return solved(program, Settings(), PATIENT).revenue

    counts = [0] * len(asked.added)
    assert most == pytest.approx(earned(counts), rel=1e-9)
    for _ in range(2):
        best = max(
            earned([count + (at == place) for at, count in enumerate(counts)])
            for place in range(len(counts))
        )
        counts[growth.add()] += 1
        assert growth.revenue == pytest.approx(best, rel=1e-9)
        assert earned(counts) == pytest.approx(best, rel=1e-9)
    assert growth.heads == {at: count for at, count in enumerate(counts) if count}
    reached = growth.certified()
    assert reached.revenue == pytest.approx(growth.revenue, rel=1e-9)
    assert reached.limits_broken < 1e-9


@pytest.mark.parametrize("more", [0.2, 3.0])
def test_the_least_heads_in_parts_are_those_of_the_whole(growth, most, more):
    target = most + more * MILLION
    asked = asked_for(target, Settings())
    whole = solved(
        fewest_heads(in_blocks(asked.case), asked.added, HOURS, target).program, Settings(), PATIENT
    )
    assert growth.least(target) == pytest.approx(whole.solution.objective, rel=1e-6)


def test_no_number_of_heads_is_enough(growth):
    assert growth.least(1e12) is None


def test_the_fewest_are_those_of_the_integer_programme(most, monkeypatch):
    """Where one at a time proves to be the fewest, and where it is asked."""
    target, found = most + 1.5 * MILLION, []
    for by_parts in (True, False):
        if not by_parts:
            monkeypatch.setattr(heads, "_as_steps", lambda *_: None)
        answer = heads_for(NATIONAL, SALES, target, HOURS, Settings(), PATIENT).fewest
        assert answer.outcome.revenue >= target * (1 - 1e-9)
        assert answer.relaxed <= answer.bound + 1e-6
        found.append(answer.count)
    assert found[0] == found[1] > 1
