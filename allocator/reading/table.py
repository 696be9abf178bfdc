"""A sheet's table: the header, which column stands where, and the lines under it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from allocator.columns import COLUMN, COLUMNS, Column, stands_on
from allocator.model import Model
from allocator.reading.findings import Findings
from allocator.reading.sheet import Bad, Line, Merged, Sheet, shown

MOST_TITLE_ROWS = 20
MOST_MERGED = 200_000


@dataclass(frozen=True)
class Table:
    """The header, the place of each known column, and the lines under the header that hold something.

    `unusable`: cells that hold neither text nor a number, or hang together with others.
    """

    header: Line
    places: Mapping[str, int]
    lines: Sequence[Line]
    unusable: Mapping[tuple[int, int], Bad]
    semicolons: bool

    def cell(self, line: Line, column: str) -> str:
        """What a line has in a column; nothing where either ends before."""
        place = self.places.get(column)
        return line.cells[place] if place is not None and place < len(line.cells) else ""

    def column(self, name: str) -> list[str]:
        """What every line has in a column."""
        place = self.places.get(name)
        if place is None:
            return [""] * len(self.lines)
        return [line.cells[place] if place < len(line.cells) else "" for line in self.lines]


def find_table(sheet: Sheet, model: Model, findings: Findings) -> Table:
    """The table in a sheet. Raises `PlanError` where it has no usable header."""
    header, lines = _header(sheet, findings)
    places = _places(header, model, findings)
    merged = [m for m in sheet.merged if m.rows[0] <= header.number <= m.rows[1]]
    for found in merged:
        findings.refuse(
            f"the header's cells {found.ref} are merged",
            "Unmerge them, and give each column its own name",
            header.number,
        )
    findings.stop_if_refused()
    unusable = {**dict(_hanging_together(sheet, lines, findings)), **sheet.unusable}
    return Table(header, places, lines, unusable, sheet.semicolons)


def _header(sheet: Sheet, findings: Findings) -> tuple[Line, list[Line]]:
    """The header's line and the lines under it; titles above it are noted."""
    filled = [line for line in sheet.lines if not line.blank]
    for at, line in enumerate(filled[:MOST_TITLE_ROWS]):
        known = {column_name(cell) for cell in line.cells} & COLUMN.keys()
        if len(known) > 1:
            if at:
                rows = "row" if at == 1 else "rows"
                findings.notes.append(f"{at} title {rows} above the header left out")
            return line, filled[at + 1 :]
    required = ", ".join(column.name for column in COLUMNS if column.required and column.on == "all")
    findings.refuse(
        "no header row was found",
        f"The first row names the columns: at least {required}",
        filled[0].number if filled else 1,
    )
    findings.stop_if_refused()
    raise AssertionError


def _places(header: Line, model: Model, findings: Findings) -> dict[str, int]:
    """Where each known column stands; what is doubled, missing or unknown is found."""
    places: dict[str, int] = {}
    unknown: list[str] = []
    variants: list[str] = []
    for place, cell in enumerate(header.cells):
        name = column_name(cell)
        if name in places:
            message = f"the column {name} stands twice, here as {shown(cell)}"
            findings.refuse(message, "Drop one of the two", header.number, name)
        elif name in COLUMN:
            places[name] = place
            if cell != name:
                variants.append(f"{shown(cell)} as {name}")
        elif cell:
            unknown.append(cell)
    if variants:
        findings.notes.append(f"Columns read in another writing: {', '.join(variants)}")
    for cell in unknown:
        near = _near(cell, [name for name in COLUMN if name not in places])
        near = near or _near(cell, COLUMN)
        guess = f"; did you mean {near}?" if near else ""
        findings.notes.append(
            f"The column {shown(cell)} is not one of the plan's and is left out{guess}"
        )
    for column in COLUMNS:
        if column.required and column.name not in places and _needed(column, model):
            _refuse_missing(column, unknown, header, findings)
    return places


def _refuse_missing(column: Column, unknown: Sequence[str], header: Line, findings: Findings) -> None:
    near = next((cell for cell in unknown if _near(cell, COLUMN) == column.name), None)
    remedy = f"Add it: {column.meaning} ({column.unit})"
    if near is not None:
        remedy = f"If {shown(near)} is meant, rename it"
    findings.refuse(f"the column {column.name} is missing", remedy, header.number, column.name)


def _needed(column: Column, model: Model) -> bool:
    return any(stands_on(column, area) for area in model.areas.values())


def _near(cell: str, known: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(column_name(cell[:60]), known, n=1, cutoff=0.7)), "")


def column_name(cell: str) -> str:
    """A header's cell as columns are called: 'Win Rate' and 'win-rate' are win_rate."""
    return re.sub(r"[\s\-_]+", "_", cell.strip().lower()).strip("_")


def _hanging_together(
    sheet: Sheet, lines: Sequence[Line], findings: Findings
) -> Iterator[tuple[tuple[int, int], Bad]]:
    """The cells of merged ones that hold nothing because the first of them holds it for all."""
    by_number = {line.number: line for line in lines}
    count = 0
    for merged in sheet.merged:
        first = by_number.get(merged.rows[0])
        if first is None or not any(first.cells[merged.columns[0] : merged.columns[0] + 1]):
            continue
        bad = Bad(f"the cells {merged.ref} are merged", "Unmerge them and fill each of them")
        for place in _others(merged, by_number, len(first.cells)):
            count += 1
            if count > MOST_MERGED:
                findings.refuse("the sheet has too many merged cells", "Unmerge all of its cells")
                findings.stop_if_refused()
            yield place, bad


def _others(merged: Merged, by_number: Mapping[int, Line], width: int) -> Iterator[tuple[int, int]]:
    """The places of merged cells apart from the first, as far as the table reaches."""
    last = min(merged.rows[1], max(by_number))
    for number in range(merged.rows[0], last + 1):
        for column in range(merged.columns[0], min(merged.columns[1] + 1, width)):
            if (number, column) != (merged.rows[0], merged.columns[0]):
                yield number, column
