"""Response curves: what more hours of each source would find, and where both splits stand on them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import altair as alt

from allocator.allocation import Allocation
from allocator.charts.look import (
    RECOMMENDED,
    TODAY,
    Drawn,
    area_colors,
    finished,
    labels,
    layered,
    values,
)
from allocator.instance import Source, Territory
from allocator.outcome import Outcome
from allocator.wording import amount, area_name

POINTS = 48
BEYOND = 1.15
"""How far curves are drawn, times the hours of the point furthest right."""
HEIGHT = 300


class Curved(NamedTuple):
    """A source with a curve, and its territory, which is number `k` of the plan."""

    k: int
    territory: Territory
    source: Source


def response_curves(allocation: Allocation, territory: str | None = None) -> Drawn:
    """Opportunities by effective hours, a curve for each source; over all territories, or of one.

    Over all territories, the hours of a curve grow alike in each of them. Points are what the splits
    create: couplings widen a market, or hold it back, beyond the curve that the plan's figures give.
    """
    case = allocation.instance
    those = [(k, it) for k, it in enumerate(case.territories) if territory in {None, it.name}]
    found = {area: _curved(those, area) for area in case.model.sources}
    drawn = {area: curved for area, curved in found.items() if curved}
    points = [p for area, curved in drawn.items() for p in _points(allocation, area, curved)]
    furthest = BEYOND * max((p["hours"] for p in points), default=1.0) or 1.0
    curve = [p for area, curved in drawn.items() for p in _curve(allocation, area, curved, furthest)]
    colors = area_colors(allocation.model)
    color = alt.Color(
        "source:N",
        scale=alt.Scale(
            domain=[_label(allocation, area) for area in drawn], range=[colors[area] for area in drawn]
        ),
        legend=alt.Legend(symbolType="stroke"),
    )
    x = alt.X(
        "hours:Q",
        title="Effective hours (hours × skill)",
        scale=alt.Scale(nice=False),
        axis=alt.Axis(tickCount=8),
    )
    y = alt.Y("opportunities:Q", title="Opportunities created")
    line = alt.Chart(values(curve)).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=color)
    dot = (
        alt.Chart(values(points))
        .mark_point(size=110, opacity=1, strokeWidth=2.5)
        .encode(
            x=x,
            y=y,
            color=color,
            fill=alt.Fill("fill:N", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("source:N", title="source"),
                alt.Tooltip("split:N", title="split"),
                alt.Tooltip("said_hours:N", title="effective hours"),
                alt.Tooltip("said:N", title="opportunities created"),
            ],
        )
    )
    chart = layered([line, dot], HEIGHT)
    note = (
        "Hollow: today. Filled: recommended. Off the curve: couplings widen a market or hold it back."
        if territory is None
        else ""
    )
    where = territory or "Each further hour finds fewer opportunities, source by source"
    return finished(chart, where, note, "Response curves, opportunities by effective hours")


def _label(allocation: Allocation, area: str) -> str:
    """What an area is called in the legend."""
    return labels(map(area_name, allocation.model.areas))[area_name(area)]


def _curved(those: Sequence[tuple[int, Territory]], area: str) -> list[Curved]:
    """The territories' sources of one area that have a curve."""
    return [
        Curved(k, territory, source)
        for k, territory in those
        for source in territory.sources
        if source.area == area and source.curve is not None
    ]


def _points(allocation: Allocation, area: str, curved: Sequence[Curved]) -> Iterator[dict[str, Any]]:
    color = area_colors(allocation.model)[area]
    for split, outcome in ((TODAY, allocation.today), (RECOMMENDED, allocation.recommended)):
        hours = math.fsum(_effective(outcome, mine) for mine in curved)
        created = math.fsum(_created(outcome, mine) for mine in curved)
        yield {
            "source": _label(allocation, area),
            "split": split,
            "hours": hours,
            "opportunities": created,
            "said_hours": amount(hours),
            "said": amount(created),
            "fill": color if split == RECOMMENDED else "transparent",
        }


def _curve(
    allocation: Allocation, area: str, curved: Sequence[Curved], furthest: float
) -> Iterator[dict[str, Any]]:
    """Opportunities where every territory's hours of today are so many times what they are."""
    now = [_effective(allocation.today, mine) for mine in curved]
    whole = math.fsum(now)
    for at in range(POINTS + 1):
        hours = furthest * at / POINTS
        times = hours / whole if whole else 0.0
        brought = (
            source.curve.value(mine * times)
            for mine, (_, _, source) in zip(now, curved, strict=True)
            if source.curve is not None
        )
        yield {"source": _label(allocation, area), "hours": hours, "opportunities": math.fsum(brought)}


def _effective(outcome: Outcome, mine: Curved) -> float:
    case = outcome.instance
    rows = case.rows_of(mine.territory, mine.source.area)
    return math.fsum(case.rows[i].skill * outcome.total_hours(i) for i in rows)


def _created(outcome: Outcome, mine: Curved) -> float:
    sources = outcome.territories[mine.k].sources
    return math.fsum(s.total_created for s in sources if s.area == mine.source.area)
