"""Tables of hours, today's beside the recommended ones: by area, by rep, by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from allocator.allocation import Allocation
from allocator.answers.explanation import Explanation, Range
from allocator.reports.layout import LABEL
from allocator.reports.layout import table as new_table
from allocator.reports.wording import (
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
    moved = {
        territory.name: math.fsum(
            abs(allocation.recommended.total_hours(i) - allocation.instance.rows[i].today)
            for i in territory.rows
        )
        for territory in allocation.instance.territories
    }
    return sorted(names, key=lambda name: -moved[name])[:SHOWN]


@dataclass(frozen=True)
class _Moved:
    """Hours today and recommended, for one line of a table."""

    now: float
    best: float


def hours_by_area(allocation: Allocation, explanation: Explanation | None) -> Table:
    """A line per territory and area, with the range that is as good where it is known."""
    table = _hours_table("Territory and area")
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
        _add_group(table, name, lines, ranges)
    if len(territories) > 1:
        rows_of: dict[str, list[int]] = {area: [] for area in allocation.model.areas}
        for i, row in enumerate(allocation.instance.rows):
            rows_of[row.area].append(i)
        lines = [(area_name(area), _sum(allocation, rows)) for area, rows in rows_of.items() if rows]
        _add_group(table, "All territories", lines)
    return table


def hours_by_rep(allocation: Allocation) -> Table:
    """A line per territory, rep and area."""
    table = _hours_table("Territory, rep and area")
    by_territory: dict[str, list[tuple[str, _Moved]]] = {}
    for at, i in allocation.rows_in_plan_order:
        row = allocation.plan.rows[at]
        line = (f"{row.rep}, {in_sentence(row.area)}", _sum(allocation, [i]))
        by_territory.setdefault(row.territory, []).append(line)
    for territory in shown(allocation):
        _add_group(table, territory, by_territory[territory])
    return table


def _sum(allocation: Allocation, rows: Sequence[int]) -> _Moved:
    return _Moved(
        math.fsum(allocation.instance.rows[i].today for i in rows),
        math.fsum(allocation.recommended.total_hours(i) for i in rows),
    )


def _hours_table(name: str) -> Table:
    table = new_table()
    table.add_column(name, overflow="fold", ratio=1, min_width=LABEL)
    for column in ("Today", "Recommended", "Change", "Share", "→"):
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _add_group(
    table: Table,
    name: str,
    lines: Sequence[tuple[str, _Moved]],
    ranges: Sequence[Range | None] = (),
) -> None:
    """A territory's name, and its lines below it."""
    now = math.fsum(moved.now for _, moved in lines)
    best = math.fsum(moved.best for _, moved in lines)
    decimals = decimals_for(value for _, moved in lines for value in (moved.now, moved.best))
    table.add_row(Text(name, style="bold"))
    for at, (label, moved) in enumerate(lines):
        difference = moved.best - moved.now
        table.add_row(
            Padding(Text(label), (0, 0, 0, 2)),
            figure(moved.now, decimals),
            Text(figure(moved.best, decimals), style="bold"),
            Text(change(difference, decimals), style=_style(difference)),
            per_cent(moved.now / now, 0) if now else "",
            per_cent(moved.best / best, 0) if best else "",
            *([_range(ranges[at], decimals)] if at < len(ranges) else []),
            end_section=at == len(lines) - 1,
        )


def _range(firm: Range | None, decimals: int) -> str:
    return f"{figure(firm.least, decimals)}–{figure(firm.most, decimals)}" if firm else ""


def _style(value: float) -> str:
    if abs(value) < 0.5:
        return "dim"
    return "green" if value > 0 else "red"


def hours_by_step(allocation: Allocation) -> Table:
    """Recommended hours: a line per territory and step, a column per area."""
    areas = list(allocation.model.areas)
    table = new_table()
    table.add_column("Territory and step", overflow="fold", ratio=1, min_width=LABEL)
    for area in areas:
        table.add_column(area_name(area), justify="right", overflow="fold")
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
            cells = (figure(value, decimals) for value in in_step)
            table.add_row(f"  step {step}", *cells, end_section=step == len(hours))
    return table
