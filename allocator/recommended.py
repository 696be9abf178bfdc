"""The recommended split of a plan, and what gives way for it where no split keeps every limit."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from allocator.errors import InfeasibleError, SolverError
from allocator.instance import Instance
from allocator.progress import Progress, silent
from allocator.solving.settings import Clock, Settings

if TYPE_CHECKING:
    from allocator.allocation import Allocation
    from allocator.apart.dividing import Divided
    from allocator.apart.together import BestApart
    from allocator.certified import Certified
    from allocator.solving.passes import Best
    from allocator.solving.repair import Change, Repair


def recommended_split(
    plan: Divided,
    settings: Settings,
    clock: Clock,
    relax: bool = False,
    progress: Progress = silent,
) -> tuple[Instance, tuple[Change, ...], Certified, Best | BestApart]:
    """The best split, after the least change to the limits where that is needed and allowed.

    Raises `InfeasibleError` with what conflicts and what would do, where it is not allowed.
    """
    from allocator.apart.together import certified_best

    with suppress(InfeasibleError):
        return plan.case, (), *certified_best(plan, settings, clock, progress)
    return _best_after_giving_way(plan.case, settings, clock, relax, progress)


def _best_after_giving_way(
    case: Instance, settings: Settings, clock: Clock, relax: bool, progress: Progress
) -> tuple[Instance, tuple[Change, ...], Certified, Best | BestApart]:
    from allocator.apart.together import certified_best
    from allocator.giving_way import as_printed
    from allocator.infeasible import explained
    from allocator.solving.repair import changed, repairs, widened

    found = repairs(case, clock)
    changes = _all_changes(found)
    if not changes:
        raise SolverError("No split was found, and no limit that would have to give way either")
    told = tuple(change for change in changes if change.matters)
    if told and not relax:
        raise explained(found, clock)
    printed = [as_printed(change) for change in changes]
    relaxed = changed(case, printed)
    try:
        return relaxed, told, *certified_best(relaxed, settings, clock, progress)
    except (InfeasibleError, SolverError):  # a plan that is only just possible is hard on solvers
        relaxed = changed(case, map(widened, printed))
        return relaxed, told, *certified_best(relaxed, settings, clock, progress)


def rounding_of_limits(case: Instance, clock: Clock) -> tuple[Change, ...]:
    """What has to give way where limits miss one another by rounding only, and no split keeps all.

    Nothing where more has to. `recommended_split` makes these changes without a word; whoever asks
    further of the plan, or of one with other facts, makes them as well.
    """
    from allocator.giving_way import as_printed
    from allocator.solving.repair import repairs, widened

    changes = _all_changes(repairs(case, clock))
    if any(change.matters for change in changes):
        return ()
    return tuple(widened(as_printed(change)) for change in changes)


def _all_changes(found: Sequence[Repair]) -> tuple[Change, ...]:
    """What gives way in all repairs together."""
    from allocator.solving.repair import in_whole

    return tuple(change for repair in found for change in in_whole(repair))


def recommended_or_known(
    known: Allocation | None, plan: Divided, settings: Settings, clock: Clock
) -> tuple[Certified, Best | BestApart]:
    """The recommended split and what is behind it: an allocation's, or found where there is none."""
    if known is not None:
        return known.certified, known.best
    _, _, found, best = recommended_split(plan, settings, clock)
    return found, best
