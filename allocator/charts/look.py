"""How all charts look: colours that everyone can tell apart, one font, axes that don't shout."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import altair as alt

from allocator.model import Model

VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""The version in which charts are described, as vl-convert names it."""

Drawn: TypeAlias = alt.Chart | alt.LayerChart
Record: TypeAlias = Mapping[str, object]

WIDTH = 660
LETTERS = 92
"""Of a title in one line of a picture."""
LABEL = 40
"""Letters of the longest label beside a bar; the whole of it is in the tooltip."""
LETTER = 7.2
"""Pixels of a letter, a little more than it takes."""
ACROSS = "across"
"""What expressions call the pixels that a chart's axis has across: a page's change with its window."""
INK = "currentColor"
"""What text is drawn with: black in a picture, the page's own colour in its light and its dark."""

# Okabe and Ito's palette: https://jfly.uni-koeln.de/color/
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#8C9196"

TODAY, RECOMMENDED = "today", "recommended"
SPLITS = {TODAY: GREY, RECOMMENDED: BLUE}
AREAS = (ORANGE, BLUE, GREEN, PURPLE, SKY, VERMILION, YELLOW, GREY)

CONFIG: dict[str, Any] = {
    "background": None,
    "font": "sans-serif",
    "aria": False,  # a chart has its description, and its figures stand in tables
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "color": INK,
        "fontSize": 15,
        "fontWeight": 600,
        "offset": 14,
        "subtitleColor": INK,
        "subtitleFontSize": 12,
        "subtitlePadding": 5,
    },
    "axis": {
        "domain": False,
        "gridColor": INK,
        "gridOpacity": 0.13,
        "labelColor": INK,
        "labelFontSize": 12,
        "labelLimit": 0,  # labels come cut: Vega would cut an emoji in half
        "tickColor": INK,
        "tickOpacity": 0.3,
        "titleColor": INK,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "axisY": {"ticks": False, "labelPadding": 6},
    "legend": {
        "labelColor": INK,
        "labelFontSize": 12,
        "labelLimit": 0,
        "orient": "top",
        "title": None,
        "columns": 4,
        "symbolType": "square",
    },
    "text": {"color": INK, "fontSize": 12},
}


def area_colors(model: Model) -> dict[str, str]:
    """A colour for each area of a model, the same in every chart."""
    return {area: AREAS[at % len(AREAS)] for at, area in enumerate(model.areas)}


def values(records: Iterable[Record]) -> alt.InlineData:
    """Records as a chart's own data."""
    return alt.InlineData(values=[dict(record) for record in records])


def layered(layers: Sequence[alt.Chart], height: int) -> alt.LayerChart:
    """Charts one on top of the other, `height` pixels high."""
    return alt.LayerChart(layer=list(layers), width=WIDTH, height=height)


def finished(chart: Drawn, point: str, note: str, kind: str) -> Drawn:
    """A chart with its point as the title, how to read it, and words for who can't see it.

    `kind` says what is drawn, as in "Bars of hours by area".
    """
    title = alt.TitleParams(
        _lines(point.removesuffix(".")), subtitle=_lines(note) if note else alt.Undefined
    )
    said = " ".join(part for part in (f"{kind}.", point, note) if part)
    return chart.properties(title=title, description=said)


def _lines(text: str) -> list[str]:
    return textwrap.wrap(text, LETTERS) or [""]


def drawing(*charts: Drawn, heading: str = "") -> dict[str, Any]:
    """The Vega-Lite specification of a chart, or of several one below the other under a heading."""
    one: Drawn | alt.VConcatChart = charts[0]
    across: dict[str, Any] = {"name": ACROSS, "expr": "width"}
    if len(charts) > 1:
        joined = alt.vconcat(*charts, spacing=48).properties(align="none")
        one = joined.resolve_scale(color="independent", opacity="independent", yOffset="independent")
        if heading:
            title = alt.TitleParams(_lines(heading), fontSize=20, offset=30)
            one = one.properties(title=title)
        across = {"name": ACROSS, "value": WIDTH}
    return {**one.to_dict(validate=False), "params": [across], "config": CONFIG, "padding": 18}


def labels(names: Iterable[str]) -> dict[str, str]:
    """What stands for each name beside its bar: itself or, if it is long, its start; no two alike."""
    found: dict[str, str] = {}
    for name in names:
        if name not in found:
            short = label = _cut(name)
            number = 2
            while label in found.values():
                label, number = f"{short} ({number})", number + 1
            found[name] = label
    return found


def _cut(name: str) -> str:
    """As much of a name as there is room for; letters of East Asia and emoji take the room of two."""
    room = LABEL
    for at, letter in enumerate(name):
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 0:
            return f"{name[: max(1, at - 1)].rstrip()}…"
    return name


def ink_on(color: str) -> str:
    """Black or white, whichever is read more easily on a colour (by WCAG's contrast)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if (1.05 / (luminance + 0.05)) > ((luminance + 0.05) / 0.05) else "#111111"


def scale(numbers: Sequence[float], letters: int) -> alt.Scale:
    """From the least (or 0) to the most (or 0), with room for so many letters at ends that aren't 0."""
    least, most = min((0.0, *numbers)), max((0.0, *numbers))
    ends = 2 if least < 0 < most else 1
    room = f"max(0.2, 1 - {ends * letters * LETTER:.0f} / {ACROSS})"
    return alt.Scale(
        domainMin=alt.ExprRef(f"{least} / {room}"),
        domainMax=alt.ExprRef(f"{most or (0 if least else 1)} / {room}"),
        nice=False,
    )
