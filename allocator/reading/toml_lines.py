"""On which line of a TOML file a key stands; the standard library's reader does not say."""

from __future__ import annotations

import re
from collections import Counter

TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(#.*)?")
KEY = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[\w.-]+)\s*=")
ITEM = re.compile(r"\s*\{")

Place = tuple[str | int, ...]


class Lines:
    """The lines of a TOML file's tables, keys, and items of lists that are written one to a line."""

    def __init__(self, text: str) -> None:
        """Note where each of them begins."""
        self._lines: dict[Place, int] = {}
        tables: Counter[str] = Counter()
        table: Place = ()
        last: Place = ()
        items = 0
        for number, line in enumerate(text.splitlines(), start=1):
            if found := TABLE.fullmatch(line):
                table = last = _place(found[2])
                if found[1] == "[[":
                    table = last = (*table, tables[found[2]])
                    tables[found[2]] += 1
            elif found := KEY.match(line):
                last, items = (*table, *_place(found[1])), 0
            elif ITEM.match(line):
                self._lines.setdefault((*last, items), number)
                items += 1
                continue
            else:
                continue
            self._lines.setdefault(last, number)

    def line(self, *place: str | int) -> int | None:
        """The line where the place begins, or what it stands in; None for the file as a whole."""
        for length in range(len(place), 0, -1):
            if place[:length] in self._lines:
                return self._lines[place[:length]]
        return None


def _place(key: str) -> Place:
    """A dotted key as its parts, without their quotation marks."""
    return tuple(part.strip(" \t\"'") for part in key.split("."))
