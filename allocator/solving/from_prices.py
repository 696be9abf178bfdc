"""An optimum from the vertex that is best with prices on some limits, in place of those limits.

At the right prices that vertex earns as much as the optimum but breaks the limits, or leaves some of
what they allow. So a programme of many parts that few limits join is solved from its parts, each by
itself: what is left to do is to keep the limits, and that is what the dual simplex method does. Each
limit is first held by a column of its own that stands for what is too much, at the price (the big-M
start of textbooks, with prices in place of M); with that column at 0 the limit is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np

from allocator.arrays import Floats, Integers
from allocator.certificate import TOLERANCE as ALLOWED
from allocator.certificate import prove
from allocator.errors import OutOfTimeError
from allocator.program.matrix import Matrix
from allocator.solving import highs
from allocator.solving.basis import IDLE, SPENT, Basis, basis_of
from allocator.solving.settings import Clock
from allocator.solving.solution import OUT_OF_TIME, Solution, solution
from allocator.solving.solver import DUAL_SIMPLEX, PRIMAL_SIMPLEX, Solver, loaded


@dataclass(frozen=True)
class Priced:
    """The vertex of a programme that is best with `prices` on its `limits`, which are rows.

    A price is ∂objective/∂(right-hand side), in the programme's own units; where it is 0 the limit
    asks for nothing yet.
    """

    basis: Basis
    limits: Integers
    prices: Floats


def solve(matrix: Matrix, start: Priced, seconds: float | None) -> Solution:
    """The optimum of `matrix`, with its steps counted if it was found from there.

    Raises what `allocator.solving.highs.solve` does.
    """
    clock, some = Clock(seconds), start.prices != 0
    limits, prices = start.limits[some], start.prices[some]
    held = _held(matrix, limits, prices)
    free = loaded(held, DUAL_SIMPLEX)
    rows = start.basis.rows.copy()
    rows[limits] = SPENT
    columns = np.append(start.basis.columns, np.full(len(limits), IDLE, np.uint8))
    free.setBasis(Basis(columns, rows).handed_over())
    free.run_for(clock.left)
    if free.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
        raise OutOfTimeError(OUT_OF_TIME)
    steps = free.getInfo().simplex_iteration_count
    _let_go(free, matrix, limits)
    for run in (free.run_for, free.run_anew):
        run(clock.left)
        if free.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            break
        steps += free.getInfo().simplex_iteration_count
        found = _found(matrix, held, free, limits, steps)
        if prove(matrix, found)[0].worst <= ALLOWED:
            return found
    return highs.solve(matrix, clock.left)


def _held(matrix: Matrix, limits: Integers, prices: Floats) -> Matrix:
    """The same, nothing less or more than each of the limits allows, with a column for what is."""
    first, count = len(matrix.cost), len(limits)
    whole = matrix.with_columns(count).with_entries(
        limits, np.arange(first, first + count, dtype=np.int32), np.full(count, -1.0)
    )
    at_most = np.isfinite(matrix.row_most[limits])
    sides = np.where(at_most, matrix.row_most[limits], matrix.row_least[limits])
    least, most = matrix.row_least.copy(), matrix.row_most.copy()
    least[limits] = most[limits] = sides
    cost, highest = whole.cost.copy(), whole.most.copy()
    cost[first:], highest[first:] = -prices, 0.0
    return replace(whole, cost=cost, most=highest, row_least=least, row_most=most)


def _let_go(free: Solver, matrix: Matrix, limits: Integers) -> None:
    """Allow less than the limits again: for what is not worth all that there is of it."""
    first, count = len(matrix.cost), len(limits)
    free.changeColsCost(count, np.arange(first, first + count, dtype=np.int32), np.zeros(count))
    for row in limits.tolist():
        free.changeRowBounds(row, matrix.row_least[row], matrix.row_most[row])
    free.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)


def _found(matrix: Matrix, held: Matrix, free: Solver, limits: Integers, steps: int) -> Solution:
    """The optimum without the columns that were added; a limit's row stands in for its column."""
    columns, found = len(matrix.cost), free.getSolution()
    let_go = replace(held, row_least=matrix.row_least, row_most=matrix.row_most)
    values, duals = np.array(found.col_value), np.array(found.row_dual)
    basis = basis_of(free, let_go, values, np.array(found.row_value))
    basis.rows[limits[basis.columns[columns:] == IDLE]] = IDLE
    vertex = Basis(basis.columns[:columns], basis.rows)
    return solution(matrix, values[:columns], duals, vertex, steps)
