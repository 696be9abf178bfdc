"""Leverage: where the next hour and the next improvement pay, in their own area and in the others."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from allocator.answers.leverage import Leverage
from allocator.charts.bars import Bar, bars
from allocator.charts.look import (
    ACROSS,
    BLUE,
    INK,
    SPLITS,
    VERMILION,
    Drawn,
    finished,
    labels,
    layered,
    values,
)
from allocator.charts.movers import MOST
from allocator.reports.leverage_sentences import (
    SPLIT,
    about_levers,
    improvement,
    label,
    next_hour,
    worth_showing,
)
from allocator.wording import area_name, decimals_for, figure, money_change

IN_ALL = "In\u00a0all"
STRONGEST = 0.65
"""How opaque the cell of the largest figure is: figures stay readable on it, in light and in dark."""
MOST_LEVERS = 12
WORTH_SAYING = 0.5
"""Gain from which a lever is said to have any, in the plan's currency."""
ROW = 34
NARROW = 420
"""Pixels across below which the columns' names are written aslant."""
CROWDED = 44
"""Pixels of a cell across below which its figure is smaller."""
LINE = 13
"""Pixels of one line of a column's name."""

Cell = tuple[str, str, float]
"""A line, a column and the figure where they meet."""


def heat_map(found: Leverage) -> Drawn:
    """What an hour more earns: lines are the areas that get it, columns those where it lands."""
    cells: list[Cell] = []
    for hour in found.hours:
        line = area_name(hour.area)
        cells += [(line, area_name(area), revenue) for area, revenue in hour.credited.items()]
        cells.append((line, IN_ALL, hour.per_hour))
    note = (
        "Lines: the area that gets the hour. Columns: where the revenue lands, in "
        f"{_unit(found)} an hour. Orange: crowded out."
    )
    return finished(
        _heat(cells, "gets the hour", _unit(found)),
        _sentence(f"with {SPLIT[found.at]}, {next_hour(found)}"),
        note,
        "Heat map of revenue per hour by area that gets it and area where it lands",
    )


def territory_map(found: Leverage) -> Drawn:
    """What an hour more earns by territory and area, wherever it lands; the territories with most."""
    most = {one.territory: float("-inf") for one in found.territories}
    for one in found.territories:
        most[one.territory] = max(most[one.territory], one.per_hour)
    ranked = sorted(most, key=lambda name: -most[name])
    shown = set(ranked if len(ranked) <= MOST else ranked[:MOST])
    order = [name for name in ranked if name in shown]
    by_name = {name: [one for one in found.territories if one.territory == name] for name in order}
    cells = [(name, area_name(one.area), one.per_hour) for name in order for one in by_name[name]]
    note = f"Revenue in {_unit(found)} for one more hour, wherever it lands."
    if len(shown) < len(ranked):
        note += f" The {len(shown)} of {len(ranked):,} territories where an hour earns most."
    best = max(found.territories, key=lambda one: one.per_hour, default=None)
    point = "What one more hour earns by territory"
    if best is not None:
        point += f": most in {best.territory}, {area_name(best.area).lower()}"
    return finished(
        _heat(cells, "territory", _unit(found)),
        point,
        note,
        "Heat map of revenue per hour by territory and area",
    )


def _heat(cells: Sequence[Cell], of_line: str, unit: str) -> Drawn:
    """Cells the stronger, the larger their figure; blue above 0, orange below."""
    largest = max((abs(value) for _, _, value in cells), default=0.0) or 1.0
    decimals = decimals_for(value for _, _, value in cells)
    lines = {line: at for at, line in enumerate(dict.fromkeys(line for line, _, _ in cells))}
    columns = {name: at for at, name in enumerate(dict.fromkeys(name for _, name, _ in cells))}
    short, named = labels(lines), labels(columns)
    words = max((len(name.split()) for name in columns), default=1)
    records = [
        {
            "line": short[line],
            "name": line,
            "at": lines[line],
            "column": named[column],
            "nth": columns[column],
            "said": figure(value, decimals),
            "color": BLUE if value >= 0 else VERMILION,
            "strength": STRONGEST * abs(value) / largest,
        }
        for line, column, value in cells
    ]
    base = alt.Chart(values(records)).encode(
        y=alt.Y(
            "line:N",
            sort=alt.EncodingSortField("at", op="min"),
            title=None,
            scale=alt.Scale(paddingInner=0.08),
        ),
        x=alt.X(
            "column:N",
            sort=alt.EncodingSortField("nth", op="min"),
            title=None,
            axis=alt.Axis(
                orient="top",
                labelAlign=alt.ExprRef(f"{ACROSS} < {NARROW} ? 'left' : 'center'"),
                labelAngle=alt.ExprRef(f"{ACROSS} < {NARROW} ? -35 : 0"),
                labelExpr=f"{ACROSS} < {NARROW} ? datum.label : split(datum.label, ' ')",
                labelOverlap=False,
                labelPadding=8 + LINE * (words - 1),
                ticks=False,
            ),
            scale=alt.Scale(paddingInner=0.03),
        ),
    )
    shade = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("color:N", scale=None, legend=None),
        opacity=alt.Opacity("strength:Q", scale=None, legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=of_line),
            alt.Tooltip("column:N", title="area"),
            alt.Tooltip("said:N", title=f"{unit} an hour"),
        ],
    )
    text = base.mark_text(
        baseline="middle",
        fontSize=alt.ExprRef(f"{ACROSS} < {CROWDED} * {len(columns)} ? 10 : 13"),
        color=INK,
    ).encode(text="said:N")
    return layered([shade, text], len(lines) * ROW)


def tornado(found: Leverage) -> Drawn:
    """The levers by what a tenth better earns, with today's split and with the best one."""
    shown = [lever for lever in found.levers if worth_showing(found, lever)][:MOST_LEVERS]
    currency = found.plan.currency
    today, best = SPLITS
    those = []
    for lever in shown:
        name = label(found, lever)
        for split, gain in ((today, lever.gain_today), (best, lever.gain_best)):
            if gain is not None:
                some = abs(gain) >= WORTH_SAYING
                said = money_change(gain, currency) if some else "0"
                those.append(Bar(name, split, gain if some else 0.0, said))
    return finished(
        bars(those, SPLITS, f"Revenue gained, in {_unit(found)}"),
        _most_leverage(improvement(found)),
        next(about_levers(found), "").split(". Bars")[0] + ". Recommended: with the split best then.",
        "Tornado of levers by the revenue that they gain",
    )


def _unit(found: Leverage) -> str:
    return found.plan.currency or "the plan's currency"


def _most_leverage(said: str) -> str:
    if said.startswith("of "):
        return f"Most leverage {said.replace(', ', ': ', 1)}"
    return _sentence(said)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
