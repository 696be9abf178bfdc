"""Every limit of the plan and the model, evaluated at a split, apart from any solver.

This states constraints 1–10 of the formulation a second time, on purpose and in another form: as
plain arithmetic on hours and opportunities. The certificate holds the solver's answer to it, and
the explanation of what binds reads its slack.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.arrays import Floats, Integers, Number
from allocator.instance import Instance
from allocator.outcome import Outcome
from allocator.reached import Reached
from allocator.rules import Opportunities, creatable, effective_hours, trusted

TOLERANCE = 1e-6
Places = Integers | list[int] | range | tuple[int, ...]


@dataclass(frozen=True)
class Check:
    """One limit at one split: `used` should not be above `allowed`, both in `unit`.

    `family` is the constraint family, `side` is "least" or "most" where a family has both (a least
    is stated with both sides negative, so that `used` ≤ `allowed` reads the same).
    """

    family: str
    used: float
    allowed: float
    unit: str
    side: str = "most"
    territory: int | None = None
    area: str | None = None
    rep: int | None = None
    row: int | None = None
    step: int | None = None

    def __len__(self) -> int:
        return 1

    @property
    def violation(self) -> float:
        """By how much the limit is broken, relative to its size (at least 1); NaN stays NaN."""
        return max(self.used - self.allowed, 0.0) / max(1.0, abs(self.allowed))


@dataclass(frozen=True)
class Checks:
    """One kind of limit at many places of one split; see `Check`.

    `used` and `allowed` by place; `territories`, `reps` and `rows` say where that is, as far as it is a
    territory, a rep or a row of hours.
    """

    family: str
    used: Floats
    allowed: Floats
    unit: str
    side: str = "most"
    area: str | None = None
    step: int | None = None
    territories: Places | None = None
    reps: Places | None = None
    rows: Places | None = None

    def __len__(self) -> int:
        return len(self.used)

    @property
    def violation(self) -> float:
        """By how much the worst of the limits is broken; NaN stays NaN."""
        broken = np.maximum(self.used - self.allowed, 0.0) / np.maximum(1.0, np.abs(self.allowed))
        return float(broken.max(initial=0.0))

    @property
    def used_up(self) -> npt.NDArray[np.intp]:
        """The places of those of which nothing is left."""
        room = TOLERANCE * np.maximum(1.0, np.abs(self.allowed))
        return np.flatnonzero(self.used >= self.allowed - room)

    def binding(self, instance: Instance) -> Iterator[Check]:
        """Those of which nothing is left."""
        return self._at(self.used_up.tolist(), instance)

    def each(self, instance: Instance) -> Iterator[Check]:
        """One by one."""
        return self._at(range(len(self)), instance)

    def _at(self, places: Iterable[int], instance: Instance) -> Iterator[Check]:
        used, allowed = self.used.tolist(), self.allowed.tolist()
        for at in places:
            territory, rep, row = (
                None if of is None else int(of[at]) for of in (self.territories, self.reps, self.rows)
            )
            area = self.area
            if row is not None:
                hours = instance.rows[row]
                territory, rep, area = hours.territory, hours.rep, hours.area
            yield Check(
                self.family,
                used[at],
                allowed[at],
                self.unit,
                self.side,
                territory,
                area,
                rep,
                row,
                self.step,
            )


def each(checks: Iterable[Checks], outcome: Outcome) -> Iterator[Check]:
    """All limits, one by one; `outcome` is the split at which they were evaluated."""
    return (check for those in checks for check in those.each(outcome.instance))


def limits_on_hours(outcome: Outcome) -> Iterator[Checks]:
    """Capacity, bounds and shares: what holds for a recommended split, not for today's."""
    yield from _capacity(outcome)
    rows, totals = outcome.instance.rows, outcome.totals
    low = [i for i, row in enumerate(rows) if row.least > 0]
    least = np.array([rows[i].least for i in low])
    yield Checks("bounds", -totals[low], -least, "hours", side="least", rows=low)
    high = [i for i, row in enumerate(rows) if row.most < math.inf]
    yield Checks("bounds", totals[high], np.array([rows[i].most for i in high]), "hours", rows=high)
    for reached in outcome.reached:
        yield from _shares(reached)


