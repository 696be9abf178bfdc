"""A programme of which only those columns are looked at that may come to be used otherwise.

Near an optimum most columns stand at a bound, far from being worth a change. Without them each step
of the simplex method has less to go through. The duals then say whether any of them should not have
been left out; with those it goes on (sifting: Bixby, Gregory, Lustig, Marsten and Shanno 1992).
"""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import numpy.typing as npt

from allocator.arrays import Floats
from allocator.program.matrix import Matrix
from allocator.solving.basis import LOWER, SPENT, Basis, basis_of
from allocator.solving.solution import Solution, solution
from allocator.solving.solver import TOLERANCE, Options, Solver, loaded

Mask = npt.NDArray[np.bool_]


class Sifted:
    """A programme, the vertex where it stands, and the columns that are looked at.

    `matrix`: these columns and the rows that they stand in, `columns` and `rows` by number; what the
    others come to is taken off the sides of the rows.
    """

    def __init__(self, whole: Matrix, stands: Basis, near: Mask) -> None:
        """`near`: columns to look at, besides those that are basic."""
        low, high = stands.columns == LOWER, stands.columns == SPENT
        self._low, self._high = low & ~near, high & ~near
        self.near = ~(self._low | self._high)
        self._whole, self._stands = whole, stands
        self._held = np.where(self._low, whole.least, np.where(self._high, whole.most, 0.0))
        self._taken = whole.activity(self._held)
        self.columns = np.flatnonzero(self.near).astype(np.int32)
        self.matrix, self.rows = whole.less(self._taken).of_columns(self.columns)

    def loaded(self, strategy: int, further: Options | None = None) -> Solver:
        """HiGHS with what is looked at, where the programme stands."""
        free = loaded(self.matrix, strategy, further=further)
        columns, rows = self._stands.columns[self.columns], self._stands.rows[self.rows]
        free.setBasis(Basis(columns, rows).handed_over())
        return free

    def change(self, free: highspy.Highs, changed: Matrix) -> None:
        """Have HiGHS go on with the costs and the sides of another programme of these columns."""
        left = changed.less(self._taken)
        now = replace(
            self.matrix,
            cost=changed.cost[self.columns],
            row_least=left.row_least[self.rows],
            row_most=left.row_most[self.rows],
        )
        costs = np.flatnonzero(now.cost != self.matrix.cost).astype(np.int32)
        free.changeColsCost(len(costs), costs, now.cost[costs])
        sides = (now.row_least != self.matrix.row_least) | (now.row_most != self.matrix.row_most)
        for row in np.flatnonzero(sides).tolist():
            free.changeRowBounds(row, now.row_least[row], now.row_most[row])
        self._whole, self.matrix = changed, now

    def stopped(self, free: highspy.Highs) -> Solution:
        """Where HiGHS stopped, with all columns and rows."""
        found = free.getSolution()
        values, duals = self._held.copy(), np.zeros(len(self._whole.row_least))
        values[self.columns], duals[self.rows] = found.col_value, found.row_dual
        basis = basis_of(free, self.matrix, values[self.columns], np.array(found.row_value))
        columns, rows = self._stands.columns.copy(), self._stands.rows.copy()
        columns[self.columns], rows[self.rows] = basis.columns, basis.rows
        return solution(self._whole, values, duals, Basis(columns, rows))

    def wanted(self, duals: Floats, little: float) -> Mask | None:
        """What to look at once some should not have been left out, by these duals of all rows.

        With them, all that is worth a change but for so `little` of the objective. None where nothing
        that was left out is worth one.
        """
        if self.near.all():
            return None
        earned = self._whole.cost - self._whole.priced(duals)
        better = earned if self._whole.maximize else -earned
        wanted = (self._low & (better > TOLERANCE)) | (self._high & (better < -TOLERANCE))
        return self.near | wanted | (np.abs(earned) <= little) if wanted.any() else None
