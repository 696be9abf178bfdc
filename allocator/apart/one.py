"""The batches' solved programmes as one programme, for who asks further of the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from allocator.apart.dividing import Divided
from allocator.apart.tasks import Kept
from allocator.arrays import Integers
from allocator.parts import Part
from allocator.program import Program
from allocator.solving.optimum import SolvedProgram, proven
from allocator.solving.solution import packed, solution, unpacked


def as_one(plan: Divided, kept: Sequence[Kept]) -> SolvedProgram:
    """The first pass of the whole plan at the vertex that the batches' make together, proven again."""
    program = plan.whole.program()
    values, duals = np.zeros(program.columns), np.zeros(len(program.matrix.row_least))
    statuses = np.zeros(len(values), np.uint8), np.zeros(len(duals), np.uint8)
    for part, mine in zip(plan.parts, kept, strict=True):
        columns, rows = _places(plan.whole.part(part).program(), program, part)
        values[columns] = mine.first.values
        duals[rows] = mine.first.duals * (mine.money / program.money)
        for status, places, at in zip(statuses, (columns, rows), packed(mine.first.basis), strict=True):
            status[places] = np.frombuffer(at, np.uint8)
    basis = unpacked(*(status.tolist() for status in statuses))
    return proven(SolvedProgram(program, solution(program.matrix, values, duals, basis)))


def _places(here: Program, there: Program, part: Part) -> tuple[Integers, Integers]:
    """The columns and the rows of a part's programme in the whole's."""
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
    return columns, rows


def _bounds(program: Program) -> dict[tuple[int, str], int]:
    """The rows of the bounds on hours, by row of hours and side."""
    rows = program.instance.rows
    sides = [(i, "least") for i, row in enumerate(rows) if row.least > 0]
    sides += [(i, "most") for i, row in enumerate(rows) if row.most < math.inf]
    first = len(program.leading) - len(sides)
    return {side: first + at for at, side in enumerate(sides)}
