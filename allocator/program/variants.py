"""Programmes that ask something else of the same limits: the second pass, and smaller ones."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.instance import Instance
from allocator.program.build import build, projected_revenue, renewed_anyway
from allocator.program.constraints import next_period
from allocator.program.declared import INF, Declared, Limit, Program, Term, again, at_least, equal

GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it modulo 1 are spread evenly and never meet."""


REVENUE, MOST_MOVES = -2, -1
"""The last two rows of a programme in which moves are counted."""


def moving(program: Program) -> Program:
    """The same limits and variables, the moves from today counted, and their sum minimized.

    Σ_t x_it = h_i + more_i − less_i. The last two rows are revenue and the sum of the moves, neither of
    them held to anything: both are 0 or more anyway.
    """
    counted = again(program)
    moves = _moves(counted)
    counted.add(Limit("revenue"), at_least(projected_revenue(program)[0], 0.0))
    counted.add(Limit("most_moves"), at_least(moves, 0.0))
    counted.minimize(moves)
    return counted


def fewest_moves(program: Program, revenue: float) -> Program:
    """The second pass: the same limits, revenue at least `revenue` (currency), the fewest moves."""
    return earning_at_least(moving(program), revenue)


def earning_at_least(counted: Program, revenue: float) -> Program:
    """A programme in which moves are counted, with revenue of at least `revenue` (currency)."""
    held = again(counted)
    held.row_least[REVENUE] = revenue / held.money - renewed_anyway(held)
    return held


def at_most_moves(program: Program, most: float) -> Program:
    """The same limits, Σ_i (more_i + less_i) ≤ `most` (hours) moved from today, the most revenue."""
    limited = _moving_at_most(moving(program), most)
    limited.maximize, limited.objective, limited.constant = True, program.objective, program.constant
    return limited


def settled(second: Program, moves: float) -> Program:
    """Of all splits with those fewest `moves` (hours), one: so that every solver shows the same.

    Moves are taken rather from and to rows that have many hours; a spread of weights that fits no
    pattern of the plan decides between rows that have the same.
    """
    last = _moving_at_most(second, moves)
    weights = [
        1.0 + 1.0 / (1.0 + hours.today) + 0.01 * ((i + 1) * GOLDEN % 1.0)
        for i, hours in enumerate(second.instance.rows)
    ]
    changes = range(second.columns - 2 * len(weights), second.columns)
    last.minimize((var, weights[at // 2]) for at, var in enumerate(changes))
    return last


def _moving_at_most(counted: Program, most: float) -> Program:
    limited = again(counted)
    limited.row_least[MOST_MOVES], limited.row_most[MOST_MOVES] = -INF, most
    return limited


def _moves(program: Program) -> list[Term]:
    """The terms of Σ_i (more_i + less_i), once variables and limits for them are added."""
    moves = []
    for i, hours in enumerate(program.instance.rows):
        more, less = program.variables(2)
        moves += [(more, 1.0), (less, 1.0)]
        total = [*((var, 1.0) for var in program.x[i]), (more, -1.0), (less, 1.0)]
        program.add(Limit("moves", hours.territory, hours.rep), equal(total, hours.today))
    return moves


def earning(program: Program, revenue: float) -> Declared:
    """Projected revenue of at least `revenue`, in the plan's currency."""
    projected, anyway = projected_revenue(program)
    return Limit("revenue"), at_least(projected, revenue / program.money - anyway)


def same_hours(program: Program, totals: Sequence[float]) -> Program:
    """The same programme with each row's hours over the period held at `totals`."""
    third = again(program)
    for i, total in enumerate(totals):
        third.add(Limit("same_hours"), equal([(var, 1.0) for var in program.x[i]], total))
    return third


def least_drain(instance: Instance, hours: Sequence[Sequence[float]]) -> tuple[Program, dict[int, int]]:
    """How far below its end pipeline each territory stays with fixed `hours`: Σ short, minimized.

    Fixed hours make territories independent, so the least sum is the least for each one.
    """
    program = build(instance, hours, drained=range(len(instance.territories)))
    short = {}
    for limit, row in next_period(program):
        assert limit.territory is not None
        short[limit.territory] = program.variable()
        program.add(limit, row.and_term(short[limit.territory], 1.0))
    program.minimize((var, 1.0) for var in short.values())
    return program, short
