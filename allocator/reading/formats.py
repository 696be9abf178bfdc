"""What a workbook's cells look like: which styles show a number as a date, a time or money."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Literal

from allocator.reading.cells import CODES, CURRENCIES
from allocator.reading.zipped import Parts

Look = Literal["number", "date", "time"]

DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), *range(57, 59)}
TIMES = {18, 19, 20, 21, *range(32, 36), 45, 46, 47, 55, 56}
"""Numbers of the built-in formats."""

SPOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
"""What a format's code only shows: quoted text, escaped characters, colours, currencies."""

MARK = re.compile(r"""\[\$([^\]-]*)[^\]]*\]|"([^"]*)"|\\?([^\w\s])""")
"""What a format's code may show of a currency: with its country, as quoted text, as a sign."""

MOST_DAYS = 2_958_465


@dataclass
class Looks:
    """How each style of a workbook shows a number, and the mark of which currency with it."""

    of_style: list[Look] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)

    def of(self, style: str | None) -> Look:
        """The look of a cell with that style attribute."""
        at = self._place(style)
        return "number" if at is None else self.of_style[at]

    def currency(self, style: str | None) -> str:
        """The mark of the currency that a cell with that style attribute shows, if any that is known."""
        at = self._place(style)
        return "" if at is None else self.currencies[at]

    def _place(self, style: str | None) -> int | None:
        if style is None or not style.isdecimal() or int(style) >= len(self.of_style):
            return None
        return int(style)


def read_looks(parts: Parts, part: str) -> Looks:
    """The looks that a workbook's styles give to its cells."""
    codes: dict[str, str] = {}
    looks = Looks()
    inside = [False]

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "numFmt":
            codes[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif tag == "cellXfs":
            inside[0] = True
        elif tag == "xf" and inside[0]:
            number = given.get("numFmtId", "0")
            looks.of_style.append(_look(number, codes.get(number)))
            looks.currencies.append(_currency(codes.get(number, "")))

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside[0] = False

    if part in parts:
        parts.parse(part, start, end)
    return looks


def _look(number: str, code: str | None) -> Look:
    if code is None:
        known = int(number) if number.isdecimal() else 0
        return "date" if known in DATES else "time" if known in TIMES else "number"
    spelled = SPOKEN.sub("", code.partition(";")[0]).lower()
    if "general" in spelled:
        return "number"
    if re.search("[yd]", spelled):
        return "date"
    return "time" if re.search("[hs]", spelled) else "date" if "m" in spelled else "number"


def _currency(code: str) -> str:
    """The mark of a currency that a format's code puts beside a number above 0."""
    known = CURRENCIES | CODES
    said = ("".join(found.groups("")).strip() for found in MARK.finditer(code.partition(";")[0]))
    return next((known[text] for text in said if text in known), "")


def as_date(days: str) -> str:
    """The date that a spreadsheet shows for a number of days, where it has one."""
    try:
        count = float(days)
        if not 1 <= count <= MOST_DAYS:
            return days
        return (datetime.date(1899, 12, 30) + datetime.timedelta(int(count))).isoformat()
    except (ValueError, OverflowError):
        return days


def as_time(days: str) -> str:
    """The time of day, or the hours and minutes, that a spreadsheet shows for a share of a day."""
    try:
        minutes = round(float(days) * 24 * 60)
    except (ValueError, OverflowError):
        return days
    return f"{minutes // 60}:{minutes % 60:02}" if 0 <= minutes < 600_000 else days
