"""Batches solved again for other facts or other hours, each from where it ended before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from allocator import certified
from allocator.apart.asking import asking_batches
from allocator.apart.batch import Batch
from allocator.apart.dividing import Divided
from allocator.apart.totals import put_together, used_together, worst_proof
from allocator.certificate import Proof
from allocator.certified import Certified
from allocator.solving.ended import Ended, ended
from allocator.solving.fixed_hours import HoursUsed, hours_used
from allocator.solving.optimum import Solved, averaged, solved
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import start_of, with_guess
from allocator.solving.ties import credited_in_order


@dataclass(frozen=True)
class HoursAgain:
    """What fixed hours earn, used as well as they can be, and by batch where that ended."""

    certified: Certified
    near: tuple[Ended, ...]


@dataclass(frozen=True)
class MostAgain:
    """The most that any split earns, and by batch where that ended.

    `certified`: a split that earns it, credited in order; None where it was not asked for.
    """

    revenue: float
    worst: float
    near: tuple[Ended, ...]
    certified: Certified | None


def hours_again(
    plan: Divided,
    hours: Sequence[Sequence[float]],
    settings: Settings,
    clock: Clock,
    near: Sequence[Ended] | None = None,
) -> HoursAgain:
    """What fixed `hours` (row × step) earn, credited in order where they could be credited otherwise.

    `plan`: one whose batches share no hours. Raises what `allocator.certified.certified_hours` does.
    """
    guessed = plan if near else replace(plan, whole=with_guess(plan.whole, plan.parts, clock, hours))
    with asking_batches(guessed, settings, clock) as asking:
        mine = [[hours[i] for i in part.rows] for part in plan.parts]
        starts = _starts(near, asking.count)
        found: list[tuple[HoursUsed, Ended]] = asking.each(
            "", _use_hours, list(zip(mine, starts, strict=True))
        )
    used = used_together(plan, [each for each, _ in found])
    reached = certified.certified_used(plan.case, hours, used)
    return HoursAgain(reached, tuple(there for _, there in found))


def most_again(
    plan: Divided,
    settings: Settings,
    clock: Clock,
    near: Sequence[Ended] | None = None,
    credited: bool = False,
) -> MostAgain:
    """The most that any split earns; `credited`: and such a split, credited in order.

    `plan`: one whose batches share no hours. Raises `InfeasibleError` where no split keeps every limit.
    """
    guessed = plan if near else replace(plan, whole=with_guess(plan.whole, plan.parts, clock))
    with asking_batches(guessed, settings, clock) as asking:
        starts = _starts(near, asking.count)
        arguments = [(start, credited) for start in starts]
        found: list[_Most] = asking.each("", _earn_most, arguments)
    revenue = math.fsum(each.revenue for each in found)
    proof = worst_proof([each.proof for each in found])
    splits = [each.split for each in found if each.split is not None]
    reached = None
    if splits:
        use = averaged(plan.case, put_together(plan, splits).use)
        reached = certified.certified_use(plan.case, use, proof, revenue)
    return MostAgain(revenue, proof.worst, tuple(each.ended for each in found), reached)


@dataclass(frozen=True)
class _Most:
    revenue: float
    proof: Proof
    ended: Ended
    split: Solved | None


def _starts(near: Sequence[Ended] | None, count: int) -> Sequence[Ended | None]:
    """Where each batch starts; nowhere, where others ended."""
    return near if near is not None and len(near) == count else [None] * count


def _use_hours(
    batch: Batch, hours: Sequence[Sequence[float]], near: Ended | None
) -> tuple[HoursUsed, Ended]:
    used = hours_used(batch.case, hours, batch.settings, batch.clock, near)
    use = credited_in_order(used.found, batch.clock).use
    given = HoursUsed(replace(used.solved, use=use), used.drained, used.shortfall, used.proof)
    return given, ended(used.found.solution)


def _earn_most(batch: Batch, near: Ended | None, credited: bool) -> _Most:
    program, settings, clock = batch.case.program(), batch.settings, batch.clock
    start = near.start_in(program) if near else None
    found = solved(
        program, settings, clock, start=start or start_of(batch.case, program, settings, clock)
    )
    use = credited_in_order(found, clock).use if credited else None
    split = None if use is None else Solved(use, found.revenue)
    return _Most(found.revenue, found.proof, ended(found.solution), split)
