"""What '.' and ',' mean in a column: decided once, from all of its cells, so that none is guessed alone.

'1,234' may be 1234 or 1.234. A cell such as '12,5', '1.234,50' or '1,234.5' can only be read in one
way; what such cells of a column say holds for the whole column, and for columns that have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from allocator.reading.sheet import Bad, NumberCell, shown

Mark = Literal["point", "presumed", "comma", "mixed", "unknown"]
"""The decimal mark; 'presumed' to be a point where the column's own cells don't say so, 'mixed' where
cells contradict each other, 'unknown' where nothing tells."""

DRESS = re.compile(r"[\s$€£¥₹%+\-\u2212]|USD|EUR|GBP|JPY", re.IGNORECASE)
"""What stands around the digits of a number and says nothing about its marks."""

COMMA = re.compile(
    r"\d+,(\d{1,2}|\d{4,})|\d{4,},\d+|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}", re.ASCII
)
POINT = re.compile(
    r"\d*\.(\d{1,2}|\d{4,})|(\d{4,}|0?)\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}", re.ASCII
)
EITHER_COMMA = re.compile(r"[+-]?\d{1,3},\d{3}", re.ASCII)
EITHER_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
GROUPS = {
    "point": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII),
    "comma": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII),
}


def marks(columns: Mapping[str, Iterable[str]], semicolons: bool) -> dict[str, Mark]:
    """The decimal mark of each column, from the distinct cells of all columns of numbers."""
    evidence = {name: _evidence(cells) for name, cells in columns.items()}
    whole = set().union(*evidence.values())
    return {name: _mark(found, whole, semicolons) for name, found in evidence.items()}


def _evidence(cells: Iterable[str]) -> set[Mark]:
    found: set[Mark] = set()
    for cell in cells:
        if ("," in cell or "." in cell) and not isinstance(cell, NumberCell):
            bare = DRESS.sub("", cell[:60])
            if COMMA.fullmatch(bare):
                found.add("comma")
            elif POINT.fullmatch(bare):
                found.add("point")
    return found


def _mark(own: set[Mark], whole: set[Mark], semicolons: bool) -> Mark:
    if len(own) == 1:
        return next(iter(own))
    if own:
        return "mixed"
    if whole == {"comma"}:
        return "comma"
    return "unknown" if semicolons or len(whole) > 1 else "presumed"


def plain(text: str, mark: Mark, cell: str) -> tuple[str, str] | Bad:
    """The text of a cell's number with '.' as its only mark, and a note on what was read into it."""
    if mark in {"comma", "mixed", "unknown"} and (bad := _ambiguous(text, mark, cell)):
        return bad
    if mark == "comma":
        return _with_comma(text)
    if GROUPS["point"].fullmatch(text):
        return text.replace(",", ""), "',' was read as a thousands separator"
    if mark == "presumed" and EITHER_POINT.fullmatch(text):
        return text, "'.' before three digits was read as a decimal point, not as a thousands separator"
    return text, ""


def _ambiguous(text: str, mark: Mark, cell: str) -> Bad | None:
    """Why a cell can't be read where its column leaves it open, or contradicts it."""
    zero = text.lstrip("+-").startswith("0")
    either_comma = EITHER_COMMA.fullmatch(text) and not (zero and mark == "comma")
    either_point = EITHER_POINT.fullmatch(text) and mark != "comma"
    if either_comma or either_point:
        whole, part = re.sub("[.,]", "", text), text.replace(",", ".")
        return Bad(
            f"{shown(cell)} may be {whole.lstrip('0') or '0'} or {part}",
            "Write it without a thousands separator, and with a decimal point if it needs one",
        )
    if mark != "comma" and COMMA.fullmatch(text.lstrip("+-")):
        why = (
            "other cells of the column a decimal point" if mark == "mixed" else "the file doesn't say so"
        )
        return Bad(
            f"{shown(cell)} has a decimal comma, and {why}", "Write all of them with a decimal point"
        )
    return None


def _with_comma(text: str) -> tuple[str, str]:
    note = ""
    if GROUPS["comma"].fullmatch(text):
        note = "'.' was read as a thousands separator" + (
            " and ',' as a decimal comma" if "," in text else ""
        )
        return text.replace(".", "").replace(",", "."), note
    if text.count(",") == 1 and "." not in text:
        return text.replace(",", "."), "',' was read as a decimal comma"
    return text, note