def _capacity(outcome: Outcome) -> Iterator[Checks]:
    """Every rep's hours in every step, within the rep's capacity."""
    instance = outcome.instance
    rep_of = np.array([row.rep for row in instance.rows])
    reps = range(len(instance.reps))
    allowed = np.array([rep.capacity for rep in instance.reps]) / instance.steps
    for step in range(instance.steps):
        used = np.zeros(len(reps))
        np.add.at(used, rep_of, outcome.by_row[:, step])
        yield Checks("capacity", used, allowed, "hours", step=step, reps=reps)


def _shares(reached: Reached) -> Iterator[Checks]:
    """Each area's part of its territory's hours."""
    alike, by_row = reached.alike, reached.hours.sum(axis=1)
    of_area = {area: by_row[list(alike.rows_of(area))].sum(axis=0) for area in alike.shares}
    everything = sum(of_area.values(), np.zeros(len(alike.territories)))
    for area, total in of_area.items():
        (low, high), where = alike.shares[area], alike.territories
        if low > 0:
            yield Checks("shares", -total, -low * everything, "hours", "least", area, territories=where)
        if high < 1:
            yield Checks("shares", total, high * everything, "hours", area=area, territories=where)


def limits_on_results(outcome: Outcome, drained: Collection[int] = ()) -> Iterator[Checks]:
    """Creating and market, backlog, working, trust, next period: what holds for any split.

    `drained` are the territories in which the next period's pipeline is not asked for.
    """
    for reached in outcome.reached:
        yield from _results(outcome, reached, drained)


def _results(outcome: Outcome, reached: Reached, drained: Collection[int]) -> Iterator[Checks]:
    model, alike = outcome.instance.model, reached.alike
    there = Opportunities(alike, reached.created, reached.worked)
    left_at_end = np.zeros(len(alike.territories))
    unit, where = "opportunities", alike.territories
    for s, source in enumerate(alike.sources):
        waiting: Number = source.open
        for step in range(model.steps):
            found, done = there.created[s, step], there.worked[s, step].sum(axis=0)
            most = creatable(model, source, reached.hours, there, step)
            yield Checks("creating", found, _full(most, found), unit, "most", source.area, step, where)
            allowed = _full(trusted(model, source, there, step), found)
            if np.isfinite(allowed).any():
                yield Checks("trust", found, allowed, unit, "most", source.area, step, where)
            yield Checks(
                "backlog", done, _full(waiting + found, found), unit, "most", source.area, step, where
            )
            at_end = waiting + found - done
            waiting = model.kept_per_step * at_end
        left_at_end = left_at_end + at_end
    yield from _working(outcome, reached)
    if alike.pipeline is not None:
        asked = [at for at, k in enumerate(alike.territories) if k not in drained]
        left, wanted = left_at_end[asked], alike.pipeline[asked]
        where = tuple(alike.territories[at] for at in asked)
        yield Checks("next_period", -left, -wanted, unit, "least", territories=where)


def _working(outcome: Outcome, reached: Reached) -> Iterator[Checks]:
    model, alike = outcome.instance.model, reached.alike
    for step in range(model.steps):
        taken = np.zeros(len(alike.territories))
        for s, _ in enumerate(alike.sources):
            for depth, done in zip(model.depths, reached.worked[s, step], strict=True):
                taken = taken + depth.effort * alike.hours_per_opportunity * done
        there = _full(effective_hours(alike, alike.working_rows, reached.hours, step), taken)
        yield Checks(
            "working",
            taken,
            there,
            "effective hours",
            area=model.working_area,
            step=step,
            territories=alike.territories,
        )
    for s, source in enumerate(alike.sources):
        least = reached.worked[s].min(axis=(0, 1), initial=0.0)
        yield Checks(
            "working",
            -least,
            np.zeros(len(least)),
            "opportunities",
            side="least",
            area=source.area,
            territories=alike.territories,
        )


def no_hours_below_zero(outcome: Outcome) -> Iterator[Checks]:
    """Hours are never negative."""
    least = outcome.by_row.min(axis=1)
    rows = range(len(least))
    yield Checks("hours", -least, np.zeros(len(least)), "hours", side="least", rows=rows)


def _full(number: Number, like: Floats) -> Floats:
    """The number for each place, where it is one for all."""
    found: Floats = np.broadcast_to(number, like.shape)
    return found
