"""Plans that no split can keep: what conflicts, the least change, and going on with it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from plans import SALES, changed, plan_of
from running import run

from allocator import allocate
from allocator.answers.cross_check import cross_checked
from allocator.deriving import instance
from allocator.errors import InfeasibleError
from allocator.giving_way import describe
from allocator.instance import Instance
from allocator.plan import Plan
from allocator.program import in_blocks
from allocator.program.elastic import UserLimit, elastic
from allocator.solving.conflicts import Conflict, conflicts
from allocator.solving.passes import best_split
from allocator.solving.repair import Change, least_change, repairs, widened
from allocator.solving.repair import changed as eased
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
TWO_REPS = f"""{MINIMUMS.strip()}
South,Eve,prospecting,70,90,,20,4,25%,9000,
South,Eve,opportunity_management,40,32,,,,,,5
South,Ben,opportunity_management,40,,,,,,,
"""
THREE_REPS = f"""{HEADER}
North,Dana,prospecting,30,30,,20,4,25%,9000,
North,Ben,prospecting,30,30,,0,,,,
North,Cat,prospecting,30,30,,0,,,,
North,Eve,opportunity_management,100,,,,,,,5
"""
FREE = changed(
    changed(SALES, "prospecting", share=(0.0, 1.0)), "opportunity_management", share=(0.0, 1.0)
)
SETTINGS = Settings()


def least(plan: Plan, model=FREE):
    return least_change(instance(plan, model), Clock(None))


def found(plan: Plan, model=FREE) -> list[Conflict]:
    """Every conflict of the plan, the largest of each part first."""
    needed = repairs(instance(plan, model), Clock(None))
    return [each for repair in needed for each in conflicts(repair, Clock(None), 99)]


def said(plan: Plan, model=FREE) -> str:
    """What a user reads of a plan that is impossible."""
    with pytest.raises(InfeasibleError) as error:
        allocate(plan, model)
    return str(error.value)


def test_minimums_above_a_capacity():
    """Minimums of 110 hours against 100: who and where, both sums, and the 10 hours between."""
    message = said(plan_of(MINIMUMS, FREE))
    assert "North (Dana). These conflict:" in message
    assert "the minimums of Dana add up to 110 hours, and Dana has 100" in message
    assert "by 10 hours: " in message
    assert "Or:\n  • give Dana 10 hours more: 110 in place of 100" in message
    assert InfeasibleError.exit_code == 3


def test_independent_conflicts_are_explained_apart():
    """Two reps in territories that a third connects: each has its own limits, change, alternative."""
    plan = plan_of(TWO_REPS, FREE)
    south, north = found(plan)
    assert {limit.kind for limit in (*north.limits, *south.limits)} == {"bounds", "capacity"}
    assert [len(each.limits) for each in (south, north)] == [3, 3]
    assert [each.also for each in (south, north)] == [(), ()]
    assert sum(change.hours for change in north.changes) == pytest.approx(10, abs=1e-5)
    assert sum(change.hours for change in south.changes) == pytest.approx(12, abs=1e-5)
    assert sum(change.hours for change in least(plan)) == pytest.approx(22, abs=1e-5)
    message = said(plan)
    assert "1. South (Eve). These conflict:\n  • the minimums of Eve add up to 122 hours" in message
    assert "2. North (Dana). These conflict:\n  • the minimums of Dana add up to 110 hours" in message
    assert message.count("Or:\n  • give ") == 2


def test_no_part_of_a_conflict_is_a_conflict():
    """Drop any one limit of a conflict, whatever stands beside it, and the rest can be kept."""
    model = changed(FREE, "prospecting", share=(0.0, 0.3))
    case = instance(plan_of(MINIMUMS, model), model)
    (repair,) = repairs(case, Clock(None))
    for each in conflicts(repair, Clock(None), 99):
        assert not kept(case, each.limits)
        for at in range(len(each.limits)):
            assert kept(case, (*each.limits[:at], *each.limits[at + 1 :]))


def kept(case: Instance, limits: Sequence[UserLimit]) -> bool:
    """Whether some split keeps these limits, with every other one far out of the way."""
    far = {"bounds": 1e5, "capacity": 1e5, "shares": 1.0, "pipeline": 0.0}
    out_of_the_way = [
        Change(limit, 0.0, 0.0, 0.0 if limit.side == "least" else far[limit.kind], 0.0)
        for limit in (give.limit for give in elastic(case).gives)
        if limit not in limits
    ]
    try:
        best_split(in_blocks(eased(case, out_of_the_way)), SETTINGS, Clock(None))
    except InfeasibleError:
        return False
    return True


def test_what_adds_to_a_conflict():
    """Two of three minimums break a share by themselves; the third makes the change larger."""
    model = changed(FREE, "prospecting", share=(0.0, 0.3))
    (conflict,) = found(plan_of(THREE_REPS, model), model)
    assert len(conflict.also) == 1
    assert "These add to it:" in said(plan_of(THREE_REPS, model), model)


def test_every_alternative_does():
    """Made in place of the least change of its conflict, an alternative leaves a possible plan."""
    model = changed(FREE, "prospecting", share=(0.0, 0.3))
    case = instance(plan_of(THREE_REPS, model), model)
    (repair,) = repairs(case, Clock(None))
    (conflict,) = conflicts(repair, Clock(None), 99)
    assert [{change.limit.kind for change in other} for other in conflict.others] == [
        {"bounds"},
        {"capacity"},
    ]
    for other in conflict.others:
        with pytest.raises(InfeasibleError):
            best_split(in_blocks(eased(case, other[:-1])), SETTINGS, Clock(None))
        best_split(in_blocks(eased(case, map(widened, other))), SETTINGS, Clock(None))


def test_many_conflicts_are_counted():
    """Five conflicts in full, then how many changes more and where: the message stays readable."""
    lines = [MINIMUMS.splitlines()[at].replace("North", "T{k}").replace("Dana", "R{k}") for at in (1, 2)]
    rows = [line.format(k=k) for k in range(40) for line in lines]
    message = said(plan_of("\n".join((HEADER, *rows)), FREE))
    assert message.count("These conflict:") == 5
    assert "5 conflicts and more" in message
    assert "… and 35 changes more in " in message
    assert len(message.splitlines()) < 60


def test_rounding_is_no_conflict():
    """A minimum above a capacity by less than answers may be off by is kept, and nothing is relaxed."""
    plan = plan_of(MINIMUMS.replace(",50,", ",40.000005,"), FREE)
    with pytest.raises(InfeasibleError):
        best_split(in_blocks(instance(plan, FREE)), SETTINGS, Clock(None))
    assert allocate(plan, FREE).relaxed == ()


@pytest.mark.parametrize(
    ("before", "after", "printed"),
    [
        (60, 49.9999999999, "50"),
        (60, 49.996, "49.99"),
        (60, 50.001, "50"),
        (9, 8.99995, "8.99"),
    ],
)
def test_printed_changes_suffice(before, after, printed):
    """A least is printed rounded down, unless it is a round figure but for what solvers are off by."""
    limit = UserLimit("bounds", "least", 0, 0, "prospecting")
    change = Change(limit, before - after, before, after, before - after)
    case = instance(plan_of(MINIMUMS, FREE), FREE)
    assert f": {printed} in place of {before:,}" in describe(case, change)


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
    message = said(plan, model)
    assert "prospecting should get 30% of the hours in North at most" in message
    assert "lower min_hours of Dana, prospecting in North, by 18 hours: 42 in place of 60" in message
    assert "raise the most share of prospecting in North from 30% to 42.9%" in message
    assert "are the model's (share, end_pipeline)" in message


def test_a_pipeline_that_cannot_be_left():
    """More open opportunities at the end than anyone can find: the least change asks for fewer."""
    model = changed(FREE, "opportunity_management", end_pipeline=30.0)
    plan = plan_of(MINIMUMS.replace(",50,", ",,"), model)
    with pytest.raises(InfeasibleError, match="North should leave 120 open opportunities at the end"):
        allocate(plan, model)
    changes = least(plan, model)
    assert {change.limit.kind for change in changes} <= {"pipeline", "capacity"}
    assert allocate(plan, model, relax=True).relaxed


def test_kinds_without_part_are_no_alternative():
    """Limits that have no part in a conflict can't mend it: no share and no pipeline is offered."""
    (conflict,) = found(plan_of(MINIMUMS, FREE))
    ((other,),) = conflict.others
    assert other.limit.kind == "capacity"
    assert other.hours == pytest.approx(10, abs=1e-5)


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_relaxed_plans_are_solved_and_say_so(steps, solver):
    """With the least change made there is a certified split that keeps every other limit."""
    model = FREE.with_steps(steps)
    allocation = allocate(plan_of(MINIMUMS, model), model, relax=True, solver=solver)
    assert len(allocation.relaxed) == 1
    assert allocation.certificate.worst <= 1e-6
    hours = allocation.hours_frame().set_index(["rep", "area"])["hours"]
    assert hours["Dana"].sum() <= 100 * (1 + 1e-6)


def test_limits_give_way_to_the_figures_that_are_said():
    """What is printed is what is done: the limits of the relaxed plan are the printed figures."""
    allocation = allocate(plan_of(TWO_REPS, FREE), FREE, relax=True)
    least = {row.least for row in allocation.instance.rows}
    printed = [re.search(r": (\S+) in place of", line) for line in allocation.relaxed]
    assert len(printed) == 2
    assert all(figure is not None and float(figure[1]) in least for figure in printed)


def test_the_other_solver_is_asked_about_the_same_plan():
    """Of several least changes both solvers make the same one, so that their optima can be compared."""
    opinion = cross_checked(allocate(plan_of(TWO_REPS, FREE), FREE, relax=True)).certificate.cross_check
    assert opinion is not None
    assert abs(opinion.difference) <= 1e-7


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
