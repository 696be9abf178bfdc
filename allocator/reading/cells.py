"""One cell of a plan: from what people type to a number or a name, or a reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from allocator.characters import invisible, unguarded
from allocator.columns import Column
from allocator.reading.marks import Mark, plain
from allocator.reading.sheet import BLANKS, Bad, NumberCell, shown

MISSING = {"", "-", "–", "—", "\u2212", "n/a", "na", "null", "none", "nil", "tbd", "?"}
CURRENCIES = {"$": "$", "€": "€", "£": "£", "¥": "¥", "₹": "₹"}
CODES = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,6})?", re.ASCII)
SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")
SPACED = re.compile(r"[+-]?\d{1,3}(_\d{3})+([.,]\d+)?", re.ASCII)
QUOTED = re.compile(r"[+-]?\d{1,3}(['’]\d{3})+([.,]\d+)?", re.ASCII)
ERRORS = {"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#N/A", "#SPILL!", "#CALC!"}
LONGEST_NAME = 200
LONGEST_NUMBER = 60


@dataclass(frozen=True)
class Number:
    """A number read from a cell; `notes` say what had to be read into it, if anything."""

    value: float
    notes: tuple[str, ...] = ()
    currency: str = ""


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is nothing to say."""
    return not cell or cell.strip(BLANKS).lower() in MISSING


def folded(text: str) -> str:
    """A text without white space at its ends, and with one space for any between."""
    return " ".join(part for part in re.split(f"[{BLANKS}]+", text) if part)


def name(cell: str) -> str | Bad:
    """A territory's or rep's name as it will be shown, white space and line breaks folded."""
    read = unguarded(folded(cell))
    if len(read) > LONGEST_NAME:
        message = f"{shown(read)} is a name of {len(read):,} characters"
        return Bad(message, f"Shorten it to {LONGEST_NAME} at most")
    if read.upper() in ERRORS:
        return Bad(f"{shown(read)} is a spreadsheet's error value", "Mend the formula behind it")
    if hidden := invisible(read):
        what = f"{shown(read)} has an invisible or control character (U+{ord(hidden):04X})"
        return Bad(what, "Type the name anew without it")
    return read


def number(cell: str, column: Column, mark: Mark = "point") -> Number | Bad:
    """The number that a cell holds, in the column's unit and within the column's limits.

    `mark` is the column's decimal mark; a number that a workbook stores has none.
    """
    read = _stored(cell, column) if isinstance(cell, NumberCell) else _read(cell, column, mark)
    return read if isinstance(read, Bad) else _within(read, cell, column)


def _stored(cell: NumberCell, column: Column) -> Number | Bad:
    """A workbook's number; its format says the currency where the column is of money."""
    read = _value(cell, cell, column, "point")
    if isinstance(read, Bad) or not cell.currency or column.kind != "money":
        return read
    return Number(read.value, (*read.notes, _noted(cell.currency)), cell.currency)


def _noted(currency: str) -> str:
    return f"'{currency}' is the plan's currency"


def _read(cell: str, column: Column, mark: Mark) -> Number | Bad:
    notes: list[str] = []
    text = SPACES.sub("_", cell.replace("\u2212", "-")).strip("_" + BLANKS) if "_" not in cell else cell
    if bad := _not_a_number(text.replace("_", " "), cell, column):
        return bad
    text, currency = _without_currency(text) if column.kind == "money" else (text, "")
    if currency:
        notes.append(_noted(currency))
    percent = text.endswith("%") and column.kind == "rate"
    if percent:
        text = text[:-1].rstrip("_" + BLANKS)
        notes.append("per cent were read as shares")
    if "_" not in cell and SPACED.fullmatch(text):
        text = text.replace("_", "")
    if QUOTED.fullmatch(text):
        text = re.sub("['’]", "", text)
        notes.append("an apostrophe was read as a thousands separator")
    if "\u2212" in cell or SPACES.search(cell):
        notes.append("a Unicode minus or a no-break space was read as plain")
    read = _value(text, cell, column, mark, percent)
    return read if isinstance(read, Bad) else Number(read.value, (*notes, *read.notes), currency)


