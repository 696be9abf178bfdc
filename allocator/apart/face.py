"""The fewest moves near the face of the splits that earn the most.

So little revenue may be given up that what is dear by the first pass's duals stays as it was there: a
column stays at its bound whose use would cost more hours moved than it can save, and a limit stays
spent that is worth more. What is left is a small part of the programme. Very many splits are equally
good in it, and the interior-point method goes through their middle. To give it room, revenue may miss
the floor or exceed it, at prices on both sides of the right one, which it finds between them.

What was held is no limit of the plan. So whoever asks has to prove the answer without it, and lets go of
what should not have been held.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocator.arrays import Floats
from allocator.program import REVENUE, Program
from allocator.program.matrix import Matrix
from allocator.solving import interior
from allocator.solving.optimum import SolvedProgram
from allocator.solving.settings import Clock
from allocator.solving.solution import Solution

DEAR_COLUMN, DEAR_LIMIT = 5.0, 20.0
"""What is held costs so many hours moved for one of its unit; an hour that is kept saves two."""
USED = 1e-9
"""How far off its bound a column is used, and off its side a limit is not spent."""
SIDES = 0.25, 4.0
"""The prices of what exceeds the floor and of what it is missed by, in parts of the price guessed."""


@dataclass(frozen=True)
class OnFace:
    """The fewest moves with what is held, and the revenue by which the floor is missed, or exceeded.

    The revenue is in the programme's money.
    """

    found: Solution
    missed: float


class Face:
    """The second pass's programme, with what is dear held where the first pass left it."""

    def __init__(self, first: SolvedProgram, second: Program, price: float) -> None:
        """`second` has its floor; `price` on revenue is about right, in hours for a unit of money."""
        self._second, self._price, matrix = second.matrix, price, first.matrix
        duals, values = first.solution.duals, first.solution.values
        earned = price * (matrix.cost - matrix.priced(duals))
        self._low = (earned < -DEAR_COLUMN) & (values <= matrix.least + USED)
        self._high = (earned > DEAR_COLUMN) & (values >= matrix.most - USED)
        self._spent = price * np.abs(duals) > DEAR_LIMIT
        self._sides = np.where(duals > 0, matrix.row_most, matrix.row_least)

    def let_go(self, values: Floats) -> None:
        """Hold no longer what is used otherwise where the second pass's columns have these values."""
        it, columns, rows = self._second, len(self._low), len(self._spent)
        used, sides = values[:columns], self._sides
        self._low &= used <= it.least[:columns] + USED
        self._high &= used >= it.most[:columns] - USED
        left = np.abs(it.activity(values)[:rows] - sides)
        self._spent &= left <= USED * np.maximum(1.0, np.abs(sides))

    def fewest(self, clock: Clock) -> OnFace:
        """The fewest moves; raises what `allocator.solving.interior.solve` does."""
        found = interior.solve(self._with_room(), clock.left)
        missed = abs(float(np.diff(found.values[-2:])[0]))
        self._price = float(found.duals[REVENUE])
        return OnFace(replace(found, values=found.values[:-2]), missed)

    def _with_room(self) -> Matrix:
        """What is left, and two columns more: for what exceeds the floor, and what it is missed by."""
        held = self._held()
        columns, row = len(held.cost), len(held.row_least) + REVENUE
        two = np.array([columns, columns + 1], np.int32)
        wider = held.with_columns(2).with_entries(np.full(2, row, np.int32), two, np.array([-1.0, 1.0]))
        cost, most = wider.cost.copy(), wider.row_most.copy()
        cost[two] = self._price * np.array([-SIDES[0], SIDES[1]])
        most[row] = wider.row_least[row]
        return replace(wider, cost=cost, row_most=most)

    def _held(self) -> Matrix:
        it, columns, rows = self._second, len(self._low), len(self._spent)
        least, most = it.least.copy(), it.most.copy()
        row_least, row_most = it.row_least.copy(), it.row_most.copy()
        least[:columns][self._high] = most[:columns][self._high]
        most[:columns][self._low] = least[:columns][self._low]
        row_least[:rows][self._spent] = row_most[:rows][self._spent] = self._sides[self._spent]
        return replace(it, least=least, most=most, row_least=row_least, row_most=row_most)
