"""Text that something may obey: a terminal its controls, a spreadsheet what looks like a formula."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
"""Unicode's categories of what a reader can't see: controls, bidi marks, zero widths."""
INSTEAD = "\ufffd"


def invisible(text: str) -> str:
    """The first invisible character of a text; nothing where there is none."""
    if text.isascii() and text.isprintable():
        return ""
    return next((c for c in text if unicodedata.category(c) in INVISIBLE), "")


def visible(text: str) -> str:
    """The text as it can be shown on one line, with a sign in place of each invisible one."""
    if not invisible(text):
        return text
    return "".join(INSTEAD if unicodedata.category(c) in INVISIBLE else c for c in text)


FORMULA = re.compile(r"(^|;)( *)('*[=+\-@＝＋－＠\t\r\n])")
"""What a spreadsheet takes for a formula at a cell's start, which for some of them is after a ';'."""
GUARDED = re.compile(r"(^|;)( *)'+(?=[=+\-@＝＋－＠])")


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula; without the apostrophes it is what it was."""
    return FORMULA.sub(r"\1\2'\3", text)


def unguarded(text: str) -> str:
    """Text without the apostrophes that only keep it from being a formula."""
    return GUARDED.sub(r"\1\2", text)
