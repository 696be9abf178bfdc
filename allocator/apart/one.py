"""The batches' solved programmes as one programme, for who asks further of the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocator.apart.dividing import Divided
from allocator.apart.tasks import Kept
from allocator.arrays import Floats, Integers
from allocator.parts import Part
from allocator.program import Program
from allocator.program.matrix import Matrix
from allocator.solving.basis import IDLE, Basis
from allocator.solving.optimum import SolvedProgram, proven
from allocator.solving.solution import Solution, solution


@dataclass(frozen=True)
class Places:
    """The columns and the rows of a part's programme in the whole's, and the part's rows of hours.

    `unit`: how many of the whole's objective are one of the part's.
    """

    columns: Integers
    rows: Integers
    hours: Integers
    unit: float

    def with_moves(self, whole: Program, unit: float = 1.0) -> Places:
        """The same in the programmes in which moves are counted, but for revenue and all moves.

        `unit`: that of these; hours are the same in the whole as in the part.
        """
        moves = whole.columns + 2 * self.hours[:, None] + np.arange(2)
        balance = len(whole.matrix.row_least) + self.hours
        return Places(
            np.append(self.columns, moves.ravel().astype(np.int32)),
            np.append(self.rows, balance.astype(np.int32)),
            self.hours,
            unit,
        )


def as_one(plan: Divided, kept: Sequence[Kept]) -> SolvedProgram:
    """The first pass of the whole plan at the vertex that the batches' make together, proven again."""
    program = plan.whole.program()
    values, first = np.zeros(program.columns), [mine.first for mine in kept]
    places = [places_in(plan, part, program) for part in plan.parts]
    for there, found in zip(places, first, strict=True):
        values[there.columns] = found.values
    duals = duals_together(program.matrix, places, first)
    basis = together(program.matrix, places, first)
    return proven(SolvedProgram(program, solution(program.matrix, values, duals, basis)))


def together(matrix: Matrix, places: Sequence[Places], found: Sequence[Solution]) -> Basis:
    """Where the whole's columns and rows stand, in the batches' solutions; other rows hold nothing."""
    columns = np.zeros(len(matrix.cost), np.uint8)
    rows = np.full(len(matrix.row_least), IDLE, np.uint8)
    for there, mine in zip(places, found, strict=True):
        columns[there.columns] = mine.vertex.columns
        rows[there.rows] = mine.vertex.rows[: len(there.rows)]
    return Basis(columns, rows)


def duals_together(matrix: Matrix, places: Sequence[Places], found: Sequence[Solution]) -> Floats:
    """The duals of the whole's rows by the batches' solutions; other rows have none."""
    duals = np.zeros(len(matrix.row_least))
    for there, mine in zip(places, found, strict=True):
        duals[there.rows] = mine.duals[: len(there.rows)] * there.unit
    return duals


def places_in(plan: Divided, part: Part, there: Program) -> Places:
    """Where a part's programme is in the whole's, `there`."""
    here = plan.whole.part(part).program()
    columns = np.zeros(here.columns, np.int32)
    rows = np.zeros(len(here.matrix.row_least), np.int32)
    for r, number in enumerate(part.reps):
        rows[here.capacity_rows(r)] = there.capacity_rows(number)
    bounded = _bounds(there)
    for (i, side), row in _bounds(here).items():
        rows[row] = bounded[part.rows[i], side]
    for k, number in enumerate(part.territories):
        mine, its = here.place(k), there.place(number)
        for of, at, to, size in (
            (columns, mine.first_column, its.first_column, mine.declared.columns),
            (rows, mine.first_row, its.first_row, len(mine.declared.limits)),
        ):
            of[at : at + size] = np.arange(to, to + size)
    return Places(columns, rows, np.array(part.rows, np.int32), here.money / there.money)


def _bounds(program: Program) -> dict[tuple[int, str], int]:
    """The rows of the bounds on hours, by row of hours and side."""
    rows = program.instance.rows
    sides = [(i, "least") for i, row in enumerate(rows) if row.least > 0]
    sides += [(i, "most") for i, row in enumerate(rows) if row.most < math.inf]
    first = program.leading - len(sides)
    return {side: first + at for at, side in enumerate(sides)}
