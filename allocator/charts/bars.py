"""Lying bars: one or more a line, side by side or in parts one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from allocator.charts.look import ACROSS, INK, LETTER, Drawn, ink_on, labels, layered, scale, values

THICK = 17
"""Pixels of one bar."""


@dataclass(frozen=True)
class Bar:
    """One bar: the line it stands on, the series that gives its colour, and what is said at its end."""

    line: str
    series: str
    value: float
    said: str


def bars(those: Sequence[Bar], colors: Mapping[str, str], unit: str) -> Drawn:
    """Bars from 0, one or more a line, what is said of each at its end.

    `colors` by series, which are named where a line has several; `unit` is what the axis counts.
    """
    lines = {line: at for at, line in enumerate(dict.fromkeys(bar.line for bar in those))}
    order = {series: at for at, series in enumerate(colors)}
    short = labels(lines)
    records = [
        {
            "line": short[bar.line],
            "name": bar.line,
            "at": lines[bar.line],
            "series": bar.series,
            "nth": order[bar.series],
            "value": bar.value,
            "said": bar.said,
        }
        for bar in those
    ]
    longest = max((len(bar.said) for bar in those), default=0)
    several = len(those) > len(lines)
    y = alt.Y(
        "line:N",
        sort=alt.EncodingSortField("at", op="min"),
        title=None,
        scale=alt.Scale(paddingInner=0.28 if several else 0.22, paddingOuter=0.1),
    )
    encoded: dict[str, Any] = {
        "y": y,
        "x": alt.X(
            "value:Q",
            title=unit,
            scale=scale([bar.value for bar in those], longest),
            axis=alt.Axis(tickCount=5),
        ),
    }
    if several:
        encoded["yOffset"] = alt.YOffset("series:N", sort=alt.EncodingSortField("nth", op="min"))
    base = alt.Chart(values(records)).encode(**encoded)
    legend = alt.Legend() if several else None
    drawn = base.mark_bar(height=alt.RelativeBandSize(band=0.9)).encode(
        color=alt.Color(
            "series:N",
            scale=alt.Scale(domain=list(colors), range=list(colors.values())),
            legend=legend,
        ),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            *([alt.Tooltip("series:N", title="split")] if several else []),
            alt.Tooltip("said:N", title=unit),
        ],
    )
    layers = [drawn]
    text = base.encode(text="said:N")
    if any(bar.value >= 0 for bar in those):
        right = text.mark_text(align="left", dx=4, baseline="middle", color=INK)
        layers.append(right.transform_filter("datum.value >= 0"))
    if any(bar.value < 0 for bar in those):
        left = text.mark_text(align="right", dx=-4, baseline="middle", color=INK)
        layers.append(left.transform_filter("datum.value < 0"))
    rows = len(lines) * ((len(colors) if several else 1.3) + 0.35)
    return layered(layers, round(rows * THICK))


@dataclass(frozen=True)
class Part:
    """One part of a bar: the bar's line, which part it is, how much, and what is said of it.

    `split`: where a line has a bar for each split, whose it is; the upper one is paler.
    """

    line: str
    part: str
    value: float
    said: str
    split: str = ""


def stacks(
    those: Sequence[Part], colors: Mapping[str, str], unit: str, ends: Mapping[str, str] | None = None
) -> Drawn:
    """Bars of parts one after the other; what is said of a part stands in it where there is room.

    `ends`: what is said at the end of a line's bar. Parts are drawn in the order of `colors`.
    """
    lines = {line: at for at, line in enumerate(dict.fromkeys(part.line for part in those))}
    splits = {split: at for at, split in enumerate(dict.fromkeys(part.split for part in those))}
    order = {name: at for at, name in enumerate(colors)}
    reach: dict[tuple[str, str], float] = {}
    short, named = labels(lines), labels(colors)
    records: list[dict[str, Any]] = []
    ends = ends or {}
    for part in sorted(those, key=lambda one: (lines[one.line], splits[one.split], order[one.part])):
        start = reach.get((part.line, part.split), 0.0)
        reach[part.line, part.split] = start + part.value
        records.append(
            {
                "line": short[part.line],
                "name": part.line,
                "at": lines[part.line],
                "split": part.split,
                "nth": splits[part.split],
                "part": named[part.part],
                "start": start,
                "end": start + part.value,
                "middle": start + part.value / 2,
                "said": part.said,
                "ink": INK if _pale(part, splits) else ink_on(colors[part.part]),
            }
        )
    most = max(reach.values(), default=0.0)
    longest = max((len(said) for said in ends.values()), default=0)
    several = len(splits) > 1
    encoded: dict[str, Any] = {
        "y": alt.Y(
            "line:N",
            sort=alt.EncodingSortField("at", op="min"),
            title=None,
            scale=alt.Scale(paddingInner=0.3, paddingOuter=0.1),
        )
    }
    if several:
        encoded["yOffset"] = alt.YOffset("split:N", sort=alt.EncodingSortField("nth", op="min"))
    along = scale([most], longest)
    fits = f"(datum.end - datum.start) / {most or 1} * {ACROSS} > length(datum.said) * {LETTER + 1}"
    axis = alt.Axis(tickCount=5)
    base = alt.Chart(values(records)).encode(**encoded)
    drawn = base.mark_bar(height=alt.RelativeBandSize(band=0.92), stroke=None).encode(
        x=alt.X("start:Q", title=unit, scale=along, axis=axis),
        x2="end:Q",
        color=alt.Color(
            "part:N", scale=alt.Scale(domain=list(named.values()), range=list(colors.values()))
        ),
        opacity=alt.Opacity(
            "nth:O",
            scale=alt.Scale(domain=[0, 1], range=[0.55, 1.0]) if several else None,
            legend=None,
        )
        if several
        else alt.value(1),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            *([alt.Tooltip("split:N", title="split")] if several else []),
            alt.Tooltip("part:N", title="part"),
            alt.Tooltip("said:N", title=unit),
        ],
    )
    inside = base.mark_text(baseline="middle", fontSize=11).encode(
        x=alt.X("middle:Q", scale=along),
        text=alt.condition(fits, "said:N", alt.value("")),
        fill=alt.Fill("ink:N", scale=None, legend=None),
    )
    layers = [drawn, inside]
    if ends:
        after = [
            {"line": short[line], "at": at, "end": reach[line, ""], "said": ends.get(line, "")}
            for line, at in lines.items()
        ]
        layers.append(
            alt.Chart(values(after))
            .mark_text(align="left", dx=5, baseline="middle", color=INK)
            .encode(y=encoded["y"], x=alt.X("end:Q", scale=along), text="said:N")
        )
    height = round(len(lines) * (len(splits) + 0.45) * THICK * (1.0 if several else 1.25))
    return layered(layers, height)


def _pale(part: Part, splits: Mapping[str, int]) -> bool:
    """Whether a part stands in the upper one of two bars."""
    return len(splits) > 1 and splits[part.split] == 0
