"""Changes to a plan and what they do to both splits, as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from allocator.answers.effects import totals
from allocator.answers.whatif import Moved, WhatIf
from allocator.changing.asked import Changed
from allocator.characters import inert
from allocator.reports.changes import in_words
from allocator.reports.layout import LABEL, WIDTH, listed, printed
from allocator.reports.layout import table as new_table
from allocator.reports.machine import document, dumped
from allocator.reports.sentences import how_checked
from allocator.wording import (
    area_name,
    change,
    decimals_for,
    figure,
    money,
    money_unit,
    plural,
)

MOVES = 0.05
"""Hours from which a territory is said to have more or fewer."""

Line = tuple[str, float, float, int]
"""A label, its figure before and after, and their decimals."""


def to_text(found: WhatIf, width: int = WIDTH, color: bool = False) -> str:
    """What changes, what both splits earn before and after, and which hours move."""
    return printed(_report(found), width, color)


def _report(found: WhatIf) -> Iterator[RenderableType]:
    currency = found.after.plan.currency
    yield Text(headline(found), style="bold")
    yield from listed("Changes", (in_words(done, currency) for done in found.changes))
    for when, allocation in (("before", found.before), ("after", found.after)):
        if allocation.relaxed:
            yield from listed(f"Limits relaxed {when}, since no split kept all", allocation.relaxed)
    unit = f"revenue in {money_unit(1.0, currency)}"
    yield Text(f"\nBoth splits, before and after ({unit})", style="bold")
    yield _splits(found)
    days = figure(found.after.model.period_days)
    yield Text(f"\nRecommended hours for {days} days, before → after", style="bold")
    yield from _hours(found)
    yield from listed("Notes", notes(found))


def headline(found: WhatIf) -> str:
    """What both splits earn with the changes, and how much more or less that is."""
    currency = found.after.plan.currency
    best, now = (
        (money(after, currency), _more(after - before, currency))
        for before, after in (
            (found.before.revenue, found.after.revenue),
            (found.before.revenue_now, found.after.revenue_now),
        )
    )
    unit = "" if currency else " in the plan's currency"
    return (
        f"With these changes the recommended split earns {best[0]}{unit}, {best[1]}; today's split "
        f"would earn {now[0]}, {now[1]}."
    )


def _more(difference: float, currency: str) -> str:
    if not round(difference, 2):
        return "as before"
    return f"{money(abs(difference), currency)} {'more' if difference > 0 else 'less'} than before"


def _splits(found: WhatIf) -> Table:
    """Revenue and funnel of today's and of the recommended split."""
    table = _table("Split")
    pairs = (
        ("Today's split", found.before.today, found.after.today),
        ("Recommended split", found.before.recommended, found.after.recommended),
    )
    for name, before, after in pairs:
        was, will = totals(before), totals(after)
        lines = [
            ("Revenue", before.revenue, after.revenue, 0),
            ("Opportunities created", was.created, will.created, 1),
            ("Opportunities worked", was.worked, will.worked, 1),
            ("Opportunities left unworked", was.unworked, will.unworked, 1),
            ("Wins", was.wins, will.wins, 1),
        ]
        if was.renewed or will.renewed:
            lines.append(("Renewals", was.renewed, will.renewed, 0))
        _group(table, name, lines)
    return table


def _hours(found: WhatIf) -> Iterator[RenderableType]:
    """Recommended hours by area, and by territory where there are several and some move."""
    areas = [moved for moved in found.moved if moved.area]
    territories = [moved for moved in found.moved if moved.territory]
    moving = [moved for moved in territories if abs(moved.after - moved.before) >= MOVES]
    several = len(territories) > 1
    table = _table("Area and territory" if several else "Area")
    _group(table, "Areas", _moves(areas))
    if several and moving:
        _group(table, "Territories", _moves(moving))
    yield table
    if several and len(moving) < len(territories):
        staying = plural(len(territories) - len(moving), "territory keeps", "territories keep")
        yield Text(f"{staying} as many hours as before.")


def _moves(those: Sequence[Moved]) -> list[Line]:
    decimals = decimals_for(value for moved in those for value in (moved.before, moved.after))
    return [
        (moved.territory or area_name(moved.area or ""), moved.before, moved.after, decimals)
        for moved in those
    ]


def _table(name: str) -> Table:
    table = new_table()
    table.add_column(name, overflow="fold", ratio=1, min_width=LABEL)
    for column in ("Before", "After", "Change"):
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _group(table: Table, name: str, lines: Sequence[Line]) -> None:
    """A name, and its lines below it."""
    table.add_row(Text(name, style="bold"))
    for at, (label, before, after, decimals) in enumerate(lines):
        table.add_row(
            Padding(Text(label), (0, 0, 0, 2)),
            figure(before, decimals),
            figure(after, decimals),
            change(after - before, decimals),
            end_section=at == len(lines) - 1,
        )


def notes(found: WhatIf) -> Iterator[str]:
    """The notes on the changed plan, and on how both answers were checked."""
    yield from found.after.notes
    yield from how_checked(found.after)


def to_json(found: WhatIf) -> str:
    """One JSON document, with every digit: the changes, both plans' answers, and what moved.

    `before` and `after` have the keys of an allocation's own document but its rows, which are those of
    the changed plan in `allocation`, with `hours_before` and `hours_now_before` of each.
    """
    before, after = document(found.before), document(found.after)
    del before["allocation"]
    rows = after.pop("allocation")
    return dumped(
        {
            "changes": [_entry(done) for done in found.changes],
            "before": before,
            "after": after,
            "moved": [
                {
                    "territory": moved.territory,
                    "area": moved.area,
                    "hours_before": moved.before,
                    "hours": moved.after,
                }
                for moved in found.moved
            ],
            "allocation": [
                {**entry, "hours_before": row.before, "hours_now_before": row.now_before}
                for entry, row in zip(rows, found.rows(), strict=True)
            ],
            "certificate": asdict(found.certificate),
        }
    )


def _entry(done: Changed) -> dict[str, Any]:
    return {
        "option": done.change.option.lstrip("-"),
        "text": done.change.text,
        "column": done.column.name,
        "values": [asdict(value) for value in done.values],
    }


def to_csv(found: WhatIf) -> str:
    """One row per row of the changed plan: hours of both splits for the period, before and after."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    hours = ("hours_now_before", "hours_now", "hours_before", "hours", "change")
    writer.writerow(("territory", "rep", "area", *hours))
    for found_row in found.rows():
        row = found_row.row
        writer.writerow(
            (
                *(inert(name) for name in (row.territory, row.rep, row.area)),
                found_row.now_before,
                found_row.now_after,
                found_row.before,
                found_row.after,
                found_row.after - found_row.before,
            )
        )
    return out.getvalue()
