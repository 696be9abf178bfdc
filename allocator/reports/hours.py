"""Tables of hours, today's beside the recommended ones: by area, by rep, by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from allocator.allocation import Allocation
from allocator.answers.explanation import Explanation, Range
from allocator.reports.layout import LABEL, WIDTH
from allocator.reports.layout import table as new_table
from allocator.wording import (
    area_name,
    change,
    decimals_for,
    figure,
    in_sentence,
    per_cent,
    share,
)

MANY, SHOWN = 100, 40
"""Of more territories than many, only some are shown: those whose hours move the most."""


def shown(allocation: Allocation) -> Sequence[str]:
    """The territories that the tables have lines for: all in the plan's order, or the top movers."""
    names = allocation.plan.territories
    if len(names) <= MANY:
        return names
    case = allocation.instance
    moved, by_row = {}, np.abs(allocation.recommended.totals - case.today)
    for alike in case.alike:
        for k, hours in zip(alike.territories, by_row[alike.rows].T.tolist(), strict=True):
            moved[case.territories[k].name] = math.fsum(hours)
    return sorted(names, key=lambda name: -moved[name])[:SHOWN]


@dataclass(frozen=True)
class _Moved:
    """Hours today and recommended, for one line of a table."""

    now: float
    best: float


def hours_by_area(allocation: Allocation, explanation: Explanation | None, width: int = WIDTH) -> Table:
    """A line per territory and area, with the range that is as good where it is known."""
    table = _hours_table("Territory and area", width)
    firm = {}
    if explanation is not None:
        table.add_column(f"Within {share(explanation.within)}", justify="right", no_wrap=True)
        firm = {(one.territory, one.area): one for one in explanation.ranges}
    territories = {territory.name: territory for territory in allocation.instance.territories}
    for name in shown(allocation):
        lines, ranges = [], []
        for area in allocation.model.areas:
            if rows := allocation.instance.rows_of(territories[name], area):
                lines.append((area_name(area), _sum(allocation, rows)))
                ranges.append(firm.get((name, area)))
        _add_group(table, name, lines, width, ranges)
    if len(territories) > 1:
        rows_of: dict[str, list[int]] = {area: [] for area in allocation.model.areas}
        for i, row in enumerate(allocation.instance.rows):
            rows_of[row.area].append(i)
        lines = [(area_name(area), _sum(allocation, rows)) for area, rows in rows_of.items() if rows]
        _add_group(table, "All territories", lines, width)
    return table


def hours_by_rep(allocation: Allocation, width: int = WIDTH) -> Table:
    """A line per territory, rep and area."""
    table = _hours_table("Territory, rep and area", width)
    by_territory: dict[str, list[tuple[str, _Moved]]] = {}
    for at, i in allocation.rows_in_plan_order:
        row = allocation.plan.rows[at]
        line = (f"{row.rep}, {in_sentence(row.area)}", _sum(allocation, [i]))
        by_territory.setdefault(row.territory, []).append(line)
    for territory in shown(allocation):
        _add_group(table, territory, by_territory[territory], width)
    return table


def _sum(allocation: Allocation, rows: Sequence[int]) -> _Moved:
    return _Moved(
        math.fsum(allocation.instance.rows[i].today for i in rows),
        math.fsum(allocation.recommended.total_hours(i) for i in rows),
    )


COLUMNS = ("Today", "Recommended", "Change", "Share", "→")
WITH_SHARES, WITH_TODAY, BY_AREA = 60, 50, 80
"""Widths from which there is room for shares, for today's hours, and for a column for each area."""


def _columns(width: int) -> tuple[int, ...]:
    """Which of the columns there is room for."""
    if width >= WITH_SHARES:
        return (0, 1, 2, 3, 4)
    return (0, 1, 2) if width >= WITH_TODAY else (1, 2)


def _hours_table(name: str, width: int) -> Table:
    table = new_table()
    table.add_column(name, overflow="fold", ratio=1, min_width=LABEL)
    for at in _columns(width):
        table.add_column(COLUMNS[at], justify="right", no_wrap=True)
    return table


def _add_group(
    table: Table,
    name: str,
    lines: Sequence[tuple[str, _Moved]],
    width: int,
    ranges: Sequence[Range | None] = (),
) -> None:
    """A territory's name, and its lines below it."""
    now = math.fsum(moved.now for _, moved in lines)
    best = math.fsum(moved.best for _, moved in lines)
    decimals = decimals_for(value for _, moved in lines for value in (moved.now, moved.best))
    table.add_row(Text(name, style="bold"))
    for at, (label, moved) in enumerate(lines):
        difference = moved.best - moved.now
        cells = (
            Text(figure(moved.now, decimals)),
            Text(figure(moved.best, decimals), style="bold"),
            Text(change(difference, decimals), style=_style(difference)),
            Text(per_cent(moved.now / now, 0) if now else ""),
            Text(per_cent(moved.best / best, 0) if best else ""),
        )
        table.add_row(
            Padding(Text(label), (0, 0, 0, 2)),
            *(cells[at] for at in _columns(width)),
            *([_range(ranges[at], decimals)] if at < len(ranges) else []),
            end_section=at == len(lines) - 1,
        )


def _range(firm: Range | None, decimals: int) -> str:
    return f"{figure(firm.least, decimals)}–{figure(firm.most, decimals)}" if firm else ""


def _style(value: float) -> str:
    if abs(value) < 0.5:
        return "dim"
    return "green" if value > 0 else "red"


def hours_by_step(allocation: Allocation, width: int = WIDTH) -> Table:
    """Recommended hours: a line per territory and step, and a column per area if there is room."""
    areas = list(allocation.model.areas)
    wide = width >= BY_AREA
    table = new_table()
    title = "Territory and step" if wide else "Territory, step and area"
    table.add_column(title, overflow="fold", ratio=1, min_width=LABEL)
    for name in map(area_name, areas) if wide else ("Recommended",):
        table.add_column(name, justify="right", overflow="fold", no_wrap=not wide)
    territories = {territory.name: territory for territory in allocation.instance.territories}
    for name in shown(allocation):
        rows = [allocation.instance.rows_of(territories[name], area) for area in areas]
        hours = [
            [math.fsum(allocation.recommended.hours[i][step] for i in mine) for mine in rows]
            for step in range(allocation.model.steps)
        ]
        decimals = decimals_for(value for in_step in hours for value in in_step)
        table.add_row(Text(name, style="bold"))
        for step, in_step in enumerate(hours, start=1):
            cells = [figure(value, decimals) for value in in_step]
            last = step == len(hours)
            if wide:
                table.add_row(f"  step {step}", *cells, end_section=last)
                continue
            for at, (area, cell) in enumerate(zip(areas, cells, strict=True), start=1):
                label = Padding(Text(f"step {step}, {in_sentence(area)}"), (0, 0, 0, 2))
                table.add_row(label, cell, end_section=last and at == len(areas))
    return table
