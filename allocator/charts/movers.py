"""Which territories a chart has room for: those that move the most, the others together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from allocator.allocation import Allocation

MOST = 12
"""Territories up to which a chart shows each of them, and how many it shows of more."""


@dataclass(frozen=True)
class Place:
    """A line of a chart: one territory, or all that there is no room for.

    `numbers` are those of the instance's territories.
    """

    name: str
    numbers: tuple[int, ...]


def places(allocation: Allocation, most: int = MOST, rest: bool = True) -> tuple[Place, ...]:
    """The territories from which and to which most hours move, in the plan's order, then the rest."""
    number = {territory.name: k for k, territory in enumerate(allocation.instance.territories)}
    names = allocation.plan.territories
    if len(names) <= most:
        return tuple(Place(name, (number[name],)) for name in names)
    moved = {name: _moved(allocation, number[name]) for name in names}
    ranked = sorted(names, key=lambda name: -moved[name])[:most]
    shown = tuple(Place(name, (number[name],)) for name in ranked)
    others = tuple(number[name] for name in names if name not in set(ranked))
    return (*shown, Place(f"{len(others):,} others together", others)) if rest else shown


def _moved(allocation: Allocation, k: int) -> float:
    """Σ|x − today| of one territory's rows, in hours."""
    rows = allocation.instance.territories[k].rows
    return math.fsum(
        abs(allocation.recommended.total_hours(i) - allocation.instance.rows[i].today) for i in rows
    )


def area_hours(allocation: Allocation, place: Sequence[int], area: str) -> tuple[float, float]:
    """Hours of an area today and recommended, over the territories with these numbers."""
    case = allocation.instance
    rows = [i for k in place for i in case.rows_of(case.territories[k], area)]
    return (
        math.fsum(case.rows[i].today for i in rows),
        math.fsum(allocation.recommended.total_hours(i) for i in rows),
    )
