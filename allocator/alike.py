"""Territories that are alike, their facts side by side: what is declared for one is declared for all.

Territories of one shape have rows for the same areas, curves with as many segments, and the same
limits; only their numbers differ. The sample plan of sixty territories has seven shapes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from allocator.arrays import Floats, Integers
from allocator.curves import LEVELS, Curve, chords
from allocator.instance import Instance, Renewing, Source, Territory


@dataclass(frozen=True)
class Pieces:
    """Response curves of as many segments: `width` in effective hours and `slope` of each segment."""

    potential: Floats
    width: tuple[Floats, ...]
    slope: tuple[Floats, ...]

    @property
    def segments(self) -> Iterator[tuple[Floats, Floats]]:
        """Each segment's width and slope."""
        return zip(self.width, self.slope, strict=True)


@dataclass(frozen=True)
class Sources:
    """One creating area of each territory; see `allocator.instance.Source`.

    `rows` are places among the territory's rows. `win_rates` by depth, `booked` by step.
    """

    area: str
    rows: tuple[int, ...]
    created_today: Floats
    open: Floats
    curve: Pieces | None
    win_rates: tuple[Floats, ...]
    deal_size: Floats
    booked: tuple[Floats, ...]


@dataclass(frozen=True)
class Renewals:
    """One renewing area of each territory; see `allocator.instance.Renewing`."""

    area: str
    rows: tuple[int, ...]
    base: Floats
    curve: Pieces | None


@dataclass(frozen=True)
class Alike:
    """Territories of one shape, by their numbers in the instance; see `allocator.instance.Territory`.

    Each number is an array with an entry for each of `territories`. Rows are places among a territory's
    rows: `areas` and `skill` are in that order, and `rows` has, by place, the numbers of the rows in the
    instance. `pipeline`: None where none is to be left at the end.
    """

    territories: tuple[int, ...]
    rows: Integers
    areas: tuple[str, ...]
    skill: tuple[Floats, ...]
    sources: tuple[Sources, ...]
    renewing: tuple[Renewals, ...]
    working_rows: tuple[int, ...]
    hours_per_opportunity: Floats
    shares: Mapping[str, tuple[float, float]]
    pipeline: Floats | None

    def rows_of(self, area: str) -> tuple[int, ...]:
        """The places of an area's rows among the territory's."""
        return _places(self.areas, area)


def _places(areas: Sequence[str], area: str) -> tuple[int, ...]:
    """Where an area stands among those of a territory's rows."""
    return tuple(at for at, mine in enumerate(areas) if mine == area)


def all_alike(instance: Instance) -> tuple[Alike, ...]:
    """All territories by their shapes, in the order of each shape's first one."""
    shapes: dict[Hashable, list[int]] = {}
    for k, territory in enumerate(instance.territories):
        shapes.setdefault(_shape(instance, territory), []).append(k)
    return tuple(_side_by_side(instance, those) for those in shapes.values())


def _shape(instance: Instance, territory: Territory) -> Hashable:
    areas = tuple(instance.rows[i].area for i in territory.rows)
    return (
        areas,
        tuple((source.area, _segments(source.curve)) for source in territory.sources),
        tuple((renewing.area, _segments(renewing.curve)) for renewing in territory.renewing),
        tuple(territory.shares.items()),
        bool(territory.pipeline),
    )


def _segments(curve: Curve | None) -> int:
    return len(LEVELS) - 1 + curve.bends_at_today if curve else 0


def _side_by_side(instance: Instance, numbers: Sequence[int]) -> Alike:
    those = [instance.territories[k] for k in numbers]
    first, rows = those[0], instance.rows
    areas = tuple(rows[i].area for i in first.rows)
    return Alike(
        territories=tuple(numbers),
        rows=np.array([territory.rows for territory in those], np.int32).T.copy(),
        areas=areas,
        skill=_each([rows[i].skill for i in territory.rows] for territory in those),
        sources=tuple(
            _sources(alike, _places(areas, alike[0].area))
            for alike in zip(*(k.sources for k in those), strict=True)
        ),
        renewing=tuple(
            _renewals(alike, _places(areas, alike[0].area))
            for alike in zip(*(k.renewing for k in those), strict=True)
        ),
        working_rows=_places(areas, instance.model.working_area),
        # With nobody to work them, every opportunity takes more than the 0 hours that there are.
        hours_per_opportunity=np.array([k.hours_per_opportunity or 1.0 for k in those]),
        shares=first.shares,
        pipeline=np.array([k.pipeline for k in those]) if first.pipeline else None,
    )


def _each(facts: Iterable[Sequence[float]]) -> tuple[Floats, ...]:
    """Facts by territory as an array for each fact."""
    return tuple(np.array(list(facts), np.float64).T.copy())


def _sources(those: Sequence[Source], rows: tuple[int, ...]) -> Sources:
    first = those[0]
    return Sources(
        area=first.area,
        rows=rows,
        created_today=np.array([s.created_today for s in those]),
        open=np.array([s.open for s in those]),
        curve=_pieces([s.curve for s in those]),
        win_rates=_each(s.win_rates for s in those),
        deal_size=np.array([s.deal_size for s in those]),
        booked=_each(s.booked for s in those),
    )


def _renewals(those: Sequence[Renewing], rows: tuple[int, ...]) -> Renewals:
    base = np.array([renewing.base for renewing in those])
    return Renewals(those[0].area, rows, base, _pieces([renewing.curve for renewing in those]))


def _pieces(curves: Sequence[Curve | None]) -> Pieces | None:
    there = [curve for curve in curves if curve is not None]
    if not there:
        return None
    width, slope = chords(there)
    return Pieces(np.array([curve.potential for curve in there]), tuple(width), tuple(slope))