def _value(text: str, cell: str, column: Column, mark: Mark, percent: bool = False) -> Number | Bad:
    """The number of a text from which currency, per cent and spaces are gone."""
    marked = plain(text, mark, cell) if len(text) <= LONGEST_NUMBER else (text, "")
    if isinstance(marked, Bad):
        return marked
    text, note = marked
    if len(text) > LONGEST_NUMBER or not PLAIN.fullmatch(text):
        return Bad(f"{shown(cell)} is not a number", f"Write {_example(column)}")
    value = float(text)
    if percent:
        value = float(f"{text}e-2") if "e" not in text.lower() else value / 100
    return Number(value, (note,) if note else ())


def _without_currency(text: str) -> tuple[str, str]:
    """A money cell's number, and the mark of its currency: before or behind, as sign or as code."""
    bare = text.lstrip("+-")
    sign = text[: len(text) - len(bare)]
    blanks = "_" + BLANKS
    for written, mark in (CURRENCIES | CODES).items():
        for found in (bare.removeprefix(written), bare.removesuffix(written)):
            if found != bare:
                return sign + found.strip(blanks), mark
    return text, ""


TIME = re.compile(r"\d{1,4}:\d{2}(:\d{2})?( ?[ap]m)?", re.ASCII)
DATE = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ t]\d.*)?|\d{1,2}[- ][a-z]{3}([- ]\d{2,4})?|[a-z]{3}[- ]\d{2,4}",
    re.ASCII,
)
SMALL = 1000.0
"""Columns of which this is the most have small numbers."""
LETTERS = re.compile(r"[+-]?[\d.,]+ ?(k|m|mm|mio|h|hrs?|hours|mins?|minutes|days|d)", re.ASCII)


def _not_a_number(text: str, cell: str, column: Column) -> Bad | None:
    """What people often have in a cell in place of a number, with the remedy for each."""
    lowered = text[:LONGEST_NUMBER].lower()
    if re.fullmatch(r"[+-]?[0-9.]+", lowered, re.ASCII) and not DATE.fullmatch(lowered):
        return None
    write = f"Write {_example(column)}"
    hints = (
        (lowered.startswith("#"), "is a spreadsheet's error value", "Mend the formula behind it"),
        (lowered.startswith("="), "is a formula without its value", "Save the values, not the formulas"),
        (TIME.fullmatch(lowered), "is a time of day", "Write hours as a decimal number, such as 8.5"),
        (re.fullmatch(r"\(.*\)", text), "is negative, in brackets", write),
        (lowered in {"true", "false"}, "is a logical value", write),
        (LETTERS.fullmatch(lowered), "is a number with letters", write),
        (DATE.fullmatch(lowered), "is a date", f"Format the cell as a number. {write}"),
        (text.endswith("%") and column.kind != "rate", "is a percentage", write),
    )
    for found, what, remedy in hints:
        if found:
            return Bad(f"{shown(cell)} {what}", remedy)
    return None


def _within(read: Number, cell: str, column: Column) -> Number | Bad:
    value = read.value
    if value > column.most or value >= column.below:
        return _too_large(value, cell, column)
    if value < column.least:
        bottom = "0 or more" if column.least == 0 else f"{column.least:g} or more"
        return Bad(f"{shown(cell)} is too small", f"Write {_example(column)}, {bottom}")
    return Number(0.0, read.notes, read.currency) if value == 0 else read


def _too_large(value: float, cell: str, column: Column) -> Bad:
    if column.kind != "rate" or column.most > 1:
        return Bad(
            f"{shown(cell)} is too large", f"Write {_example(column)}, {column.most:,.0f} at most"
        )
    most = "less than 100%" if column.below <= 1 else "100% at most"
    per_cent = cell.strip(BLANKS).endswith("%")
    if not per_cent and value > 1 and value / 100 <= column.most and value / 100 < column.below:
        remedy = f"Did you mean {value:g}%? Write {value:g}% or {value / 100:g}"
        return Bad(f"{shown(cell)} is above 1, and a rate is a share of 1", remedy)
    what = "leaves nothing to improve" if value == 1 else f"is too large for a rate: {most}"
    return Bad(f"{shown(cell)} {what}", f"Write {_example(column)}")


def _example(column: Column) -> str:
    if column.kind == "rate":
        return "a share such as 0.25 or 25%"
    unit = f"in {column.unit}" if column.kind == "money" else f"of {column.unit}"
    return f"a plain number {unit}, such as {1234.5 if column.most > SMALL else 1.2}"
