"""One sheet of a workbook as lines: every cell that holds something, at the row where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from allocator.reading.formats import Looks, as_date, as_time
from allocator.reading.sheet import BLANKS, Bad, Line, Merged, MoneyCell, NumberCell, refused, shown
from allocator.reading.zipped import DAMAGED, Parts

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_CELLS = 5_000_000
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?", re.ASCII)
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""How a workbook stores a character that XML can't, and an underscore that looks like its start."""
NO_VALUE = Bad("the cell holds a formula without its value", "Open and save the file in a spreadsheet")


@dataclass(slots=True)
class _Cell:
    """The cell that is being read."""

    column: int
    kind: str
    style: str | None
    value: list[str] = field(default_factory=list)
    formula: bool = False


@dataclass(frozen=True)
class Worksheet:
    """The lines of a sheet that hold something, all equally wide.

    `unusable`: the cells that hold neither text nor a number.
    """

    lines: tuple[Line, ...]
    unusable: dict[tuple[int, int], Bad]
    merged: tuple[Merged, ...]


def read_worksheet(parts: Parts, part: str, strings: Sequence[str], looks: Looks) -> Worksheet:
    """The sheet in that part of a workbook. Raises `PlanError` where it is not what it says it is."""
    reader = _Reader(parts.name, strings, looks)
    parts.parse(part, reader.start, reader.end, reader.text)
    return reader.worksheet()


