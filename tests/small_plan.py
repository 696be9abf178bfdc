"""A small plan of all four areas that tests of reading take apart, one cell or row at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

HEADER = (
    "territory", "area", "rep", "hours", "opportunities", "potential", "open", "win_rate", "deal_size",
    "hours_per_opportunity", "renewals",
)  # fmt: skip

ROWS = (
    ("North", "prospecting", "Ada", "400", "40", "100", "5", "0.25", "12000", "", ""),
    ("North", "opportunity_management", "Ada", "300", "", "", "", "", "", "12", ""),
    ("North", "account_development", "Ada", "200", "12", "", "3", "0.30", "11000", "", "300000"),
    ("North", "partners", "Ada", "100", "8", "", "2", "0.30", "13000", "", ""),
)


def plan_text(
    changes: Sequence[tuple[int, str, str]] = (),
    extra: Sequence[Sequence[str]] = (),
    delimiter: str = ",",
) -> str:
    """The plan as CSV; `changes` are (row from 0, column, new cell), `extra` are rows added below."""
    rows = [list(row) for row in ROWS]
    for at, column, cell in changes:
        rows[at][HEADER.index(column)] = cell
    return table_text([HEADER, *rows, *extra], delimiter)


def table_text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """Rows of cells as CSV, quoted where they need it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def row(**cells: str) -> list[str]:
    """One more row of the plan, from the cells that are not empty."""
    return [cells.get(column, "") for column in HEADER]
