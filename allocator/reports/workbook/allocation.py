"""The sheets of hours: by territory and area, by rep, and by step where there are several."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from allocator.allocation import Allocation
from allocator.answers.explanation import Explanation
from allocator.reports.workbook.blocks import Column, Grid, Sheet, Title, difference
from allocator.wording import area_name, figure, share


def allocation_sheets(found: Allocation, explanation: Explanation | None) -> Iterator[Sheet]:
    """Hours today, recommended and the change, each sheet a table with filters."""
    days = figure(found.model.period_days)
    yield Sheet(
        "Allocation",
        [Title(f"Hours for {days} days by territory and area"), _by_area(found, explanation)],
    )
    yield Sheet(
        "Allocation by rep", [Title(f"Hours for {days} days by territory, area and rep"), _by_rep(found)]
    )
    if found.model.steps > 1:
        each = (
            f"{found.model.steps} steps of {figure(found.model.period_days / found.model.steps, 1)} days"
        )
        yield Sheet("Allocation by step", [Title(f"Hours in each of {each}"), _by_step(found)])


def _hours_columns(letter: str) -> list[Column]:
    """Today in the column `letter`, recommended in the next, and their difference."""
    best = chr(ord(letter) + 1)
    return [
        Column("Hours today", "hours", total=True),
        Column("Recommended", "hours", total=True),
        Column("Change", "hours_change", live=difference(letter, best), total=True),
    ]


def _by_area(found: Allocation, explanation: Explanation | None) -> Grid:
    """By territory and area, with shares and with the range that is as good where it is known."""
    columns = [
        Column("Territory"),
        Column("Area"),
        *_hours_columns("C"),
        Column("Share of hours today", "share"),
        Column("Share recommended", "share"),
    ]
    firm = {}
    if explanation is not None:
        firm = {(one.territory, one.area): one for one in explanation.ranges}
        within = f"for {share(explanation.within)} of the best revenue"
        columns += [
            Column(f"Least hours {within}", "hours", width=18),
            Column(f"Most hours {within}", "hours", width=18),
        ]
    rows = []
    places = {territory.name: territory for territory in found.instance.territories}
    for name in found.plan.territories:
        now, best = (_summed(found, places[name].rows, split) for split in ("today", "best"))
        for area in found.model.areas:
            mine = found.instance.rows_of(places[name], area)
            if not mine:
                continue
            here, then = (_summed(found, mine, split) for split in ("today", "best"))
            shares = (here / now if now else None, then / best if best else None)
            at = firm.get((name, area))
            ranged = () if explanation is None else (at.least, at.most) if at else (None, None)
            rows.append((name, area_name(area), here, then, then - here, *shares, *ranged))
    return Grid(columns, rows, table="Allocation", frozen=True)


def _summed(found: Allocation, rows: Sequence[int], split: str) -> float:
    if split == "today":
        return math.fsum(found.instance.rows[i].today for i in rows)
    return math.fsum(found.recommended.total_hours(i) for i in rows)


def _by_rep(found: Allocation) -> Grid:
    """By row of the plan, in its order."""
    columns = [Column("Territory"), Column("Area"), Column("Rep"), *_hours_columns("D")]
    rows = []
    for at, i in found.rows_in_plan_order:
        row, now, best = (
            found.plan.rows[at],
            found.instance.rows[i].today,
            found.recommended.total_hours(i),
        )
        rows.append((row.territory, area_name(row.area), row.rep, now, best, best - now))
    return Grid(columns, rows, table="AllocationByRep", frozen=True)


def _by_step(found: Allocation) -> Grid:
    """By territory, area and step; today's hours are spread evenly."""
    columns = [Column("Territory"), Column("Area"), Column("Step", "whole"), *_hours_columns("D")]
    rows = []
    places = {territory.name: territory for territory in found.instance.territories}
    for name in found.plan.territories:
        for area in found.model.areas:
            mine = found.instance.rows_of(places[name], area)
            if not mine:
                continue
            now = _summed(found, mine, "today") / found.model.steps
            for step in range(found.model.steps):
                best = math.fsum(found.recommended.hours[i][step] for i in mine)
                rows.append((name, area_name(area), step + 1, now, best, best - now))
    return Grid(columns, rows, table="AllocationByStep", frozen=True)
