"""Why the recommended split earns more: the difference in revenue, taken apart into effects."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from allocator.allocation import Allocation
from allocator.outcome import Outcome, SourceOutcome

Kind = Literal["volume", "depth", "timing", "renewals"]


@dataclass(frozen=True)
class Effect:
    """One part of the difference in projected revenue, in the plan's currency."""

    kind: Kind
    money: float


@dataclass(frozen=True)
class Totals:
    """A split's opportunities and wins over all territories and sources."""

    available: float
    created: float
    worked: float
    unworked: float
    wins: float
    renewed: float


@dataclass(frozen=True)
class Difference:
    """What changes from today to the recommended split.

    `effects` add up to the difference in revenue, largest first. `moved` are hours by area,
    recommended less today's.
    """

    effects: tuple[Effect, ...]
    today: Totals
    recommended: Totals
    moved: dict[str, float]


def difference(allocation: Allocation) -> Difference:
    """The effects behind the difference in revenue, and what moved to bring it about.

    For each source: how many more opportunities are worked (at today's value of one), how much
    more often each is won (deeper work), and when wins book, each effect taken after the one
    before it. Renewals by themselves. A source with nothing worked today has no depth to compare
    with: all of it is volume.
    """
    later = allocation.model.objective.later
    money: dict[Kind, list[float]] = {"volume": [], "depth": [], "timing": [], "renewals": []}
    for now, best in zip(_sources(allocation.today), _sources(allocation.recommended), strict=True):
        volume, depth, timing = _effects(now, best, later)
        money["volume"].append(volume)
        money["depth"].append(depth)
        money["timing"].append(timing)
    today, recommended = totals(allocation.today), totals(allocation.recommended)
    money["renewals"].append(recommended.renewed - today.renewed)
    effects = (Effect(kind, math.fsum(parts)) for kind, parts in money.items())
    return Difference(
        effects=tuple(sorted(effects, key=lambda effect: -abs(effect.money))),
        today=today,
        recommended=recommended,
        moved={
            area: math.fsum(
                allocation.recommended.total_hours(i) - row.today
                for i, row in enumerate(allocation.instance.rows)
                if row.area == area
            )
            for area in allocation.model.areas
        },
    )


def totals(outcome: Outcome) -> Totals:
    """A split's opportunities, wins and renewals, summed over territories and sources."""
    sources = _sources(outcome)
    return Totals(
        available=math.fsum(s.open + s.total_created for s in sources),
        created=math.fsum(s.total_created for s in sources),
        worked=math.fsum(s.total_worked for s in sources),
        unworked=math.fsum(s.unworked for s in sources),
        wins=math.fsum(chain.from_iterable(s.wins for s in sources)),
        renewed=math.fsum(m.renewed for k in outcome.territories for m in k.renewing),
    )


def _sources(outcome: Outcome) -> list[SourceOutcome]:
    return [source for territory in outcome.territories for source in territory.sources]


def _effects(now: SourceOutcome, best: SourceOutcome, later: float) -> tuple[float, float, float]:
    """Volume, depth and timing of one source; they add up to its difference in revenue."""
    value = [s.in_period + later * s.later for s in (now, best)]
    worked = [s.total_worked for s in (now, best)]
    wins = [math.fsum(s.wins) for s in (now, best)]
    if not (worked[0] and wins[0] and wins[1]):
        return value[1] - value[0], 0.0, 0.0
    volume = (worked[1] - worked[0]) * value[0] / worked[0]
    depth = (wins[1] - worked[1] * wins[0] / worked[0]) * value[0] / wins[0]
    return volume, depth, value[1] - value[0] - volume - depth
