"""An optimum from the vertex that is best with prices on some limits, in place of those limits.

At the right prices that vertex earns as much as the optimum but breaks the limits, or leaves some of
what they allow. So a programme of many parts that few limits join is solved from its parts, each by
itself: what is left to do is to keep the limits, and that is what the dual simplex method does. Each
limit is first held by a column of its own that stands for what is too much, at the price (the big-M
start of textbooks, with prices in place of M); with that column at 0 the limit is kept.

At the right prices most columns are also far from being worth a change, and are left out at first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import highspy
import numpy as np

from allocator.arrays import Floats, Integers
from allocator.certificate import TOLERANCE as ALLOWED
from allocator.certificate import prove
from allocator.errors import OutOfTimeError
from allocator.program.matrix import Matrix
from allocator.solving import highs
from allocator.solving.basis import IDLE, SPENT, Basis
from allocator.solving.settings import Clock
from allocator.solving.sifting import Mask, Sifted
from allocator.solving.solution import OUT_OF_TIME, Solution, solution
from allocator.solving.solver import DUAL_SIMPLEX, EXACT, PRIMAL_SIMPLEX, Solver

MANY = 50
"""Limits with which there are so many steps to do that leaving columns out is worth the trouble."""
LITTLE = 0.03
"""The part of what limits cost, in the middle of them, by which a column may not be worth a change."""


@dataclass(frozen=True)
class Priced:
    """The vertex of a programme that is best with `prices` on its `limits`, which are rows.

    A price is ∂objective/∂(right-hand side), in the programme's own units, as are the `duals` of all
    other rows there; where it is 0 the limit asks for nothing yet.
    """

    basis: Basis
    limits: Integers
    prices: Floats
    duals: Floats


def solve(matrix: Matrix, start: Priced, seconds: float | None) -> Solution:
    """The optimum of `matrix`, with its steps counted if it was found from there.

    Raises what `allocator.solving.highs.solve` does.
    """
    clock, some = Clock(seconds), start.prices != 0
    limits, prices = start.limits[some], start.prices[some]
    held, rows, duals = _held(matrix, limits, prices), start.basis.rows.copy(), start.duals.copy()
    rows[limits], duals[start.limits] = SPENT, start.prices
    stands = Basis(np.append(start.basis.columns, np.full(len(limits), IDLE, np.uint8)), rows)
    little, near = math.inf, np.ones(len(held.cost), np.bool_)
    if len(prices) >= MANY:
        little = LITTLE * float(np.median(np.abs(prices)))
        near = np.abs(held.cost - held.priced(duals)) <= little
    sifted, free = _kept(held, stands, near, clock)
    steps, anew = free.getInfo().simplex_iteration_count, False
    let_go = _let_go(held, matrix)
    sifted.change(free, let_go)
    free.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    free.run_for(clock.left)
    while free.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        steps += free.getInfo().simplex_iteration_count
        stopped = sifted.stopped(free)
        wanted = sifted.wanted(stopped.duals, little)
        if wanted is not None:
            sifted = Sifted(let_go, stopped.vertex, wanted)
            free = sifted.loaded(PRIMAL_SIMPLEX, EXACT)
            free.run_for(clock.left)
            continue
        found = _found(matrix, limits, stopped, steps)
        if prove(matrix, found)[0].worst <= ALLOWED:
            return found
        if anew:
            break
        free.run_anew(clock.left)
        anew = True
    return highs.solve(matrix, clock.left)


def _kept(held: Matrix, stands: Basis, near: Mask, clock: Clock) -> tuple[Sifted, Solver]:
    """All limits kept, by the columns that are `near`; by all of them where those can't keep them."""
    sifted = Sifted(held, stands, near)
    free = sifted.loaded(DUAL_SIMPLEX)
    free.run_for(clock.left)
    status = free.getModelStatus()
    if status == highspy.HighsModelStatus.kTimeLimit:
        raise OutOfTimeError(OUT_OF_TIME)
    if status == highspy.HighsModelStatus.kOptimal or near.all():
        return sifted, free
    return _kept(held, stands, np.ones_like(near), clock)


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


def _let_go(held: Matrix, matrix: Matrix) -> Matrix:
    """Less than the limits is allowed again, for what is not worth all that there is of it."""
    cost = held.cost.copy()
    cost[len(matrix.cost) :] = 0.0
    return replace(held, cost=cost, row_least=matrix.row_least, row_most=matrix.row_most)


def _found(matrix: Matrix, limits: Integers, stopped: Solution, steps: int) -> Solution:
    """The optimum without the columns that were added; a limit's row stands in for its column."""
    columns, basis = len(matrix.cost), stopped.vertex
    rows = basis.rows.copy()
    rows[limits[basis.columns[columns:] == IDLE]] = IDLE
    vertex = Basis(basis.columns[:columns], rows)
    return solution(matrix, stopped.values[:columns], stopped.duals, vertex, steps)
