"""The same plan in one step: a small programme whose optimum shows where that of many steps is.

What is best in a step is much the same in each, so where the one step's optimum has a variable at a
bound or a row with nothing left, the steps of the larger programme most often have, too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from allocator.alike import Alike
from allocator.arrays import Integers
from allocator.program.block import Declaration
from allocator.program.programme import Program

Statuses = npt.NDArray[np.uint8]
"""Where columns or rows stand in an optimum, as solvers number it."""


def in_one_step(alike: Alike) -> Alike:
    """The facts of one step: work is spread over the period, and so is what books inside it."""
    sources = (replace(source, booked=(np.mean(source.booked, axis=0),)) for source in alike.sources)
    return replace(alike, sources=tuple(sources))


def as_in_one_step(
    program: Program, one: Program, columns: Statuses, rows: Statuses, otherwise: int
) -> tuple[Statuses, Statuses]:
    """Where the columns and rows of `program` stand, each as in the optimum of the plan in one step.

    `columns` and `rows` are of that programme, `one`; rows that it does not have stand `otherwise`.
    """
    reps = len(program.instance.reps) if program.leading else 0
    by_column, by_row = [], [np.tile(rows[:reps], program.instance.steps), rows[reps : one.leading]]
    for many, few in zip(program.blocks, one.blocks, strict=True):
        declared, small = many.stamped.declared, few.stamped.declared
        here = few.first_columns[:, None] + _columns(declared, small)
        by_column.append(columns[here].ravel())
        at = _rows(declared, small)
        found = rows[few.first_rows[:, None] + np.maximum(at, 0)]
        found[:, at < 0] = otherwise
        by_row.append(found.ravel())
    return np.concatenate(by_column), np.concatenate(by_row)


def _columns(many: Declaration, one: Declaration) -> Integers:
    """For each column of a block the column in the block of one step."""
    found = np.zeros(many.columns, np.int32)
    found[: many.rows * many.steps] = np.repeat(np.arange(many.rows), many.steps)
    for area, column in many.X.items():
        found[column] = one.X[area]
    for symbol in ("u", "w", "g"):
        pairs = zip(getattr(many, symbol), getattr(one, symbol), strict=True)
        for of_step, there in ((mine, its[0]) for steps, its in pairs for mine in steps):
            found[of_step.start : of_step.stop] = there
    for symbol in ("n", "b"):
        for steps, its in zip(getattr(many, symbol), getattr(one, symbol), strict=True):
            found[steps.start : steps.stop] = its.start
    return found


def _rows(many: Declaration, one: Declaration) -> Integers:
    """For each row of a block the row in the block of one step, -1 where there is none."""
    there = {key: row for row, key in enumerate(_keys(one))}
    return np.array([there.get(key, -1) for key in _keys(many)], np.int32)


def _keys(declared: Declaration) -> list[tuple[str, str | None, int]]:
    """What a row is about but for the step, and which of those in the step it is."""
    count: Counter[object] = Counter()
    keys = []
    for limit in declared.limits:
        keys.append((limit.family, limit.area, count[limit]))
        count[limit] += 1
    return keys
