"""Programmes that decide capacities as well: what a number takes in hours, or in heads.

Some capacities follow a size z ≥ 0 that the programme chooses: with c_r hours for each unit of it,

     1 capacity      Σ_{i of r} x_it − (c_r / T)·z ≤ 0

in place of the constant C_r / T; every other limit is as declared in `allocator.program`. For the
hours that a number takes, one z is the hours of all reps and c_r = C_r / Σ C_r, so that today's
capacities grow and shrink together, by θ = z / Σ C_r, and coefficients stay near 1. For heads, each
territory has a z of its own, the heads that it gets, and c_r is a head's hours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.program.build import InBlocks
from allocator.program.programme import Program
from allocator.program.variants import earning


@dataclass(frozen=True)
class Sized:
    """A programme that decides `sizes`, and the rows of capacity that each of them carries."""

    program: Program
    sizes: tuple[int, ...]
    carried: tuple[tuple[int, ...], ...]


def any_hours(case: InBlocks) -> Sized:
    """Maximize revenue with capacities in today's proportion, however many hours that takes.

    Its optimum is what endless hours earn; some rep has hours today.
    """
    reps = case.instance.reps
    total = math.fsum(rep.capacity for rep in reps)
    return _sized(case, [{r: rep.capacity / total for r, rep in enumerate(reps)}])


def least_hours(case: InBlocks, revenue: float) -> Sized:
    """Minimize z, the hours of all reps in today's proportion, that earn `revenue` (currency)."""
    return _least(any_hours(case), revenue)


def least_possible_hours(case: InBlocks) -> Sized:
    """Minimize z, the hours of all reps in today's proportion, that keep every limit."""
    return _minimizing(any_hours(case))


def more_heads(case: InBlocks, added: Sequence[int], hours: float) -> Sized:
    """Maximize revenue with z_k heads of `hours` hours each for every rep of `added`."""
    return _sized(case, [{r: hours} for r in added])


def _sized(case: InBlocks, hours: Sequence[Mapping[int, float]]) -> Sized:
    """One size for each of `hours`, which says c_r by rep; who is in none keeps C_r."""
    program = case.program()
    first, steps = program.columns, case.instance.steps
    carried, columns = [], []
    for mine in hours:
        rows = [row for r in mine for row in program.capacity_rows(r).tolist()]
        of_step = [-each / steps for each in mine.values() for _ in range(steps)]
        carried.append(tuple(rows))
        columns.append((rows, of_step))
    program = program.with_columns(columns)
    sides = {row: (-math.inf, 0.0) for rows in carried for row in rows}
    program = program.changed(program.matrix.with_sides(sides))
    return Sized(program, tuple(range(first, program.columns)), tuple(carried))


def _least(sized: Sized, revenue: float) -> Sized:
    """The same limits and `revenue` as one more, with the least Σ z."""
    program = sized.program.with_rows([earning(sized.program, revenue)])
    return _minimizing(replace(sized, program=program))


def _minimizing(sized: Sized) -> Sized:
    """The same limits, with the least Σ z."""
    cost = np.zeros(sized.program.columns)
    cost[list(sized.sizes)] = 1.0
    return replace(sized, program=sized.program.minimizing(cost))
