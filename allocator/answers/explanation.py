"""Why this split, and how firm it is: answered by solving the same programme with other limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.allocation import Allocation
from allocator.errors import OutOfTimeError
from allocator.parts import parts
from allocator.progress import Progress, silent
from allocator.solving.settings import STABILITY, Clock

if TYPE_CHECKING:
    from allocator.answers.bottlenecks import Bottleneck
    from allocator.answers.worth import Costly, HoursWorth
    from allocator.apart.kept import Kept

WITHIN = 0.01
"""How far below the best revenue a split is still as good as the best, unless told otherwise."""

NOT_EXPLAINED = (
    "The best split was found, but the time limit was reached before it was known why it is the best "
    "and how firm. Allow more time with --time-limit"
)
MOST_ROWS = 2_500
"""Rows × steps above which an explanation is made only when it is asked for: it takes a while."""
MOST_TOGETHER = 1_200_000
"""The same for the square of rows, summed over the parts that share no rep, × steps."""


@dataclass(frozen=True)
class Range:
    """Between how many hours an area of a territory can have, the others making the best of it.

    `least` and `most` hours over the period within the given share of the best revenue; `hours` are
    the recommended ones.
    """

    territory: str
    area: str
    hours: float
    least: float
    most: float


@dataclass(frozen=True)
class Explanation:
    """Why the recommended split is as it is, and which of its numbers matter.

    `within`: the share of the best revenue that may be missing in `ranges`. `bottlenecks` are by
    territory with today's split. `hours`: what an hour more or less of each rep is worth. `limits`:
    the share limits and bounds that cost revenue, dearest first. `solves` programmes were solved and
    proven for it, the worst proof off by `worst`, relative.
    """

    within: float
    ranges: tuple[Range, ...]
    bottlenecks: tuple[Bottleneck, ...]
    hours: tuple[HoursWorth, ...]
    limits: tuple[Costly, ...]
    solves: int
    worst: float


def worth_explaining(allocation: Allocation) -> bool:
    """Whether the plan is small enough to be explained without being asked.

    What is asked of a territory is asked of the part of the plan that shares reps with it, and takes the
    longer the larger that is. One whose batches share hours is solved as one for it, which is too large.
    """
    steps = allocation.model.steps
    small = len(allocation.plan.rows) * steps <= MOST_ROWS and not allocation.best.shares_hours
    return small and steps * sum(len(p.rows) ** 2 for p in parts(allocation.instance)) <= MOST_TOGETHER


def explained(
    allocation: Allocation, within: float | None = None, progress: Progress = silent
) -> Explanation | None:
    """The explanation of a plan that is small enough, or of any where a share `within` is asked for."""
    if within is None and not worth_explaining(allocation):
        return None
    return explain(allocation, WITHIN if within is None else within, progress)


def explain(allocation: Allocation, within: float = WITHIN, progress: Progress = silent) -> Explanation:
    """Why this split and how firm it is.

    `within` is a share of the best revenue, 0 to 1; less than the recommended split gives up by default,
    for fewer moves, counts as that. Raises `SolverError` where the time limit of the
    allocation's settings, counted anew, does not suffice, `CertificateError` where a figure is not
    proven, `ValueError` for a share out of range.
    """
    if not 0 <= within < 1:
        raise ValueError(f"within should be from 0 up to 1, and is {within!r}")
    try:
        return _explained(allocation, within, progress)
    except OutOfTimeError as error:
        raise OutOfTimeError(NOT_EXPLAINED) from error


def _explained(allocation: Allocation, within: float, progress: Progress) -> Explanation:
    from allocator.answers.bottlenecks import bottlenecks
    from allocator.answers.worth import costly_limits, worth_of_hours
    from allocator.apart.kept import Kept

    settings = allocation.settings
    kept = Kept(allocation.optimum, settings, Clock(settings.time_limit))
    ranges = _ranges(allocation, kept, within, progress)
    hours = worth_of_hours(allocation, kept, progress)
    limits = costly_limits(allocation, kept, progress)
    return Explanation(
        within=within,
        ranges=ranges,
        bottlenecks=bottlenecks(allocation),
        hours=hours,
        limits=limits,
        solves=kept.solves.solves,
        worst=kept.solves.worst,
    )


def _ranges(allocation: Allocation, kept: Kept, within: float, progress: Progress) -> tuple[Range, ...]:
    """By territory in the plan's order, then by area in the model's."""
    program = kept.whole.program
    number_of = {territory.name: k for k, territory in enumerate(program.instance.territories)}
    asked = [
        (program.instance.territories[number_of[name]], area, column)
        for name in allocation.plan.territories
        for hours_of in [program.variables(number_of[name]).X]
        for area in allocation.model.areas
        if (column := hours_of.get(area)) is not None
    ]
    given_up = max(within, STABILITY) * abs(kept.whole.revenue)
    doing = "Asking how firm the hours are"
    found = kept.extremes([column for *_, column in asked], given_up, doing, progress)
    return tuple(
        Range(k.name, area, allocation.recommended.area_hours(k, area), max(0.0, least), most)
        for (k, area, _), (least, most) in zip(asked, found, strict=True)
    )
