"""What a plan says about today, worked out from its own facts alone: for people to compare with theirs.

Nothing is solved here. A plan whose wins and revenue are not what the business knows them to be has a
wrong figure in it, and no split of hours can be better than the plan it is worked out from.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from allocator.deriving import instance
from allocator.instance import Renewing
from allocator.model import Area, Model
from allocator.notes import notes_before_solving
from allocator.plan import Facts, Plan, Row

FAR = {"win_rate": 3.0, "deal_size": 10.0}
"""How many times the median over territories, or below it, a figure looks off."""

FEWEST_TERRITORIES = 4
LEAST_WORKED = 0.10
"""Share of the opportunities created that today's hours should be able to work, or they look off."""
_Today = tuple[Row, float]
"""A row, and its hours in today's split."""


@dataclass(frozen=True)
class SourceToday:
    """What one creating area of one territory brings today, by the plan's facts.

    `created` n0 and `open` o: opportunities. `wins`: n0 × win rate. `revenue`: wins × deal size, in the
    plan's currency.
    """

    area: str
    created: float
    open: float
    win_rate: float
    deal_size: float
    wins: float
    revenue: float


@dataclass(frozen=True)
class TerritoryToday:
    """One territory today.

    Hours are those of today's split, which a rep's capacity may bring above or below the rows'.
    `workable`: the opportunities that its effective working hours can work at standard depth.
    `renewals`: recurring revenue up for renewal, `renewed`: what today's hours renew of it; both in the
    plan's currency.
    """

    territory: str
    hours: float
    working_hours: float
    hours_per_opportunity: float | None
    workable: float
    sources: tuple[SourceToday, ...]
    renewals: float
    renewed: float

    @property
    def created(self) -> float:
        """Opportunities that today's hours create."""
        return math.fsum(source.created for source in self.sources)

    @property
    def open(self) -> float:
        """Opportunities open at the start."""
        return math.fsum(source.open for source in self.sources)

    @property
    def wins(self) -> float:
        """Wins, if all that is created is worked at standard depth."""
        return math.fsum(source.wins for source in self.sources)

    @property
    def revenue(self) -> float:
        """What those wins are worth, in the plan's currency."""
        return math.fsum(source.revenue for source in self.sources)


@dataclass(frozen=True)
class StandsIn:
    """A default in place of a fact that the file does not give, for one area of these territories.

    `times_opportunities`: the value is a multiple of each territory's opportunities today.
    """

    column: str
    area: str
    value: float
    times_opportunities: bool
    territories: tuple[str, ...]


@dataclass(frozen=True)
class LooksOff:
    """A figure that is possible and yet hard to believe.

    Of a win rate or deal size: `value` against `usual`, the median over territories. Of
    hours_per_opportunity: `value` opportunities that the hours can work, against `usual` created.
    """

    column: Literal["win_rate", "deal_size", "hours_per_opportunity"]
    territory: str
    area: str
    value: float
    usual: float


@dataclass(frozen=True)
class Check:
    """A plan as it was understood, before anything is solved."""

    plan: Plan
    model: Model
    territories: tuple[TerritoryToday, ...]
    stand_ins: tuple[StandsIn, ...]
    looks_off: tuple[LooksOff, ...]
    notes: tuple[str, ...]


def check_plan(plan: Plan, model: Model) -> Check:
    """What `plan` says under `model`: today's opportunities, wins and revenue, and what looks off."""
    case = instance(plan, model)
    renewed = {k.name: math.fsum(map(_renewed, k.renewing)) for k in case.territories}
    rows: dict[str, list[_Today]] = {name: [] for name in plan.rows_by_territory}
    for row, hours in zip(plan.rows, plan.todays_split, strict=True):
        rows[row.territory].append((row, hours))
    territories = tuple(
        _territory(name, there, plan, model, renewed[name]) for name, there in rows.items()
    )
    return Check(
        plan=plan,
        model=model,
        territories=territories,
        stand_ins=tuple(_stand_ins(plan, model)),
        looks_off=(*_far_from_others(territories), *_too_slow(territories, model)),
        notes=(*plan.notes, *notes_before_solving(case)),
    )


def _renewed(area: Renewing) -> float:
    """What renews without hours, and what today's renew besides."""
    return area.base + (area.curve.potential * area.curve.today if area.curve else 0.0)


def _territory(
    name: str, split: Sequence[_Today], plan: Plan, model: Model, renewed: float
) -> TerritoryToday:
    rows = [row for row, _ in split]
    present = {row.area for row in rows}
    facts = {area: plan.facts[name, area] for area in present}
    working = [(row, hours) for row, hours in split if row.area == model.working_area]
    effective = math.fsum(row.skill * hours for row, hours in working)
    each = facts[model.working_area].hours_per_opportunity if working else None
    return TerritoryToday(
        territory=name,
        hours=math.fsum(hours for _, hours in split),
        working_hours=effective,
        hours_per_opportunity=each,
        workable=effective / each if each else 0.0,
        sources=tuple(_source(area, rows, facts[area]) for area in model.sources if area in present),
        renewals=math.fsum(given.renewals for given in facts.values()),
        renewed=renewed,
    )


def _source(area: str, rows: Sequence[Row], facts: Facts) -> SourceToday:
    created = math.fsum(row.opportunities for row in rows if row.area == area)
    win_rate, deal_size = facts.win_rate or 0.0, facts.deal_size or 0.0
    return SourceToday(
        area=area,
        created=created,
        open=math.fsum(row.open for row in rows if row.area == area),
        win_rate=win_rate,
        deal_size=deal_size,
        wins=created * win_rate,
        revenue=created * win_rate * deal_size,
    )


def _stand_ins(plan: Plan, model: Model) -> Iterator[StandsIn]:
    """Each default that takes the place of something, by column and area."""
    for column, keys in plan.absent.items():
        for name, area in model.areas.items():
            value = _default(column, area)
            territories = tuple(k for k, a in keys if a == name and _matters(column, plan.facts[k, a]))
            if value is not None and territories:
                yield StandsIn(column, name, value, column == "potential", territories)


def _default(column: str, area: Area) -> float | None:
    if column == "potential":
        return area.potential
    if column == "renewal_rate":
        return area.renewals.rate if area.renewals else None
    return 0.0


def _matters(column: str, facts: Facts) -> bool:
    return column != "renewal_rate" or facts.renewals > 0


def _far_from_others(territories: Sequence[TerritoryToday]) -> Iterator[LooksOff]:
    """Win rates and deal sizes far from those of the same area in other territories."""
    by_area: dict[str, list[tuple[str, Mapping[str, float]]]] = {}
    for found in territories:
        for source in found.sources:
            values: Mapping[str, float] = {"win_rate": source.win_rate, "deal_size": source.deal_size}
            by_area.setdefault(source.area, []).append((found.territory, values))
    columns: tuple[Literal["win_rate", "deal_size"], ...] = ("win_rate", "deal_size")
    for area, given in by_area.items():
        for column in columns if len(given) >= FEWEST_TERRITORIES else ():
            median = statistics.median(values[column] for _, values in given)
            for territory, values in given:
                if not median / FAR[column] <= values[column] <= median * FAR[column]:
                    yield LooksOff(column, territory, area, values[column], median)


def _too_slow(territories: Sequence[TerritoryToday], model: Model) -> Iterator[LooksOff]:
    """Hours per opportunity that leave nearly all of today's opportunities unworked."""
    for found in territories:
        if found.hours_per_opportunity and found.workable < LEAST_WORKED * found.created:
            yield LooksOff(
                "hours_per_opportunity",
                found.territory,
                model.working_area,
                found.workable,
                found.created,
            )
