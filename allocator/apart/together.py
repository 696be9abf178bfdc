"""The batches' answers put together: the certificate of the whole plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from allocator import certified
from allocator.apart.asking import Asking
from allocator.apart.batch import Weights
from allocator.apart.dividing import Divided, divided
from allocator.apart.master import BEST, FEWEST, Common, Master, UndividedError, Worth, worth_of
from allocator.apart.one import as_one, start_from
from allocator.apart.pool import Pool
from allocator.apart.price import shared
from allocator.apart.tasks import (
    Floor,
    Kept,
    Optimum,
    Priced,
    find_optimum,
    find_vertex,
    find_worth,
    keep_floor,
    set_weights,
    use_hours,
)
from allocator.arrays import Floats
from allocator.certificate import TOLERANCE, Proof, require, worst_of
from allocator.certified import Certified
from allocator.errors import InfeasibleError
from allocator.instance import Instance
from allocator.outcome import Use
from allocator.parts import Part
from allocator.progress import Progress, silent
from allocator.solving.fixed_hours import HoursUsed
from allocator.solving.optimum import Solved, SolvedProgram, averaged, solved
from allocator.solving.passes import Best, given_up, most_revenue
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import with_guess

HAIR = 1e-12
MOST_PRICED = 26
"""Limits on a batch's shared hours, one for a rep and step, that prices divide among a few batches."""


@dataclass(frozen=True)
class BestApart:
    """The optimum of a plan that was solved apart, and how well the fewest moves are proven.

    `optimum` and `bound` are in the plan's currency: the most that any split earns, and what none can
    exceed by the proof.
    """

    plan: Divided
    kept: tuple[Kept, ...]
    optimum: float
    bound: float
    moves: Proof
    settings: Settings

    @property
    def shares_hours(self) -> bool:
        """Whether the batches share hours, or reps are pooled."""
        return bool(self.plan.overlays or self.plan.pool)

    @cached_property
    def first(self) -> SolvedProgram:
        """The first pass as one programme, its vertex put together from the batches'.

        Where these share hours, that is no vertex of the whole, which is then solved from there; where
        reps are pooled, it is solved anew.
        """
        if not self.shares_hours:
            return as_one(self.plan, self.kept)
        clock = Clock(self.settings.time_limit)
        if self.plan.pool:
            return most_revenue(self.plan.unpooled, self.settings, clock)
        program = self.plan.whole.program()
        start = start_from(self.plan, program, [mine.first for mine in self.kept])
        return solved(program, self.settings, clock, start=start)


def certified_hours(
    case: Instance | Divided,
    hours: Sequence[Sequence[float]],
    settings: Settings,
    clock: Clock,
    progress: Progress = silent,
) -> Certified:
    """What fixed `hours` (row × step) earn, used as well as they can be; bounds and shares are dropped.

    `case`: a plan, or what `divided` made of it. Raises what
    `allocator.certified.certified_hours` does.
    """
    plan = case if isinstance(case, Divided) else divided(case, settings)
    if not plan.parts:
        return certified.certified_hours(plan.unpooled, hours, settings, clock)
    by_row = plan.pool.together(hours) if plan.pool else hours
    with Asking(plan, settings, clock, progress) as asking:
        mine = [([by_row[i] for i in part.rows],) for part in plan.parts]
        found = asking.each("Working out what today's split earns", use_hours, mine)
    used = _used_together(plan, found)
    if plan.pool:
        used = replace(used, solved=replace(used.solved, use=replace(used.solved.use, hours=hours)))
    return certified.certified_used(plan.case, hours, used)


