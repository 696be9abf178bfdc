"""Whole heads for a number: the next one and the fewest, held to the independent formulation."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest
import reference
from plans import MONTHS, SALES, SMALL, changed, joined, plan_of, renamed
from pytest import approx  # noqa: PT013 (it reads as a word)
from running import ROOT

from allocator import read_plan
from allocator.answers.heads import with_heads
from allocator.answers.reach import at_times, reach
from allocator.deriving import instance
from allocator.model import Model
from allocator.plan import Plan
from allocator.reports.reach import to_json, to_text
from allocator.solving.settings import Settings

EXAMPLE = read_plan(ROOT / "inputs" / "plan.csv", SALES)
SHARED = plan_of(SMALL)


def placed(plan: Plan, model: Model, places: tuple[str, ...], hours: float) -> float:
    """What heads in these territories earn by the independent formulation."""
    counts = {territory: places.count(territory) for territory in plan.territories}
    found = reference.optimum(with_heads(plan, counts, hours), model)
    return -math.inf if found is None else found


def test_the_fewest_heads_by_brute_force(five_million):
    """No placement of one head fewer earns the number, and that of the fewest does."""
    fewest = five_million.heads.fewest
    assert (fewest.count, fewest.bound, fewest.gap) == (3, 3, 0)
    assert math.ceil(fewest.relaxed) <= 3
    fewer = combinations_with_replacement(EXAMPLE.territories, fewest.count - 1)
    assert max(placed(EXAMPLE, SALES, places, 440) for places in fewer) < 5e6
    mine = tuple(t for t, count in fewest.by_territory.items() for _ in range(count))
    assert placed(EXAMPLE, SALES, mine, 440) == approx(fewest.outcome.revenue, rel=1e-6)
    assert fewest.outcome.revenue >= 5e6 * (1 - 1e-6)


def test_the_next_head_by_brute_force(five_million):
    """Each head goes to the territory that earns most with it, of all that there are."""
    there: tuple[str, ...] = ()
    assert five_million.heads.start == approx(reference.optimum(EXAMPLE, SALES), rel=1e-6)
    before = five_million.heads.start
    for head in five_million.heads.steps:
        earned = {k: placed(EXAMPLE, SALES, (*there, k), 440) for k in EXAMPLE.territories}
        assert head.revenue == approx(max(earned.values()), rel=1e-6)
        assert head.revenue == approx(earned[head.territory], rel=1e-6)
        assert head.gain == approx(head.revenue - before)
        there, before = (*there, head.territory), head.revenue
    gains = [head.gain for head in five_million.heads.steps]
    assert gains == sorted(gains, reverse=True)
    assert five_million.heads.steps[-1].revenue >= 5e6 > five_million.heads.steps[-2].revenue


def test_heads_in_steps_with_shared_reps():
    """Planned in months, with a rep in two territories, the fewest heads are the fewest."""
    target = 1.2 * reference.optimum(SHARED, MONTHS)
    heads = reach(SHARED, MONTHS, target, heads=True).heads
    fewer = combinations_with_replacement(SHARED.territories, heads.fewest.count - 1)
    assert max(placed(SHARED, MONTHS, places, heads.hours) for places in fewer) < target
    assert heads.fewest.outcome.revenue >= target * (1 - 1e-6)
    assert len(heads.steps) >= heads.fewest.count >= 2


def test_equal_territories():
    """Of two territories that no fact tells apart, the plan's first gets the first head, and alone."""
    twin = renamed(SHARED, lambda name: f"{name} 2", lambda name: f"{name} 2")
    plan = joined(SHARED, twin)
    target = 1.01 * reference.optimum(plan, SALES)
    heads = reach(plan, SALES, target, heads=True).heads
    assert heads.fewest.by_territory == {"North": 1}
    assert [head.territory for head in heads.steps] == ["North"]
    assert heads.steps[0].revenue == approx(placed(plan, SALES, ("North",), heads.hours), rel=1e-6)


def test_a_head_that_makes_it_possible():
    """Where today's hours can't leave the pipeline asked for, the first head has no gain to state."""
    model = changed(SALES, "opportunity_management", end_pipeline=4.0)
    assert reference.optimum(SHARED, model) is None
    found = reach(SHARED, model, 1000, heads=True)
    first = found.heads.steps[0]
    assert (found.heads.start, first.gain, first.number) == (None, None, 1)
    assert first.revenue == approx(
        max(placed(SHARED, model, (k,), 190) for k in SHARED.territories), rel=1e-6
    )
    assert json.loads(to_json(found))["heads"][0]["gain"] is None
    assert "split best" not in to_text(found)


def test_no_head_is_needed():
    """A number that today's reps reach takes no head, and no step is shown."""
    found = reach(SHARED, SALES, 5e5, heads=True)
    assert (found.heads.fewest.count, found.heads.steps) == (0, ())
    assert "None is needed: today's reps earn" in to_text(found)


@pytest.mark.parametrize("about", [1 - 1e-9, 1, 1 + 1e-10, 1 + 1e-8])
def test_a_number_at_the_edge(about):
    """What today's reps or one head more earn at best, to the last digit, needs just that."""
    known = reach(SHARED, SALES, 7.5e5, heads=True).heads
    for count, best in enumerate((known.start, known.steps[0].revenue)):
        fewest = reach(SHARED, SALES, about * best, heads=True).heads.fewest
        assert fewest.count in {count, count + (about > 1)}
        assert fewest.outcome.revenue >= about * best * (1 - 1e-6)


def test_the_list_ends():
    """Where heads bring little, the list of single heads ends at 25, and the text says so."""
    endless = at_times(SHARED, instance(SHARED, SALES), 1e4)
    largest = math.floor(reference.optimum(endless, SALES))
    found = reach(SHARED, SALES, largest, heads=True)
    assert found.heads.fewest.count > 25 == len(found.heads.steps)
    said = " ".join(to_text(found).split())
    assert "25 heads one at a time don't reach the number; the list ends there" in said


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_who_proves_that_fewer_heads_do_not_do(five_million, solver):
    """Where parts of heads don't, HiGHS's integer programme does, with whatever solver was asked for."""
    parts = " ".join(to_text(five_million).split())
    assert "even in parts of heads it takes 2.21" in parts
    assert "integer programme" not in parts
    heads = replace(five_million.heads, fewest=replace(five_million.heads.fewest, relaxed=1.5))
    whole = " ".join(to_text(replace(five_million, heads=heads, settings=Settings(solver))).split())
    used = "" if solver == "highs" else ", used whatever the solver,"
    assert f"HiGHS's integer programmes{used} prove" in whole
    assert "in parts of heads, proven linear programmes take 1.50" in whole
