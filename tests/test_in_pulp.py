"""The arrays that HiGHS is given say what PuLP says of the same programme."""

from pathlib import Path

import numpy as np
import pulp
import pytest

from allocator.deriving import instance
from allocator.program import build, fewest_moves, in_blocks, least_drain
from allocator.program.declared import Row, at_most
from allocator.program.elastic import elastic
from allocator.program.in_pulp import in_pulp
from allocator.reading import read_model, read_plan
from allocator.solving.fixed_hours import todays_hours

INPUTS = Path(__file__).parents[1] / "inputs"


def said_by(problem, variables):
    """A PuLP problem in plain numbers, by PuLP's own names and signs."""
    at = {var.name: column for column, var in enumerate(variables)}
    rows = []
    for row in problem.constraints():
        terms = {at[var.name]: a for var, a in row.items()}
        rows.append((terms, pulp.LpConstraintSenses[row.sense], -row.constant))
    cost = {at[var.name]: a for var, a in problem.objective.items()}
    bounds = [(v.lowBound, np.inf if v.upBound is None else v.upBound) for v in variables]
    return problem.sense == pulp.LpMaximize, cost, problem.objective.constant, bounds, rows


def said_by_arrays(matrix):
    """The same of the arrays, row by row."""
    rows = []
    sides = zip(matrix.row_least.tolist(), matrix.row_most.tolist(), strict=True)
    for row, (least, most) in enumerate(sides):
        here = slice(matrix.start[row], matrix.start[row + 1])
        terms = dict(zip(matrix.index[here].tolist(), matrix.value[here].tolist(), strict=True))
        sense = "=" if least == most else "<=" if least == -np.inf else ">="
        rows.append((terms, sense, least if sense == ">=" else most))
    cost = {column: a for column, a in enumerate(matrix.cost.tolist()) if a}
    bounds = list(zip(matrix.least.tolist(), matrix.most.tolist(), strict=True))
    return matrix.maximize, cost, matrix.constant, bounds, rows


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("model", ["sales_execution", "channel", "enterprise", "velocity"])
@pytest.mark.parametrize("plan", ["plan", "partner_led", "renewal_heavy", "national"])
def test_arrays_say_what_pulp_says(plan, model, steps):
    rules = read_model(model).with_steps(steps)
    case = instance(read_plan(INPUTS / f"{plan}.csv", rules), rules)
    first = build(case)
    programs = [first, build(case, todays_hours(case)), fewest_moves(first, 1000.0)]
    programs += [least_drain(in_blocks(case), todays_hours(case))[0], elastic(case).program]
    for program in programs if plan != "national" else programs[:1]:
        maximize, cost, constant, bounds, rows = said_by(*in_pulp(program))
        cost = {column: a for column, a in cost.items() if a}
        assert said_by_arrays(program.matrix) == (maximize, cost, constant, bounds, rows)


def test_a_variable_in_several_terms_has_one_coefficient():
    """As where two couplings count the same opportunities."""
    assert at_most([(3, 1.0), (1, 2.0), (3, 0.5)], 4.0) == Row([(3, 1.5), (1, 2.0)], "<=", 4.0)
