"""Plans to read that nobody should have to: the samples, damaged by bytes, by cells and by parts."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import xlsxwriter

INPUTS = Path(__file__).parents[1] / "inputs"
WORKBOOK_ROWS = 60
EDITS = (1, 1, 1, 2, 3, 6)
KINDS = ("bytes", "cells", "cells", "workbook bytes", "workbook parts", "workbook cells")

TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b'"', b'""', b";", b",", b"\t", b"sep=;",
    b"%", b"$", b"\xe2\x82\xac", b"1e400", b"1e308", b"-1", b"NaN", b"inf", b"0", b"9" * 400,
    b"1_000", b"(1)", b"8:30", b"#REF!", b"=1", b"Total", b"\x1b[31m", b"\xe2\x80\xae",
    b"prospecting", b"territory,area,hours",
)  # fmt: skip
XML_TOKENS = (
    b'r="XFD1048576"', b'r="A99999999"', b'r="0"', b'r="-1"', b"<row>", b"</row>", b"<c>", b"</c>",
    b"<v>", b"</v>", b"<f>1</f>", b't="s"', b't="e"', b't="b"', b't="d"', b's="99999"',
    b"<v>99999999</v>", b"<v/>", b"&lt;", b"&#0;", b"&#27;", b"&x;", b"<!DOCTYPE a>", b"<!--",
    b"]]>", b'ref="A1:XFD1048576"', b'<mergeCell ref="A1:XFD1048576"/>', b"<x:", b"1E999",
    b'encoding="UTF-16"', b'state="hidden"',
)  # fmt: skip
CELLS = (
    "", "-", "n/a", "1,234", "1.234", "1.234,50", "12,5", "0,5", "$5", "5 €", "45%", "(1)", "−5",
    "1 234", "#REF!", "inf", "nan", "1e308", "1e400", "1_000", "١٢", "Mar-26", "2026-01-02", "8:30",
    "=1+1", "Total", "total North", "PROSPECTING", "prospcting", "Channel", "<b>", "\u202e",
    "x" * 300, "a\nb", "\x1b]0;x\x07", "0", "-0", "1e-400", "9" * 50, "'1", "1'000", "\u00a0",
    "\ufeff", "🙂", "TRUE", "1/2", "+", ".", ",", "e5",
)  # fmt: skip
Chance = random.Random


def damaged(chance: Chance) -> tuple[str, bytes]:
    """A file's name and content; the same state of `chance` gives the same."""
    name = chance.choice(sorted(_samples()))
    kind = chance.choice(KINDS)
    if kind.startswith("workbook"):
        return "plan.xlsx", _workbook_damage(chance, kind, name)
    if kind == "cells":
        return chance.choice(("plan.csv", "plan.txt", "plan.xlsx")), _as_text(
            chance, _edited(chance, name)
        )
    return "plan.csv", _bytes(chance, _samples()[name], TOKENS)


@cache
def _samples() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in INPUTS.glob("*.csv")}


def _rows(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(_samples()[name].decode())))


@cache
def _book_of(name: str) -> bytes:
    return _as_workbook(_rows(name)[:WORKBOOK_ROWS], Chance(0))


def _workbook_damage(chance: Chance, kind: str, name: str) -> bytes:
    if kind == "workbook bytes":
        return _bytes(chance, _book_of(name), TOKENS)
    if kind == "workbook parts":
        return _parts(chance, _book_of(name))
    return _as_workbook(_edited(chance, name)[:WORKBOOK_ROWS], chance)


def _bytes(chance: Chance, content: bytes, tokens: tuple[bytes, ...]) -> bytes:
    """Content with a few places flipped, cut, doubled, overwritten or filled."""
    for _ in range(chance.choice(EDITS)):
        at = chance.randrange(len(content) + 1)
        to = min(len(content), at + chance.choice((0, 1, 1, 4, 40, 400)))
        old = content[at:to]
        piece = chance.choice((b"", chance.choice(tokens), chance.randbytes(len(old) or 1), old * 2))
        content = content[:at] + piece + content[to:]
        if chance.random() < 0.05:
            content = content[: chance.randrange(len(content) + 1)]
    return content


def _parts(chance: Chance, content: bytes) -> bytes:
    """A workbook with one or two of its parts damaged, lost or doubled, in a zip that is whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        names = old.namelist()
        hit = set(chance.sample([n for n in names if n.startswith(("xl/w", "xl/s", "_rels"))], 2))
        for name in names:
            part = old.read(name)
            if name in hit and chance.random() < 0.05:
                continue
            new.writestr(name, _bytes(chance, part, XML_TOKENS) if name in hit else part)
    return out.getvalue()


def _edited(chance: Chance, name: str) -> list[list[str]]:
    """A sample's rows with cells, rows and columns changed."""
    rows = _rows(name)
    edits: tuple[Callable[[Chance, list[list[str]]], None], ...] = (
        _new_cell, _new_cell, _new_cell, _new_column, _drop_cell, _double_row, _drop_row, _swap_columns,
    )  # fmt: skip
    for _ in range(chance.choice(EDITS)):
        chance.choice(edits)(chance, rows)
    return rows


def _new_cell(chance: Chance, rows: list[list[str]]) -> None:
    row = chance.choice(rows)
    if row:
        row[chance.randrange(len(row))] = chance.choice(CELLS)


def _new_column(chance: Chance, rows: list[list[str]]) -> None:
    at, cell = chance.randrange(len(rows[0]) + 1), chance.choice(CELLS)
    for row in rows:
        if at < len(row):
            row[at] = cell if chance.random() < 0.5 else row[at]


def _drop_cell(chance: Chance, rows: list[list[str]]) -> None:
    row = chance.choice(rows)
    del row[chance.randrange(len(row) + 1) :]


def _double_row(chance: Chance, rows: list[list[str]]) -> None:
    rows.insert(chance.randrange(len(rows) + 1), list(chance.choice(rows)))


def _drop_row(chance: Chance, rows: list[list[str]]) -> None:
    if len(rows) > 1:
        del rows[chance.randrange(len(rows))]


def _swap_columns(chance: Chance, rows: list[list[str]]) -> None:
    one, other = chance.randrange(len(rows[0]) + 1), chance.randrange(len(rows[0]) + 1)
    for row in rows:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]


def _as_text(chance: Chance, rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    end = chance.choice(("\n", "\r\n", "\r"))
    csv.writer(out, delimiter=chance.choice(",,;\t|"), lineterminator=end).writerows(rows)
    head = chance.choice(("", "", "sep=;\n", "A title\n\n"))
    encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"))
    return (head + out.getvalue()).encode(encoding, "replace")


def _as_workbook(rows: list[list[str]], chance: Chance) -> bytes:
    """Rows as a workbook; now and then a cell in a date's format, a merged range or a second sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Plan")
        looks = [
            book.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "h:mm", "0%", "#,##0 €")
        ]
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                look = chance.choice(looks) if chance.random() < 0.001 else None
                if cell.replace(".", "", 1).isdecimal() and cell.isascii():
                    sheet.write_number(number, place, float(cell), look)
                elif cell:
                    sheet.write_string(number, place, cell)
        if chance.random() < 0.1:
            sheet.merge_range(chance.randrange(4), 0, 5, 3, "merged")
        if chance.random() < 0.1:
            book.add_worksheet("More").write(0, 0, "more")
    return out.getvalue()
