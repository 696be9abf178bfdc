"""The sheet of a what-if: what changes, and what both splits earn before and after."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.answers.effects import totals
from allocator.answers.whatif import Moved, WhatIf
from allocator.outcome import Outcome
from allocator.reports.changes import in_words
from allocator.reports.sentences import how_checked
from allocator.reports.whatif import headline
from allocator.reports.workbook.blocks import (
    Block,
    Cell,
    Column,
    Grid,
    Kind,
    Sheet,
    Text,
    Title,
    Value,
    difference,
    listed,
)
from allocator.wording import area_name, figure

ROWS = (
    Column("Territory"),
    Column("Area"),
    Column("Rep"),
    Column("Hours today, before", "hours", total=True),
    Column("Hours today, after", "hours", total=True),
    Column("Recommended, before", "hours", total=True),
    Column("Recommended, after", "hours", total=True),
    Column("Change", "hours_change", live=difference("F", "G"), total=True),
)


def whatif_sheet(found: WhatIf) -> Sheet:
    """Both splits before and after the changes, and every row's hours."""
    return Sheet("What if", list(_blocks(found)))


def _blocks(found: WhatIf) -> Iterator[Block]:
    currency = found.after.plan.currency
    yield Title("What if")
    yield Text(headline(found), bold=True)
    yield from listed("Changes", [in_words(done, currency) for done in found.changes])
    for when, allocation in (("before", found.before), ("after", found.after)):
        yield from listed(f"Limits relaxed {when}, since no split kept them all", allocation.relaxed)
    for name, before, after in (
        ("Today's split", found.before.today, found.after.today),
        ("The recommended split", found.before.recommended, found.after.recommended),
    ):
        yield Title(f"{name}, before and after", section=True)
        yield _split(before, after)
    days = figure(found.after.model.period_days)
    yield Title(f"Recommended hours for {days} days, before and after", section=True)
    yield _moved("Area", [moved for moved in found.moved if moved.area])
    yield _moved("Territory", [moved for moved in found.moved if moved.territory])
    yield Title(f"Every row's hours for {days} days", section=True)
    rows = [
        (
            one.row.territory, area_name(one.row.area), one.row.rep, one.now_before, one.now_after,
            one.before, one.after, one.after - one.before,
        )
        for one in found.rows()
    ]  # fmt: skip
    yield Grid(ROWS, rows, table="WhatIf")
    yield from listed("Notes", [*found.after.notes, *how_checked(found.after)])


def _columns(name: str, kind: Kind, change: Kind, total: bool) -> list[Column]:
    return [
        Column(name),
        Column("Before", kind, total=total),
        Column("After", kind, total=total),
        Column("Change", change, live=difference("B", "C"), total=total),
    ]


def _split(before: Outcome, after: Outcome) -> Grid:
    """Revenue and funnel of one split."""
    was, will = totals(before), totals(after)
    lines: list[tuple[str, float, float, Kind, Kind]] = [
        ("Revenue", before.revenue, after.revenue, "money", "money_change"),
        ("Opportunities created", was.created, will.created, "number", "hours_change"),
        ("Opportunities worked", was.worked, will.worked, "number", "hours_change"),
        ("Opportunities left unworked", was.unworked, will.unworked, "number", "hours_change"),
        ("Wins", was.wins, will.wins, "number", "hours_change"),
        ("Revenue that renews", was.renewed, will.renewed, "money", "money_change"),
    ]
    rows: list[tuple[Value, ...]] = [
        (name, Cell(one, kind), Cell(two, kind), Cell(two - one, change))
        for name, one, two, kind, change in lines
    ]
    return Grid(_columns("", "number", "hours_change", total=False), rows)


def _moved(name: str, those: list[Moved]) -> Grid:
    """Recommended hours by area or by territory."""
    rows = [
        (
            moved.territory or area_name(moved.area or ""),
            moved.before,
            moved.after,
            moved.after - moved.before,
        )
        for moved in those
    ]
    return Grid(_columns(name, "hours", "hours_change", total=True), rows)
