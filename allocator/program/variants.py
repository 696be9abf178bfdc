"""Programmes that ask something else of the same limits: the second pass, and smaller ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from allocator.arrays import Floats
from allocator.program.build import Hours, InBlocks, renewed_anyway
from allocator.program.declared import Declared, Limit, at_least
from allocator.program.matrix import rows_of
from allocator.program.programme import Program

GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it modulo 1 are spread evenly and never meet."""


REVENUE, MOST_MOVES = -2, -1
"""The last two rows of a programme in which moves are counted."""


def moving(program: Program) -> Program:
    """The same limits and variables, the moves from today counted, and their sum minimized.

    Σ_t x_it = h_i + more_i − less_i. The last two rows are revenue and the sum of the moves, neither of
    them held to anything: both are 0 or more anyway.
    """
    many, first = len(program.instance.rows), program.columns
    columns = program.columns + 2 * many
    changes = np.arange(first, columns, dtype=np.int32)
    today = program.instance.today
    matrix = program.matrix.with_columns(2 * many)
    balance = np.concatenate((program.x, changes.reshape(many, 2)), axis=1)
    signs = np.ones(balance.shape)
    signs[:, -2] = -1.0
    matrix = matrix.with_rows(
        rows_of(np.full(many, balance.shape[1]), balance.ravel(), signs.ravel(), today, today)
    )
    earning = np.flatnonzero(program.matrix.cost)
    matrix = matrix.with_rows(
        rows_of(
            [len(earning), 2 * many],
            np.concatenate((earning, changes)),
            np.concatenate((program.matrix.cost[earning], np.ones(2 * many))),
            np.zeros(2),
            np.full(2, np.inf),
        )
    )
    added = (*program.added, *[Limit("moves")] * many, Limit("revenue"), Limit("most_moves"))
    counted = program.changed(matrix, added)
    return counted.minimizing(np.repeat([0.0, 1.0], [first, 2 * many]))


def both_passes(program: Program) -> tuple[Program, Program]:
    """The programme, and the one in which moves are counted, of whose memory it is a part."""
    counted, it = moving(program), program.matrix
    columns, rows, entries = len(it.cost), len(it.row_least), len(it.value)
    whole = counted.matrix
    shared = replace(
        it,
        least=whole.least[:columns],
        most=whole.most[:columns],
        start=whole.start[: rows + 1],
        index=whole.index[:entries],
        value=whole.value[:entries],
        row_least=whole.row_least[:rows],
        row_most=whole.row_most[:rows],
    )
    return program.changed(shared), counted


def fewest_moves(program: Program, revenue: float) -> Program:
    """The second pass: the same limits, revenue at least `revenue` (currency), the fewest moves."""
    return earning_at_least(moving(program), revenue)


def earning_at_least(counted: Program, revenue: float) -> Program:
    """A programme in which moves are counted, with revenue of at least `revenue` (currency)."""
    least = counted.matrix.row_least.copy()
    least[REVENUE] = (revenue - renewed_anyway(counted.instance)) / counted.money
    return counted.changed(replace(counted.matrix, row_least=least))


def at_most_moves(program: Program, most: float) -> Program:
    """The same limits, Σ_i (more_i + less_i) ≤ `most` (hours) moved from today, the most revenue."""
    limited, earned = _moving_at_most(moving(program), most), program.matrix
    cost = np.append(earned.cost, np.zeros(limited.columns - program.columns))
    return limited.changed(replace(limited.matrix, maximize=True, cost=cost, constant=earned.constant))


def settled(second: Program, moves: float) -> Program:
    """Of all splits with those fewest `moves` (hours), one: so that every solver shows the same.

    Moves are taken rather from and to rows that have many hours; a spread of weights that fits no
    pattern of the plan decides between rows that have the same.
    """
    today = second.instance.today
    weights = 1.0 + 1.0 / (1.0 + today) + 0.01 * (np.arange(1, len(today) + 1) * GOLDEN % 1.0)
    others = np.zeros(second.columns - 2 * len(weights))
    return _moving_at_most(second, moves).minimizing(np.append(others, np.repeat(weights, 2)))


def _moving_at_most(counted: Program, most: float) -> Program:
    least, highest = counted.matrix.row_least.copy(), counted.matrix.row_most.copy()
    least[MOST_MOVES], highest[MOST_MOVES] = -np.inf, most
    return counted.changed(replace(counted.matrix, row_least=least, row_most=highest))


def with_hours_priced(program: Program, prices: Mapping[int, Floats]) -> Program:
    """Revenue less what the hours of some reps (by number) cost, of which any number can be had.

    `prices` are those of an hour by step, in the plan's currency.
    """
    matrix, on_rows = program.matrix, np.zeros(len(program.matrix.row_least))
    for r, by_step in prices.items():
        on_rows[program.capacity_rows(r)] = by_step / program.money
    priced = program.changed(replace(matrix, cost=matrix.cost - matrix.priced(on_rows)))
    return with_capacities(priced, {r: np.full_like(mine, np.inf) for r, mine in prices.items()})


def with_capacities(program: Program, hours: Mapping[int, Floats]) -> Program:
    """The same programme with other capacities of some reps (by number): `hours` by step."""
    most = program.matrix.row_most.copy()
    for r, by_step in hours.items():
        most[program.capacity_rows(r)] = by_step
    return program.changed(replace(program.matrix, row_most=most))


def earning(program: Program, revenue: float) -> Declared:
    """Projected revenue of at least `revenue`, in the plan's currency."""
    columns = np.flatnonzero(program.matrix.cost)
    terms = zip(columns.tolist(), program.matrix.cost[columns].tolist(), strict=True)
    return Limit("revenue"), at_least(terms, revenue / program.money - program.matrix.constant)


def same_hours(program: Program, totals: Sequence[float] | Floats) -> Program:
    """The same programme with each row's hours over the period held at `totals`."""
    many, steps = program.x.shape
    held = np.array(totals, np.float64)
    rows = rows_of(np.full(many, steps), program.x.ravel(), np.ones(many * steps), held, held)
    limits = [Limit("same_hours")] * many
    return program.changed(program.matrix.with_rows(rows), (*program.added, *limits))


def least_drain(case: InBlocks, hours: Hours) -> tuple[Program, dict[int, int]]:
    """How far below its end pipeline each territory stays with fixed `hours`: Σ short, minimized.

    Fixed hours make territories independent, so the least sum is the least for each one.
    """
    program = case.program(hours)
    rows = [(row, limit) for row, limit in enumerate(program.limits) if limit.family == "next_period"]
    first = program.columns
    short = {
        limit.territory: first + at for at, (_, limit) in enumerate(rows) if limit.territory is not None
    }
    lacking = program.with_columns([((row,), (1.0,)) for row, _ in rows])
    return lacking.minimizing(np.repeat([0.0, 1.0], [first, len(rows)])), short
