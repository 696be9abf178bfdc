"""How far a column can go for a price in the objective, starting where the objective is best.

Among all points whose objective is a floor or more, the least and the most of one column lie on the
path from the optimum on which each unit of the column costs least: the path of the parametric
simplex method (Gass and Saaty 1955). Its first step is found here by a ratio test; with it in the
basis and the objective held at the floor, the basis is dual feasible, and dual simplex goes on.
Starting anywhere else takes ten times as long.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import highspy
import numpy as np

from allocator.arrays import Floats
from allocator.program.matrix import Matrix
from allocator.solving import highs, solver
from allocator.solving.basis import IDLE, LOWER, SPENT, Basis
from allocator.solving.solution import Solution, solution

NONE_LEFT = 1e-9


class Frontier:
    """A programme at its optimum, with its objective as one more row."""

    def __init__(self, matrix: Matrix, basis: Basis, duals: Floats) -> None:
        """`basis` and `duals` are those of an optimum of `matrix`."""
        self._matrix, self._duals = matrix, duals
        self._with_floor = matrix.with_row(matrix.cost)
        self._basis = basis

    def asked(self, column: int, direction: float, floor: float) -> Matrix:
        """The programme of the most (direction 1) or the least (-1) of a column."""
        cost = np.zeros(len(self._matrix.cost))
        cost[column] = direction
        last = len(self._matrix.row_least)
        return replace(self._with_floor.with_sides({last: (floor, np.inf)}), cost=cost)

    def solve(self, column: int, direction: float, floor: float, seconds: float | None) -> Solution:
        """The optimum of `asked`; `SolverError` where the solver stops early."""
        asked = self.asked(column, direction, floor)
        free = self._floored
        numbers = np.arange(len(asked.cost), dtype=np.int32)
        free.changeColsCost(len(numbers), numbers, asked.cost)
        free.changeRowBounds(len(self._matrix.row_least), floor, np.inf)
        self._start(free, self._first_step(column, direction))
        free.run_for(seconds)
        if free.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return highs.solve(asked, seconds)
        found = free.getSolution()
        return solution(asked, np.array(found.col_value), np.array(found.row_dual))

    def _start(self, free: solver.Solver, step: int | None) -> None:
        """The optimum's basis, and the first step in place of the slack above the floor."""
        columns, rows = self._basis.columns.copy(), np.append(self._basis.rows, np.uint8(LOWER))
        if step is None:
            rows[-1] = IDLE
        elif step < len(columns):
            columns[step] = IDLE
        else:
            rows[step - len(columns)] = IDLE
        strategy = solver.PRIMAL_SIMPLEX if step is None else solver.DUAL_SIMPLEX
        free.setOptionValue("simplex_strategy", strategy)
        free.setBasis(Basis(columns, rows).handed_over())

    def _first_step(self, column: int, direction: float) -> int | None:
        """The column, or row behind the columns, that moves ours the furthest for what it costs."""
        duals = self._moves_of(column)
        moved = -self._matrix.priced(duals)
        if column not in self._place:
            moved[column] += 1.0
        gain = direction * np.concatenate((moved, duals)) * self._ways
        steps = np.flatnonzero((gain > NONE_LEFT) & (self._losses > NONE_LEFT))
        if not len(steps):
            return None
        return int(steps[np.argmax(gain[steps] / self._losses[steps])])

    def _moves_of(self, column: int) -> Floats:
        """What a unit more of each row's activity does to the column at the optimum's vertex."""
        if column not in self._place:
            return np.zeros(len(self._matrix.row_least))
        _, row = self._at_optimum.getBasisInverseRow(self._place[column])
        return np.array(row)

    @cached_property
    def _ways(self) -> Floats:
        """Which way columns and rows can leave their bound: 1 up, -1 down, 0 not at all."""
        matrix = self._matrix
        fixed = np.concatenate((matrix.least == matrix.most, matrix.row_least == matrix.row_most))
        statuses = np.concatenate((self._basis.columns, self._basis.rows))
        ways = (statuses == LOWER) * 1.0 - (statuses == SPENT)
        return np.where(fixed, 0.0, ways)

    @cached_property
    def _losses(self) -> Floats:
        """What leaving the bound costs in the objective, for columns and rows."""
        reduced = self._matrix.cost - self._matrix.priced(self._duals)
        return -np.concatenate((reduced, self._duals)) * self._ways

    @cached_property
    def _at_optimum(self) -> solver.Solver:
        free = solver.loaded(self._matrix, solver.PRIMAL_SIMPLEX)
        free.setBasis(self._basis.handed_over())
        free.run_for(None)
        return free

    @cached_property
    def _place(self) -> dict[int, int]:
        """Which row of the basis each basic column is in."""
        _, basic = self._at_optimum.getBasicVariables()
        return {int(number): place for place, number in enumerate(basic) if number >= 0}

    @cached_property
    def _floored(self) -> solver.Solver:
        return solver.loaded(self._with_floor, solver.DUAL_SIMPLEX, further=solver.NEAR)
