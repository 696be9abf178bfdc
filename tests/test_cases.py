"""The nine shared cases: known optima, limits kept, and hours that earn what they claim."""

from __future__ import annotations

import json
import math
from functools import cache

import pytest
from plans import CASES
from pytest import approx  # noqa: PT013 (it reads as a word)

from allocator import Allocation, allocate, read_model, read_plan
from allocator.program import build, same_hours
from allocator.solving import highs
from allocator.solving.settings import SOLVERS

EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))
NAMES = [f"{case['plan']}-{case['model']}" for case in EXPECTED]
every_case = pytest.mark.parametrize("case", EXPECTED, ids=NAMES)


@cache
def solved(plan: str, model: str, solver: str) -> Allocation:
    declared = read_model(CASES / model)
    return allocate(read_plan(CASES / plan, declared), declared, solver=solver)


@every_case
@pytest.mark.parametrize("solver", SOLVERS)
def test_known_optima(case, solver):
    """Either solver finds the revenues that independent checks found from the same files."""
    found = solved(case["plan"], case["model"], solver)
    assert found.revenue_optimal == approx(case["revenue_optimal"], rel=1e-6)
    assert found.revenue_now == approx(case["revenue_now"], rel=1e-6)
    assert found.pipeline_kept_now is case["pipeline_kept_now"]
    assert found.revenue >= (1 - 1.01e-6) * found.revenue_optimal


@every_case
def test_limits_on_hours_are_kept(case):
    """Plain arithmetic on the plan's rows finds no capacity, bound or share that is broken."""
    found = solved(case["plan"], case["model"], "highs")
    plan, model = found.plan, found.model
    by_step = {at: found.recommended.hours[i] for at, i in found.rows_in_plan_order}
    total = {at: math.fsum(in_steps) for at, in_steps in by_step.items()}
    rows = list(enumerate(plan.rows))

    def within(used, allowed):
        return used <= allowed + 1e-6 * max(1.0, abs(allowed))

    assert all(x >= 0 for in_steps in by_step.values() for x in in_steps)
    for rep in plan.reps:
        mine = [at for at, row in rows if row.rep == rep]
        capacity = math.fsum(plan.rows[at].hours for at in mine)
        for t in range(model.steps):
            assert within(sum(by_step[at][t] for at in mine), capacity / model.steps)
    for at, row in rows:
        assert within(row.min_hours, total[at])
        assert within(total[at], row.max_hours)
    for territory in plan.territories:
        hours = dict.fromkeys(model.areas, 0.0)
        present = {row.area for _, row in rows if row.territory == territory}
        for at, row in rows:
            hours[row.area] += total[at] if row.territory == territory else 0.0
        assert sum(model.areas[area].share[1] for area in present) >= 1
        for area in present:
            low, high = model.areas[area].share
            assert within(low * sum(hours.values()), hours[area])
            assert within(hours[area], high * sum(hours.values()))


@every_case
def test_reported_hours_earn_the_reported_revenue(case):
    """With every row held at its reported hours, the programme earns the reported revenue."""
    found = solved(case["plan"], case["model"], "highs")
    hours = [found.recommended.total_hours(i) for i in range(len(found.plan.rows))]
    program = build(found.instance)
    held = same_hours(program, hours)
    optimum = highs.solve(held.matrix, None).objective * held.money
    assert optimum == approx(found.revenue, rel=1e-6)


@pytest.mark.parametrize("plan", ["one.csv", "few.csv", "many.csv"])
def test_steady_hours_earn_it_alone(plan):
    """In one step nothing but the hours is decided, so a programme of fixed hours earns the same."""
    found = solved(plan, "steady.toml", "highs")
    program = build(found.instance, found.recommended.hours)
    optimum = highs.solve(program.matrix, None).objective * program.money
    assert optimum == approx(found.revenue, rel=1e-6)
