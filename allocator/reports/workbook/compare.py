"""The sheet of splits side by side, and of what a part of the moves brings."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.answers.compare import Comparison
from allocator.answers.moves import MovesCurve
from allocator.reports.compare_sentences import (
    about_moves,
    headline,
    how_compared,
    label,
    what_gives_way,
)
from allocator.reports.workbook.blocks import (
    Block,
    Chart,
    Charts,
    Column,
    Grid,
    Sheet,
    Text,
    Title,
    listed,
)
from allocator.wording import share

SPLITS = (
    Column("Split"),
    Column("Revenue", "money"),
    Column("Against today", "money_change"),
    Column("Hours", "hours"),
    Column("Hours moved", "hours"),
    Column("Opportunities created", "number"),
    Column("Worked", "number"),
    Column("Left unworked", "number"),
    Column("Wins", "number"),
    Column("Hours per win", "number"),
    Column("Keeps every limit"),
)
MOVES = (
    Column("At most"),
    Column("Hours moved", "hours"),
    Column("Revenue", "money"),
    Column("Against today", "money_change"),
)


def compare_sheet(found: Comparison) -> Sheet:
    """Splits of the same hours, and moves for money if that was asked for."""
    return Sheet("Compare", list(_blocks(found)))


def _blocks(found: Comparison) -> Iterator[Block]:
    yield Title("The false choices, side by side")
    yield Text(headline(found), bold=True)
    yield Text(
        f"All in: {share(found.lean)} of each rep's hours in a territory. Each split is used as well as "
        "it can be. An hour moved counts where it leaves and where it goes."
    )
    splits = Grid(SPLITS, [
        (
            label(split), split.revenue, found.against_today(split.revenue), split.hours, split.moves,
            split.created, split.worked, split.unworked, split.wins, split.hours_per_win,
            "yes" if split.kept else "no",
        )
        for split in found.splits
    ])  # fmt: skip
    yield splits
    unit = found.plan.currency or "the plan's currency"
    charts = [
        Chart("Revenue of each split", splits, (1,), unit, kind="bar"),
        Chart("Opportunities worked and left", splits, (6, 7), "opportunities", kind="bar"),
    ]
    yield Charts(charts)
    outside = [what_gives_way(found, split) for split in found.splits if not split.kept]
    yield from listed("Outside the limits; compared as hours used as well as they can be", outside)
    if found.curve is not None:
        yield from _moves(found, found.curve, unit)
    yield from listed("Notes", [*found.notes, *how_compared(found)])


def _moves(found: Comparison, curve: MovesCurve, unit: str) -> Iterator[Block]:
    yield Title("Moves for money", section=True)
    yield Text(about_moves(found, curve))
    rows = [
        (
            f"{share(point.share)} of the moves",
            point.moves,
            point.revenue,
            None if point.revenue is None else found.against_today(point.revenue),
        )
        for point in curve.points
    ]
    moves = Grid(MOVES, rows)
    yield moves
    yield Charts([Chart("Revenue by moves", moves, (2,), unit, kind="line")])
