"""A plan in batches solved again for other facts or other hours, from where a like one ended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from allocator import certified
from allocator.apart.asking import asking_batches
from allocator.apart.batch import Batch
from allocator.apart.both_passes_sharing import most_as_one
from allocator.apart.dividing import Divided, Near
from allocator.apart.totals import put_together, used_together, worst_proof
from allocator.certificate import Proof
from allocator.certified import Certified
from allocator.solving.basis import Basis
from allocator.solving.fixed_hours import HoursUsed, hours_used
from allocator.solving.optimum import Solved, SolvedProgram, averaged, solved
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import with_guess
from allocator.solving.ties import credited_in_order


@dataclass(frozen=True)
class HoursAgain:
    """What fixed hours earn, used as well as they can be, and where that ended."""

    certified: Certified
    near: Near


@dataclass(frozen=True)
class MostAgain:
    """The most that any split earns, and where that ended.

    `certified`: a split that earns it, credited in order; None where it was not asked for.
    """

    revenue: float
    worst: float
    near: Near
    certified: Certified | None


def hours_again(
    plan: Divided,
    hours: Sequence[Sequence[float]],
    settings: Settings,
    clock: Clock,
    near: Near | None = None,
) -> HoursAgain:
    """What fixed `hours` (row × step) earn, credited in order where they could be credited otherwise.

    Raises what `allocator.certified.certified_hours` does.
    """
    by_row = plan.pooled_hours(hours)
    plan = _started(plan, settings, clock, near, by_row)
    with asking_batches(plan, settings, clock) as asking:
        mine = [([by_row[i] for i in part.rows],) for part in plan.parts]
        found: list[tuple[HoursUsed, Basis | None]] = asking.each("", _use_hours, mine)
    used = used_together(plan, hours, [each for each, _ in found])
    reached = certified.certified_used(plan.case, hours, used)
    return HoursAgain(reached, Near(tuple(there for _, there in found)))


def most_again(
    plan: Divided,
    settings: Settings,
    clock: Clock,
    near: Near | None = None,
    credited: bool = False,
) -> MostAgain:
    """The most that any split earns; `credited`: and such a split, credited in order.

    Where reps are pooled, it is a split of the pooled plan, which earns as much. Raises
    `InfeasibleError` where no split keeps every limit.
    """
    plan = _started(plan, settings, clock, near)
    with asking_batches(plan, settings, clock) as asking:
        if plan.overlays:
            first, there = most_as_one(plan, settings, asking, near)
            reached = _credited(plan, first, clock) if credited else None
            return MostAgain(first.revenue, first.proof.worst, there, reached)
        found: list[_Most] = asking.each("", _earn_most, [(credited,)] * asking.count)
    revenue = math.fsum(each.revenue for each in found)
    proof = worst_proof([each.proof for each in found])
    splits = [each.split for each in found if each.split is not None]
    reached = None
    if splits:
        use = averaged(plan.case, put_together(plan, splits).use)
        reached = certified.certified_use(plan.case, use, proof, revenue)
    return MostAgain(revenue, proof.worst, Near(tuple(each.ended for each in found)), reached)


def _credited(plan: Divided, first: SolvedProgram, clock: Clock) -> Certified:
    use = credited_in_order(first, clock).use
    return certified.certified_use(plan.whole.instance, use, first.proof, first.revenue)


def _started(
    plan: Divided,
    settings: Settings,
    clock: Clock,
    near: Near | None,
    hours: Sequence[Sequence[float]] | None = None,
) -> Divided:
    """The plan with where its batches start: where others ended, or where their optima may be."""
    if near and len(near.batches) == len(plan.parts):
        return replace(plan, near=near.batches)
    return replace(plan, whole=with_guess(plan.whole, plan.parts, settings, clock, hours))


@dataclass(frozen=True)
class _Most:
    revenue: float
    proof: Proof
    ended: Basis | None
    split: Solved | None


def _use_hours(batch: Batch, hours: Sequence[Sequence[float]]) -> tuple[HoursUsed, Basis | None]:
    used = hours_used(batch.case, hours, batch.settings, batch.clock, batch.near)
    use = credited_in_order(used.found, batch.clock).use
    given = HoursUsed(replace(used.solved, use=use), used.drained, used.shortfall, used.proof)
    return given, used.found.solution.basis


def _earn_most(batch: Batch, credited: bool) -> _Most:
    program = batch.case.program()
    found = solved(program, batch.settings, batch.clock, start=batch.start_of(program))
    use = credited_in_order(found, batch.clock).use if credited else None
    split = None if use is None else Solved(use, found.revenue)
    return _Most(found.revenue, found.proof, found.solution.basis, split)
