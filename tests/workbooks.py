"""Workbooks for tests: written by XlsxWriter, and changed inside where no writer would write so."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import xlsxwriter
from small_plan import HEADER, ROWS

SHEET = "xl/worksheets/sheet1.xml"
Rows = Sequence[Sequence[object]]


def typed(cell: str) -> object:
    """A cell of a CSV file as a spreadsheet would hold it: a number where it is one."""
    try:
        return float(cell)
    except ValueError:
        return cell


def rows_of(text: str) -> list[list[object]]:
    """The rows of a CSV text, numbers as numbers."""
    return [[typed(cell) for cell in line] for line in csv.reader(io.StringIO(text))]


def small_rows(changes: Sequence[tuple[int, str, object]] = ()) -> list[list[object]]:
    """The small plan's header and rows; `changes` are (row from 0, column, new cell)."""
    rows: list[list[object]] = [[typed(cell) for cell in cells] for cells in ROWS]
    for at, column, cell in changes:
        rows[at][HEADER.index(column)] = cell
    return [list(HEADER), *rows]


def workbook(*sheets: Rows, names: Sequence[str] = (), edit: Callable[..., None] | None = None) -> bytes:
    """A workbook with these sheets; `edit` gets the open workbook and its first worksheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": True}) as book:
        for at, rows in enumerate(sheets or [small_rows()]):
            sheet = book.add_worksheet(names[at] if names else None)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, [None if cell == "" else cell for cell in row])
        if edit is not None:
            edit(book, book.worksheets()[0])
    return out.getvalue()


def repacked(content: bytes, changes: Mapping[str, Callable[[bytes], bytes | None]]) -> bytes:
    """The workbook with some of its parts changed, or left out where that gives None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            part = changes.get(name, lambda same: same)(old.read(name))
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def cell_xml(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with the first sheet's XML changed in one place."""

    def change(part: bytes) -> bytes:
        assert old in part, part[:2000]
        return part.replace(old, new, 1)

    return repacked(content, {SHEET: change})
