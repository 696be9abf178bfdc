"""What the next hours of each area bring, in their own area and in the others.

Every row's hours are fixed, δ_k (1% of territory k's hours) is added to the rows of one area, and the
difference that this makes to revenue is divided by the hours that were added.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocator.answers.counted import Counted, Used
from allocator.instance import Instance

ADDED = 0.01
"""The hours added, as a share of the territory's."""


@dataclass(frozen=True)
class NextHour:
    """What an area's next hour brings, over the territories that have a row for it.

    `hours`: Σ δ_k, the hours added over the period. `credited`: revenue per hour, in the plan's
    currency, by the area that it is credited to, for all areas of the model; what is crowded out is
    below 0.
    """

    area: str
    hours: float
    credited: Mapping[str, float]

    @property
    def per_hour(self) -> float:
        """Revenue per hour, whichever area it is credited to."""
        return math.fsum(self.credited.values())

    @property
    def elsewhere(self) -> float:
        """Revenue per hour that is credited to the other areas."""
        return self.per_hour - self.credited[self.area]


@dataclass(frozen=True)
class TerritoryHour:
    """What an area's next hour brings in one territory: δ_k `hours` added, and revenue per hour."""

    territory: str
    area: str
    hours: float
    per_hour: float


def next_hour(
    counted: Counted, case: Instance, fixed: Used, area: str
) -> tuple[NextHour | None, list[TerritoryHour]]:
    """What the area's next hour brings beyond the `fixed` hours; None where no territory can get any."""
    before = fixed.outcome
    hours, added = with_next_hours(case, before.hours, area)
    after = counted.hours(f"Adding hours to {area}", case, hours, near=fixed).outcome
    if not added:
        return None, []
    total, was, later = math.fsum(added.values()), before.credited, case.model.objective.later
    credited = {to: (revenue - was[to]) / total for to, revenue in after.credited.items()}
    return NextHour(area, total, credited), [
        TerritoryHour(
            case.territories[k].name,
            area,
            delta,
            (after.territories[k].revenue(later) - before.territories[k].revenue(later)) / delta,
        )
        for k, delta in added.items()
    ]


def with_next_hours(
    case: Instance, hours: Sequence[Sequence[float]], area: str
) -> tuple[list[list[float]], dict[int, float]]:
    """Hours by row and step with the area's next ones added, and δ_k by territory (by number).

    They are spread over the area's rows as the hours there are, evenly where those are 0, and over
    the steps as the row's are. A territory without hours, or without a row for the area, gets none.
    """
    more, added = [list(in_steps) for in_steps in hours], {}
    for k, territory in enumerate(case.territories):
        rows = case.rows_of(territory, area)
        delta = ADDED * math.fsum(in_step for i in territory.rows for in_step in hours[i])
        if not rows or not delta:
            continue
        added[k] = delta
        for i, of_row in zip(rows, _parts([math.fsum(hours[i]) for i in rows]), strict=True):
            for t, of_step in enumerate(_parts(hours[i])):
                more[i][t] += delta * of_row * of_step
    return more, added


def _parts(weights: Sequence[float]) -> list[float]:
    """Shares of 1 in proportion to the weights; even ones where all are 0."""
    total = math.fsum(weights)
    return [weight / total if total else 1 / len(weights) for weight in weights]
