"""What a number takes: the least hours, held to the independent formulation."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import reference
from plans import CASES, MONTHS, SALES, SMALL, case_of, changed, plan_of
from pytest import approx  # noqa: PT013 (it reads as a word)
from running import ROOT

from allocator import models, read_model, read_plan
from allocator.answers import reach as module
from allocator.answers.reach import Case, at_times, reach
from allocator.deriving import instance
from allocator.errors import InfeasibleError, OutOfReachError, PlanError, SolverError
from allocator.improving import scaled
from allocator.model import Model
from allocator.plan import Plan
from allocator.program import in_blocks, least_hours
from allocator.reports.reach import to_json, to_text
from allocator.solving.optimum import solved
from allocator.solving.settings import Clock, Settings

EXAMPLE = read_plan(ROOT / "inputs" / "plan.csv", SALES)
SHARED = plan_of(SMALL)
FREE = changed(
    changed(SALES, "prospecting", share=(0.0, 1.0)), "opportunity_management", share=(0.0, 1.0)
)
MINIMUMS = """
    territory,rep,area,hours,min_hours,opportunities,open,win_rate,deal_size,hours_per_opportunity
    North,Dana,prospecting,60,60,20,4,0.25,9000,
    North,Dana,opportunity_management,40,50,,,,,5
    North,Ben,opportunity_management,40,,,,,,
"""
ENDLESS = 1e4


def earns(plan: Plan, model: Model, theta: float) -> float:
    """The most that the plan earns by the independent formulation, with so many times its hours."""
    found = reference.optimum(at_times(plan, instance(plan, model), theta), model)
    return -math.inf if found is None else found


def is_least(plan: Plan, model: Model, theta: float, target: float, less: float = 0.001) -> None:
    """So many times today's hours earn the number, and a thousandth less do not."""
    assert earns(plan, model, theta) >= target * (1 - 1e-6)
    assert earns(plan, model, theta * (1 - less)) < target * (1 - 1e-7)


def test_every_row_is_the_least(five_million):
    """In each case its hours, given back as capacities, earn the number, and 0.1% less do not."""
    for row in five_million.rows:
        plan, model = EXAMPLE, SALES
        if row.case.lever:
            plan, model = scaled(plan, model, row.case.lever, row.case.factor, model.areas)
        is_least(plan, model, row.theta, 5e6)
        assert row.revenue == approx(5e6, rel=1e-6)
        assert row.hours == approx(row.theta * 4400)
        assert row.heads == approx(row.hours / 440)


@pytest.mark.parametrize("model", [SALES, MONTHS, *map(read_model, models())], ids=lambda m: m.name)
@pytest.mark.parametrize("share", [0.7, 1.3])
def test_other_models_and_steps(model, share):
    """In steps or not, with a rep in two territories and areas missing, hours are the least."""
    target = share * reference.optimum(SHARED, model)
    found = reach(SHARED, model, target).as_planned
    is_least(SHARED, model, found.theta, target, 1e-5)
    assert (found.theta < 1) is (share < 1)


def test_weeks():
    """Thirteen steps with lags are no different."""
    model = read_model(CASES / "weeks.toml")
    plan = read_plan(CASES / "one.csv", model)
    target = 1.02 * reference.optimum(plan, model)
    is_least(plan, model, reach(plan, model, target).as_planned.theta, target)


def test_the_rows_of_capacity_by_hand():
    """40 hours of Ann and 10 of Bob: of z hours Ann has at most 4/5 and Bob 1/5, half in each step."""
    model = changed(SALES, steps=2)
    text = """
        territory,rep,area,hours,opportunities,win_rate,deal_size,hours_per_opportunity
        North,Ann,prospecting,40,10,0.2,1000,
        North,Bob,opportunity_management,10,,,,5
    """
    sized = least_hours(in_blocks(case_of(text, model)), 1500.0)
    names = {sized.sizes[0]: "z"} | {
        x: f"{row.area[0]}{t}"
        for row, in_steps in zip(sized.program.instance.rows, sized.program.x, strict=True)
        for t, x in enumerate(in_steps.tolist(), 1)
    }
    rows = [
        ({names[var]: a for var, a in row.terms}, row.sense, row.right)
        for limit, row in zip(sized.program.limits, sized.program.rows(), strict=True)
        if limit.family == "capacity"
    ]
    expected = [({f"p{t}": 1, "z": -0.4}, "<=", 0) for t in (1, 2)]
    expected += [({f"o{t}": 1, "z": -0.1}, "<=", 0) for t in (1, 2)]
    assert sorted(rows, key=str) == sorted(expected, key=str)
    assert [sized.program.limits[at].family for at in sized.carried[0]] == ["capacity"] * 4
    assert np.flatnonzero(sized.program.matrix.cost).tolist() == list(sized.sizes)
    assert sized.program.matrix.row_least[-1] == approx(1500 / sized.program.money)


def test_better_win_rates_need_fewer_opportunities(five_million):
    """A better win rate lowers the opportunities, and the hours, that the number needs."""
    planned, half_more, doubled = five_million.rows[:3]
    assert planned.opportunities > half_more.opportunities > doubled.opportunities
    assert planned.theta > half_more.theta > doubled.theta


def test_out_of_reach():
    """A number beyond what endless hours earn is refused with the largest that can be reached."""
    with pytest.raises(OutOfReachError) as error:
        reach(SHARED, SALES, 1e9)
    assert error.value.largest == approx(earns(SHARED, SALES, ENDLESS), rel=1e-6)
    assert f"{math.floor(error.value.largest):,} at most" in str(error.value)
    assert error.value.exit_code == 3
    assert reach(SHARED, SALES, math.floor(error.value.largest)).as_planned.theta > 1
    with pytest.raises(OutOfReachError):
        reach(SHARED, SALES, error.value.largest * 1.00001)


