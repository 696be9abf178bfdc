"""Whole people: the fewest that reach a number, and which territory gets the next one.

A head is one more rep with today's hours of an average rep, in one territory and in each area that
the territory has, as skilled as the plan counts 1. Nothing of today's is theirs: response curves stay.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart import certified_best
from allocator.apart.growth import SAME, Growth
from allocator.certificate import Solves, require
from allocator.certified import Certified
from allocator.deriving import instance
from allocator.errors import InfeasibleError
from allocator.instance import Instance
from allocator.model import Model
from allocator.outcome import Outcome
from allocator.plan import Plan, Row
from allocator.program import fewest_heads, in_blocks
from allocator.progress import Progress, silent
from allocator.solving import highs
from allocator.solving.optimum import solved
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
    `bound`: the proof that no fewer do, with its relative `gap`: that one, or HiGHS's own.
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
            found = _as_steps(asked, growth) or _fewest(asked, steps)
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


def _as_steps(asked: _Asked, growth: Growth) -> tuple[Fewest, Solves] | None:
    """As many as one at a time, where in parts of heads it takes as many but for a part of one.

    None where fewer may do, or more don't.
    """
    relaxed = growth.least(asked.target)
    if relaxed is None:
        return None
    while not (growth.revenue is not None and asked.reached(growth.revenue)):
        if sum(growth.heads.values()) > relaxed + 1 or growth.add() is None:
            return None
    heads = {asked.plan.territories[at]: count for at, count in sorted(growth.heads.items())}
    needed = math.ceil(relaxed - SAME * max(1.0, relaxed))
    if sum(heads.values()) != needed:
        return None
    found = _placed(asked, heads)
    require(max(0.0, asked.target - found.revenue) / max(1.0, abs(asked.target)), ())
    return Fewest(heads, found.outcome, float(needed), 0.0, relaxed), Solves().and_one(found.worst)


def _fewest(asked: _Asked, steps: Sequence[Head]) -> tuple[Fewest | None, Solves]:
    """The integer programme; where `steps` reach the number with as few, those if they earn as much.

    It is solved in parts first, which is proven, and shows how many heads are enough.
    """
    sized = fewest_heads(in_blocks(asked.case), asked.added, asked.hours, asked.target)
    try:
        parts = solved(sized.program, asked.settings, asked.clock)
    except InfeasibleError:
        return None, Solves()
    sizes = list(sized.sizes)
    # Rounded up, the parts are whole and keep every limit: more hours never break one.
    enough = math.fsum(np.ceil(parts.solution.values[sizes]))
    bounded = sized.program.bounded(sizes, 0.0, enough)
    whole = highs.solve_whole(bounded.matrix, sizes, asked.clock.left)
    counts = [round(count) for count in whole.values[sizes].tolist()]
    taken = {k: count for k, count in zip(asked.plan.territories, counts, strict=True) if count}
    found = _placed(asked, taken)
    solves = Solves(1, parts.proof.worst).and_one(found.worst)
    if len(steps) == sum(counts) and steps and asked.reached(steps[-1].revenue):
        other = Counter(step.territory for step in steps)
        again = _placed(asked, other)
        solves = solves.and_one(again.worst)
        if again.revenue >= found.revenue * (1 - SAME):  # of equal places the first was chosen there
            taken, found = dict(other), again
    require(max(0.0, asked.target - found.revenue) / max(1.0, abs(asked.target)), ())
    return Fewest(taken, found.outcome, whole.bound, whole.gap, parts.bound), solves


def _placed(asked: _Asked, counts: Mapping[str, int]) -> Certified:
    """The split of today's reps and so many heads by territory."""
    case = instance(with_heads(asked.plan, counts, asked.hours), asked.model)
    return certified_best(case, asked.settings, asked.clock)[0]


def _one_at_a_time(asked: _Asked, growth: Growth, progress: Progress) -> tuple[Head, ...]:
    """The heads added to today's reps until the number is reached."""
    steps: list[Head] = []
    revenue = growth.revenue
    while len(steps) < MOST_STEPS and not (revenue is not None and asked.reached(revenue)):
        progress("Adding one head after the other", len(steps) / MOST_STEPS)
        at = growth.add()
        if at is None:
            break
        outcome = growth.certified().outcome
        gain = None if revenue is None else outcome.revenue - revenue
        steps.append(Head(len(steps) + 1, asked.plan.territories[at], gain, outcome))
        revenue = outcome.revenue
    return tuple(steps)