class _Reader:
    """Collects the rows of a sheet as its XML is read."""

    def __init__(self, name: str, strings: Sequence[str], looks: Looks) -> None:
        self.name, self.strings, self.looks = name, strings, looks
        self.rows: dict[int, dict[int, str]] = {}
        self.unusable: dict[tuple[int, int], Bad] = {}
        self.merged: list[Merged] = []
        self.declared: Merged | None = None
        self.number = 0
        self.next_column = 0
        self.width = 0
        self.columns: dict[str, int] = {}
        self.cell: _Cell | None = None
        self.row: dict[int, str] = {}
        self.into: Callable[[str], None] | None = None
        self.phonetic = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        if tag == "c":
            self._start_cell(given)
        elif tag in {"v", "t"}:
            if self.cell is not None and not self.phonetic:
                self.into = self.cell.value.append
        elif tag == "f":
            if self.cell is not None:
                self.cell.formula = True
        elif tag == "row":
            self._start_row(given)
        elif tag == "rPh":
            self.phonetic = True
        elif tag == "mergeCell":
            self._merge(given)
        elif tag == "dimension" and ":" in given.get("ref", ""):
            self.declared = self._range(given["ref"])

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in {"v", "t"}:
            self.into = None
        elif tag == "c":
            self._end_cell()
        elif tag == "rPh":
            self.phonetic = False

    def text(self, data: str) -> None:
        """Text inside an element."""
        if self.into is not None:
            self.into(data)

    def worksheet(self) -> Worksheet:
        """What was collected, once it is known to be as large as the sheet says."""
        last = max(self.rows, default=0)
        if len(self.rows) * self.width > MOST_CELLS:
            self._lies(f"cells as far as row {last:,} and column {self.width:,}")
        if self.declared is not None:
            rows, columns = self.declared.rows[1], self.declared.columns[1] + 1
            if last > rows or self.width > columns:
                self._lies(
                    f"{last:,} rows and {self.width:,} columns where it declares {self.declared.ref}"
                )
            if rows * columns > MOST_CELLS > 100 * len(self.rows) * self.width:
                self._lies(f"{len(self.rows):,} rows where it declares {self.declared.ref}")
        across = range(self.width)
        lines = tuple(
            Line(number, tuple([cells.get(at, "") for at in across]))
            for number, cells in self.rows.items()
        )
        return Worksheet(lines, self.unusable, tuple(self.merged))

    def _lies(self, has: str) -> NoReturn:
        remedy = "Copy the plan's cells to a new sheet and save that"
        raise refused(self.name, f"the sheet is not of the size it says: it has {has}", remedy)

    def _start_row(self, given: dict[str, str]) -> None:
        number = given.get("r", "")
        before = self.number
        self.number = int(number) if re.fullmatch("[0-9]{1,7}", number) else before + 1
        self.next_column = 0
        self.row = {}
        if not before < self.number <= MOST_ROWS:
            raise refused(
                self.name,
                f"the workbook is damaged: row {self.number} stands after row {before}",
                DAMAGED,
            )

    def _start_cell(self, given: dict[str, str]) -> None:
        ref = given.get("r")
        column = self.next_column if ref is None else self._column(ref)
        self.next_column = column + 1
        self.cell = _Cell(column, given.get("t", "n"), given.get("s"))

    def _column(self, ref: str) -> int:
        """The column of a cell of the present row, from 0."""
        letters = ref.rstrip("0123456789")
        column = self.columns.get(letters)
        if column is not None and ref[len(letters) :] == str(self.number):
            return column
        found = CELL.fullmatch(ref)
        if found is None or int(found[2]) != self.number:
            message = f"the workbook is damaged: {ref[:20]!a} is not a cell of row {self.number}"
            raise refused(self.name, message, DAMAGED)
        return self.columns.setdefault(found[1], _column_at(found[1]))

    def _end_cell(self) -> None:
        cell, self.cell = self.cell, None
        if cell is None:
            return
        text, bad = self._value(cell)
        if not text and bad is None:
            return
        if cell.column >= MOST_COLUMNS or not self.number:
            self._lies(f"a cell in column {cell.column + 1:,}")
        if not self.row:
            self.rows[self.number] = self.row
        self.row[cell.column] = text
        self.width = max(self.width, cell.column + 1)
        if bad is not None:
            self.unusable[self.number, cell.column] = bad

    def _value(self, cell: _Cell) -> tuple[str, Bad | None]:
        """A cell's text, and why it can't be used where it is neither text nor a number."""
        raw = cell.value[0] if len(cell.value) == 1 else "".join(cell.value)
        if cell.formula and not raw and cell.kind != "str":
            return "=", NO_VALUE
        if cell.kind in {"s", "str", "inlineStr"}:
            text = self._shared(raw) if cell.kind == "s" else raw
            return ESCAPED.sub(_character, text).strip(BLANKS), None
        raw = raw.strip(BLANKS)
        return self._typed(raw, cell) if raw else ("", None)

    def _typed(self, raw: str, cell: _Cell) -> tuple[str, Bad | None]:
        """The same for what is stored as something else than text."""
        if cell.kind == "b":
            text = "FALSE" if raw == "0" else "TRUE"
            return text, Bad(f"'{text}' is a logical value", "Type a number or a text in its place")
        if cell.kind == "e":
            return raw, Bad(f"{shown(raw)} is a spreadsheet's error value", "Mend the formula behind it")
        return self._number(raw, cell)

    def _number(self, raw: str, cell: _Cell) -> tuple[str, Bad | None]:
        look = "date" if cell.kind == "d" else self.looks.of(cell.style)
        if look == "date":
            remedy = "Format the cell as a number, or a name as text, and type it anew"
            return raw, Bad(f"{shown(as_date(raw))} is a date", remedy)
        if look == "time":
            remedy = "Format the cell as a number and write hours as a decimal, such as 8.5"
            return raw, Bad(f"{shown(as_time(raw))} is a time of day", remedy)
        currency = self.looks.currency(cell.style)
        return MoneyCell(raw, currency) if currency else NumberCell(raw), None

    def _shared(self, raw: str) -> str:
        if not (raw.isdecimal() and raw.isascii() and len(raw) < 9) or int(raw) >= len(self.strings):
            raise refused(
                self.name, f"the workbook is damaged: it has no text no. {raw[:20]!a}", DAMAGED
            )
        return self.strings[int(raw)]

    def _merge(self, given: dict[str, str]) -> None:
        found = self._range(given.get("ref", ""))
        if found is not None:
            self.merged.append(found)

    @staticmethod
    def _range(ref: str) -> Merged | None:
        found = RANGE.fullmatch(ref)
        if found is None:
            return None
        left, top, right, bottom = found.groups()
        columns = _column_at(left), _column_at(right or left)
        return Merged(ref, (int(top), int(bottom or top)), columns)


def _character(escaped: re.Match[str]) -> str:
    """The character of an escape."""
    return chr(int(escaped[1], 16))


def _column_at(letters: str) -> int:
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column - 1
