"""Why the recommended split earns more: the difference in revenue, taken apart into effects."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from allocator.allocation import Allocation
from allocator.outcome import Outcome
from allocator.reached import SourceTotals

Kind = Literal["volume", "mix", "depth", "timing", "renewals"]


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

    `effects` add up to the difference in revenue, largest first. `moved` are hours by area and
    `worked_more` opportunities worked by source, recommended less today's. `worth` is what an
    opportunity worked brings by source, as today works them (as recommended, where today works none).
    """

    effects: tuple[Effect, ...]
    today: Totals
    recommended: Totals
    moved: Mapping[str, float]
    worked_more: Mapping[str, float]
    worth: Mapping[str, float]


def difference(allocation: Allocation) -> Difference:
    """The effects behind the difference in revenue, and what moved to bring it about.

    For each source: how many more opportunities are worked (at today's value of one), how much
    more often each is won (deeper work), and when wins book, each effect taken after the one
    before it. Volume is what the number worked would bring at today's average value of one; that
    sources gain which are worth more or less than the average is the mix. Renewals by themselves.
    A source with nothing worked today has no depth to compare with.
    """
    later = allocation.model.objective.later
    pairs = list(zip(allocation.today.sources, allocation.recommended.sources, strict=True))
    parts = [_effects(now, best, later) for now, best in pairs]
    by_source, depth, timing = (math.fsum(part[at] for part in parts) for at in range(3))
    today, recommended = totals(allocation.today), totals(allocation.recommended)
    won_today = math.fsum(now.value(later) for now, _ in pairs)
    average = won_today / today.worked if today.worked else 0.0
    volume = (recommended.worked - today.worked) * average if average else by_source
    effects = (
        Effect("volume", volume),
        Effect("mix", by_source - volume),
        Effect("depth", depth),
        Effect("timing", timing),
        Effect("renewals", recommended.renewed - today.renewed),
    )
    sources = allocation.model.sources
    return Difference(
        effects=tuple(sorted(effects, key=lambda effect: -abs(effect.money))),
        today=today,
        recommended=recommended,
        moved=_moved(allocation),
        worked_more={
            area: math.fsum(
                best.total_worked - now.total_worked for now, best in pairs if now.area == area
            )
            for area in sources
        },
        worth={
            area: _worth([pair for pair in pairs if pair[0].area == area], later) for area in sources
        },
    )


def _moved(allocation: Allocation) -> dict[str, float]:
    """Recommended hours less today's, by area."""
    of_area: dict[str, list[float]] = {area: [] for area in allocation.model.areas}
    by_row = (allocation.recommended.totals - allocation.instance.today).tolist()
    for row, hours in zip(allocation.instance.rows, by_row, strict=True):
        of_area[row.area].append(hours)
    return {area: math.fsum(hours) for area, hours in of_area.items()}


def _worth(pairs: Sequence[tuple[SourceTotals, SourceTotals]], later: float) -> float:
    """What an opportunity worked brings in one area, in currency; 0 where neither split works any."""
    for split in (0, 1):
        worked = math.fsum(pair[split].total_worked for pair in pairs)
        if worked:
            return math.fsum(pair[split].value(later) for pair in pairs) / worked
    return 0.0


def totals(outcome: Outcome) -> Totals:
    """A split's opportunities, wins and renewals, summed over territories and sources."""
    sources = outcome.sources
    return Totals(
        available=math.fsum(s.open + s.total_created for s in sources),
        created=math.fsum(s.total_created for s in sources),
        worked=math.fsum(s.total_worked for s in sources),
        unworked=math.fsum(s.unworked for s in sources),
        wins=math.fsum(s.total_wins for s in sources),
        renewed=outcome.renewed,
    )


def _effects(now: SourceTotals, best: SourceTotals, later: float) -> tuple[float, float, float]:
    """Opportunities worked, depth and timing of one source; they add up to its difference."""
    value = [s.value(later) for s in (now, best)]
    worked = [s.total_worked for s in (now, best)]
    wins = [s.total_wins for s in (now, best)]
    if not (worked[0] and wins[0] and wins[1]):
        return value[1] - value[0], 0.0, 0.0
    volume = (worked[1] - worked[0]) * value[0] / worked[0]
    depth = (wins[1] - worked[1] * wins[0] / worked[0]) * value[0] / wins[0]
    return volume, depth, value[1] - value[0] - volume - depth
