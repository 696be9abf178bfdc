"""What a tenth better is worth, fact by fact, and in which areas it pays."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from allocator.answers.counted import Counted, Most, Used
from allocator.deriving import instance
from allocator.improving import LEVERS, LOWER_IS_BETTER, earns, has_lever, scaled
from allocator.model import Model
from allocator.ordering import Order
from allocator.plan import Plan
from allocator.solving.fixed_hours import todays_hours

BETTER = 0.1
"""By how much a lever improves a fact."""


@dataclass(frozen=True)
class Lever:
    """One fact of one area a tenth better in every territory: times `factor`.

    Gains are in the plan's currency, with today's split and with the split that is best then;
    `gain_best` is None where no split keeps every limit. `credited`: the gain by the area that it is
    credited to, with today's split or, where leverage is asked for at the best one, with that; None
    where that gain is.
    """

    lever: str
    area: str
    factor: float
    gain_today: float
    gain_best: float | None
    credited: Mapping[str, float] | None

    @property
    def gain(self) -> float | None:
        """The gain that is credited, whichever area it is credited to."""
        return None if self.credited is None else math.fsum(self.credited.values())

    @property
    def elsewhere(self) -> float | None:
        """What of it is credited to the other areas."""
        gain = self.gain
        return None if gain is None or self.credited is None else gain - self.credited[self.area]


@dataclass(frozen=True)
class Unchanged:
    """A plan as it is: what today's hours earn, and the optimum, if any split keeps every limit.

    `at_best`: levers are credited there, and not with today's hours.
    """

    plan: Plan
    model: Model
    order: Order
    today: Used
    best: Most | None
    at_best: bool


def levers_of(plan: Plan, model: Model) -> Iterator[tuple[str, str]]:
    """(fact, area) of every lever that the plan has."""
    for lever in LEVERS:
        for area in model.areas:
            if has_lever(plan, model, lever, area):
                yield lever, area


def pulled(counted: Counted, base: Unchanged, lever: str, area: str) -> Lever:
    """What the plan gains where the fact is better in the area."""
    factor = 1 - BETTER if lever in LOWER_IS_BETTER else 1 + BETTER
    if not earns(base.model, lever):
        gain_best = 0.0 if base.best else None
        return Lever(lever, area, factor, 0.0, gain_best, dict.fromkeys(base.model.areas, 0.0))
    plan, model = scaled(base.plan, base.model, lever, factor, {area})
    case, doing = instance(plan, model, base.order), f"Improving {lever} of {area}"
    today = counted.hours(doing, case, todays_hours(case), near=base.today)
    best = counted.best(doing, case, base.best, base.at_best) if base.best else None
    gain_today, gain_best, credited = today.revenue - base.today.revenue, None, None
    if base.best and best:
        gain_best = best.revenue - base.best.revenue
    if not base.at_best:
        credited = _gained(base.today.outcome.credited, today.outcome.credited)
    elif base.best and base.best.credited and best and best.credited:
        credited = _gained(base.best.credited, best.credited)
    return Lever(lever, area, factor, gain_today, gain_best, credited)


def _gained(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {area: revenue - before[area] for area, revenue in after.items()}
