"""The batches' answers put together: the certificate of the whole plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from allocator import certified
from allocator.apart.asking import Asking, asking_batches
from allocator.apart.batch import Weights
from allocator.apart.dividing import Divided, divided
from allocator.apart.hour_prices import (
    Forgone,
    Worth,
    as_today,
    common_to,
    price_on_revenue,
    prices_by_step,
    worth_of,
)
from allocator.apart.joint import Joint
from allocator.apart.one import as_one
from allocator.apart.pool import Pool, UndividedError
from allocator.apart.price import shared
from allocator.apart.tasks import (
    Floor,
    Kept,
    Optimum,
    Priced,
    find_begun,
    find_optimum,
    find_taken,
    find_vertex,
    find_worth,
    keep_floor,
    set_weights,
    use_hours,
)
from allocator.apart.totals import put_together, used_together, worst_proof
from allocator.arrays import Floats
from allocator.certificate import TOLERANCE, Proof, require
from allocator.certified import Certified
from allocator.errors import InfeasibleError
from allocator.instance import Instance
from allocator.progress import Progress, silent
from allocator.solving.ended import Ended, ended
from allocator.solving.optimum import SolvedProgram, averaged
from allocator.solving.passes import Best, given_up, most_revenue
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import with_guess

HAIR = 1e-12
BEST, FEWEST = "Finding the best split", "Finding the fewest moves"


@dataclass(frozen=True)
class BestApart:
    """The optimum of a plan that was solved apart, and how well the fewest moves are proven.

    `optimum` and `bound` are in the plan's currency: the most that any split earns, and what none can
    exceed by the proof. `joint`: the first pass where it was solved as one.
    """

    plan: Divided
    kept: tuple[Kept, ...]
    optimum: float
    bound: float
    moves: Proof
    settings: Settings
    joint: SolvedProgram | None = None

    @property
    def shares_hours(self) -> bool:
        """Whether the batches share hours, or reps are pooled."""
        return bool(self.plan.overlays or self.plan.pool)

    @property
    def proof(self) -> Proof:
        """How well the optimum is proven."""
        return worst_proof([each.proof for each in self.kept])

    @property
    def ended(self) -> tuple[Ended, ...]:
        """Where the first pass of each batch ended."""
        return tuple(ended(each.first) for each in self.kept)

    @cached_property
    def first(self) -> SolvedProgram:
        """The first pass as one programme: solved as one, or put together from the batches' vertices.

        Where reps are pooled, it is solved anew.
        """
        if self.plan.pool:
            clock = Clock(self.settings.time_limit)
            return most_revenue(self.plan.unpooled, self.settings, clock)
        return self.joint or as_one(self.plan, self.kept)


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
    by_row = plan.pool.together(hours).tolist() if plan.pool else hours
    plan = replace(plan, whole=with_guess(plan.whole, plan.parts, clock, by_row))
    with asking_batches(plan, settings, clock, progress) as asking:
        mine = [([by_row[i] for i in part.rows],) for part in plan.parts]
        found = asking.each("Working out what today's split earns", use_hours, mine)
    used = used_together(plan, found)
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
    with asking_batches(plan, settings, clock, progress) as asking:
        found = _shared(plan, settings, asking) if overlays else _unshared(settings, asking)
    together = put_together(plan, [each.solved for each in found.kept])
    use = averaged(whole, together.use)
    proof = found.first.proof if found.first else worst_proof([each.proof for each in found.kept])
    reached = certified.certified_use(whole, use, proof, together.revenue)
    floor = found.optimum * (1 - settings.stability)
    promised = certified.promises(reached.outcome, found.bound, floor, found.least_moves)
    gap = certified.relative(reached.outcome.moved, found.least_moves)
    moves = replace(worst_proof([each.moves for each in found.kept]), gap=gap)
    require(moves.worst, promised)
    return reached, BestApart(plan, found.kept, found.optimum, found.bound, moves, settings, found.first)


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
    """What the batches came to: money in the plan's currency; no split that earns as much moves less.

    `first`: the first pass as one programme, where it was solved as one.
    """

    kept: tuple[Kept, ...]
    optimum: float
    bound: float
    least_moves: float
    first: SolvedProgram | None = None


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
    joint = Joint(plan, asking.clock)
    passes = _joint_passes(joint, plan, settings, asking)
    first, second = passes.first, passes.second
    floors = [
        (Floor(share.floor - abs(share.floor) * HAIR, mine, share.allotted),)
        for share, mine in zip(joint.shares(second), passes.weights, strict=True)
    ]
    kept: list[Kept] = asking.each(FEWEST, keep_floor, floors)
    return _Found(tuple(kept), first.revenue, first.bound * first.program.money, second.bound, first)


@dataclass(frozen=True)
class _JointPasses:
    """Both passes as one programme each, and what shared hours are worth in them.

    `weights`: by batch, those that were set before the second pass.
    """

    first: SolvedProgram
    second: SolvedProgram
    worth: Worth
    weights: list[tuple[Weights, ...]]


def _joint_passes(joint: Joint, plan: Divided, settings: Settings, asking: Asking) -> _JointPasses:
    """Both passes of a plan whose batches share hours, from what these may be worth."""
    guess = _guess(plan, settings, asking)

    def taken(weights: Sequence[tuple[Weights, ...]]) -> list[Floats]:
        return asking.each(BEST, find_taken, [(mine,) for mine in weights])

    begun = prices_by_step(plan, guess.revenue, taken)
    begun_at = asking.each(BEST, find_begun, [(mine,) for mine in begun.weights])
    asking.progress(BEST)
    first = joint.most_revenue(begun_at, begun.prices)

    def at_weights(weights: Sequence[tuple[Weights, ...]]) -> list[Priced]:
        return asking.each(FEWEST, set_weights, [(mine,) for mine in weights])

    budget, moved = given_up(first.revenue, settings), _moved(plan, first)
    forgone = Forgone(budget, first.revenue - budget, moved)
    worth = replace(guess, revenue=joint.earned_by(first))
    weights = price_on_revenue(joint.common, worth, begun, forgone, at_weights)
    price = weights[0][-1].revenue
    found = asking.each(FEWEST, find_vertex, [(mine,) for mine in weights])
    asking.progress(FEWEST)
    second = joint.fewest_moves(forgone.floor, found, Weights(1.0, price, worth.at(price)))
    return _JointPasses(first, second, joint.worth(worth.revenue, second), weights)


def _guess(plan: Divided, settings: Settings, asking: Asking) -> Worth:
    """What shared hours may be worth: as in one step, and there as with them divided as today.

    Nothing is known of it where there is no such split; there may be one of the plan all the same.
    """
    case, one_step, common = plan.whole.instance, plan.whole.one_step, common_to(plan)
    nothing = np.zeros(len(common.hours))
    try:
        if one_step is None:
            found = asking.each(BEST, find_worth, [(mine,) for mine in as_today(plan)])
            return Worth(worth_of(common, found), nothing)
        parts = tuple(part.under(one_step.instance.model) for part in plan.parts)
        in_one = replace(plan, whole=one_step, parts=parts)
        with asking_batches(in_one, settings, asking.clock, silent) as asking_one:
            passes = _joint_passes(Joint(in_one, asking.clock), in_one, settings, asking_one)
        return passes.worth.in_each(case.steps)
    except InfeasibleError:
        return Worth(nothing, nothing)


def _moved(plan: Divided, first: SolvedProgram) -> float:
    """The hours that the first pass, as found, moves."""
    today = plan.whole.instance.today
    return math.fsum(np.abs(first.program.hours(first.solution.values) - today).tolist())
