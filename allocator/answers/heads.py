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
from allocator.certificate import Solves, require
from allocator.certified import Certified, certified_use
from allocator.deriving import instance
from allocator.errors import InfeasibleError
from allocator.instance import Instance
from allocator.model import Model
from allocator.outcome import Outcome
from allocator.plan import Plan, Row
from allocator.program import Sized, fewest_heads, more_heads
from allocator.progress import Progress, silent
from allocator.solving import highs
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.settings import Clock, Settings

MOST_STEPS = 25
SAME = 1e-9
"""Revenues this near to each other, relative, are the same: the plan's first territory is taken."""


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

    `bound`: HiGHS's own proof that no fewer do, with its relative `gap`. `relaxed`: the heads, in
    parts, that a proven linear programme needs; whole ones can't be fewer.
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
    start, steps, solves = _one_at_a_time(asked, progress)
    progress("Finding the fewest heads")
    fewest, more = _none(asked) if start is not None and asked.reached(start) else _fewest(asked, steps)
    return Heads(hours, start, steps, fewest, solves + more)


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


def _fewest(asked: _Asked, steps: Sequence[Head]) -> tuple[Fewest | None, Solves]:
    """The integer programme; where `steps` reach the number with as few, those if they earn as much.

    It is solved in parts first, which is proven, and shows how many heads are enough.
    """
    sized = fewest_heads(asked.case, asked.added, asked.hours, asked.target)
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


def _one_at_a_time(asked: _Asked, progress: Progress) -> tuple[float | None, tuple[Head, ...], Solves]:
    """The revenue of today's reps, and the heads added to them until the number is reached."""
    sized = more_heads(asked.case, asked.added, asked.hours)
    counts = [0] * len(asked.added)
    steps: list[Head] = []
    tally = _Tally(asked, sized)
    now = tally.earned(counts)
    start = None if now is None else _certified(asked, counts, now).revenue
    revenue = start
    while len(steps) < MOST_STEPS and not (revenue is not None and asked.reached(revenue)):
        progress("Adding one head after the other", len(steps) / MOST_STEPS)
        place = tally.best_place(counts, now)
        if place is None:
            break
        at, now = place
        counts[at] += 1
        outcome = _certified(asked, counts, now).outcome
        gain = None if revenue is None else outcome.revenue - revenue
        steps.append(Head(len(steps) + 1, asked.plan.territories[at], gain, outcome))
        revenue = outcome.revenue
    return start, tuple(steps), tally.solves


class _Tally:
    """One programme solved for one number of heads after the other, each from the one before."""

    def __init__(self, asked: _Asked, sized: Sized) -> None:
        self._asked, self._sized = asked, sized
        self._near: SolvedProgram | None = None
        self.solves = Solves()

    def earned(self, counts: Sequence[int]) -> SolvedProgram | None:
        """The most that so many heads by territory earn; None where no split is possible."""
        asked, sizes = self._asked, list(self._sized.sizes)
        program = self._sized.program.bounded(sizes, counts, counts)
        try:
            self._near = solved(program, asked.settings, asked.clock, self._near)
        except InfeasibleError:
            return None
        self.solves = self.solves.and_one(self._near.proof.worst)
        return self._near

    def best_place(
        self, counts: Sequence[int], now: SolvedProgram | None
    ) -> tuple[int, SolvedProgram] | None:
        """The territory in which one more head earns most, and what is earned then.

        None where no head brings anything. Prices of capacity bound what a head can bring, since
        revenue is concave in capacity: territories whose bound is below what was found are passed over.
        """
        bounds = self._bounds(now)
        tried: dict[int, SolvedProgram] = {}
        nothing, best = -math.inf if now is None else now.revenue * (1 + SAME), -math.inf
        for at in sorted(range(len(counts)), key=lambda at: -bounds[at]):
            if bounds[at] <= nothing or bounds[at] < best * (1 - SAME):
                break
            found = self.earned([count + (place == at) for place, count in enumerate(counts)])
            if found is not None and found.revenue > nothing:
                tried[at] = found
                best = max(best, found.revenue)
        alike = [at for at, found in tried.items() if found.revenue >= best * (1 - SAME)]
        return (min(alike), tried[min(alike)]) if alike else None

    def _bounds(self, now: SolvedProgram | None) -> list[float]:
        """What all can earn at most with one more head, by territory."""
        if now is None:
            return [math.inf] * len(self._sized.sizes)
        hours = self._asked.hours / self._asked.case.steps * now.program.money
        return [
            now.revenue + hours * math.fsum(now.solution.duals[list(rows)])
            for rows in self._sized.carried
        ]


def _certified(asked: _Asked, counts: Sequence[int], found: SolvedProgram) -> Certified:
    """What so many heads earn, by the plan's rows; every limit held to it."""
    reps = list(asked.case.reps)
    for r, count in zip(asked.added, counts, strict=True):
        reps[r] = replace(reps[r], capacity=count * asked.hours)
    case = replace(asked.case, reps=tuple(reps))
    return certified_use(case, found.use, found.proof, found.revenue)