def certified_best(
    case: Instance | Divided,
    settings: Settings,
    clock: Clock,
    progress: Progress = silent,
) -> tuple[Certified, Best | BestApart]:
    """The recommended split of a plan, and the programme's word on it.

    `case`: a plan, or what `divided` made of it. Raises what
    `allocator.certified.certified_best` does.
    """
    plan = case if isinstance(case, Divided) else divided(case, settings)
    if plan.pool:
        try:
            return _pooled(plan, plan.pool, settings, clock, progress)
        except UndividedError:
            plan = divided(plan.case, settings, pooling=False)
    if not plan.parts:
        return certified.certified_best(plan.whole, settings, clock)
    plan = replace(plan, whole=with_guess(plan.whole, plan.parts, clock))
    whole, overlays = plan.whole.instance, plan.overlays
    with Asking(plan, settings, clock, progress) as asking:
        if overlays:
            if not _pays(plan):
                return _joined(plan, settings, clock, asking)
            try:
                found = _shared(plan, settings, asking)
            except UndividedError:
                return _joined(plan, settings, clock, asking)
            except InfeasibleError:  # perhaps only with shared hours divided as today
                return certified.certified_best(plan.whole, settings, clock)
        else:
            found = _unshared(settings, asking)
    together = _together(plan, [each.solved for each in found.kept])
    use = averaged(whole, together.use)
    proof = _worst_proof([each.proof for each in found.kept])
    reached = certified.certified_use(whole, use, proof, together.revenue)
    floor = found.optimum * (1 - settings.stability)
    promised = certified.promises(reached.outcome, found.bound, floor, found.least_moves)
    gap = certified.relative(reached.outcome.moved, found.least_moves)
    moves = replace(_worst_proof([each.moves for each in found.kept]), gap=gap)
    require(moves.worst, promised)
    return reached, BestApart(plan, found.kept, found.optimum, found.bound, moves, settings)


def _pays(plan: Divided) -> bool:
    """Whether prices on shared hours settle soon: each batch has few of them, or there are more batches.

    Of many batches, few change their minds at once.
    """
    overlays = set(plan.overlays)
    most = max(len(overlays.intersection(part.reps)) for part in plan.parts)
    return most * plan.whole.instance.steps <= max(MOST_PRICED, len(plan.parts))


def _pooled(
    plan: Divided, pool: Pool, settings: Settings, clock: Clock, progress: Progress
) -> tuple[Certified, BestApart]:
    """Both passes with teams in place of the reps who are pooled, whose hours are then handed out."""
    found, best = certified_best(replace(plan, pool=None), settings, clock, progress)
    use = found.outcome.use
    use = replace(use, hours=pool.handed_out(found.outcome.by_row))
    reached = certified.certified_use(plan.case, use, found.proof, found.revenue)
    moved = reached.outcome.moved
    if not certified.relative(moved, found.outcome.moved) <= TOLERANCE:
        raise UndividedError
    kept = best.kept if isinstance(best, BestApart) else ()
    return reached, BestApart(plan, kept, best.optimum, best.bound, best.moves, settings)


@dataclass(frozen=True)
class _Found:
    """What the batches came to: money in the plan's currency; no split that earns as much moves less."""

    kept: tuple[Kept, ...]
    optimum: float
    bound: float
    least_moves: float


def _unshared(settings: Settings, asking: Asking) -> _Found:
    """Both passes of batches that have nothing in common but the revenue that may be given up."""
    optima: list[Optimum] = asking.each(BEST, find_optimum, [()] * asking.count)
    optimum = math.fsum(found.revenue for found in optima)
    # A hair is each batch's own, so that it finds its floor again in spite of rounding.
    own = [abs(found.revenue) * HAIR for found in optima]

    def at_weights(asked: Sequence[tuple[int, tuple[Weights, ...]]]) -> list[Priced]:
        return asking.some(FEWEST, set_weights, [(b, (weights,)) for b, weights in asked])

    sharing = shared(optima, given_up(optimum, settings) - math.fsum(own), at_weights)
    floors = [
        (Floor(floor - less, weights),)
        for weights, floor, less in zip(sharing.weights, sharing.floors, own, strict=True)
    ]
    return _Found(
        kept=tuple(asking.each(FEWEST, keep_floor, floors)),
        optimum=optimum,
        bound=math.fsum(found.bound for found in optima),
        least_moves=sharing.least_moves - sharing.price * math.fsum(own),
    )


def _shared(plan: Divided, settings: Settings, asking: Asking) -> _Found:
    """Both passes of batches that also share the hours of overlay reps."""
    master = _master(plan, _first_worth(plan, settings, asking), asking)
    best = master.most_revenue(settings.stability)
    budget = given_up(best.value, settings)
    fewest = master.fewest_moves(best.value - budget, budget)
    own = [abs(floor) * HAIR for floor in fewest.floors]
    floors = [
        (Floor(floor - less, weights, allotted),)
        for floor, less, weights, allotted in zip(
            fewest.floors, own, master.weights, fewest.allotted, strict=True
        )
    ]
    kept: list[Kept] = asking.each(FEWEST, keep_floor, floors)
    least = fewest.bound - fewest.price * math.fsum(own)
    return _Found(tuple(kept), best.value, best.bound, least)


