"""A programme in numbers: what PuLP declares, as the arrays that solvers and certificates take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pulp

from allocator.program import Program

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]


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
        weights = self.value * y[self.row_of]
        return np.bincount(self.index, weights, minlength=len(self.cost)).astype(np.float64)


def read_off(program: Program) -> Matrix:
    """The arrays of a declared programme."""
    at = {var: column for column, var in enumerate(program.columns)}
    objective = program.problem.objective
    cost = np.zeros(len(program.columns))
    for var, coefficient in objective.items():
        cost[at[var]] = coefficient
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
        index=np.fromiter((at[var] for row in rows for var in row), np.int32, entries),
        value=np.fromiter((a for row in rows for a in row.values()), np.float64, entries),
        row_least=np.where(sense == pulp.LpConstraintLE, -np.inf, right),
        row_most=np.where(sense == pulp.LpConstraintGE, np.inf, right),
    )
