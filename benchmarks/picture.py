"""The results as a picture: time and memory against the number of territories, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import altair as alt
import vl_convert

from allocator.charts.look import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VEGA_LITE,
    VERMILION,
    YELLOW,
    Drawn,
    drawing,
    finished,
    layered,
    values,
)
from benchmarks.results import FLOOR, OURS, TOOLS, Case, Found, Results

NAMES = {FLOOR: "floor (both passes)", OURS: "allocate (both passes, proven)", **TOOLS}
COLORS = (GREY, BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW)
HEIGHT = 300
NOTE = "Medians; both axes are logarithmic. By hand: the first pass alone, for the plan as a whole."


def draw(results: Results, steps: int, path: Path) -> None:
    """Write the picture of all cases in so many steps as SVG."""
    charts = (
        _chart(results, steps, "seconds", "Seconds", f"Time by size of the plan, {steps} steps"),
        _chart(results, steps, "megabytes", "Peak memory, MB", "Memory by size of the plan"),
    )
    spec = drawing(*charts) | {"background": "white"}
    path.write_text(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE), encoding="utf-8")


def _chart(results: Results, steps: int, figure: str, axis: str, point: str) -> Drawn:
    records = [
        {"territories": case.size.territories, "route": NAMES[route], axis: getattr(found, figure)}
        for case, route, found in _found(results, steps)
    ]
    base = alt.Chart(values(records)).encode(
        x=alt.X("territories:Q", scale=alt.Scale(type="log"), title="Territories"),
        y=alt.Y(f"{axis}:Q", scale=alt.Scale(type="log"), title=axis),
        color=alt.Color(
            "route:N", scale=alt.Scale(domain=list(NAMES.values()), range=list(COLORS)), title=None
        ),
    )
    lines = layered((base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=45)), HEIGHT)
    return finished(lines, point, NOTE, "Lines by way of solving")


def _found(results: Results, steps: int) -> Iterator[tuple[Case, str, Found]]:
    for case in results.cases:
        for route in NAMES:
            found = results.found(case, route)
            if case.steps == steps and found.runs:
                yield case, route, found
