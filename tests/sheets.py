"""What stands in a workbook, cell by cell, read from its XML without the tool's own reader."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Cell:
    """A cell: its text or number, and the formula behind it."""

    value: str | float | None
    formula: str | None


def sheets(content: bytes) -> dict[str, dict[str, Cell]]:
    """By sheet's name and cell's reference."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = _strings(book)
        names = [
            sheet.get("name") for sheet in _parsed(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        ]
        parts = [f"xl/worksheets/sheet{at}.xml" for at in range(1, len(names) + 1)]
        return {
            name: dict(_cells(_parsed(book.read(part)), strings))
            for name, part in zip(names, parts, strict=True)
        }


def _parsed(part: bytes) -> ET.Element:
    return ET.fromstring(part)  # noqa: S314 (of our own files)


def _strings(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    items = _parsed(book.read("xl/sharedStrings.xml")).iter(f"{MAIN}si")
    return ["".join(part.text or "" for part in item.iter(f"{MAIN}t")) for item in items]


def _cells(sheet: ET.Element, strings: list[str]) -> Iterator[tuple[str, Cell]]:
    for cell in sheet.iter(f"{MAIN}c"):
        value, formula = cell.findtext(f"{MAIN}v"), cell.find(f"{MAIN}f")
        kind = cell.get("t", "n")
        read: str | float | None = value
        if value is not None and kind == "s":
            read = strings[int(value)]
        elif value is not None and kind == "n":
            read = float(value)
        if read is not None or formula is not None:
            yield cell.get("r", ""), Cell(read, None if formula is None else formula.text)


def rows(cells: dict[str, Cell]) -> dict[int, dict[str, str | float | None]]:
    """By row's number and column's letters."""
    found: dict[int, dict[str, str | float | None]] = {}
    for ref, cell in cells.items():
        letters, number = re.fullmatch("([A-Z]+)([0-9]+)", ref).groups()
        found.setdefault(int(number), {})[letters] = cell.value
    return found


def without_values(content: bytes) -> bytes:
    """The workbook with no formula's value in it, so that who opens it has to work them out."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
            new.writestr(name, part)
    return out.getvalue()
