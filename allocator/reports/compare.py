"""Splits side by side, as text, JSON and CSV: what `allocate compare` prints."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from allocator.answers.compare import Comparison, Split
from allocator.answers.moves import MovesCurve, MovesPoint
from allocator.characters import inert
from allocator.reports.compare_sentences import (
    about_moves,
    headline,
    how_compared,
    label,
    what_gives_way,
)
from allocator.reports.layout import LABEL, WIDTH, listed, printed
from allocator.reports.layout import table as new_table
from allocator.wording import (
    amount,
    area_name,
    change,
    decimals_for,
    figure,
    money_scale,
    money_unit,
    per_cent,
    per_cent_change,
    share,
)

BAR = 20
WITH_BARS = 60
MARK = " *"
MISSING = "–"


def to_text(found: Comparison, width: int = WIDTH, color: bool = False) -> str:
    """The sentence that matters, the splits side by side, and the curve of the moves if asked for."""
    return printed(_report(found, width), width, color)


def _report(found: Comparison, width: int) -> Iterator[RenderableType]:
    yield Text(headline(found), style="bold")
    hours = amount(found.today.hours)
    period = f"{figure(found.model.period_days)} days"
    unit = f"revenue in {money_unit(_scale(found), found.plan.currency)}"
    yield Text(f"\nSplits of {hours} hours for {period}, side by side ({unit})", style="bold")
    yield from _splits(found, width)
    opened = f" and the {amount(found.today.open)} open at the start" if found.today.open else ""
    yield Text(
        f"\nAll in: {share(found.lean)} of each rep's hours in a territory. Left unworked: of the "
        f"opportunities created{opened}."
    )
    marked = [what_gives_way(found, split) for split in found.splits if not split.kept]
    if marked:
        yield from listed("* Outside the limits; compared as hours used as well as they can be", marked)
    if found.curve is not None:
        yield Text("\nMoves for money", style="bold")
        yield Text(about_moves(found, found.curve))
        yield _curve(found, found.curve, width)
        yield Text("An hour moved counts where it leaves and where it goes.")
    yield from listed("Notes", (*found.notes, *how_compared(found)))


def _scale(found: Comparison) -> float:
    return money_scale(split.revenue for split in found.splits)


@dataclass(frozen=True)
class _Column:
    """A column of the table of splits: its header, which may have two lines, and a cell a split."""

    header: str
    cells: Sequence[str]

    @property
    def width(self) -> int:
        return max(len(line) for text in (self.header, *self.cells) for line in text.split("\n"))


def _splits(found: Comparison, width: int) -> Iterator[RenderableType]:
    """All columns in one table, or as many as the terminal has room for in each of several."""
    columns = list(_columns(found))
    while columns:
        room, fit = width - LABEL, 0
        while fit < len(columns) and (fit == 0 or room > columns[fit].width):
            room -= columns[fit].width + 1
            fit += 1
        yield _table(found, columns[:fit])
        columns = columns[fit:]
        if columns:
            yield Text()


def _columns(found: Comparison) -> Iterator[_Column]:
    splits, scale, today = found.splits, _scale(found), found.today.revenue
    gains = [found.against_today(split.revenue) for split in splits]
    yield _Column("Revenue", [figure(split.revenue / scale) for split in splits])
    yield _Column("Against\ntoday", [change(gain / scale) for gain in gains])
    if today > 0:
        yield _Column("", [per_cent_change(gain / today) for gain in gains])
    for header, values in (
        ("Created", [split.created for split in splits]),
        ("Worked", [split.worked for split in splits]),
        ("Left\nunworked", [split.unworked for split in splits]),
        ("Wins", [split.wins for split in splits]),
    ):
        decimals = decimals_for(values)
        yield _Column(header, [figure(value, decimals) for value in values])
    each = [split.hours_per_win for split in splits]
    yield _Column("Hours\nper win", [MISSING if value is None else figure(value, 1) for value in each])


def _table(found: Comparison, columns: Sequence[_Column]) -> Table:
    table = new_table(tight=True)
    table.add_column("Split", overflow="fold", ratio=1, min_width=LABEL)
    for column in columns:
        table.add_column(column.header, justify="right", no_wrap=True)
    leant_on = next((split for split in found.splits if split.kind == "all_in"), None)
    for at, split in enumerate(found.splits):
        if split is leant_on:
            table.add_row("All in on")
        name = area_name(split.area) if split.area else label(split)
        indented = Padding(Text(name + ("" if split.kept else MARK)), (0, 0, 0, 2 if split.area else 0))
        style = "bold" if split.kind == "recommended" else None
        table.add_row(indented, *(column.cells[at] for column in columns), style=style)
    return table


def _curve(found: Comparison, curve: MovesCurve, width: int) -> Table:
    """Revenue by moves, with a bar for the part of the gain."""
    gain, scale = found.against_today(found.recommended.revenue), _scale(found)
    room = BAR if width >= WITH_BARS else 0
    decimals = decimals_for([curve.most])
    table = new_table(tight=True)
    for header in ("At most", "Hours", "Revenue"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column("  Part of the gain" if room else " Gain", ratio=1, no_wrap=True)
    for point in curve.points:
        allowed = share(point.share), figure(point.moves, decimals)
        if point.revenue is None:
            table.add_row(*allowed, MISSING, "  too few to keep the limits" if room else "")
            continue
        part = found.against_today(point.revenue) / gain if gain > 0 else 0.0
        bar = "█" * round(room * min(1.0, max(0.0, part)))
        told = f" {bar} {per_cent(part, 0)}" if gain > 0 else ""
        table.add_row(*allowed, figure(point.revenue / scale), told)
    return table


def to_json(found: Comparison) -> str:
    """One JSON document: the splits, the moves if they were asked for, and how it was checked."""
    curve = found.curve
    document = {
        "headline": headline(found),
        "splits": [_split(found, split) for split in found.splits],
        "moves": None if curve is None else [_point(found, point) for point in curve.points],
        "least_moves": None if curve is None else {"share": curve.least_share, "moves": curve.least},
        "moves_sentence": None if curve is None else about_moves(found, curve),
        "lean": found.lean,
        "plan": found.plan.name,
        "currency": found.plan.currency,
        "model": found.model.name,
        "period_days": found.model.period_days,
        "steps": found.model.steps,
        "notes": [*found.notes, *how_compared(found)],
        "certificate": asdict(found.certificate),
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _split(found: Comparison, split: Split) -> dict[str, Any]:
    return {
        "name": split.name,
        "kind": split.kind,
        "area": split.area,
        "revenue": split.revenue,
        "against_today": found.against_today(split.revenue),
        "open": split.open,
        "created": split.created,
        "worked": split.worked,
        "unworked": split.unworked,
        "wins": split.wins,
        "hours": split.hours,
        "hours_per_win": split.hours_per_win,
        "moves": split.moves,
        "keeps_limits": split.kept,
        "drained": list(split.drained),
        "outside": None if split.kept else what_gives_way(found, split),
    }


def _point(found: Comparison, point: MovesPoint) -> dict[str, Any]:
    revenue = point.revenue
    gained = None if revenue is None else found.against_today(revenue)
    return {"share": point.share, "moves": point.moves, "revenue": revenue, "against_today": gained}


CSV_LEAVES_OUT = ("drained", "outside")
"""Lists and sentences, which no column holds well."""


def to_csv(found: Comparison) -> str:
    """One row a split, and one for each point of the curve of the moves if it was asked for.

    Points are of the kind 'moves' and called by their share; where so few moves can't keep the limits,
    their figures are empty.
    """
    out = io.StringIO()
    columns = [name for name in _split(found, found.today) if name not in CSV_LEAVES_OUT]
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for split in found.splits:
        writer.writerow(_split(found, split) | {"name": inert(split.name)})
    for point in found.curve.points if found.curve else ():
        name = f"{point.share:.0%} of the moves"
        row: dict[str, Any] = {"moves": point.moves, "keeps_limits": False}
        if point.reached is not None:
            row = _split(found, Split(name, "moves", None, point.reached))
        writer.writerow(row | {"name": name, "kind": "moves"})
    return out.getvalue()
