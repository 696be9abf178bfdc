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
from allocator.program.one_step import Statuses
from allocator.solving import highs
from allocator.solving.optimum import SolvedProgram, proven
from allocator.solving.solution import SPENT, Solution, packed, solution, unpacked


def as_one(plan: Divided, kept: Sequence[Kept]) -> SolvedProgram:
    """The first pass of the whole plan at the vertex that the batches' make together, proven again."""
    program = plan.whole.program()
    values, duals = np.zeros(program.columns), np.zeros(len(program.matrix.row_least))
    places = [_places(plan.whole.part(part).program(), program, part) for part in plan.parts]
    for (columns, rows), mine in zip(places, kept, strict=True):
        values[columns] = mine.first.values
        duals[rows] = mine.first.duals * (mine.money / program.money)
    statuses = _together(program, places, [mine.first for mine in kept])
    basis = unpacked(*(status.tolist() for status in statuses))
    return proven(SolvedProgram(program, solution(program.matrix, values, duals, basis)))


def start_from(plan: Divided, program: Program, found: Sequence[Solution]) -> highs.Start:
    """A start for the whole plan's programme, where batches share hours: their optima side by side.

    They were found with the shared hours divided in some way; those are all in use.
    """
    places = [_places(plan.whole.part(part).program(), program, part) for part in plan.parts]
    columns, rows = _together(program, places, found)
    for r in plan.overlays:
        rows[program.capacity_rows(r)] = SPENT
    return highs.guessed(columns.tolist(), rows.tolist())


def _together(
    program: Program, places: Sequence[tuple[Integers, Integers]], found: Sequence[Solution]
) -> tuple[Statuses, Statuses]:
    """Where the whole's columns and rows stand, in the batches' solutions."""
    columns = np.zeros(program.columns, np.uint8)
    rows = np.zeros(len(program.matrix.row_least), np.uint8)
    for at, mine in zip(places, found, strict=True):
        for status, here, there in zip((columns, rows), at, packed(mine.basis), strict=True):
            status[here] = np.frombuffer(there, np.uint8)
    return columns, rows


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
    first = program.leading - len(sides)
    return {side: first + at for at, side in enumerate(sides)}
