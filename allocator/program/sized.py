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
from dataclasses import dataclass

from allocator.instance import Instance
from allocator.program.build import build
from allocator.program.constraints import capacity
from allocator.program.declared import Program, at_most
from allocator.program.variants import earning


@dataclass(frozen=True)
class Sized:
    """A programme that decides `sizes`, and the rows of capacity that each of them carries."""

    program: Program
    sizes: tuple[int, ...]
    carried: tuple[tuple[int, ...], ...]


def any_hours(instance: Instance) -> Sized:
    """Maximize revenue with capacities in today's proportion, however many hours that takes.

    Its optimum is what endless hours earn; some rep has hours today.
    """
    total = math.fsum(rep.capacity for rep in instance.reps)
    return _sized(instance, [{r: rep.capacity / total for r, rep in enumerate(instance.reps)}])


def least_hours(instance: Instance, revenue: float) -> Sized:
    """Minimize z, the hours of all reps in today's proportion, that earn `revenue` (currency)."""
    return _least(any_hours(instance), revenue)


def more_heads(instance: Instance, added: Sequence[int], hours: float) -> Sized:
    """Maximize revenue with z_k heads of `hours` hours each for every rep of `added`."""
    return _sized(instance, [{r: hours} for r in added])


def fewest_heads(instance: Instance, added: Sequence[int], hours: float, revenue: float) -> Sized:
    """Minimize Σ_k z_k, the heads of `hours` hours each that earn `revenue` (currency) with the rest."""
    return _least(more_heads(instance, added, hours), revenue)


def _sized(instance: Instance, hours: Sequence[Mapping[int, float]]) -> Sized:
    """One size for each of `hours`, which says c_r by rep; who is in none keeps C_r."""
    program = build(instance, without=("capacity",))
    sizes = tuple(program.variables(len(hours)))
    size_of = {r: z for z, mine in enumerate(hours) for r in mine}
    carried: list[list[int]] = [[] for _ in hours]
    for limit, row in capacity(program):
        if limit.rep not in size_of:
            program.add(limit, row)
            continue
        z = size_of[limit.rep]
        terms = [*row.terms, (sizes[z], -hours[z][limit.rep] / instance.steps)]
        carried[z].append(len(program.limits))
        program.add(limit, at_most(terms, 0.0))
    return Sized(program, sizes, tuple(tuple(rows) for rows in carried))


def _least(sized: Sized, revenue: float) -> Sized:
    """The same limits and `revenue` as one more, with the least Σ z."""
    sized.program.add(*earning(sized.program, revenue))
    sized.program.minimize((z, 1.0) for z in sized.sizes)
    return sized
