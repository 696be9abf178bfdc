"""A programme kept in HiGHS at its optimum, from which it is solved again with other sides of rows."""

from __future__ import annotations

import highspy
import numpy as np

from allocator.program.matrix import Matrix, Sides
from allocator.solving import highs, solver
from allocator.solving.basis import Basis
from allocator.solving.solution import Solution, solution


class Vertex:
    """A programme in HiGHS, and the basis that every question starts from."""

    def __init__(self, matrix: Matrix, basis: Basis) -> None:
        """`basis` is that of an optimum of `matrix`."""
        self._matrix, self._basis = matrix, basis.handed_over()
        self._free = solver.loaded(matrix, solver.DUAL_SIMPLEX, further=solver.NEAR)

    def solve(self, sides: Sides, seconds: float | None) -> Solution:
        """The optimum with other sides for some rows; the next question starts from the old ones.

        Raises `InfeasibleError` where nothing keeps every row, `SolverError` where the solver stops
        early.
        """
        asked = self._matrix.with_sides(sides)
        free = self._free
        try:
            for row, (least, most) in sides.items():
                free.changeRowBounds(row, least, most)
            free.setBasis(self._basis)
            free.run_for(seconds)
            if free.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                found = free.getSolution()
                return solution(asked, np.array(found.col_value), np.array(found.row_dual))
        finally:
            for row in sides:
                free.changeRowBounds(row, self._matrix.row_least[row], self._matrix.row_most[row])
        return highs.solve(asked, seconds)
