"""The false choices, side by side: today's split, equal, all in on each area, and the best one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from allocator.allocation import Allocation
from allocator.answers.fixed_splits import (
    all_in,
    differences,
    equal_split,
    hours_of,
    refuse_strangers,
    without_a_choice,
)
from allocator.answers.moves import MovesCurve, moves_curve
from allocator.apart.dividing import divided
from allocator.apart.together import certified_hours
from allocator.certificate import Solves, worst_of
from allocator.certified import Certified
from allocator.checked import check
from allocator.deriving import instance
from allocator.instance import Instance
from allocator.limits import TOLERANCE, Check, each, limits_on_hours
from allocator.model import Model
from allocator.plan import Plan
from allocator.progress import Progress, silent
from allocator.reached import SourceTotals
from allocator.recommended import recommended_or_known
from allocator.solving.settings import Clock, Settings
from allocator.wording import in_sentence, names

LEAN = 0.7
NO_WINS = 1e-6
"""Wins that are none: what a solver leaves of 0."""
DEFAULT = Settings()
Kind = Literal["today", "equal", "all_in", "recommended", "other", "moves"]
Decided = tuple[str, Kind, str | None, Sequence[float]]
"""A split that is not found but decided: its name, kind, area leant on, and hours by row."""


@dataclass(frozen=True)
class Split:
    """One split of the hours and what it earns, used as well as it can be.

    `area` is the one that is leant on, where there is one. Opportunities and wins are those of the
    period over all territories; `moves` is Σ|x − today|, like `hours` for the period.
    """

    name: str
    kind: Kind
    area: str | None
    certified: Certified

    @property
    def revenue(self) -> float:
        """Projected revenue in the plan's currency."""
        return self.certified.revenue

    @property
    def open(self) -> float:
        """Opportunities open at the start."""
        return self._sum(lambda source: source.open)

    @property
    def created(self) -> float:
        """Opportunities that the hours create."""
        return self._sum(lambda source: source.total_created)

    @property
    def worked(self) -> float:
        """Opportunities worked, at whatever depth."""
        return self._sum(lambda source: source.total_worked)

    @property
    def unworked(self) -> float:
        """Opportunities open at the start or created that nobody works in the period."""
        return self._sum(lambda source: source.unworked)

    @property
    def wins(self) -> float:
        """Opportunities won."""
        return self._sum(lambda source: source.total_wins)

    @property
    def hours(self) -> float:
        """Hours of all rows."""
        return math.fsum(hours for in_steps in self.certified.outcome.hours for hours in in_steps)

    @property
    def moves(self) -> float:
        """Σ|x − today|: an hour moved counts where it leaves and where it goes."""
        return self.certified.outcome.moved

    @property
    def hours_per_win(self) -> float | None:
        """Hours for each win; None without any but such as a solver rounds to."""
        return self.hours / self.wins if self.wins > NO_WINS else None

    @property
    def drained(self) -> tuple[str, ...]:
        """Territories whose hours can't leave the pipeline that the next period starts from."""
        territories = self.certified.outcome.instance.territories
        return tuple(territories[k].name for k in sorted(self.certified.drained))

    @property
    def broken(self) -> tuple[Check, ...]:
        """Capacities, bounds and shares that the hours don't keep."""
        outcome = self.certified.outcome
        checks = each(limits_on_hours(outcome), outcome)
        return tuple(check for check in checks if check.violation > TOLERANCE)

    @property
    def kept(self) -> bool:
        """Whether the split keeps every limit of the plan, and its pipeline."""
        return not (self.drained or self.broken)

    def _sum(self, of: Callable[[SourceTotals], float]) -> float:
        return math.fsum(map(of, self.certified.outcome.sources))


@dataclass(frozen=True)
class Comparison:
    """Splits of one plan's hours side by side; `lean`: the share of them that 'all in' puts on an area.

    `curve`: what fewer moves than the recommended split's earn, where that was asked for.
    """

    plan: Plan
    model: Model
    lean: float
    splits: tuple[Split, ...]
    curve: MovesCurve | None
    notes: tuple[str, ...]
    certificate: Solves

    @property
    def today(self) -> Split:
        """Today's split."""
        return next(split for split in self.splits if split.kind == "today")

    @property
    def recommended(self) -> Split:
        """The recommended split."""
        return next(split for split in self.splits if split.kind == "recommended")

    def against_today(self, revenue: float) -> float:
        """What is earned more than with today's split, in the plan's currency."""
        return revenue - self.today.revenue

    @property
    def most_created(self) -> Split | None:
        """The all-in split that creates the most opportunities, if any creates any."""
        creating = [split for split in self.splits if split.kind == "all_in" and split.created > 0]
        return max(creating, key=lambda split: split.created, default=None)


