"""What hours lead to, source by source: over the period, and step by step.

`Reached` has it for all territories of a shape at once, the others for one of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocator.alike import Alike
from allocator.arrays import Floats

BySteps = tuple[float, ...]


@dataclass(frozen=True)
class SourceTotals:
    """One source of one territory over the period, in opportunities and in the plan's currency.

    `total_worked` at whatever depth. `in_period` and `later`: the value of its wins by when they book.
    """

    area: str
    open: float
    total_created: float
    total_worked: float
    total_wins: float
    in_period: float
    later: float

    def value(self, later: float) -> float:
        """Projected revenue from its wins; what books later counts `later` times."""
        return self.in_period + later * self.later

    @property
    def unworked(self) -> float:
        """Opportunities there at the start or created that nobody worked in the period."""
        return self.open + self.total_created - self.total_worked


@dataclass(frozen=True)
class SourceOutcome(SourceTotals):
    """The same step by step: `created` and `wins` by step, `worked` by step, then depth."""

    created: BySteps
    worked: tuple[BySteps, ...]
    wins: BySteps


@dataclass(frozen=True)
class RenewingOutcome:
    """What one area of one territory renews over the period, in the plan's currency."""

    area: str
    renewed: float


@dataclass(frozen=True)
class TerritoryOutcome:
    """One territory: what its sources and its renewals lead to."""

    sources: tuple[SourceOutcome, ...]
    renewing: tuple[RenewingOutcome, ...]

    def revenue(self, later: float) -> float:
        """Projected revenue in the plan's currency; what books later counts `later` times."""
        return math.fsum(
            (
                *(s.value(later) for s in self.sources),
                *(m.renewed for m in self.renewing),
            )
        )


@dataclass(frozen=True)
class Reached:
    """What territories of one shape lead to; the last axis of each array is the territory.

    `hours` by row's place and step, `created` and `wins` by source and step, `worked` by source, step
    and depth; `in_period` and `later` by source, `renewed` by renewing area, in the plan's currency.
    """

    alike: Alike
    hours: Floats
    created: Floats
    worked: Floats
    wins: Floats
    in_period: Floats
    later: Floats
    renewed: Floats

    def totals(self) -> Iterator[tuple[int, list[SourceTotals]]]:
        """Each territory's number, and its sources over the period."""
        created, worked, wins, in_period, later = (
            np.moveaxis(each, -1, 0).tolist()
            for each in (self.created, self.worked, self.wins, self.in_period, self.later)
        )
        for at, k in enumerate(self.alike.territories):
            yield (
                k,
                [
                    SourceTotals(
                        area=source.area,
                        open=float(source.open[at]),
                        total_created=math.fsum(created[at][s]),
                        total_worked=math.fsum(map(math.fsum, worked[at][s])),
                        total_wins=math.fsum(wins[at][s]),
                        in_period=in_period[at][s],
                        later=later[at][s],
                    )
                    for s, source in enumerate(self.alike.sources)
                ],
            )

    def one_by_one(self) -> Iterator[tuple[int, TerritoryOutcome]]:
        """Each territory's number, and what it leads to."""
        created, worked, wins, renewed = (
            np.moveaxis(each, -1, 0).tolist()
            for each in (self.created, self.worked, self.wins, self.renewed)
        )
        for at, (k, totals) in enumerate(self.totals()):
            sources = tuple(
                SourceOutcome(
                    **vars(total),
                    created=tuple(created[at][s]),
                    worked=tuple(map(tuple, worked[at][s])),
                    wins=tuple(wins[at][s]),
                )
                for s, total in enumerate(totals)
            )
            renewing = tuple(
                RenewingOutcome(one.area, money)
                for one, money in zip(self.alike.renewing, renewed[at], strict=True)
            )
            yield k, TerritoryOutcome(sources, renewing)
