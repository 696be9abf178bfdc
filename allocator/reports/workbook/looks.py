"""How cells look: number formats with units, widths that hold what they show."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from allocator.reports.workbook.blocks import Kind
from allocator.wording import MINUS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

INK, FAINT, HEAD = "#1F2933", "#616E7C", "#DCE6F1"
LIGHT, DARK, BELOW = "#FFFFFF", "#63BE7B", "#F8A29B"
TODAY, BEST = "#9AA5B1", "#1F6FB2"
DECIMALS: Mapping[Kind, int] = {
    "whole": 0, "number": 1, "hours": 1, "hours_change": 1, "money": 0, "money_change": 0, "cents": 2,
    "cents_change": 2, "share": 1, "share_change": 1, "times": 2,
}  # fmt: skip


def number_format(kind: Kind, currency: str) -> str:
    """Excel's code for figures of a kind."""
    if kind in {"text", "exact"}:
        return "General"
    if kind == "tiny":
        return "0.0E+00"
    if kind == "rate":
        return "0.0###"
    code = "#,##0" + ("." + "0" * DECIMALS[kind] if DECIMALS[kind] else "")
    if kind.startswith("share"):
        code += "%"
    elif currency and kind.startswith(("money", "cents")):
        code = f'"{currency}"{code}'
    plus = "+" if kind.endswith("_change") else ""
    return f'{plus}{code};"{MINUS}"{code};{code}'


def shown_width(value: float | None, kind: Kind, currency: str) -> int:
    """How many characters a figure takes."""
    if value is None:
        return 0
    if kind in {"tiny", "rate"}:
        return 8
    if kind == "exact":
        return len(f"{value:.10g}")
    size = abs(value) * (100 if kind.startswith("share") else 1)
    signs = 1 + kind.startswith("share")
    marks = text_width(currency) if kind.startswith(("money", "cents")) else 0
    return len(f"{size:,.{DECIMALS[kind]}f}") + signs + marks


def text_width(text: str) -> int:
    """How many characters of usual width a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Looks:
    """The formats of one workbook, each made once.

    Text never becomes a formula, not even when somebody edits its cell: that is `quote_prefix`.
    """

    def __init__(self, book: Workbook, currency: str) -> None:
        self.book, self.currency = book, currency
        self.made: dict[tuple[str, bool], Format] = {}

    def text(self, at: int) -> Format:
        """For text in a grid, in its column `at`."""
        wanted = {"text_wrap": True, "quote_prefix": True, "num_format": "@", "valign": "vcenter"}
        return self._format("words", at > 0, {**wanted, "indent": int(at > 0)})

    def cell(self, kind: Kind, total: bool = False) -> Format:
        """For a figure in a grid."""
        if (kind, total) in self.made:
            return self.made[kind, total]
        line: dict[str, object] = {"bold": True, "top": 1} if total else {}
        shown = {"num_format": number_format(kind, self.currency), "valign": "vcenter"}
        return self._format(kind, total, {**shown, **line})

    @property
    def title(self) -> Format:
        """For a sheet's first line."""
        return self._format("title", False, {"bold": True, "font_size": 15, "quote_prefix": True})

    @property
    def section(self) -> Format:
        """For a section's title."""
        return self._format("section", False, {"bold": True, "font_size": 12, "quote_prefix": True})

    def paragraph(self, bold: bool) -> Format:
        """For text over several columns."""
        wanted = {"text_wrap": True, "valign": "vcenter", "bold": bold, "quote_prefix": True}
        return self._format("paragraph", bold, wanted)

    def header(self, of_text: bool, at: int) -> Format:
        """For the header of the column `at`."""
        wanted = {
            "bold": True, "text_wrap": True, "bg_color": HEAD, "bottom": 1, "quote_prefix": True,
            "align": "left" if of_text else "right", "valign": "bottom",
            "indent": int(of_text and at > 0),
        }  # fmt: skip
        return self._format(f"header {at > 0}", of_text, wanted)

    def _format(self, name: str, variant: bool, wanted: Mapping[str, object]) -> Format:
        if (name, variant) not in self.made:
            base = {"font_color": INK, "font_name": "Calibri", "font_size": 11}
            self.made[name, variant] = self.book.add_format({**base, **wanted})
        return self.made[name, variant]