def compare(  # noqa: PLR0913 (most of them are options by name)
    plan: Plan,
    model: Model,
    others: Sequence[Plan] = (),
    *,
    lean: float = LEAN,
    moves: bool = False,
    settings: Settings = DEFAULT,
    progress: Progress = silent,
    known: Allocation | None = None,
) -> Comparison:
    """What today's split earns beside the simple ones, the recommended one and other plans' hours.

    Of `others` only the hours count, on the facts of `plan`. `lean` is the share (0 to 1) that 'all in'
    puts on an area; `moves` asks for the revenue with fewer moves. What `known` answers of this plan
    with these settings is not solved again.

    Raises `PlanError` where plan and model do not fit or another plan has rows that this one has not,
    `InfeasibleError` where no split keeps every limit, `SolverError`, `CertificateError` as `allocate`
    does, `ValueError` for a `lean` out of range.
    """
    if not 0 <= lean <= 1:
        raise ValueError(f"lean should be from 0 to 1, and is {lean!r}")
    check(plan, model)
    refuse_strangers(others, plan)
    clock, case = Clock(settings.time_limit), instance(plan, model)
    known = known if known is not None and known.answers(case, settings) else None
    decided = [
        *_simple(case, lean),
        *(
            (name, "other", None, hours_of(other, plan, case))
            for name, other in zip(_named(others), others, strict=True)
        ),
    ]
    splits: list[Split] = []
    apart = divided(case, settings)
    for at, (name, kind, area, hours) in enumerate(decided):
        progress(f"Working out what the hours earn: {name}", at / (len(decided) + 1))
        by_step = [[total / case.steps] * case.steps for total in hours]
        todays = known.certified_today if known and kind == "today" else None
        used = todays or certified_hours(apart, by_step, settings, clock)
        splits.append(Split(name, kind, area, used))
    progress("Finding the best split", len(decided) / (len(decided) + 1))
    found, best = recommended_or_known(known, apart, settings, clock)
    splits.insert(len(splits) - len(others), Split("recommended", "recommended", None, found))
    curve = None
    if moves:
        curve = moves_curve(best, found.outcome.moved, settings, clock, progress)
    return Comparison(
        plan=plan,
        model=model,
        lean=lean,
        splits=tuple(splits),
        curve=curve,
        notes=tuple(_notes(case, plan, others)),
        certificate=_certificate(splits, curve),
    )


def _simple(case: Instance, lean: float) -> Iterator[Decided]:
    """Today's split and those that need no thinking."""
    yield "today", "today", None, [row.today for row in case.rows]
    yield "equal split", "equal", None, equal_split(case)
    present = {row.area for row in case.rows}
    for area in (area for area in case.model.areas if area in present):
        yield f"all in on {area}", "all_in", area, all_in(case, area, lean)


def _named(others: Sequence[Plan]) -> Iterator[str]:
    """What the other plans' splits are called: by file, numbered where two files have one name."""
    seen: Counter[str] = Counter()
    for other in others:
        seen[other.name] += 1
        yield other.name if seen[other.name] == 1 else f"{other.name} ({seen[other.name]})"


def _notes(case: Instance, plan: Plan, others: Sequence[Plan]) -> Iterator[str]:
    yield from plan.notes
    for other in others:
        yield from (f"{other.name}: {note}" for note in other.notes)
        yield from differences(other, plan)
    for area in dict.fromkeys(row.area for row in case.rows):
        if keep := without_a_choice(case, area):
            where = in_sentence(area)
            yield f"All in on {where} leaves those without a row for it at today's hours: {names(keep)}"


def _certificate(splits: Iterable[Split], curve: MovesCurve | None) -> Solves:
    figures = [split.certified.worst for split in splits]
    if curve is None:
        return Solves(len(figures), worst_of(figures))
    more = curve.certificate
    return Solves(len(figures) + more.solves, worst_of((*figures, more.worst)))
