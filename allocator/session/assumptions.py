"""What a session has changed so far, and the plan that it makes: as `allocate whatif` would.

Everything here is a change that the command line knows, so that what the page shows can be had, and
traced, without the page: `command` writes it down.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

from allocator.answers.whatif import changed_by
from allocator.changing import with_changes
from allocator.changing.asked import Change, Changed, SetFact, SetHours
from allocator.columns import COLUMN
from allocator.model import Model
from allocator.plan import Plan
from allocator.plan_csv import number_text

LeverName = Literal["win_rate", "deal_size", "hours_per_opportunity", "opportunities", "capacity"]
LEVERS: tuple[LeverName, ...] = get_args(LeverName)
CAPACITY: LeverName = "capacity"
LEAST, MOST = -50, 100
"""Per cent by which a lever moves."""
NO_LIMIT = COLUMN["max_hours"].most
"""What stands for no most hours where a row's are to have none any more."""

Place = tuple[str, str, str]
"""Territory, area and rep: a row of the plan."""
Lever = tuple[LeverName, str | None]
"""A column, or the hours that reps have, in one territory or (None) in all."""


@dataclass(frozen=True)
class Limits:
    """What is asked of a row: least and most hours that aren't the plan's, or leaving it as it is."""

    least: float | None = None
    most: float | None = None
    locked: bool = False


@dataclass(frozen=True)
class Assumptions:
    """What differs from the plan's file.

    `levers`: per cent by which each is better or worse, never 0. `limits` by row and `hours` by rep are
    those that someone entered. `target` is the number to reach, in the plan's currency; it changes
    no split.
    """

    levers: tuple[tuple[Lever, int], ...] = ()
    limits: tuple[tuple[Place, Limits], ...] = ()
    hours: tuple[tuple[str, float], ...] = ()
    target: float | None = None

    @cached_property
    def by_lever(self) -> Mapping[Lever, int]:
        """The levers that were moved."""
        return dict(self.levers)

    @cached_property
    def by_row(self) -> Mapping[Place, Limits]:
        """The rows with limits of their own."""
        return dict(self.limits)

    @cached_property
    def by_rep(self) -> Mapping[str, float]:
        """The reps with other hours."""
        return dict(self.hours)

    @property
    def solved(self) -> Assumptions:
        """Those that a split depends on."""
        return replace(self, target=None)

    def with_lever(self, lever: Lever, per_cent: int) -> Assumptions:
        """The same with a lever moved to so many per cent."""
        levers = {**self.by_lever, lever: per_cent}
        return replace(self, levers=tuple((key, moved) for key, moved in levers.items() if moved))

    def with_limits(self, rows: Mapping[Place, Limits]) -> Assumptions:
        """The same with limits of some rows; those that ask nothing are the plan's again."""
        limits = {**self.by_row, **rows}
        return replace(
            self, limits=tuple((at, asked) for at, asked in limits.items() if asked != Limits())
        )

    def with_hours(self, reps: Mapping[str, float | None]) -> Assumptions:
        """The same with other hours of some reps; None for the plan's."""
        hours = {**self.by_rep, **reps}
        return replace(self, hours=tuple((rep, has) for rep, has in hours.items() if has is not None))

    def that_fit(self, plan: Plan) -> Assumptions:
        """Those that are about territories, rows and reps that a plan has."""
        rows = {(row.territory, row.area, row.rep) for row in plan.rows}
        territories, reps = {None, *plan.territories}, set(plan.reps)
        return replace(
            self,
            levers=tuple(one for one in self.levers if one[0][1] in territories),
            limits=tuple(one for one in self.limits if one[0] in rows),
            hours=tuple(one for one in self.hours if one[0] in reps),
        )

    def changes(self, plan: Plan, model: Model) -> tuple[Change, ...]:
        """Facts, then hours, then limits; a row that is left as it is keeps today's hours."""
        hours = {**_hours_by_lever(self.by_lever, plan), **self.by_rep}
        changes: tuple[Change, ...] = (*_facts(self.by_lever), *_hours(hours, plan))
        if any(asked.locked for _, asked in self.limits):
            plan = with_changes(plan, model, changes).plan
        return (*changes, *_limits(self.by_row, plan))

    def changed(self, plan: Plan, model: Model) -> tuple[tuple[Changed, ...], Plan]:
        """What each change does, and the plan that they make. Raises `PlanError` as `whatif` does."""
        return changed_by(plan, model, self.changes(plan, model))


def command(name: str, changes: Iterable[Change]) -> str:
    """The command line that says the same of the plan's file of that name."""
    asked = [(change.option, change.text) for change in changes]
    start = ["allocate", *(["whatif"] if asked else []), name]
    return shlex.join([*start, *(word for pair in asked for word in pair)])


def _facts(levers: Mapping[Lever, int]) -> Iterator[SetFact]:
    for (column, territory), moved in levers.items():
        if column != CAPACITY:
            where = f"[{territory}]" if territory else ""
            text = f"{column}{where} *= {number_text(_times(moved))}"
            yield SetFact(text, COLUMN[column], None, territory, "*=", _times(moved))


def _hours_by_lever(levers: Mapping[Lever, int], plan: Plan) -> dict[str, float]:
    """The hours of the reps that a lever is about: all, or those with a row in the territory."""
    moved = {territory: by for (column, territory), by in levers.items() if column == CAPACITY}
    if not moved:
        return {}
    factors = dict.fromkeys(plan.reps, 1.0)
    for territory, by in moved.items():
        for rep in dict.fromkeys(row.rep for row in plan.rows if territory in (None, row.territory)):
            factors[rep] *= _times(by)
    return {rep: plan.hours_by_rep[rep] * factor for rep, factor in factors.items() if factor != 1}


def _hours(hours: Mapping[str, float], plan: Plan) -> Iterator[SetHours]:
    for rep, has in hours.items():
        if rep in plan.hours_by_rep:
            yield SetHours(f"{rep} = {number_text(has)}", rep, "=", has)


def _limits(limits: Mapping[Place, Limits], plan: Plan) -> Iterator[SetFact]:
    for row, today in zip(plan.rows, plan.todays_split, strict=True):
        asked = limits.get((row.territory, row.area, row.rep))
        if asked is not None:
            sides = (today, today) if asked.locked else (asked.least, asked.most)
            for column, hours in zip(("min_hours", "max_hours"), sides, strict=True):
                if hours is not None:
                    text = f"{column}[{row.area}, {row.territory}, {row.rep}] = {number_text(hours)}"
                    yield SetFact(text, COLUMN[column], row.area, row.territory, "=", hours, rep=row.rep)


def _times(per_cent: int) -> float:
    """A change in per cent as a factor."""
    return (100 + per_cent) / 100
