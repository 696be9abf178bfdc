"""A declared programme in PuLP: what CBC is given, and what tests hold the arrays to."""

from __future__ import annotations

import math

import numpy as np
import pulp

from allocator.program.declared import Terms
from allocator.program.programme import Program

SENSES = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "=": pulp.LpConstraintEQ}


def in_pulp(program: Program) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """The problem, row by row, and its variables by column; names are generated."""
    matrix = program.matrix
    problem = pulp.LpProblem("allocation", pulp.LpMaximize if matrix.maximize else pulp.LpMinimize)
    bounds = enumerate(zip(matrix.least.tolist(), matrix.most.tolist(), strict=True))
    variables = [
        problem.add_variable(f"v{column}", least, None if math.isinf(most) else most)
        for column, (least, most) in bounds
    ]

    def total(terms: Terms, constant: float = 0.0) -> pulp.LpAffineExpression:
        return pulp.LpAffineExpression([(variables[at], a) for at, a in terms], constant=constant)

    for number, (limit, row) in enumerate(zip(program.limits, program.rows(), strict=True)):
        condition = pulp.LpConstraint(total(row.terms), SENSES[row.sense], rhs=row.right)
        problem.addConstraint(condition, f"{limit.family}_{number}")
    earning = np.flatnonzero(matrix.cost)
    cost = zip(earning.tolist(), matrix.cost[earning].tolist(), strict=True)
    problem.setObjective(total(cost, matrix.constant))
    return problem, variables