def test_another_case_out_of_reach(monkeypatch):
    """A case beside the plan that can't reach the number keeps its row, with its largest."""
    monkeypatch.setattr(module, "CASES", (*module.CASES, Case("poor win rates", "win_rate", 0.1)))
    found = reach(SHARED, SALES, 1e6)
    row = found.rows[-1]
    poor, model = scaled(SHARED, SALES, "win_rate", 0.1, SALES.areas)
    assert (row.theta, row.revenue, row.opportunities) == (None, None, None)
    assert row.largest == approx(earns(poor, model, ENDLESS), rel=1e-6)
    assert f"Poor win rates – at most {math.floor(row.largest):,}" in " ".join(to_text(found).split())
    assert json.loads(to_json(found))["rows"][-1]["theta"] is None


def test_what_renews_by_itself():
    """A number that renewals earn without any hours takes none, and that is said."""
    found = reach(SHARED, SALES, 1000)
    assert (found.as_planned.theta, found.as_planned.hours) == (0, 0)
    assert earns(SHARED, SALES, 0) == approx(found.as_planned.revenue)
    assert to_text(found).startswith("1k takes no hours at all")


def test_possible_with_more_hours():
    """Minimums of 110 hours against 100 take 1.1 times the hours, which earn more than the number."""
    plan = plan_of(MINIMUMS, FREE)
    found = reach(plan, FREE, 30_000, heads=True)
    assert found.as_planned.theta == approx(1.1)
    assert found.as_planned.revenue == approx(earns(plan, FREE, 1.1), rel=1e-6)
    assert earns(plan, FREE, 1.099) == -math.inf
    assert (found.heads.start, found.heads.steps, found.heads.fewest) == (None, (), None)
    text = to_text(found)
    assert "the least that keep every limit, and earn more than the number" in " ".join(text.split())
    assert "No number of added heads reaches 30k" in text


@pytest.mark.parametrize("lost", [InfeasibleError("none"), SolverError("not found again")])
def test_no_room_for_rounding(monkeypatch, lost):
    """A split lost to rounding is found with at most 1e-9 more hours, or is the least hours' own."""
    plan, best, tried = plan_of(MINIMUMS, FREE), module.certified_best, []
    usual = reach(plan, FREE, 30_000).as_planned.theta

    def failing(times):
        def once(*asked):
            tried.append(asked)
            if len(tried) <= times:
                raise lost
            return best(*asked)

        return once

    monkeypatch.setattr(module, "certified_best", failing(1))
    nudged = reach(plan, FREE, 30_000).as_planned
    assert usual < nudged.theta <= usual * (1 + 1.001e-9)
    assert nudged.outcome.revenue >= 30_000
    tried.clear()
    monkeypatch.setattr(module, "certified_best", failing(2))
    own = reach(plan, FREE, 30_000).as_planned
    assert own.theta == usual
    assert 30_000 * (1 - 1e-6) <= own.revenue <= earns(plan, FREE, usual * (1 + 1e-9)) * (1 + 1e-6)
    monkeypatch.setattr(module, "certified_best", failing(99))
    monkeypatch.setattr(module, "Clock", lambda _: SimpleNamespace(left=0))
    monkeypatch.setattr(
        module, "solved", lambda program, settings, _: solved(program, settings, Clock(None))
    )
    with pytest.raises(SolverError, match="time limit"):
        reach(plan, FREE, 30_000)


def test_impossible_at_any_capacity():
    """A minimum for a rep without hours is explained as such, with what would do."""
    text = MINIMUMS.replace("Ben,opportunity_management,40,,", "Ben,opportunity_management,0,5,")
    with pytest.raises(InfeasibleError) as error:
        reach(plan_of(text, FREE), FREE, 30_000)
    said = str(error.value)
    assert "the minimums of Ben add up to 5 hours, and Ben has 0" in said
    assert "give Ben 5 hours more: 5 in place of 0" in said
    assert "--relax" not in said


def test_no_hours_at_all():
    """A plan without hours has nothing to take a multiple of."""
    nobody = replace(SHARED, capacity=dict.fromkeys(SHARED.reps, 0.0))
    with pytest.raises(PlanError, match="no rep has any hours"):
        reach(nobody, SALES, 1e5)


def test_reps_without_hours_are_no_heads():
    """A head's hours are those of the reps who have any, by their capacity where one is given."""
    found = reach(replace(SHARED, capacity={"Ann": 400.0, "Cat": 0.0}), SALES, 5e5)
    assert (found.heads_now, found.hours_now) == (2, 580)
    assert found.as_planned.heads == approx(found.as_planned.hours / 290)


def test_either_solver(five_million):
    """CBC finds the same hours and heads."""
    found = reach(EXAMPLE, SALES, 5e6, heads=True, settings=Settings("cbc"))
    for mine, other in zip(five_million.rows, found.rows, strict=True):
        assert other.theta == approx(mine.theta, rel=1e-7)
        assert other.opportunities == approx(mine.opportunities, rel=1e-5)
    assert found.heads.fewest.by_territory == five_million.heads.fewest.by_territory
    assert [h.territory for h in found.heads.steps] == [h.territory for h in five_million.heads.steps]
    assert found.heads.fewest.relaxed == approx(five_million.heads.fewest.relaxed, rel=1e-6)


def test_every_programme_is_proven(five_million):
    """The figures behind the answer are there, and within what a certificate allows."""
    assert five_million.certificate.solves >= 2 * len(five_million.rows) + len(five_million.heads.steps)
    assert 0 < five_million.certificate.worst <= 1e-6
