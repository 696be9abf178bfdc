"""One cell of a plan: from what people type to a number, or a reason why not."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from allocator.plan import Column

MISSING = {"", "-", "–", "—", "n/a", "na", "null", "none", "nil", "tbd", "?"}
CURRENCIES = "$€£¥"
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
LONGEST_NAME = 200


@dataclass(frozen=True)
class Bad:
    """Why a cell can't be used, and what to write instead."""

    message: str
    remedy: str


@dataclass(frozen=True)
class Number:
    """A number read from a cell; `note` says what had to be read into it, if anything."""

    value: float
    note: str = ""
    currency: str = ""


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is nothing to say."""
    return cell.strip().lower() in MISSING


def name(cell: str) -> str | Bad:
    """A territory's or rep's name as it will be shown, inner white space folded."""
    folded = " ".join(cell.split())
    if len(folded) > LONGEST_NAME:
        return Bad(f"a name of {len(folded)} characters", f"Shorten it to {LONGEST_NAME} at most")
    hidden = next((c for c in folded if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"}), None)
    if hidden is not None:
        return Bad(f"a name with an invisible character (U+{ord(hidden):04X})", "Type it anew without")
    return folded


def number(cell: str, column: Column) -> Number | Bad:
    """The number that a cell holds, in the column's unit and within the column's limits."""
    read = _read(cell, column)
    return read if isinstance(read, Bad) else _within(read, cell, column)


def _read(cell: str, column: Column) -> Number | Bad:
    text = cell.replace("\u2212", "-").replace("\u00a0", "").replace("\u202f", "").strip()
    note = "a Unicode minus or a no-break space was read as plain" if text != cell.strip() else ""
    if hint := _not_a_number(text, column):
        return hint
    currency = next((mark for mark in CURRENCIES if mark in text), "")
    if currency and column.kind == "money":
        text, note = text.replace(currency, "", 1).strip(), f"'{currency}' is the plan's currency"
    percent = text.endswith("%") and column.kind == "rate"
    if percent:
        text, note = text[:-1].strip(), "per cent were read as shares"
    if GROUPED.fullmatch(text):
        text, note = text.replace(",", ""), "',' was read as a thousands separator"
    if not PLAIN.fullmatch(text):
        return Bad(f"{_shown(cell)} is not a number", f"Write {_example(column)}")
    value = float(text) / (100 if percent else 1)
    return Number(value, note, currency)


TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?", re.ASCII)
DATE = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,2}[- ][a-z]{3}([- ]\d{2,4})?|[a-z]{3}[- ]\d{2,4}", re.ASCII
)


def _not_a_number(text: str, column: Column) -> Bad | None:
    """What people often have in a cell in place of a number, with the remedy for each."""
    lowered = text.lower()
    write = f"Write {_example(column)}"
    hints = (
        (lowered.startswith("#"), "a spreadsheet's error value", "Mend the formula behind it"),
        (lowered.startswith("="), "a formula without its value", "Save the values, not the formulas"),
        (TIME.fullmatch(text), "a time of day", "Write hours as a decimal number, such as 8.5"),
        (DATE.fullmatch(lowered), "a date", f"Format the cell as a number. {write}"),
        (re.fullmatch(r"\(.*\)", text), "negative, in brackets", write),
        (text.endswith("%") and column.kind != "rate", "a percentage", write),
    )
    for found, what, remedy in hints:
        if found:
            return Bad(f"{_shown(text)} is {what}", remedy)
    return None


def _within(read: Number, cell: str, column: Column) -> Number | Bad:
    value = read.value
    if not value <= column.most or value >= column.below:
        top = f"{column.most:,g} at most" if column.below == math.inf else f"below {column.below:,g}"
        if column.kind == "rate" and 1 < value <= 100:
            return Bad(
                f"{_shown(cell)} is above 1, and a rate is a share of 1",
                f"Did you mean {value:g}%? Write {value:g}% or {value / 100:g}",
            )
        if column.kind == "rate" and value == 1:
            return Bad(f"{_shown(cell)} leaves nothing to improve", "Write 99% where nearly all renew")
        return Bad(f"{_shown(cell)} is too large", f"Write {_example(column)}, {top}")
    if value < column.least:
        bottom = "0 or more" if column.least == 0 else f"{column.least:g} or more"
        return Bad(f"{_shown(cell)} is too small", f"Write {_example(column)}, {bottom}")
    return read


def _example(column: Column) -> str:
    if column.kind == "rate":
        return "a share such as 0.25 or 25%"
    return f"a plain number of {column.unit}, such as 1234.5"


def _shown(cell: str) -> str:
    """A cell as a message quotes it: short, on one line, without control characters."""
    printable = "".join(c if c.isprintable() else "�" for c in cell.strip())
    return f"'{printable[:40]}…'" if len(printable) > 40 else f"'{printable}'"
