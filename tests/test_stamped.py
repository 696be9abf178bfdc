"""Territories laid side by side are the programme that PuLP builds of each by itself.

The constraint functions are asked for one territory after the other, and the whole is put together in
PuLP, sum by sum, as one would write it by hand: the programme that is stamped for all of a shape at
once has the same variables, rows, bounds and objective.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pulp
import pytest
from plans import SMALL, case_of, changed, plan_of
from running import large_plan

from allocator.deriving import instance
from allocator.instance import Instance, Territory
from allocator.parts import part_of
from allocator.program import Program, build
from allocator.program.block import Block
from allocator.program.build import money_unit
from allocator.program.constraints import OF_TERRITORIES, projected_revenue
from allocator.program.in_pulp import SENSES
from allocator.reading import read_model, read_plan

INPUTS = Path(__file__).parents[1] / "inputs"
LAGGED = {"Partner trust": 1, "References": 2, "New accounts": 0}


def plainly(case: Instance) -> tuple[pulp.LpProblem, dict[str, float]]:
    """The plan's programme in PuLP, and each variable's most; territories share nothing but reps."""
    problem, steps = pulp.LpProblem("plain", pulp.LpMaximize), case.steps
    hours = {}
    most: dict[str, float] = {}
    revenue = []
    for k, territory in enumerate(case.territories):
        (alike,) = part_of(case, (k,)).instance.alike
        block = Block(alike, case.model)
        variables = [problem.add_variable(f"k{k}_{column}", 0) for column in range(block.columns)]
        for i, columns in zip(territory.rows, block.x, strict=True):
            hours |= {(i, t): variables[column] for t, column in enumerate(columns)}
        for family in OF_TERRITORIES:
            for _, row in family(block):
                total = pulp.lpSum(float(one(a)) * variables[column] for column, a in row.terms)
                problem += pulp.LpConstraint(total, SENSES[row.sense], rhs=one(row.right))
        most |= {variables[column].name: one(bound) for column, bound in block.most.items()}
        revenue += [one(worth) * variables[column] for column, worth in projected_revenue(block)]
    for rep in case.reps:
        for t in range(steps):
            problem += pulp.lpSum(hours[i, t] for i in rep.rows) <= rep.capacity / steps
    for i, row in enumerate(case.rows):
        spent = pulp.lpSum(hours[i, t] for t in range(steps))
        if row.least > 0:
            problem += spent >= row.least
        if row.most < math.inf:
            problem += spent <= row.most
    problem.setObjective(pulp.lpSum(revenue))
    return problem, most


def one(number) -> float:
    """The number of one territory."""
    return float(number[0]) if hasattr(number, "__len__") else float(number)


def said_plainly(problem: pulp.LpProblem, most: dict[str, float]):
    rows = Counter(
        (frozenset((var.name, a) for var, a in row.items()), row.sense, -row.constant)
        for row in problem.constraints()
    )
    return rows, {var.name: a for var, a in problem.objective.items() if a}, most


def said_by(program: Program):
    """The same of the stamped programme, its columns called as in the plain one."""
    names = {}
    for k, _ in enumerate(program.instance.territories):
        place = program.place(k)
        for column in range(place.declared.columns):
            names[place.first_column + column] = f"k{k}_{column}"
    rows = Counter(
        (frozenset((names[at], a) for at, a in row.terms), SENSES[row.sense], row.right)
        for row in program.rows()
    )
    cost = {names[at]: a for at, a in enumerate(program.matrix.cost.tolist()) if a}
    bounds = {names[at]: a for at, a in enumerate(program.matrix.most.tolist()) if a < math.inf}
    return rows, cost, bounds


def several(steps: int) -> list[Instance]:
    """Plans of one shape and of many, with lags, without pipelines, without workers."""
    sales = read_model("sales_execution").with_steps(steps)
    lagged = changed(
        sales,
        couplings=[{**c.model_dump(), "lag": LAGGED[c.name]} for c in sales.couplings],
    )
    found = [case_of(SMALL, sales), case_of(SMALL, lagged)]
    names = ("plan", "partner_led", "renewal_heavy", "national")
    found += [instance(read_plan(INPUTS / f"{name}.csv", sales), sales) for name in names]
    found.append(instance(plan_of(large_plan(4), sales), sales))
    return found


def same(case: Instance) -> None:
    """The stamped programme of a plan is the plain one."""
    program = build(case)
    rows, cost, most = said_plainly(*plainly(case))
    stamped_rows, stamped_cost, stamped_most = said_by(program)
    assert stamped_rows == rows
    assert stamped_most == most
    unit = money_unit([blocks.stamped for blocks in program.blocks])
    assert stamped_cost == {name: pytest.approx(a / unit, rel=1e-15) for name, a in cost.items()}


@pytest.mark.parametrize("steps", [1, 3])
def test_stamped_as_built_one_by_one(steps):
    for case in several(steps):
        same(case)


def no_pipeline(territory: Territory) -> Territory:
    return replace(territory, pipeline=0.0)


def other_shares(territory: Territory) -> Territory:
    return replace(territory, shares=dict.fromkeys(territory.shares, (0.05, 0.7)))


def no_upper_shares(territory: Territory) -> Territory:
    return replace(territory, shares={area: (low, 1.0) for area, (low, _) in territory.shares.items()})


def one_area_gone(territory: Territory) -> Territory:
    return replace(territory, shares=dict(list(territory.shares.items())[:-1]))


def nothing_today(territory: Territory) -> Territory:
    first, *others = territory.sources
    return replace(territory, sources=(replace(first, curve=None), *others))


def a_segment_more(territory: Territory) -> Territory:
    first, *others = territory.sources
    assert first.curve is not None
    curve = replace(first.curve, today=0.45)
    assert len(curve.segments) == len(first.curve.segments) + 1
    return replace(territory, sources=(replace(first, curve=curve), *others))


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    "otherwise",
    [no_pipeline, other_shares, no_upper_shares, one_area_gone, nothing_today, a_segment_more],
)
def test_one_territory_is_otherwise(otherwise, last):
    """What one of several like territories has otherwise is its own, whichever of them it is."""
    sales = read_model("sales_execution").with_steps(2)
    case = instance(plan_of(large_plan(4), sales), sales)
    assert len(case.alike) == 1
    at = len(case.territories) - 1 if last else 0
    territories = list(case.territories)
    territories[at] = otherwise(territories[at])
    other = replace(case, territories=tuple(territories))
    assert len(other.alike) == 2
    same(other)


def test_a_plan_of_many_territories_has_few_shapes():
    """What is declared is declared once for many: the national plan's 60 territories in a few."""
    case = instance(
        read_plan(INPUTS / "national.csv", read_model("sales_execution")), read_model("sales_execution")
    )
    assert len(case.territories) == 60
    assert 1 <= len(build(case).blocks) < 20
