"""The formulation's sets and data as flat lists, numbered over the whole plan: what a user starts from.

Hours have a row i and a step t; sources s, segments j, links c and renewing areas m are numbered over
all territories. Every figure is one of the formulation's or follows from it in a line; nothing here is
a programme yet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from allocator.instance import Instance
from allocator.model import Coupling


@dataclass(frozen=True)
class Row:
    """i: least and most hours over the period, and effective hours per hour."""

    least: float
    most: float
    skill: float


@dataclass(frozen=True)
class Rep:
    """r: whose rows, and the hours that they share."""

    rows: tuple[int, ...]
    capacity: float


@dataclass(frozen=True)
class Area:
    """One area of one territory: its rows, and the least and the most of the territory's hours."""

    territory: int
    rows: tuple[int, ...]
    least: float
    most: float


@dataclass(frozen=True)
class Source:
    """s: its rows, what is open, what is won (by depth), and what a win is worth (by step)."""

    territory: int
    rows: tuple[int, ...]
    open: float
    win_rates: tuple[float, ...]
    worth: tuple[float, ...]


@dataclass(frozen=True)
class Segment:
    """j: a piece of a curve, of a source or of a renewing area (`of`): width in hours, and slope.

    `potential` is the whole curve's.
    """

    of: int
    width: float
    slope: float
    potential: float


@dataclass(frozen=True)
class Link:
    """c: what source `by` does in a step widens (or allows) what source `of` creates `lag` steps later.

    By so much for each opportunity created, and for each one worked at each depth.
    """

    of: int
    by: int
    lag: int
    created: float
    worked: tuple[float, ...]


@dataclass(frozen=True)
class Allowed:
    """What a limited source may create in each step whatever is done; its links allow more."""

    of: int
    created: tuple[float, ...]


@dataclass(frozen=True)
class Territory:
    """k: its sources, the rows that work, the effort of one opportunity by depth, the end pipeline."""

    sources: tuple[int, ...]
    working_rows: tuple[int, ...]
    effort: tuple[float, ...]
    pipeline: float


@dataclass(frozen=True)
class Facts:
    """Everything that the programme is written from; `kept` is D, `base` is what renews anyway."""

    steps: int
    kept: float
    base: float
    rows: tuple[Row, ...]
    reps: tuple[Rep, ...]
    areas: tuple[Area, ...]
    territories: tuple[Territory, ...]
    sources: tuple[Source, ...]
    segments: tuple[Segment, ...]
    grows: tuple[Link, ...]
    limits: tuple[Link, ...]
    allowed: tuple[Allowed, ...]
    renewing: tuple[tuple[int, ...], ...]
    renewing_segments: tuple[Segment, ...]

    @property
    def depths(self) -> int:
        """How many depths there are."""
        return len(self.territories[0].effort)


def facts_of(case: Instance) -> Facts:
    """The flat lists of an instance."""
    model = case.model
    found = [(k, source) for k, territory in enumerate(case.territories) for source in territory.sources]
    at = {(k, source.area): s for s, (k, source) in enumerate(found)}
    renewing = [(territory, each) for territory in case.territories for each in territory.renewing]
    later = model.objective.later
    return Facts(
        steps=case.steps,
        kept=model.kept_per_step,
        base=math.fsum(each.base for _, each in renewing),
        rows=tuple(Row(row.least, row.most, row.skill) for row in case.rows),
        reps=tuple(Rep(rep.rows, rep.capacity) for rep in case.reps),
        areas=tuple(
            Area(k, case.rows_of(territory, area), *shares)
            for k, territory in enumerate(case.territories)
            for area, shares in territory.shares.items()
        ),
        territories=tuple(
            Territory(
                sources=tuple(at[k, source.area] for source in territory.sources),
                working_rows=case.rows_of(territory, model.working_area),
                effort=tuple(d.effort * (territory.hours_per_opportunity or 1.0) for d in model.depths),
                pipeline=territory.pipeline,
            )
            for k, territory in enumerate(case.territories)
        ),
        sources=tuple(
            Source(
                territory=k,
                rows=case.rows_of(case.territories[k], source.area),
                open=source.open,
                win_rates=source.win_rates,
                worth=tuple(source.deal_size * (phi + later * (1 - phi)) for phi in source.booked),
            )
            for k, source in found
        ),
        segments=tuple(
            Segment(s, segment.width, segment.slope, source.curve.potential)
            for s, (_, source) in enumerate(found)
            if source.curve is not None
            for segment in source.curve.segments
        ),
        grows=tuple(link for c in model.couplings if c.grows for link in _links(case, c, c.grows, at)),
        limits=tuple(
            link for c in model.couplings if c.limits for link in _links(case, c, c.limits, at)
        ),
        allowed=tuple(_allowed(case, at)),
        renewing=tuple(case.rows_of(territory, each.area) for territory, each in renewing),
        renewing_segments=tuple(
            Segment(m, segment.width, segment.slope, each.curve.potential)
            for m, (_, each) in enumerate(renewing)
            if each.curve is not None
            for segment in each.curve.segments
        ),
    )


def _links(
    case: Instance, coupling: Coupling, target: str, at: dict[tuple[int, str], int]
) -> Iterator[Link]:
    for k, territory in enumerate(case.territories):
        if (k, target) not in at:
            continue
        for source in territory.sources:
            if source.area in coupling.of:
                by = {
                    "opportunities": (coupling.rate, [0.0] * len(source.win_rates)),
                    "worked": (0.0, [coupling.rate] * len(source.win_rates)),
                    "wins": (0.0, [coupling.rate * rate for rate in source.win_rates]),
                }
                created, worked = by[coupling.by]
                yield Link(at[k, target], at[k, source.area], coupling.lag, created, tuple(worked))


def _allowed(case: Instance, at: dict[tuple[int, str], int]) -> Iterator[Allowed]:
    """Goodwill, and before the first step a driver at today's rate."""
    for k, territory in enumerate(case.territories):
        for source in territory.sources:
            limiting = [c for c in case.model.couplings if c.limits == source.area]
            today = {
                c: sum(s.created_today for s in territory.sources if s.area in c.of) for c in limiting
            }
            if limiting:
                yield Allowed(
                    at[k, source.area],
                    tuple(
                        sum(
                            c.goodwill * source.created_today + (c.rate * today[c] if t < c.lag else 0.0)
                            for c in limiting
                        )
                        / case.steps
                        for t in range(case.steps)
                    ),
                )
