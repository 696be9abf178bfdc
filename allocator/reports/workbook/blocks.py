"""What a sheet is made of: text, grids of figures, Excel tables and charts, from top to bottom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "whole", "number", "exact", "hours", "hours_change", "money", "money_change", "cents",
    "cents_change", "share", "share_change", "rate", "times", "tiny",
]  # fmt: skip
"""How a figure is shown: hours and opportunities with one decimal, money in whole units or in cents."""


DUST = 6
"""Decimals to which changes are rounded: what is beyond comes from subtracting."""


NOTHING = 1e-9


@dataclass(frozen=True)
class Cell:
    """A value that is shown otherwise than its column's."""

    value: float | None
    kind: Kind


Value = str | float | Cell | None


@dataclass(frozen=True)
class Column:
    """A column of a grid.

    `live`: the formula of each cell, with {row} where the row's number stands; the value is written
    with it. `total`: whether the last line adds it up. `shaded`: whether larger figures are darker.
    `width`: characters, where it is not for the cells to say.
    """

    header: str
    kind: Kind = "text"
    live: str | None = None
    total: bool = False
    shaded: bool = False
    width: int | None = None


@dataclass(frozen=True)
class Title:
    """The sheet's first line, or that of one of its sections."""

    text: str
    section: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph over the sheet's whole width; an item of a list with `bullet`."""

    text: str
    bold: bool = False
    bullet: bool = False


@dataclass(frozen=True)
class Grid:
    """Rows under a header, with a line of totals where a column has one.

    `table`: the name of an Excel table, which has filters; its headers differ from one another and are
    never a user's words. `frozen`: whether the header stays in sight and is repeated on every page.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    table: str | None = None
    frozen: bool = False

    @property
    def totals(self) -> bool:
        """Whether there is a line of totals."""
        return bool(self.rows) and any(column.total for column in self.columns)

    def added_up(self, at: int) -> float:
        """The total of one column."""
        return math.fsum(plain(row[at]) or 0.0 for row in self.rows)

    def total_formula(self, at: int, added: str) -> str:
        """That total as a formula, from the formula of the sum."""
        return f"=ROUND({added},{DUST})" if self.columns[at].kind.endswith("_change") else f"={added}"


@dataclass(frozen=True)
class Chart:
    """A chart of some columns of a grid on the same sheet; the first one has the categories.

    `lines`: the first line of the grid that is in the chart and the first one that is not, from 0.
    """

    title: str
    of: Grid
    series: Sequence[int]
    unit: str
    kind: Literal["bar", "column", "line"] = "column"
    lines: tuple[int, int] | None = None


@dataclass(frozen=True)
class Charts:
    """Charts beside one another."""

    charts: Sequence[Chart]


Block = Title | Text | Grid | Charts


@dataclass(frozen=True)
class Sheet:
    """One sheet: what stands on it, and a note below that, as a box that is in no cell."""

    name: str
    blocks: Sequence[Block]
    box: str = ""


def difference(before: str, after: str) -> str:
    """The formula of a change from the column `before` to `after`, without the dust of subtraction."""
    return f"ROUND({after}{{row}}-{before}{{row}},{DUST})"


def compared(first: str, kind: Kind, change: Kind, total: bool = True) -> list[Column]:
    """Columns for something today, recommended and the difference."""
    return [
        Column(first),
        Column("Today", kind, total=total),
        Column("Recommended", kind, total=total),
        Column("Change", change, live=difference("B", "C"), total=total),
    ]


def plain(value: Value) -> float | None:
    """The number of a cell, where it has one."""
    if isinstance(value, Cell) and value.kind == "tiny":
        return value.value
    found = value.value if isinstance(value, Cell) else value
    return clean(found) if isinstance(found, int | float) else None


def clean(value: float) -> float:
    """A figure that is not beside 0 by the dust of arithmetic alone."""
    return 0.0 if abs(value) < NOTHING else value


def listed(title: str, sentences: Sequence[str]) -> list[Block]:
    """A title and sentences below it; nothing where there are none."""
    if not sentences:
        return []
    return [Title(title, section=True), *(Text(f"{one.rstrip('.')}.", bullet=True) for one in sentences)]
