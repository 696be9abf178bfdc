"""The batches' answers put together: the certificate of the whole plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from allocator import certified
from allocator.apart.asking import Asking, asking_batches
from allocator.apart.both_passes import Found, unshared
from allocator.apart.dividing import Divided, Near, divided
from allocator.apart.one import as_one
from allocator.apart.pool import Pool, UndividedError
from allocator.apart.tasks import (
    Kept,
    use_hours,
)
from allocator.apart.totals import put_together, used_together, worst_proof
from allocator.certificate import TOLERANCE, Proof, require
from allocator.certified import Certified
from allocator.errors import CertificateError
from allocator.instance import Instance
from allocator.progress import Progress, silent
from allocator.solving.optimum import SolvedProgram, averaged
from allocator.solving.passes import Best, most_revenue
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import with_guess

if TYPE_CHECKING:
    from allocator.apart.hour_prices import Worth


@dataclass(frozen=True)
class BestApart:
    """The optimum of a plan that was solved apart, and how well the fewest moves are proven.

    `optimum` and `bound` are in the plan's currency: the most that any split earns, and what none can
    exceed by the proof. `joint`: the first pass where batches share hours, as one programme; where reps
    are pooled, that of the pooled plan. `worth`: what these hours are worth.
    """

    plan: Divided
    kept: tuple[Kept, ...]
    optimum: float
    bound: float
    moves: Proof
    settings: Settings
    joint: SolvedProgram | None = None
    worth: Worth | None = None

    @property
    def shares_hours(self) -> bool:
        """Whether the batches share hours, or reps are pooled."""
        return bool(self.plan.overlays or self.plan.pool)

    @property
    def proof(self) -> Proof:
        """How well the optimum is proven."""
        return worst_proof([each.proof for each in self.kept])

    @property
    def near(self) -> Near:
        """Where the first pass ended, for one of a like plan to start from."""
        batches = tuple(each.first.basis for each in self.kept)
        return Near(batches, self.worth.revenue) if self.worth else Near(batches)

    @cached_property
    def first(self) -> SolvedProgram:
        """The first pass as one programme: solved as one, or put together from the batches' vertices.

        Where reps are pooled, it is solved anew with each of them.
        """
        if self.plan.pool:
            return _rep_by_rep(self, self.plan.pool)
        return self.joint or as_one(self.plan, self.kept)


def _rep_by_rep(best: BestApart, pool: Pool) -> SolvedProgram:
    """The first pass of a plan whose reps were pooled, from what the hours of their teams are worth."""
    from allocator.apart.both_passes_sharing import most_as_one

    plan, clock = divided(pool.case, best.settings, pooling=False), Clock(best.settings.time_limit)
    if not (best.worth and plan.overlays):
        return most_revenue(plan.whole, best.settings, clock)
    by_team = best.worth.revenue.reshape(len(best.plan.overlays), -1)
    places = [best.plan.overlays.index(pool.stands_for(r)) for r in plan.overlays]
    with asking_batches(plan, best.settings, clock) as asking:
        first, _ = most_as_one(plan, best.settings, asking, Near((), by_team[places].ravel()))
    return first


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
    by_row = plan.pooled_hours(hours)
    plan = replace(plan, whole=with_guess(plan.whole, plan.parts, settings, clock, by_row))
    with asking_batches(plan, settings, clock, progress) as asking:
        mine = [([by_row[i] for i in part.rows],) for part in plan.parts]
        found = asking.each("Working out what today's split earns", use_hours, mine)
    return certified.certified_used(plan.case, hours, used_together(plan, hours, found))


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
    plan = replace(plan, whole=with_guess(plan.whole, plan.parts, settings, clock))
    whole, overlays = plan.whole.instance, plan.overlays
    with asking_batches(plan, settings, clock, progress) as asking:
        found = _shared(plan, settings, asking) if overlays else unshared(settings, asking)
    together = put_together(plan, [each.solved for each in found.kept])
    use = averaged(whole, together.use)
    proof = found.first.proof if found.first else worst_proof([each.proof for each in found.kept])
    reached = certified.certified_use(whole, use, proof, together.revenue)
    floor = found.optimum * (1 - settings.stability)
    promised = certified.promises(reached.outcome, found.bound, floor, found.least_moves)
    gap = certified.relative(reached.outcome.moved, found.least_moves)
    moves = replace(worst_proof([each.moves for each in found.kept]), gap=gap)
    require(moves.worst, promised)
    return reached, BestApart(
        plan, found.kept, found.optimum, found.bound, moves, settings, found.first, found.worth
    )


def _shared(plan: Divided, settings: Settings, asking: Asking) -> Found:
    """Both passes of batches that share hours: few plans have any, and what that takes loads here."""
    from allocator.apart.both_passes_sharing import shared

    return shared(plan, settings, asking)


def _pooled(
    plan: Divided, pool: Pool, settings: Settings, clock: Clock, progress: Progress
) -> tuple[Certified, BestApart]:
    """Both passes with teams in place of the reps who are pooled, whose hours are then handed out."""
    found, best = certified_best(replace(plan, pool=None), settings, clock, progress)
    use = found.outcome.use
    use = replace(use, hours=pool.handed_out(found.outcome.by_row))
    try:
        reached = certified.certified_use(plan.case, use, found.proof, found.revenue)
    except CertificateError as error:
        raise UndividedError from error
    moved = reached.outcome.moved
    if not certified.relative(moved, found.outcome.moved) <= TOLERANCE:
        raise UndividedError
    if isinstance(best, BestApart):
        return reached, replace(best, plan=plan)
    return reached, BestApart(plan, (), best.optimum, best.bound, best.moves, settings)
