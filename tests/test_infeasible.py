"""Plans that no split can keep: what conflicts, the least change, and going on with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from plans import SALES, changed, plan_of
from running import run

from allocator import allocate
from allocator.errors import InfeasibleError
from allocator.instance import instance
from allocator.plan import Plan
from allocator.solving.repair import least_change
from allocator.solving.settings import Clock, Settings

HEADER = (
    "territory,rep,area,hours,min_hours,max_hours,opportunities,open,win_rate,deal_size,"
    "hours_per_opportunity"
)
MINIMUMS = f"""{HEADER}
North,Dana,prospecting,60,60,,20,4,25%,9000,
North,Dana,opportunity_management,40,50,,,,,,5
North,Ben,opportunity_management,40,,,,,,,
"""
FREE = changed(
    changed(SALES, "prospecting", share=(0.0, 1.0)), "opportunity_management", share=(0.0, 1.0)
)
SETTINGS = Settings()


def least(plan: Plan, model=FREE, **kinds):
    return least_change(instance(plan, model), SETTINGS, Clock(None), **kinds)


def test_minimums_above_a_capacity():
    """Minimums of 110 hours against 100: the sentence names both sums and the 10 hours between."""
    with pytest.raises(InfeasibleError) as error:
        allocate(plan_of(MINIMUMS, FREE), FREE)
    said = str(error.value)
    assert "the minimums of Dana add up to 110 hours, and Dana has 100" in said
    assert "by 10 hours: " in said
    assert "give Dana 10 hours more: 110 in place of 100" in said
    assert error.value.exit_code == 3


def test_the_least_change_is_the_least():
    """Ten hours are missing and the changes count ten; nine and a half would not do."""
    plan = plan_of(MINIMUMS, FREE)
    changes = least(plan)
    assert sum(change.hours for change in changes) == pytest.approx(10, abs=1e-5)
    rows = [
        replace(r, min_hours=max(0, r.min_hours - 9.5)) if r.min_hours == 50 else r for r in plan.rows
    ]
    with pytest.raises(InfeasibleError):
        allocate(replace(plan, rows=tuple(rows)), FREE)


def test_minimums_against_shares():
    """Where a minimum breaks a share, lowering the minimum comes before raising the share."""
    model = changed(FREE, "prospecting", share=(0.0, 0.3))
    plan = plan_of(MINIMUMS.replace(",50,", ",,"), model)
    with pytest.raises(InfeasibleError) as error:
        allocate(plan, model)
    assert "prospecting should get 30% of the hours in North at most" in str(error.value)
    assert "lower min_hours of Dana, prospecting in North, by 18 hours: 42 in place of 60" in str(
        error.value
    )
    assert "raise the most share of prospecting in North from 30.0% to 42.9%" in str(error.value)


def test_a_pipeline_that_cannot_be_left():
    """More open opportunities at the end than anyone can find: the least change asks for fewer."""
    model = changed(FREE, "opportunity_management", end_pipeline=30.0)
    plan = plan_of(MINIMUMS.replace(",50,", ",,"), model)
    with pytest.raises(InfeasibleError, match="North should leave 120 open opportunities at the end"):
        allocate(plan, model)
    changes = least(plan, model)
    assert {change.kind for change in changes} <= {"pipeline", "capacity"}
    found = allocate(plan, model, relax=True)
    assert found.relaxed


def test_nothing_else_would_do():
    """Kinds of limits that have no part in a conflict can't mend it."""
    plan = plan_of(MINIMUMS, FREE)
    assert least(plan, kinds=["shares"]) is None
    assert least(plan, kinds=["pipeline"]) is None
    assert sum(change.hours for change in least(plan, kinds=["capacity"])) == pytest.approx(10, abs=1e-5)


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_relaxed_plans_are_solved_and_say_so(steps, solver):
    """With the least change made there is a certified split that keeps every other limit."""
    model = FREE.with_steps(steps)
    found = allocate(plan_of(MINIMUMS, model), model, relax=True, solver=solver)
    assert len(found.relaxed) == 1
    assert found.certificate.worst <= 1e-6
    hours = found.hours_frame().set_index(["rep", "area"])["hours"]
    assert hours["Dana"].sum() <= 100 * (1 + 1e-6)


def test_possible_plans_are_not_relaxed():
    """Where a split keeps every limit, --relax changes nothing."""
    plan = plan_of(MINIMUMS.replace(",50,", ",30,"), FREE)
    assert allocate(plan, FREE, relax=True).relaxed == ()
    assert allocate(plan, FREE, relax=True).revenue == allocate(plan, FREE).revenue


def test_on_the_command_line(tmp_path: Path):
    """Exit code 3 and nothing on stdout without --relax; with it, every output is marked."""
    text = MINIMUMS.replace("North,Ben,opp", "North,Ben,prospecting,30,,,9,0,,,\nNorth,Ben,opp")
    (tmp_path / "plan.csv").write_text(text, encoding="utf-8")
    refused = run("plan.csv", "-o", "out.json", folder=tmp_path)
    assert (refused.code, refused.out) == (3, "")
    assert "add up to 110 hours" in refused.err
    assert not (tmp_path / "out.json").exists()
    table = run("plan.csv", "--relax", folder=tmp_path)
    assert "Limits relaxed, since no split kept them all" in table.out
    document = json.loads(run("plan.csv", "--relax", "--format", "json", folder=tmp_path).out)
    assert len(document["relaxed"]) == 1
    lines = run("plan.csv", "--relax", "--format", "csv", folder=tmp_path).out.splitlines()
    assert all(line.endswith(",limits" if at == 0 else ",relaxed") for at, line in enumerate(lines))
