"""Reps who have more or fewer hours than their rows add up to."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from plans import SALES
from small_plan import plan_text

from allocator import allocate, read_plan
from allocator.answers.reconciliation import check_plan
from allocator.deriving import instance
from allocator.errors import PlanError
from allocator.reports.checking import to_text

AREAS = ("prospecting", "opportunity_management", "account_development", "partners")


def with_capacity(plan_file, *changes, extra=()):
    """The small plan with a column for capacity; `changes` are (row, cell)."""
    lines = plan_text(extra=extra).splitlines()
    cells = dict(changes)
    text = "\n".join(f"{line},{cells.get(at, '')}" for at, line in enumerate(lines[1:]))
    return plan_file(f"{lines[0]},capacity\n{text}\n")


def test_the_curves_stay_and_the_split_is_scaled(plan_file):
    """A capacity of half the hours halves today's split and leaves what today's hours created."""
    whole = read_plan(plan_file(plan_text()), SALES)
    half = read_plan(with_capacity(plan_file, (0, "500")), SALES)
    (before,), (after,) = instance(whole, SALES).territories, instance(half, SALES).territories
    assert [s.curve for s in after.sources] == [s.curve for s in before.sources]
    assert half.todays_split == tuple(row.hours / 2 for row in whole.rows)
    assert instance(half, SALES).reps[0].capacity == 500
    found = allocate(half, SALES)
    assert sum(found.recommended.total_hours(i) for i in range(4)) <= 500 * (1 + 1e-9)
    assert found.revenue < allocate(whole, SALES).revenue


def test_a_capacity_that_is_the_sum_changes_nothing(plan_file):
    """Writing down what is so anyway gives the same answer."""
    plan = read_plan(plan_file(plan_text()), SALES)
    told = read_plan(with_capacity(plan_file, (1, "1000")), SALES)
    assert allocate(told, SALES).revenue == pytest.approx(allocate(plan, SALES).revenue, rel=1e-12)


def test_a_rep_without_hours_works_as_the_others_do(plan_file):
    """A new head's hours are divided today as the territory's are, and add to what can be earned."""
    extra = [
        ["North", area, "New head", "0", "" if area == AREAS[1] else "0", *[""] * 6] for area in AREAS
    ]
    plan = read_plan(with_capacity(plan_file, (4, "100"), extra=extra), SALES)
    old, new = plan.todays_split[:4], plan.todays_split[4:]
    assert new == pytest.approx([hours * 100 / sum(old) for hours in old])
    assert not any("nothing of theirs" in note for note in plan.notes)
    fewer = replace(plan, capacity={"New head": 0.0})
    assert allocate(plan, SALES).revenue > allocate(fewer, SALES).revenue


def test_one_capacity_a_rep(plan_file):
    """Two different capacities of one rep are refused with both."""
    with pytest.raises(PlanError, match="capacity of Ada is 400 here and 300 in row 2"):
        read_plan(with_capacity(plan_file, (0, "300"), (1, "400")), SALES)


def test_a_check_counts_the_hours_of_todays_split(plan_file):
    """What `check` says of hours and what they can work is of the split that a capacity brings."""
    whole = check_plan(read_plan(plan_file(plan_text()), SALES), SALES)
    half = check_plan(read_plan(with_capacity(plan_file, (0, "500")), SALES), SALES)
    (before,), (after,) = whole.territories, half.territories
    assert after.hours == 500 == before.hours / 2
    assert after.workable == before.workable / 2
    assert after.created == before.created
    assert to_text(half).splitlines()[0].endswith("1 rep, 500 hours for 91 days")


def test_what_a_capacity_creates_is_not_put_down_to_couplings(plan_file):
    """Couplings are said to widen a market by what they add to the hours, whatever hours those are."""
    double = read_plan(with_capacity(plan_file, (0, "2000")), SALES)
    (note,) = (note for note in allocate(double, SALES).notes if "widen" in note)
    case = instance(double, SALES)
    smooth = sum(
        source.curve.value(sum(row.today for row in case.rows if row.area == source.area))
        for source in case.territories[0].sources
    )
    created, more, alone = (float(figure) for figure in re.findall(r"(\d+) (?:opp|more|of these)", note))
    assert created - more == pytest.approx(alone, abs=1.5) == pytest.approx(smooth, rel=0.03)
    grow = (one for one in SALES.couplings if one.grows)
    hardly = tuple(one.model_copy(update={"rate": one.rate * 1e-9}) for one in grow)
    model = SALES.model_copy(update={"couplings": hardly})
    assert [note for note in allocate(double, model).notes if "widen" in note] == []
