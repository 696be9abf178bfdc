"""How far a price in the objective can go while the same vertex stays best.

At a vertex the duals, and with them what each column and row would cost to bring in, are linear in the
price; the vertex is best as long as none of that is below zero (Gass and Saaty 1955). So one solution
answers for a whole range of prices, and is proven at both of its ends like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.arrays import Floats
from allocator.certificate import weak_duality
from allocator.program.matrix import Matrix
from allocator.program.one_step import Statuses
from allocator.solving.basis import LOWER, SPENT
from allocator.solving.solution import Solution
from allocator.solving.solver import TOLERANCE

AS_GOOD = 1e-8
"""How well a vertex has to be proven to be best, to be taken for it."""


@dataclass(frozen=True)
class End:
    """The last price at which a vertex is best, and what no other has less of there."""

    price: float
    bound: float


def ends(matrix: Matrix, found: Solution, price: float, by_price: Floats, worth: Floats) -> list[End]:
    """Where the range of prices ends, below and above: half the price and twice it at the furthest.

    `found` minimizes `matrix` with a basis; its costs rise by `by_price` for each unit of the price, and
    its duals then by `worth`. An end that is not proven is left out.
    """
    basis = found.vertex
    columns = _ways(basis.columns, matrix.least, matrix.most)
    rows = _ways(basis.rows, matrix.row_least, matrix.row_most)
    reduced = matrix.cost - matrix.priced(found.duals)
    rising = by_price - matrix.priced(worth)
    left = np.maximum(np.concatenate((columns * reduced, rows * found.duals)), 0.0)
    change = np.concatenate((columns * rising, rows * worth)) * price
    # In shares of the price: half of it down, all of it up.
    falls, rises = change < -TOLERANCE, change > TOLERANCE
    up = (left[falls] / -change[falls]).min(initial=1.0)
    down = (left[rises] / change[rises]).min(initial=0.5)
    weighed, by_unit = found.objective, float(np.dot(by_price, found.values))
    proven = []
    for by in (-down * price, up * price):
        bound, wrong = weak_duality(matrix, found.duals + by * worth, reduced + by * rising)
        objective = weighed + by * by_unit
        if max(wrong, abs(objective - bound) / max(1.0, abs(objective))) <= AS_GOOD:
            proven.append(End(price + by, bound))
    return proven


def _ways(statuses: Statuses, least: Floats, most: Floats) -> Floats:
    """1 where what is brought in rises from its bound, -1 where it falls, 0 where it cannot."""
    ways = np.where(statuses == LOWER, 1.0, 0.0) - (statuses == SPENT)
    return np.where(least < most, ways, 0.0)
