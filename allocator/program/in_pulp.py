"""A declared programme in PuLP: what CBC is given, and what tests hold the arrays to."""

from __future__ import annotations

import math

import pulp

from allocator.program.declared import Program, Terms

SENSES = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "=": pulp.LpConstraintEQ}


def in_pulp(program: Program) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """The problem, row by row, and its variables by column; names are generated."""
    problem = pulp.LpProblem("allocation", pulp.LpMaximize if program.maximize else pulp.LpMinimize)
    bounds = enumerate(zip(program.least, program.most, strict=True))
    variables = [
        problem.add_variable(f"v{column}", least, None if math.isinf(most) else most)
        for column, (least, most) in bounds
    ]

    def total(terms: Terms, constant: float = 0.0) -> pulp.LpAffineExpression:
        return pulp.LpAffineExpression([(variables[at], a) for at, a in terms], constant=constant)

    for number, (limit, row) in enumerate(zip(program.limits, program.rows(), strict=True)):
        condition = pulp.LpConstraint(total(row.terms), SENSES[row.sense], rhs=row.right)
        problem.addConstraint(condition, f"{limit.family}_{number}")
    problem.setObjective(total(program.objective, program.constant))
    return problem, variables
