"""Lines under a table, or in it, that are no rows: totals, and the footers that reports end with."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass

from allocator.plan import Row
from allocator.reading.cells import Number
from allocator.reading.findings import Findings
from allocator.reading.sheet import Line, shown
from allocator.reading.table import Table

WORDS = (
    r"(grand|sub|overall)?[ -]?totals?|total g[ée]n[ée]ral|sum|summe|gesamt(summe)?|somme|suma|totale"
)
TOTAL = re.compile(rf"(?:{WORDS}):?", re.IGNORECASE)
TOTAL_OF = re.compile(
    r"(?:sub)?total:?\s+(?:for |of )?(?P<after>.+)|(?P<before>.+?)\s+(?:sub)?total:?", re.I
)
ADDED_UP = ("hours", "opportunities")
TOLERANCE = 0.005
MOST_IN_FOOTER = 2

Reads = Callable[[str, str], object]
"""Column and cell to what the cell holds, as the rows' own cells are read."""


@dataclass(frozen=True)
class Total:
    """A line that claims to be the sum of all rows, or of those of one territory or rep."""

    line: Line
    label: str
    of: str = ""


@dataclass(frozen=True)
class Parted:
    """The lines of a table by what they are."""

    rows: Sequence[Line]
    totals: Sequence[Total]


def part(table: Table, areas: Callable[[str], bool], findings: Findings) -> Parted:
    """Rows and totals apart, without the footers, which are noted; `areas` knows an area's name."""
    body, of_area = list(table.lines), table.column("area")
    known = {cell for cell in set(of_area) if areas(cell)}
    there = zip(table.column("territory"), of_area, strict=True)
    territories = {territory for territory, area in there if area in known}
    footers = 0
    while body and _is_footer(table, body[-1], territories):
        body.pop()
        footers += 1
    if footers:
        lines = "1 line of text" if footers == 1 else f"{footers} lines of text"
        findings.notes.append(f"{lines} under the rows left out")
    del of_area[len(body) :]
    names = {*territories, *table.column("rep")[: len(body)]}
    suspects = {cell for cell in set(of_area) if _may_be_total(cell, cell in known)}
    rows, totals = [], []
    for line, area in zip(body, of_area, strict=True):
        total = _total(table, line, names) if area in suspects else None
        if total is None:
            rows.append(line)
        else:
            totals.append(total)
    return Parted(rows, totals)


def _is_footer(table: Table, line: Line, territories: Set[str]) -> bool:
    """Whether a last line has text in its first cells alone, and none of the plan's."""
    filled = [place for place, cell in enumerate(line.cells) if cell]
    if len(filled) > MOST_IN_FOOTER or filled != list(range(len(filled))):
        return False
    if table.cell(line, "hours") or table.cell(line, "territory") in territories - {""}:
        return False
    return len(filled) == 1 or not table.cell(line, "area")


def _may_be_total(area: str, known: bool) -> bool:
    """Whether a line can be a total, by its cell for the area; `known`: an area is called that."""
    return not area or (not known and "total" in area.lower()) or bool(TOTAL.fullmatch(area))


def _total(table: Table, line: Line, names: Collection[str]) -> Total | None:
    for column in ("territory", "area", "rep"):
        label = table.cell(line, column)[:200]
        if TOTAL.fullmatch(label):
            named = table.cell(line, "territory")
            of = named if column != "territory" and named in names and not TOTAL.fullmatch(named) else ""
            return Total(line, label, of)
        found = TOTAL_OF.fullmatch(label)
        of = (found["after"] or found["before"]) if found else ""
        if of and of in names:
            return Total(line, label, of)
    return None


def check_totals(
    totals: Sequence[Total], rows: Sequence[Row], reads: Reads, table: Table, findings: Findings
) -> None:
    """Leave out, with a note, a total that equals its sum; refuse one that does not."""
    for total in totals:
        mine = [row for row in rows if total.of in ("", row.territory, row.rep)]
        compared = []
        for column in ADDED_UP:
            cell = table.cell(total.line, column)
            given = reads(column, cell)
            added = math.fsum(getattr(row, column) for row in mine)
            if not isinstance(given, Number):
                if cell and given is not None:
                    message = f"the total {shown(cell)} can't be read"
                    findings.refuse(message, "Mend it, or delete the row", total.line.number, column)
                continue
            if abs(given.value - added) > TOLERANCE + 1e-9 * abs(added):
                findings.refuse(
                    f"the row {shown(total.label)} has {_exact(given.value)} {column}, "
                    f"and its rows add up to {_exact(added)}",
                    "Mend the rows or the total, or delete the row",
                    total.line.number,
                    column,
                )
            compared.append(column)
        what = (
            f"it is the sum of {' and of '.join(compared)}" if compared else "it has nothing to add up"
        )
        findings.notes.append(f"Row {total.line.number:,}, {shown(total.label)}, left out: {what}")


def _exact(value: float) -> str:
    return f"{value:,.15g}"
