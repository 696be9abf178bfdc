"""A file as lines of cells, numbered as a spreadsheet numbers them, whatever kind of file it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from allocator.errors import PlanError, Problem

BLANKS = " \t\r\n\v\f\u00a0\u2007\u202f\u3000\ufeff"
"""What is stripped from a cell's ends: the white space that people leave there."""


@dataclass(frozen=True)
class Bad:
    """Why a cell can't be used, and what to write instead."""

    message: str
    remedy: str


class NumberCell(str):
    """A number as a workbook stores it: its '.' is a decimal point, whatever the others are."""

    __slots__ = ()
    currency = ""
    """The mark of the currency that its format shows it in."""


class MoneyCell(NumberCell):
    """A number that a workbook shows with the mark of a currency; another one with another mark."""

    __slots__ = ("currency",)

    def __new__(cls, text: str, currency: str) -> MoneyCell:
        """The number as it is stored, and the mark."""
        cell = super().__new__(cls, text)
        cell.currency = currency
        return cell

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) and getattr(other, "currency", "") == self.currency

    __hash__ = NumberCell.__hash__


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet: its row number as a spreadsheet counts, and its cells, stripped."""

    number: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


@dataclass(frozen=True)
class Merged:
    """Cells that a workbook shows as one: rows by number, columns from 0, both ends included."""

    ref: str
    rows: tuple[int, int]
    columns: tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """The lines of a file, and what was noted while it was read.

    `source` says how it was read, in words. `unusable` has the cells of a workbook that hold neither
    text nor a number, by (row number, column from 0). `semicolons`: they separate the cells, as where
    a comma is the decimal mark.
    """

    name: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    semicolons: bool = False
    unusable: Mapping[tuple[int, int], Bad] = field(default_factory=dict)
    merged: tuple[Merged, ...] = ()


def refused(name: str, message: str, remedy: str, row: int | None = None) -> PlanError:
    """The error for a file that can't be read at all, or not past this row."""
    return PlanError([Problem(message, remedy, file=name, row=row)])


def shown(cell: str) -> str:
    """A cell as a message quotes it: short, on one line, without control characters."""
    printable = "".join(c if c.isprintable() else "�" for c in cell[:80].strip(BLANKS))
    return f"'{printable[:40]}…'" if len(printable) > 40 else f"'{printable}'"
