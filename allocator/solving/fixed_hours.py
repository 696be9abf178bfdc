"""What fixed hours earn, used as well as they can be (formulation, "The plan of today")."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocator.certificate import Proof
from allocator.errors import InfeasibleError, SolverError
from allocator.instance import Instance
from allocator.program import InBlocks, least_drain
from allocator.solving import highs
from allocator.solving.basis import Basis
from allocator.solving.optimum import Solved, SolvedProgram, solved
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import Fixed, start_of

DRAINED = 1e-7


@dataclass(frozen=True)
class HoursUsed:
    """Fixed hours used as well as they can be.

    `drained`: the territories (by number) whose hours can't leave the pipeline asked for; `shortfall`:
    the opportunities that each territory is proven to lack at least, where one is drained.
    """

    solved: Solved
    drained: frozenset[int]
    shortfall: Mapping[int, float]
    proof: Proof


@dataclass(frozen=True)
class HoursFound(HoursUsed):
    """Fixed hours used as well as they can be, by the programme `found`."""

    found: SolvedProgram


def todays_hours(instance: Instance) -> list[list[float]]:
    """Hours of today's split by row and step."""
    return [[row.today / instance.steps] * instance.steps for row in instance.rows]


def hours_used(
    case: InBlocks,
    hours: Sequence[Sequence[float]],
    settings: Settings,
    clock: Clock,
    near: SolvedProgram | Basis | None = None,
) -> HoursFound:
    """What `hours` (row × step) earn, used as well as they can be (formulation, "The plan of today").

    `near`: a programme of fixed hours solved before, or where it ended, to start from if alike.
    """

    def used(drained: frozenset[int], shortfall: Mapping[int, float]) -> HoursFound:
        program = case.program(hours, drained)
        alike = near if isinstance(near, SolvedProgram) else None
        ended = near if isinstance(near, Basis) else None
        start = highs.where_one_ended(ended, program.matrix)
        if not (alike or start):
            start = start_of(case, program, settings, clock, Fixed(hours, drained))
        first = solved(program, settings, clock, alike, start)
        return HoursFound(_as_given(first, hours), drained, shortfall, first.proof, first)

    try:
        return used(frozenset(), {})
    except InfeasibleError:
        pass
    try:
        shortfall = _shortfall(case, hours, settings, clock)
        return used(_drained(case.instance, shortfall), shortfall)
    except InfeasibleError as error:  # without pipelines to be kept, any hours can be used somehow
        raise SolverError("The solver found no way to use hours that can be used") from error


def _as_given(found: SolvedProgram, hours: Sequence[Sequence[float]]) -> Solved:
    """The use of `hours` (row × step); the same for what no fact can tell apart, unless they differ."""
    of_twin: dict[int, Sequence[float]] = {}
    alike = all(
        math.isclose(one, other, rel_tol=1e-12)
        for row, mine in zip(found.program.instance.rows, hours, strict=True)
        if (twins := of_twin.setdefault(row.twin, mine)) is not mine
        for one, other in zip(twins, mine, strict=True)
    )
    return Solved(found.use if alike else found.as_found, found.revenue)


def _drained(instance: Instance, shortfall: Mapping[int, float]) -> frozenset[int]:
    """The territories that lack more of their end pipeline than what is rounding."""
    return frozenset(
        k for k, least in shortfall.items() if least > DRAINED * max(1.0, instance.territories[k].open)
    )


def _shortfall(
    case: InBlocks, hours: Sequence[Sequence[float]], settings: Settings, clock: Clock
) -> Mapping[int, float]:
    """What each territory must lack of its end pipeline with these hours, in opportunities.

    Territories are independent at fixed hours: none can lack less than in the least sum by more than
    what is left unproven of that sum.
    """
    program, short = least_drain(case, hours)
    found = solved(program, settings, clock)
    unproven = abs(found.solution.objective - found.bound)
    value = found.solution.values
    return {k: max(0.0, float(value[var])) - unproven for k, var in short.items()}
