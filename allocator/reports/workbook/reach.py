"""The sheet of what a number takes: hours, heads and opportunities, as planned and with better facts."""

from __future__ import annotations

import math
from collections.abc import Iterator

from allocator.answers.heads import Heads
from allocator.answers.reach import Needed, Reach
from allocator.outcome import Outcome
from allocator.reports.reach import hours_by_row
from allocator.reports.reach_sentences import case_name, fewest_sentence, headline, notes
from allocator.reports.workbook.blocks import (
    Block,
    Cell,
    Chart,
    Charts,
    Column,
    Grid,
    Sheet,
    Text,
    Title,
    Value,
    difference,
    listed,
)
from allocator.wording import amount, area_name, figure, money_in_short

CASES = (
    Column("Case"),
    Column("Times today's hours", "times"),
    Column("Hours", "hours"),
    Column("Heads", "number"),
    Column("Opportunities worked", "number"),
    Column("Opportunities created", "number"),
    Column("Revenue", "money"),
    Column("At most, with endless hours", "money"),
)
HOURS = (
    Column("Territory"),
    Column("Area"),
    Column("Rep"),
    Column("Hours today", "hours", total=True),
    Column("Hours needed", "hours", total=True),
    Column("Change", "hours_change", live=difference("D", "E"), total=True),
)
HEADS = (
    Column("Territory of the head"),
    Column("Head", "whole"),
    Column("Revenue", "money"),
    Column("Gain", "money_change"),
)


def reach_sheet(found: Reach) -> Sheet:
    """A line for each case, the hours as planned, and heads where they were asked for."""
    return Sheet("Reach", list(_blocks(found)))


def _blocks(found: Reach) -> Iterator[Block]:
    number = money_in_short(found.target, found.plan.currency)
    yield Title(f"What {number} takes")
    yield Text(headline(found), bold=True)
    cases = Grid(CASES, [_case(row) for row in found.rows])
    yield cases
    yield Charts(
        (
            Chart("Hours that it takes", cases, (2,), "hours", kind="bar"),
            Chart("Opportunities to be worked", cases, (4,), "opportunities", kind="bar"),
        )
    )
    if found.heads is not None:
        yield from _heads(found, found.heads)
    if found.as_planned.outcome is not None:
        days = figure(found.model.period_days)
        yield Title(f"Hours for {days} days as planned, today and needed", section=True)
        yield _areas(found, found.as_planned.outcome)
        yield _hours(found, found.as_planned.outcome)
    yield from listed("Notes", list(notes(found)))


def _case(row: Needed) -> tuple[Value, ...]:
    return (
        case_name(row),
        row.theta,
        row.hours,
        row.heads,
        row.opportunities,
        row.created,
        row.revenue,
        row.largest,
    )


def _heads(found: Reach, heads: Heads) -> Iterator[Block]:
    yield Title(f"Whole heads of {amount(heads.hours)} hours each", section=True)
    yield Text(fewest_sentence(found, heads))
    if heads.steps:
        first: list[tuple[Value, ...]] = []
        if heads.start is not None:
            first.append(("Today's reps, split best", 0, heads.start, None))
        steps = [(head.territory, head.number, head.revenue, head.gain) for head in heads.steps]
        yield Text("One at a time, each where it brings most.")
        yield Grid(HEADS, [*first, *steps])


def _areas(found: Reach, needed: Outcome) -> Grid:
    """Hours by area over all territories."""
    columns = [
        Column("Area"),
        Column("Today", "hours", total=True),
        Column("Needed", "hours", total=True),
        Column("Change", "hours_change", live=difference("B", "C"), total=True),
    ]
    rows = hours_by_row(found, needed)
    lines: list[tuple[Value, ...]] = []
    for area in found.model.areas:
        mine = [row for row in rows if row["area"] == area]
        now, then = (math.fsum(row[key] for row in mine) for key in ("hours_now", "hours"))
        if mine:
            lines.append((area_name(area), now, then, Cell(then - now, "hours_change")))
    return Grid(columns, lines)


def _hours(found: Reach, needed: Outcome) -> Grid:
    """Every row's hours."""
    rows = [
        (
            row["territory"],
            area_name(row["area"]),
            row["rep"],
            row["hours_now"],
            row["hours"],
            row["hours"] - row["hours_now"],
        )
        for row in hours_by_row(found, needed)
    ]
    return Grid(HOURS, rows, table="Reach")
