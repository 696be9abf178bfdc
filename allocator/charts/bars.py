"""Lying bars: one or more a line, side by side or in parts one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    lines = _numbered(bar.line for bar in those)
    several = len(those) > len(lines)
    longest = max((len(bar.said) for bar in those), default=0)
    along = scale([bar.value for bar in those], longest)
    encoded: dict[str, Any] = {
        "y": _line(0.28 if several else 0.22),
        "x": alt.X("value:Q", title=unit, scale=along, axis=alt.Axis(tickCount=5)),
    }
    if several:
        encoded["yOffset"] = _beside("series:N")
    base = alt.Chart(values(_of_bars(those, lines, colors))).encode(**encoded)
    drawn = base.mark_bar(height=alt.RelativeBandSize(band=0.9)).encode(
        color=alt.Color(
            "series:N",
            scale=alt.Scale(domain=list(colors), range=list(colors.values())),
            legend=alt.Legend() if several else None,
        ),
        tooltip=_told(unit, ("series:N", "split", several)),
    )
    rows = len(lines) * ((len(colors) if several else 1.3) + 0.35)
    return layered([drawn, *_at_ends(base, those)], round(rows * THICK))


def _of_bars(
    those: Iterable[Bar], lines: Mapping[str, int], colors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """A record for each bar."""
    short, order = labels(lines), _numbered(colors)
    return [
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


def _at_ends(base: alt.Chart, those: Collection[Bar]) -> Iterator[alt.Chart]:
    """What is said of bars, to the right of those above 0 and to the left of those below."""
    text = base.encode(text="said:N")
    if any(bar.value >= 0 for bar in those):
        right = text.mark_text(align="left", dx=4, baseline="middle", color=INK)
        yield right.transform_filter("datum.value >= 0")
    if any(bar.value < 0 for bar in those):
        left = text.mark_text(align="right", dx=-4, baseline="middle", color=INK)
        yield left.transform_filter("datum.value < 0")


def _numbered(names: Iterable[str]) -> dict[str, int]:
    """Names in their order, each once."""
    return {name: at for at, name in enumerate(dict.fromkeys(names))}


def _line(between: float) -> alt.Y:
    """Lines in their order, with room `between` them in parts of one."""
    return alt.Y(
        "line:N",
        sort=alt.EncodingSortField("at", op="min"),
        title=None,
        scale=alt.Scale(paddingInner=between, paddingOuter=0.1),
    )


def _beside(field: str) -> alt.YOffset:
    """Several bars on one line, in their order."""
    return alt.YOffset(field, sort=alt.EncodingSortField("nth", op="min"))


def _told(unit: str, *between: tuple[str, str, bool]) -> list[alt.Tooltip]:
    """What a bar tells when it is pointed at; `between`: field, title, and whether it is told."""
    more = (alt.Tooltip(field, title=title) for field, title, told in between if told)
    return [alt.Tooltip("name:N", title=" "), *more, alt.Tooltip("said:N", title=unit)]


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
    lines, splits = _numbered(part.line for part in those), _numbered(part.split for part in those)
    ends, several = ends or {}, len(splits) > 1
    records = list(_of_parts(those, lines, splits, colors))
    most = max((record["end"] for record in records), default=0.0)
    along = scale([most], max(map(len, ends.values()), default=0))
    encoded: dict[str, Any] = {"y": _line(0.3)}
    if several:
        encoded["yOffset"] = _beside("split:N")
    base = alt.Chart(values(records)).encode(**encoded)
    drawn = base.mark_bar(height=alt.RelativeBandSize(band=0.92), stroke=None).encode(
        x=alt.X("start:Q", title=unit, scale=along, axis=alt.Axis(tickCount=5)),
        x2="end:Q",
        color=alt.Color(
            "part:N",
            scale=alt.Scale(domain=list(labels(colors).values()), range=list(colors.values())),
        ),
        opacity=_paler() if several else alt.value(1),
        tooltip=_told(unit, ("split:N", "split", several), ("part:N", "part", True)),
    )
    fits = f"(datum.end - datum.start) / {most or 1} * {ACROSS} > length(datum.said) * {LETTER + 1}"
    inside = base.mark_text(baseline="middle", fontSize=11).encode(
        x=alt.X("middle:Q", scale=along),
        text=alt.condition(fits, "said:N", alt.value("")),
        fill=alt.Fill("ink:N", scale=None, legend=None),
    )
    layers = [drawn, inside]
    if ends:
        last = {record["name"]: record for record in records}
        after = [
            {"line": last[line]["line"], "at": at, "end": last[line]["end"], "said": ends.get(line, "")}
            for line, at in lines.items()
        ]
        text = alt.Chart(values(after)).mark_text(align="left", dx=5, baseline="middle", color=INK)
        layers.append(text.encode(y=encoded["y"], x=alt.X("end:Q", scale=along), text="said:N"))
    height = round(len(lines) * (len(splits) + 0.45) * THICK * (1.0 if several else 1.25))
    return layered(layers, height)


def _of_parts(
    those: Iterable[Part], lines: Mapping[str, int], splits: Mapping[str, int], colors: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """A record for each part, which begins where the one before it on its bar ends."""
    order, short, named = _numbered(colors), labels(lines), labels(colors)
    reach: dict[tuple[str, str], float] = {}
    for part in sorted(those, key=lambda one: (lines[one.line], splits[one.split], order[one.part])):
        start = reach.get((part.line, part.split), 0.0)
        reach[part.line, part.split] = start + part.value
        yield {
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


def _paler() -> alt.Opacity:
    """The upper one of two bars paler than the lower."""
    return alt.Opacity("nth:O", scale=alt.Scale(domain=[0, 1], range=[0.55, 1.0]), legend=None)


def _pale(part: Part, splits: Mapping[str, int]) -> bool:
    """Whether a part stands in the upper one of two bars."""
    return len(splits) > 1 and splits[part.split] == 0
