"""What the routes are given: a plan's instance, and for the floor the arrays of its components.

Nobody's time counts here. The arrays are those that `allocator.program` declares; each part of the plan
is declared alone, as parts share no rep, and is cut further where its matrix falls apart.

    python -m benchmarks.prepare plan.csv 13 folder
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from allocator.arrays import Floats, Integers
from allocator.deriving import instance
from allocator.instance import Instance
from allocator.parts import parts
from allocator.program import build, fewest_moves
from allocator.program.matrix import Matrix
from allocator.reading import read_model, read_plan
from benchmarks.arrays import Component, Rows, save

MODEL = "sales_execution"
INSTANCE, ARRAYS = "instance.pickle", "arrays.pickle"


def case_of(plan: Path, steps: int) -> Instance:
    """The instance of a plan's file in so many steps."""
    model = read_model(MODEL).with_steps(steps)
    return instance(read_plan(plan, model), model)


def components(case: Instance) -> Iterator[Component]:
    """The components of the programme, as arrays."""
    for part in parts(case):
        program = build(part.instance)
        first, second = program.matrix, fewest_moves(program, 0.0).matrix
        # Its last row holds nothing in the second pass; the one before is the revenue's.
        columns, rows = len(second.cost), len(second.row_least) - 1
        second = second.cut(np.arange(columns, dtype=np.int32), np.arange(rows, dtype=np.int32))
        yield from _cut(first, second, program.money)


def _cut(first: Matrix, second: Matrix, unit: float) -> Iterator[Component]:
    by_column, by_row = first.blocks()
    own_columns, own_rows = len(first.cost), len(first.row_least)
    labels = np.unique(by_column)
    assert len(labels) == 1 or first.constant == 0.0, "what renews anyway belongs to one component"
    place = np.full(len(second.cost), -1, dtype=np.int32)
    place[:own_columns] = by_column
    # Moves belong where the hours are: each further row but the last, the revenue's, says whose.
    for row in range(own_rows, len(second.row_least) - 1):
        entries = second.index[second.start[row] : second.start[row + 1]]
        place[entries[entries >= own_columns]] = place[entries[entries < own_columns][0]]
    for label in labels.tolist():
        columns = np.flatnonzero(place == label)
        mine = columns[columns < own_columns].astype(np.int32)
        cut = first.cut(mine, np.flatnonzero(by_row == label).astype(np.int32))
        yield Component(
            unit=unit,
            constant=first.constant,
            cost=cut.cost,
            least=cut.least,
            most=cut.most,
            rows=Rows(cut.start, cut.index, cut.value, cut.row_least, cut.row_most),
            moves=len(columns) - len(mine),
            further=_further(second, columns.astype(np.int32), own_rows),
        )


def _further(second: Matrix, columns: Integers, own_rows: int) -> Rows:
    """The rows that the second pass adds, of one component; of the last one, its part."""
    place = np.full(len(second.cost), -1, dtype=np.int32)
    place[columns] = np.arange(len(columns), dtype=np.int32)
    index: list[Integers] = []
    value: list[Floats] = []
    sides: list[tuple[float, float]] = []
    for row in range(own_rows, len(second.row_least)):
        entries = slice(second.start[row], second.start[row + 1])
        here = place[second.index[entries]] >= 0
        if here.any():
            index.append(place[second.index[entries]][here])
            value.append(second.value[entries][here])
            sides.append((float(second.row_least[row]), float(second.row_most[row])))
    sizes = [len(part) for part in index]
    return Rows(
        start=np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        index=np.concatenate(index),
        value=np.concatenate(value),
        least=np.array([least for least, _ in sides]),
        most=np.array([most for _, most in sides]),
    )


def main() -> None:
    """Write both files into the folder."""
    plan, steps, folder = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    case = case_of(plan, steps)
    with (folder / INSTANCE).open("wb") as file:
        pickle.dump(case, file, protocol=pickle.HIGHEST_PROTOCOL)
    save(list(components(case)), folder / ARRAYS)


if __name__ == "__main__":
    main()
