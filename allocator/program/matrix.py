"""A programme in numbers: the arrays that solvers and certificates take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.arrays import Floats, Integers

Sides = Mapping[int, tuple[float, float]]
"""Rows with the least and the most that they are to have."""


@dataclass(frozen=True)
class Rows:
    """Rows of a matrix: row r has the columns `index[start[r]:start[r + 1]]` with `value`.

    Each lies between `least` and `most`.
    """

    start: Integers
    index: Integers
    value: Floats
    least: Floats
    most: Floats


def rows_of(
    sizes: Sequence[int] | Integers, index: Integers, value: Floats, least: Floats, most: Floats
) -> Rows:
    """Rows of so many entries each."""
    start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    return Rows(start, index.astype(np.int32), value, least, most)


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

    def less(self, taken: Floats) -> Matrix:
        """The same with so much taken off the sides of each row."""
        return replace(self, row_least=self.row_least - taken, row_most=self.row_most - taken)

    def with_rows(self, rows: Rows) -> Matrix:
        """The same with more rows."""
        return replace(
            self,
            start=np.concatenate((self.start, self.start[-1] + rows.start[1:])).astype(np.int32),
            index=np.concatenate((self.index, rows.index)),
            value=np.concatenate((self.value, rows.value)),
            row_least=np.concatenate((self.row_least, rows.least)),
            row_most=np.concatenate((self.row_most, rows.most)),
        )

    def with_row(self, coefficients: Floats) -> Matrix:
        """The same with one more row, which holds nothing back yet."""
        columns = np.flatnonzero(coefficients).astype(np.int32)
        free = np.array([np.inf])
        return self.with_rows(rows_of([len(columns)], columns, coefficients[columns], -free, free))

    def with_columns(self, count: int) -> Matrix:
        """The same with more columns, 0 or more each, which stand in no row yet and earn nothing."""
        return replace(
            self,
            cost=np.append(self.cost, np.zeros(count)),
            least=np.append(self.least, np.zeros(count)),
            most=np.append(self.most, np.full(count, np.inf)),
        )

    def with_entries(self, rows: Integers, columns: Integers, values: Floats) -> Matrix:
        """The same with entries more, after those that their rows have."""
        order = np.argsort(rows, kind="stable")
        at = self.start[rows[order] + 1]
        more = np.bincount(rows, minlength=len(self.row_least))
        return replace(
            self,
            start=(self.start + np.concatenate(([0], np.cumsum(more)))).astype(np.int32),
            index=np.insert(self.index, at, columns[order]),
            value=np.insert(self.value, at, values[order]),
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

    def of_columns(self, columns: Integers) -> tuple[Matrix, Integers]:
        """Some columns alone, and the rows that they stand in; those rows by number."""
        if len(columns) == len(self.cost):
            return self, np.arange(len(self.row_least), dtype=np.int32)
        place = np.full(len(self.cost), -1, dtype=np.int32)
        place[columns] = np.arange(len(columns), dtype=np.int32)
        index = place[self.index]
        entries = index >= 0
        sizes = np.bincount(self.row_of[entries], minlength=len(self.row_least))
        rows = np.flatnonzero(sizes).astype(np.int32)
        alone = Matrix(
            maximize=self.maximize,
            cost=self.cost[columns],
            constant=self.constant,
            least=self.least[columns],
            most=self.most[columns],
            start=np.concatenate(([0], np.cumsum(sizes[rows]))).astype(np.int32),
            index=index[entries],
            value=self.value[entries],
            row_least=self.row_least[rows],
            row_most=self.row_most[rows],
        )
        return alone, rows

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

    def priced_with_size(self, y: Floats) -> tuple[Floats, Floats]:
        """Aᵀ·y by column, and |A|ᵀ·|y|: what it would be if nothing cancelled."""
        priced = self.value * y[self.row_of]
        return self._by_column(priced), self._by_column(np.abs(priced))

    def _by_column(self, weights: Floats) -> Floats:
        return np.bincount(self.index, weights, minlength=len(self.cost)).astype(np.float64)
