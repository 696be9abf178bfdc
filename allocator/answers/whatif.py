"""What if: both splits of a plan before and after changes to its facts, its hours or its reps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from allocator.allocation import Allocation, allocate
from allocator.certificate import Solves, worst_of
from allocator.changing import with_changes
from allocator.changing.asked import Change, Changed
from allocator.checked import check
from allocator.errors import InfeasibleError, PlanError, Problem
from allocator.model import Model
from allocator.plan import Plan, Row
from allocator.progress import Progress, silent
from allocator.reading.changes import Wanted, read_changes
from allocator.solving.settings import Clock, Settings

SHORTEST = 1e-3
"""Seconds that solving still gets where a time limit has run out: too few, which the solver says."""


@dataclass(frozen=True)
class RowHours:
    """One row of the changed plan: hours of today's and of the recommended split, before and after.

    A row that the changes added has no hours before.
    """

    row: Row
    now_before: float
    now_after: float
    before: float
    after: float


@dataclass(frozen=True)
class Moved:
    """Recommended hours of one area over all territories, or of one territory over all areas."""

    territory: str | None
    area: str | None
    before: float
    after: float


@dataclass(frozen=True)
class WhatIf:
    """What changes to a plan do to today's split and to the recommended one.

    `after.plan` is the changed plan. `moved` has the areas in the model's order, then the territories in
    the plan's. `certificate`: the programmes of both splits, before and after.
    """

    changes: tuple[Changed, ...]
    before: Allocation
    after: Allocation
    moved: tuple[Moved, ...]
    certificate: Solves

    def rows(self) -> Iterator[RowHours]:
        """The rows of the changed plan, in its order."""
        return _rows(self.before, self.after)


def whatif(  # noqa: PLR0913 (two of them are options by name)
    plan: Plan,
    model: Model,
    wanted: Wanted,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    relax: bool = False,
    progress: Progress = silent,
) -> WhatIf:
    """Today's and the recommended split of `plan`, before and after what is `wanted`.

    `relax`: where no split keeps every limit, make the least change to the limits and go on.

    Raises `PlanError` with everything that is wrong with the changes, or with the plan that they make,
    and whatever `allocate` raises for either plan.
    """
    changed, after_plan = changed_plan(plan, model, wanted)
    clock = Clock(settings.time_limit)

    def both_splits(of: Plan, when: str) -> Allocation:
        left = clock.left
        try:
            return allocate(
                of,
                model,
                stability=settings.stability,
                solver=settings.solver,
                time_limit=None if left is None else max(left, SHORTEST),
                workers=settings.workers,
                cluster=settings.cluster,
                relax=relax,
                progress=_told(progress, when),
            )
        except InfeasibleError as error:
            raise InfeasibleError(f"{when} the changes: {error}") from error

    return between(changed, both_splits(plan, "Before"), both_splits(after_plan, "After"))


def between(changes: tuple[Changed, ...], before: Allocation, after: Allocation) -> WhatIf:
    """What changes do to both splits, once these are known before and after."""
    return WhatIf(
        changes=changes,
        before=before,
        after=after,
        moved=tuple(_moved(before, after)),
        certificate=Solves(4, worst_of((before.certificate.worst, after.certificate.worst))),
    )


def changed_plan(plan: Plan, model: Model, wanted: Wanted) -> tuple[tuple[Changed, ...], Plan]:
    """What each change does, and the plan that they make together, checked against the model.

    Raises `PlanError` with every problem, of the words and of what they lead to.
    """
    check(plan, model)
    changes, unread = read_changes(wanted, plan, model)
    return changed_by(plan, model, changes, unread)


def changed_by(
    plan: Plan, model: Model, changes: Sequence[Change], unread: Sequence[Problem] = ()
) -> tuple[tuple[Changed, ...], Plan]:
    """The same for changes that are read; `unread` is what was wrong with the words of others."""
    made = with_changes(plan, model, changes)
    problems = [*unread, *made.problems, *_together(made.plan, model)]
    if problems:
        raise PlanError(problems)
    return made.changed, made.plan


def _together(plan: Plan, model: Model) -> tuple[Problem, ...]:
    """What is wrong with a changed plan as a whole."""
    try:
        check(plan, model)
    except PlanError as error:
        file = f"{plan.name} with these changes"
        return tuple(replace(problem, file=file) for problem in error.problems)
    return ()


def _told(progress: Progress, when: str) -> Progress:
    def told(doing: str, done: float | None = None) -> None:
        progress(f"{when} the changes: {doing[:1].lower()}{doing[1:]}", done)

    return told


def _rows(before: Allocation, after: Allocation) -> Iterator[RowHours]:
    at_before = dict(before.rows_in_plan_order)
    for at, i in after.rows_in_plan_order:
        was = at_before.get(at)
        yield RowHours(
            row=after.plan.rows[at],
            now_before=0.0 if was is None else before.instance.rows[was].today,
            now_after=after.instance.rows[i].today,
            before=0.0 if was is None else before.recommended.total_hours(was),
            after=after.recommended.total_hours(i),
        )


def _moved(before: Allocation, after: Allocation) -> Iterator[Moved]:
    rows = list(_rows(before, after))
    present = {found.row.area for found in rows}
    for area in (name for name in after.model.areas if name in present):
        mine = [found for found in rows if found.row.area == area]
        yield Moved(None, area, *_sums(mine))
    by_territory: dict[str, list[RowHours]] = {}
    for found in rows:
        by_territory.setdefault(found.row.territory, []).append(found)
    for territory, mine in by_territory.items():
        yield Moved(territory, None, *_sums(mine))


def _sums(rows: list[RowHours]) -> tuple[float, float]:
    return math.fsum(found.before for found in rows), math.fsum(found.after for found in rows)
