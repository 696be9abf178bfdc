"""Programmes that ask something else of the same limits: the second pass, and smaller ones."""

from __future__ import annotations

from collections.abc import Sequence

import pulp

from allocator.instance import Instance
from allocator.program.build import build, projected_revenue
from allocator.program.constraints import next_period
from allocator.program.declared import Limit, Program, again, at_least, at_most, equal

GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it modulo 1 are spread evenly and never meet."""


def fewest_moves(program: Program, revenue: float) -> Program:
    """The second pass: the same limits, revenue at least `revenue` (currency), the fewest moves.

    The result shares the variables of `program`; its last limit is the revenue's.
    """
    second = again(program, pulp.LpMinimize)
    moves = _moves(second)
    second.add(earning(program, revenue))
    second.problem.setObjective(pulp.LpAffineExpression(moves))
    return second


def at_most_moves(program: Program, most: float) -> Program:
    """The same limits, Σ_i (more_i + less_i) ≤ `most` (hours) moved from today, the most revenue.

    Σ_t x_it = h_i + more_i − less_i, as in the second pass. The result shares the variables of
    `program`; its last limit is that of the moves.
    """
    limited = again(program, pulp.LpMaximize)
    limited.add(Limit("most_moves", at_most(_moves(limited), most)))
    limited.problem.setObjective(program.problem.objective)
    return limited


def _moves(program: Program) -> list[tuple[pulp.LpVariable, float]]:
    """The terms of Σ_i (more_i + less_i), once variables and limits for them are added."""
    moves = []
    for i, hours in enumerate(program.instance.rows):
        more, less = program.variable("more"), program.variable("less")
        moves += [(more, 1.0), (less, 1.0)]
        total = [*((var, 1.0) for var in program.x[i]), (more, -1.0), (less, 1.0)]
        program.add(Limit("moves", equal(total, hours.today), territory=hours.territory, rep=hours.rep))
    return moves


def earning(program: Program, revenue: float) -> Limit:
    """Projected revenue of at least `revenue`, in the plan's currency."""
    projected = projected_revenue(program)
    row = at_least(projected.items(), revenue / program.money - projected.constant)
    return Limit("revenue", row)


def settled(second: Program, moves: float) -> Program:
    """Of all splits with those fewest `moves` (hours), one: so that every solver shows the same.

    Moves are taken rather from and to rows that have many hours; a spread of weights that fits no
    pattern of the plan decides between rows that have the same.
    """
    last = again(second, pulp.LpMinimize)
    last.add(Limit("fewest_moves", at_most(second.problem.objective.items(), moves)))
    weights = [
        1.0 + 1.0 / (1.0 + hours.today) + 0.01 * ((i + 1) * GOLDEN % 1.0)
        for i, hours in enumerate(second.instance.rows)
    ]
    changes = second.columns[-2 * len(weights) :]
    terms = [(var, weights[at // 2]) for at, var in enumerate(changes)]
    last.problem.setObjective(pulp.LpAffineExpression(terms))
    return last


def same_hours(program: Program, totals: Sequence[float]) -> Program:
    """The same programme with each row's hours over the period held at `totals`."""
    third = again(program, pulp.LpMaximize)
    for i, total in enumerate(totals):
        third.add(Limit("same_hours", equal([(var, 1.0) for var in program.x[i]], total)))
    third.problem.setObjective(program.problem.objective)
    return third


def least_drain(
    instance: Instance, hours: Sequence[Sequence[float]]
) -> tuple[Program, dict[int, pulp.LpVariable]]:
    """How far below its end pipeline each territory stays with fixed `hours`: Σ short, minimized.

    Fixed hours make territories independent, so the least sum is the least for each one.
    """
    program = build(instance, hours, drained=range(len(instance.territories)))
    short = {}
    for limit in next_period(program):
        assert limit.territory is not None
        short[limit.territory] = program.variable("short")
        limit.row.addInPlace(pulp.LpAffineExpression([(short[limit.territory], 1.0)]))
        program.add(limit)
    program.problem.sense = pulp.LpMinimize
    program.problem.setObjective(pulp.LpAffineExpression([(var, 1.0) for var in short.values()]))
    return program, short
