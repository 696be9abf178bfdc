"""Whole people: the fewest that reach a number, and which territory gets the next one.

A head is one more rep with today's hours of an average rep, in one territory and in each area that
the territory has, as skilled as the plan counts 1. Nothing of today's is theirs: response curves stay.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from allocator.apart.growth import SAME, Growth
from allocator.apart.together import certified_best
from allocator.certificate import Solves, require
from allocator.certified import Certified
from allocator.deriving import instance
from allocator.instance import Instance
from allocator.model import Model
from allocator.outcome import Outcome
from allocator.plan import Plan, Row
from allocator.progress import Progress, silent
from allocator.solving.settings import Clock, Settings

MOST_STEPS = 25


@dataclass(frozen=True)
class Head:
    """The `number`-th added head: where it goes, and what all earn with it, in the plan's currency.

    `gain` is what it brings, None where no split was possible before it.
    """

    number: int
    territory: str
    gain: float | None
    outcome: Outcome

    @property
    def revenue(self) -> float:
        """Projected revenue with this head and those before it."""
        return self.outcome.revenue


@dataclass(frozen=True)
class Fewest:
    """The fewest added heads that reach the number: `by_territory` those who get any, and the split.

    `relaxed`: the heads, in parts, that proven linear programmes need; whole ones can't be fewer.
    `bound`: no fewer whole ones do, by that or by integer programmes of the parts of the plan, of which
    `gap` is the worst, relative, by HiGHS's own proof.
    """

    by_territory: Mapping[str, int]
    outcome: Outcome
    bound: float
    gap: float
    relaxed: float

    @property
    def count(self) -> int:
        """How many heads that is."""
        return sum(self.by_territory.values())

    @property
    def proven_in_parts(self) -> bool:
        """Whether fewer than these, but for a part of one, can't do even in parts of heads."""
        return self.count - self.relaxed < 1


@dataclass(frozen=True)
class Heads:
    """What whole heads of `hours` hours each bring.

    `start`: what today's reps earn at best, None where no split is possible for them. `steps`: one
    head at a time, each where it brings most, until the number is reached, no head brings more, or
    there are `MOST_STEPS`. `fewest` is None where no number of heads reaches it.
    """

    hours: float
    start: float | None
    steps: tuple[Head, ...]
    fewest: Fewest | None
    certificate: Solves


def heads_for(  # noqa: PLR0913, PLR0917 (what is asked, and how to solve it)
    plan: Plan,
    model: Model,
    target: float,
    hours: float,
    settings: Settings,
    clock: Clock,
    progress: Progress = silent,
) -> Heads:
    """The fewest heads of `hours` hours that earn `target`, and one head after the other."""
    asked = _asked(plan, model, target, hours, settings, clock)
    with Growth(asked.case, asked.added, hours, settings, clock, progress) as growth:
        start = None if growth.revenue is None else growth.certified().revenue
        steps = _one_at_a_time(asked, growth, progress)
        progress("Finding the fewest heads")
        if start is not None and asked.reached(start):
            found: tuple[Fewest | None, Solves] = _none(asked)
        else:
            found = _fewest(asked, growth)
        return Heads(hours, start, steps, found[0], growth.solves + found[1])


def with_heads(plan: Plan, counts: Mapping[str, int], hours: float) -> Plan:
    """The plan with so many heads of `hours` hours in these territories, as one rep in each."""
    rows, capacity = list(plan.rows), dict(plan.capacity)
    for territory, count in counts.items():
        name = _new_name(plan, territory)
        areas = dict.fromkeys(row.area for row in plan.rows_by_territory[territory])
        rows += (Row(territory, area, name, hours=0.0) for area in areas)
        capacity[name] = count * hours
    return replace(plan, rows=tuple(rows), capacity=capacity)


def _new_name(plan: Plan, territory: str) -> str:
    name = f"New in {territory}"
    while name in plan.hours_by_rep:
        name += "*"
    return name


@dataclass(frozen=True)
class _Asked:
    """What is asked: `case` has a rep without hours in every territory, `added`, in plan order."""

    plan: Plan
    model: Model
    target: float
    hours: float
    settings: Settings
    clock: Clock
    case: Instance
    added: tuple[int, ...]

    def reached(self, revenue: float) -> bool:
        return revenue >= self.target - SAME * max(1.0, abs(self.target))

    def reached_by(self, growth: Growth) -> bool:
        return growth.revenue is not None and self.reached(growth.revenue)


def _asked(  # noqa: PLR0913, PLR0917 (what is asked, and how to solve it)
    plan: Plan, model: Model, target: float, hours: float, settings: Settings, clock: Clock
) -> _Asked:
    case = _told_apart(instance(with_heads(plan, dict.fromkeys(plan.territories, 0), hours), model))
    at = {rep.name: r for r, rep in enumerate(case.reps)}
    added = tuple(at[_new_name(plan, territory)] for territory in plan.territories)
    return _Asked(plan, model, target, hours, settings, clock, case, added)


def _told_apart(case: Instance) -> Instance:
    """The same, with nothing treated alike: one of two equal territories may get a head alone."""
    return replace(
        case,
        rows=tuple(row._replace(twin=i) for i, row in enumerate(case.rows)),
        territories=tuple(replace(k, twin=at) for at, k in enumerate(case.territories)),
    )


def _none(asked: _Asked) -> tuple[Fewest, Solves]:
    """What today's reps earn, who need nobody."""
    found = _placed(asked, {})
    return Fewest({}, found.outcome, 0.0, 0.0, 0.0), Solves().and_one(found.worst)


def _fewest(asked: _Asked, growth: Growth) -> tuple[Fewest | None, Solves]:
    """As many as one at a time, where fewer don't do; else those that are found to be enough."""
    least = growth.least(asked.target)
    if least is None:
        return None, Solves()
    needed = math.ceil(least.heads - SAME * max(1.0, least.heads))
    while not asked.reached_by(growth) and sum(growth.heads.values()) < needed + MOST_STEPS:
        if growth.add() is None:
            break
    enough = sum(growth.heads.values()) if asked.reached_by(growth) else math.inf
    count, counts, gap = needed, None, 0.0
    if count < enough:
        whole = growth.whole(least)
        while count < enough and (counts := whole.counts(count)) is None:
            count += 1
        gap = whole.gap
    heads = growth.heads if counts is None else growth.places(counts)
    taken = {asked.plan.territories[at]: heads[at] for at in sorted(heads)}
    found = _placed(asked, taken)
    require(max(0.0, asked.target - found.revenue) / max(1.0, abs(asked.target)), ())
    fewest = Fewest(taken, found.outcome, float(count), gap, least.heads)
    return fewest, Solves().and_one(found.worst)


def _placed(asked: _Asked, counts: Mapping[str, int]) -> Certified:
    """The split of today's reps and so many heads by territory."""
    case = instance(with_heads(asked.plan, counts, asked.hours), asked.model)
    return certified_best(case, asked.settings, asked.clock)[0]


def _one_at_a_time(asked: _Asked, growth: Growth, progress: Progress) -> tuple[Head, ...]:
    """The heads added to today's reps until the number is reached."""
    steps: list[Head] = []
    revenue = growth.revenue
    while len(steps) < MOST_STEPS and not asked.reached_by(growth):
        progress("Adding one head after the other", len(steps) / MOST_STEPS)
        at = growth.add()
        if at is None:
            break
        outcome = growth.certified().outcome
        gain = None if revenue is None else outcome.revenue - revenue
        steps.append(Head(len(steps) + 1, asked.plan.territories[at], gain, outcome))
        revenue = outcome.revenue
    return tuple(steps)
