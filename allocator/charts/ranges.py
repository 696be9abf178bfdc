"""How firm the hours are: between how many an area can have with little revenue missing."""

from __future__ import annotations

import altair as alt

from allocator.allocation import Allocation
from allocator.answers.explanation import Explanation
from allocator.charts.look import INK, Drawn, area_colors, finished, labels, layered, scale, values
from allocator.charts.movers import places
from allocator.wording import amount, area_name, in_sentence, share

MOST = 6
"""Territories that are shown."""
ROW = 19


def ranges(allocation: Allocation, explanation: Explanation) -> Drawn:
    """A line for each territory and area: from the least to the most hours, the recommended on it."""
    shown = [place.name for place in places(allocation, MOST, rest=False)]
    alone = len(allocation.plan.territories) == 1
    those = [one for name in shown for one in explanation.ranges if one.territory == name]
    colors = area_colors(allocation.model)
    lines = [
        area_name(one.area) if alone else f"{one.territory}: {in_sentence(one.area)}" for one in those
    ]
    short, areas = labels(lines), labels(map(area_name, allocation.model.areas))
    records = [
        {
            "at": at,
            "line": short[lines[at]],
            "name": lines[at],
            "area": areas[area_name(one.area)],
            "least": one.least,
            "most": one.most,
            "hours": one.hours,
            "said": f"{amount(one.hours)} ({amount(one.least)}–{amount(one.most)})",
        }
        for at, one in enumerate(those)
    ]
    used = [area for area in allocation.model.areas if any(one.area == area for one in those)]
    color = alt.Color(
        "area:N",
        scale=alt.Scale(
            domain=[areas[area_name(area)] for area in used], range=[colors[area] for area in used]
        ),
        legend=None if alone else alt.Legend(),
    )
    longest = max((len(str(record["said"])) for record in records), default=0)
    along = scale([one.most for one in those], longest)
    base = alt.Chart(values(records)).encode(
        y=alt.Y("line:N", sort=alt.EncodingSortField("at", op="min"), title=None),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("said:N", title="hours (least–most)"),
        ],
    )
    line = base.mark_rule(strokeWidth=5, opacity=0.5, strokeCap="round").encode(
        x=alt.X("least:Q", title="Hours", scale=along), x2="most:Q", color=color
    )
    dot = base.mark_point(filled=True, size=85, opacity=1).encode(
        x=alt.X("hours:Q", scale=along), color=color
    )
    text = base.mark_text(align="left", dx=9, color=INK, fontSize=11).encode(
        x=alt.X("most:Q", scale=along), text="said:N"
    )
    chart = layered([line, dot, text], len(records) * ROW)
    note = "Point: recommended. Line: least to most hours, the others making the best of it."
    if len(shown) < len(allocation.plan.territories):
        note += f" The {len(shown)} territories from and to which most hours move."
    return finished(
        chart,
        f"Within these hours, no more than {share(explanation.within)} of the best revenue is missing",
        note,
        "Lines from the least to the most hours by territory and area",
    )
