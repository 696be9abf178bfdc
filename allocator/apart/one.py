"""The batches' solved programmes as one programme, for who asks further of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from allocator.apart.tasks import Kept
from allocator.instance import Instance
from allocator.parts import Part
from allocator.program import Program, build
from allocator.solving.matrix import read_off
from allocator.solving.optimum import SolvedProgram, proven
from allocator.solving.solution import solution, unpacked


def as_one(whole: Instance, parts: Sequence[Part], kept: Sequence[Kept]) -> SolvedProgram:
    """The first pass of the whole plan at the vertex that the batches' make together, proven again."""
    program = build(whole)
    matrix = read_off(program)
    values, duals = np.zeros(len(matrix.cost)), np.zeros(len(matrix.row_least))
    statuses = [bytearray(len(values)), bytearray(len(duals))]
    rows = _rows(program, parts)
    for part, mine, of_rows in zip(parts, kept, rows, strict=True):
        columns = np.zeros(len(mine.first.values), np.int64)
        for here, there in _columns(build(part.instance), program, part):
            columns[here] = there
        values[columns], duals[of_rows] = (
            mine.first.values,
            mine.first.duals * (mine.money / program.money),
        )
        for status, places, at in zip(statuses, (columns, of_rows), mine.basis, strict=True):
            for place, one in zip(places.tolist(), at, strict=True):
                status[place] = one
    basis = unpacked((bytes(statuses[0]), bytes(statuses[1])))
    return proven(SolvedProgram(program, matrix, solution(matrix, values, duals, basis)))


def _columns(here: Program, there: Program, part: Part) -> Iterator[tuple[int, int]]:
    """Pairs of columns that are one variable, in a part's programme and in the whole."""
    for i, row in enumerate(part.rows):
        yield from zip(here.x[i], there.x[row], strict=True)
    for k, territory in enumerate(part.territories):
        yield from ((here.X[k][area], there.X[territory][area]) for area in here.X[k])
        for symbol in ("u", "n", "w", "b", "g"):
            yield from zip(
                _flat(getattr(here, symbol)[k]), _flat(getattr(there, symbol)[territory]), strict=True
            )


def _flat(nested: object) -> Iterator[int]:
    if isinstance(nested, int):
        yield nested
    else:
        for one in nested:  # type: ignore[attr-defined]
            yield from _flat(one)


def _rows(program: Program, parts: Sequence[Part]) -> list[np.ndarray]:
    """The rows of the whole that belong to each part; both have them in the same order."""
    of_territory = {k: at for at, part in enumerate(parts) for k in part.territories}
    of_rep = {r: at for at, part in enumerate(parts) for r in part.reps}
    found: list[list[int]] = [[] for _ in parts]
    for row, limit in enumerate(program.limits):
        if limit.territory is not None:
            found[of_territory[limit.territory]].append(row)
        else:
            assert limit.rep is not None
            found[of_rep[limit.rep]].append(row)
    return [np.array(rows, np.int64) for rows in found]