def _master(plan: Divided, worth: Worth, asking: Asking) -> Master:
    """What has the batches asked, and divides the hours that they share."""

    def at_weights(doing: str, weights: Sequence[tuple[Weights, ...]]) -> list[Priced]:
        return asking.each(doing, set_weights, [(mine,) for mine in weights])

    return Master(_common(plan), worth, at_weights, asking.clock)


def _first_worth(plan: Divided, settings: Settings, asking: Asking) -> Worth:
    """What an hour may be worth: as in one step, and there as with shared hours divided as today."""
    case, one_step = plan.whole.instance, plan.whole.one_step
    if one_step is None:
        found = asking.each(BEST, find_worth, [(mine,) for mine in _as_today(plan)])
        capacity = math.fsum(rep.capacity for rep in case.reps)
        return worth_of(_common(plan), found, capacity)
    parts = tuple(part.under(one_step.instance.model) for part in plan.parts)
    in_one = replace(plan, whole=one_step, parts=parts)
    with Asking(in_one, settings, asking.clock, silent) as asking_one:
        master = _master(in_one, _first_worth(in_one, settings, asking_one), asking_one)
        master.most_revenue(settings.stability)
    return Worth(master.worth.any, np.repeat(master.worth.shared, case.steps))


def _joined(plan: Divided, settings: Settings, clock: Clock, asking: Asking) -> tuple[Certified, Best]:
    """Both passes of the plan as one, from the batches' optima with shared hours divided as today."""
    try:
        found = asking.each(BEST, find_vertex, [(mine,) for mine in _as_today(plan)])
    except InfeasibleError:
        return certified.certified_best(plan.whole, settings, clock)
    start = start_from(plan, plan.whole.program(), found)
    return certified.certified_best(plan.whole, settings, clock, start)


def _common(plan: Divided) -> Common:
    """The hours that the batches share, of each overlay rep in each step."""
    case, steps = plan.whole.instance, plan.whole.instance.steps
    hours = np.repeat([case.reps[r].capacity / steps for r in plan.overlays], steps)
    of_batch = [
        np.array([at * steps + t for at in _shared_in(plan, part) for t in range(steps)], np.int32)
        for part in plan.parts
    ]
    return Common(hours, tuple(of_batch))


def _as_today(plan: Divided) -> list[Floats]:
    """By batch, the shared hours that today's split gives it."""
    case, found = plan.whole.instance, []
    for part in plan.parts:
        rows = set(part.rows)
        today = [
            math.fsum(case.rows[i].today for i in case.reps[plan.overlays[at]].rows if i in rows)
            for at in _shared_in(plan, part)
        ]
        found.append(np.repeat(today, case.steps) / case.steps)
    return found


def _shared_in(plan: Divided, part: Part) -> list[int]:
    """The places, among the overlay reps, of those whom a batch has."""
    return [at for at, r in enumerate(plan.overlays) if r in part.reps]


def _together(plan: Divided, found: Sequence[Solved]) -> Solved:
    """What was decided for the batches, by the whole plan's numbers."""
    whole = plan.whole.instance
    hours = np.zeros((len(whole.rows), whole.steps))
    created: list[npt.ArrayLike] = [()] * len(whole.territories)
    worked: list[npt.ArrayLike] = [()] * len(whole.territories)
    for part, mine in zip(plan.parts, found, strict=True):
        hours[list(part.rows)] = mine.use.hours
        for k, *there in zip(part.territories, mine.use.created, mine.use.worked, strict=True):
            created[k], worked[k] = there
    return Solved(Use(hours, created, worked), math.fsum(mine.revenue for mine in found))


def _used_together(plan: Divided, found: Sequence[HoursUsed]) -> HoursUsed:
    """Fixed hours used in all batches; territories by the whole plan's numbers."""
    pairs = list(zip(plan.parts, found, strict=True))
    return HoursUsed(
        solved=_together(plan, [mine.solved for mine in found]),
        drained=frozenset(part.territories[k] for part, mine in pairs for k in mine.drained),
        shortfall={
            part.territories[k]: least for part, mine in pairs for k, least in mine.shortfall.items()
        },
        proof=_worst_proof([mine.proof for mine in found]),
    )


def _worst_proof(proofs: Sequence[Proof]) -> Proof:
    """One proof for all: relative to the whole, each figure is at most the worst of the batches'."""
    return Proof(
        primal=worst_of(proof.primal for proof in proofs),
        dual=worst_of(proof.dual for proof in proofs),
        complementary=worst_of(proof.complementary for proof in proofs),
        gap=worst_of(proof.gap for proof in proofs),
    )
