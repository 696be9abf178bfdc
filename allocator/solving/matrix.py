"""A programme in numbers: what PuLP declares, as the arrays that solvers and certificates take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pulp

from allocator.program import Program

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Sides = Mapping[int, tuple[float, float]]
"""Rows with the least and the most that they are to have."""


@dataclass(frozen=True)
class Matrix:
    """Maximize or minimize cost·z + constant, with row_least ≤ A·z ≤ row_most, least ≤ z ≤ most.

    A is stored by rows: row r has the columns `index[start[r]:start[r + 1]]` with `value`. Columns
    and rows are in the order in which the programme declared them.
    """

    maximize: bool
    cost: Floats
    constant: float
    least: Floats
    most: Floats
    start: Integers
    index: Integers
    value: Floats
    row_least: Floats
    row_most: Floats

    def same_shape(self, other: Matrix) -> bool:
        """Whether the other has its entries in the same places, so that one's basis fits the other."""
        return (
            len(self.cost) == len(other.cost)
            and np.array_equal(self.start, other.start)
            and np.array_equal(self.index, other.index)
        )

    def times(self, factor: float) -> Matrix:
        """The same with another unit of the objective, `factor` of which are one of this."""
        return replace(self, cost=self.cost * factor, constant=self.constant * factor)

    def with_sides(self, sides: Sides) -> Matrix:
        """The same with other least and most for some rows."""
        least, most = self.row_least.copy(), self.row_most.copy()
        for row, (low, high) in sides.items():
            least[row], most[row] = low, high
        return replace(self, row_least=least, row_most=most)

    def with_row(self, coefficients: Floats) -> Matrix:
        """The same with one more row, which holds nothing back yet."""
        columns = np.flatnonzero(coefficients).astype(np.int32)
        return replace(
            self,
            start=np.append(self.start, self.start[-1] + len(columns)).astype(np.int32),
            index=np.append(self.index, columns),
            value=np.append(self.value, coefficients[columns]),
            row_least=np.append(self.row_least, -np.inf),
            row_most=np.append(self.row_most, np.inf),
        )

    def cut(self, columns: Integers, rows: Integers) -> Matrix:
        """Some rows and columns alone; the rows have entries in these columns only."""
        place = np.full(len(self.cost), -1, dtype=np.int32)
        place[columns] = np.arange(len(columns), dtype=np.int32)
        sizes = np.diff(self.start)[rows]
        start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
        entries = np.repeat(self.start[rows] - start[:-1], sizes) + np.arange(start[-1])
        return Matrix(
            maximize=self.maximize,
            cost=self.cost[columns],
            constant=0.0,
            least=self.least[columns],
            most=self.most[columns],
            start=start,
            index=place[self.index[entries]],
            value=self.value[entries],
            row_least=self.row_least[rows],
            row_most=self.row_most[rows],
        )

    def blocks(self) -> tuple[Integers, Integers]:
        """By column and by row the block that it is in: blocks share no row and no column.

        A block is called by its first column; an empty row is in block -1.
        """
        columns = np.arange(len(self.cost), dtype=np.int32)
        rows = np.full(len(self.row_least), -1, dtype=np.int32)
        filled = np.flatnonzero(np.diff(self.start))
        if not len(filled):
            return columns, rows
        row_of = self.row_of
        while True:
            rows[filled] = np.minimum.reduceat(columns[self.index], self.start[filled])
            lower = columns.copy()
            np.minimum.at(lower, self.index, rows[row_of])
            lower = lower[lower]
            if np.array_equal(lower, columns):
                return columns, rows
            columns = lower

    @property
    def row_of(self) -> Integers:
        """The row of each stored entry of A."""
        return np.repeat(np.arange(len(self.row_least), dtype=np.int32), np.diff(self.start))

    def activity(self, z: Floats) -> Floats:
        """A·z by row."""
        weights = self.value * z[self.index]
        return np.bincount(self.row_of, weights, minlength=len(self.row_least)).astype(np.float64)

    def priced(self, y: Floats) -> Floats:
        """Aᵀ·y by column."""
        return self._by_column(self.value * y[self.row_of])

    def priced_at_most(self, y: Floats) -> Floats:
        """|A|ᵀ·|y| by column: what Aᵀ·y would be if nothing cancelled."""
        return self._by_column(np.abs(self.value * y[self.row_of]))

    def _by_column(self, weights: Floats) -> Floats:
        return np.bincount(self.index, weights, minlength=len(self.cost)).astype(np.float64)


def read_off(program: Program) -> Matrix:
    """The arrays of a declared programme."""
    # By identity: a programme's variables are many, and their own hash is slow.
    at = {id(var): column for column, var in enumerate(program.columns)}
    objective = program.problem.objective
    cost = np.zeros(len(program.columns))
    for var, coefficient in objective.items():
        cost[at[id(var)]] = coefficient
    rows = [limit.row for limit in program.limits]
    sizes = np.fromiter((len(row) for row in rows), np.int32, len(rows))
    start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    entries = int(start[-1])
    right = np.array([-row.constant for row in rows], dtype=np.float64)
    sense = np.array([row.sense for row in rows], dtype=np.int8)
    return Matrix(
        maximize=program.problem.sense == pulp.LpMaximize,
        cost=cost,
        constant=float(objective.constant),
        least=np.array([-np.inf if v.lowBound is None else v.lowBound for v in program.columns]),
        most=np.array([np.inf if v.upBound is None else v.upBound for v in program.columns]),
        start=start,
        index=np.fromiter((at[id(var)] for row in rows for var in row), np.int32, entries),
        value=np.fromiter((a for row in rows for a in row.values()), np.float64, entries),
        row_least=np.where(sense == pulp.LpConstraintLE, -np.inf, right),
        row_most=np.where(sense == pulp.LpConstraintGE, np.inf, right),
    )
