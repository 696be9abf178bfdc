"""Why the recommended split earns more: effects that add up."""

from __future__ import annotations

import math
from typing import get_args

import pytest
import strategies
from hypothesis import HealthCheck, assume, given, settings
from plans import MONTHS, SALES, SMALL, plan_of
from pytest import approx  # noqa: PT013 (it reads as a word)

from allocator import Allocation, allocate
from allocator.answers.effects import Kind, difference
from allocator.errors import InfeasibleError


def adds_up(found: Allocation) -> None:
    """The effects are the difference in revenue, and the areas' moves that in hours."""
    told = difference(found)
    assert math.fsum(effect.money for effect in told.effects) == approx(
        found.revenue - found.revenue_now, rel=1e-9, abs=1e-9 * max(1.0, found.revenue)
    )
    assert [abs(e.money) for e in told.effects] == sorted(
        (abs(e.money) for e in told.effects), reverse=True
    )
    frame = found.hours_frame()
    assert sum(told.moved.values()) == approx(frame["change"].sum(), abs=1e-6)
    for split in (told.today, told.recommended):
        assert split.available == approx(split.worked + split.unworked)


@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
def test_effects_add_up(model):
    """Every kind of effect is told, and together they are the difference in revenue."""
    found = allocate(plan_of(SMALL, model), model)
    adds_up(found)
    assert {effect.kind for effect in difference(found).effects} == set(get_args(Kind))


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.plans(), strategies.models())
def test_effects_add_up_for_any_plan(plan, model):
    """Whatever the plan, even where nothing is worked today, the effects add up."""
    try:
        found = allocate(plan, model)
    except InfeasibleError:
        assume(False)
    adds_up(found)


def test_steady_plans_without_cycles_have_no_timing():
    """Where everything books in the period, no money moves in time."""
    found = allocate(plan_of(SMALL.replace(",45,,", ",0,,").replace(",60,,4", ",0,,4")), SALES)
    told = {effect.kind: effect.money for effect in difference(found).effects}
    assert told["timing"] == approx(0, abs=1e-6)


def test_plans_without_sources_have_effects_too():
    """Where only opportunity management has hours, nothing changes, and that can be told."""
    found = allocate(
        plan_of(SMALL.split("North")[0] + "South,Cat,opportunity_management,90,1,,,,,,5,"), SALES
    )
    adds_up(found)
    assert difference(found).today.worked == 0
