"""Every limit of the plan and the model, evaluated at a split, apart from any solver.

This states constraints 1–10 of the formulation a second time, on purpose and in another form: as
plain arithmetic on hours and opportunities. The certificate holds the solver's answer to it, and
the explanation of what binds reads its slack.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from allocator.curves import brought_by
from allocator.outcome import Outcome, effective_hours, market_growth, trusted

TOLERANCE = 1e-6


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

    @property
    def violation(self) -> float:
        """By how much the limit is broken, relative to its size (at least 1); NaN stays NaN."""
        return max(self.used - self.allowed, 0.0) / max(1.0, abs(self.allowed))

    @property
    def binds(self) -> bool:
        """Whether nothing is left of the limit."""
        return self.used >= self.allowed - TOLERANCE * max(1.0, abs(self.allowed))


def limits_on_hours(outcome: Outcome) -> Iterator[Check]:
    """Capacity, bounds and shares: what holds for a recommended split, not for today's."""
    instance = outcome.instance
    yield from capacity_limits(outcome)
    for i, row in enumerate(instance.rows):
        total = outcome.total_hours(i)
        about = {"territory": row.territory, "area": row.area, "rep": row.rep, "row": i}
        if row.least > 0:
            yield Check("bounds", -total, -row.least, "hours", side="least", **about)  # type: ignore[arg-type]
        if row.most < math.inf:
            yield Check("bounds", total, row.most, "hours", **about)  # type: ignore[arg-type]
    for k, territory in enumerate(instance.territories):
        hours = {area: outcome.area_hours(territory, area) for area in territory.shares}
        everything = math.fsum(hours.values())
        for area, total in hours.items():
            low, high = territory.shares[area]
            if low > 0:
                yield Check(
                    "shares", -total, -low * everything, "hours", side="least", territory=k, area=area
                )
            if high < 1:
                yield Check("shares", total, high * everything, "hours", territory=k, area=area)


def capacity_limits(outcome: Outcome) -> Iterator[Check]:
    """Every rep's hours in every step, within the rep's capacity."""
    steps = outcome.instance.steps
    for r, rep in enumerate(outcome.instance.reps):
        for step in range(steps):
            used = math.fsum(outcome.hours[i][step] for i in rep.rows)
            yield Check("capacity", used, rep.capacity / steps, "hours", rep=r, step=step)


def limits_on_results(outcome: Outcome, drained: frozenset[int] = frozenset()) -> Iterator[Check]:
    """Creating and market, backlog, working, trust, next period: what holds for any split.

    `drained` are the territories in which the next period's pipeline is not asked for.
    """
    instance = outcome.instance
    for k, territory in enumerate(instance.territories):
        reached = outcome.territories[k]
        opportunities = reached.opportunities
        left_at_end = 0.0
        for s, source in enumerate(territory.sources):
            there = source.open
            for step in range(instance.steps):
                place = {"territory": k, "area": source.area, "step": step}
                found = opportunities.created[s][step]
                yield Check("creating", found, _creatable(outcome, k, s, step), "opportunities", **place)  # type: ignore[arg-type]
                allowed = trusted(instance, territory, source, opportunities, step)
                if allowed < math.inf:
                    yield Check("trust", found, allowed, "opportunities", **place)  # type: ignore[arg-type]
                done = math.fsum(opportunities.worked[s][step])
                yield Check("backlog", done, there + found, "opportunities", **place)  # type: ignore[arg-type]
                at_end = there + found - done
                there = instance.model.kept_per_step * at_end
            left_at_end += at_end
        yield from _working(outcome, k)
        if territory.pipeline and k not in drained:
            wanted = territory.pipeline
            yield Check("next_period", -left_at_end, -wanted, "opportunities", side="least", territory=k)


def _creatable(outcome: Outcome, k: int, s: int, step: int) -> float:
    instance, reached = outcome.instance, outcome.territories[k]
    territory = instance.territories[k]
    source = territory.sources[s]
    if source.curve is None:
        return 0.0
    growth = market_growth(instance, territory, source, reached.opportunities, step)
    effective = effective_hours(instance, source.rows, outcome.hours, step)
    return brought_by(source.curve.segments, effective, (1 + growth) / instance.steps)


def _working(outcome: Outcome, k: int) -> Iterator[Check]:
    instance = outcome.instance
    territory, reached = instance.territories[k], outcome.territories[k]
    model = instance.model
    each = territory.hours_per_opportunity or 1.0
    for step in range(instance.steps):
        taken = math.fsum(
            depth.effort * each * done
            for source in reached.sources
            for depth, done in zip(model.depths, source.worked[step], strict=True)
        )
        there = effective_hours(instance, territory.working_rows, outcome.hours, step)
        yield Check(
            "working", taken, there, "effective hours", territory=k, area=model.working_area, step=step
        )
    for source in reached.sources:
        least = min((min(in_step) for in_step in source.worked), default=0.0)
        yield Check("working", -least, 0.0, "opportunities", side="least", territory=k, area=source.area)


def no_hours_below_zero(outcome: Outcome) -> Iterator[Check]:
    """Hours are never negative."""
    for i, row in enumerate(outcome.instance.rows):
        least = min(outcome.hours[i])
        yield Check("hours", -least, 0.0, "hours", side="least", territory=row.territory, row=i)
