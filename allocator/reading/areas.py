"""What people call the areas, matched to the areas of the model."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable

from allocator.reading.sheet import Bad, shown

WORDS = {
    "acct": "account",
    "accts": "account",
    "accounts": "account",
    "dev": "development",
    "mgmt": "management",
    "mgt": "management",
    "mngmt": "management",
    "opp": "opportunity",
    "opps": "opportunity",
    "oppty": "opportunity",
    "opportunities": "opportunity",
    "partner": "partners",
}
"""Abbreviations of words in the names of areas."""

NAMES = {
    "prospects": "prospecting",
    "prospect": "prospecting",
    "new business": "prospecting",
    "hunting": "prospecting",
    "lead generation": "prospecting",
    "pipeline management": "opportunity management",
    "deal management": "opportunity management",
    "account management": "account development",
    "account growth": "account development",
    "farming": "account development",
    "channel": "partners",
    "channels": "partners",
    "channel partners": "partners",
    "partnering": "partners",
    "partnerships": "partners",
    "alliances": "partners",
}
"""Other names of the field for areas, used where the model has such an area."""


def area(cell: str, areas: Collection[str]) -> str | Bad:
    """The model's area that a cell names, in any case, spacing, abbreviation or initials."""
    if cell in areas:
        return cell
    by_words = {_words(name): name for name in areas}
    words = _words(cell)
    initials = {"".join(word[0] for word in key.split()): name for key, name in by_words.items()}
    found = by_words.get(words) or by_words.get(NAMES.get(words, "")) or by_words.get(_plain(cell))
    if found is None and len(words) > 1:
        found = initials.get(words)
    if found is not None:
        return found
    near = _nearest(words, by_words)
    guess = f"Did you mean '{by_words[near]}'? " if near else ""
    return Bad(f"{shown(cell)} is not an area of the model", f"{guess}The areas are {', '.join(areas)}")


def _plain(cell: str) -> str:
    return " ".join(re.split(r"[\s_\-/&.]+", cell.strip().lower())).strip()


def _words(cell: str) -> str:
    return " ".join(WORDS.get(word, word) for word in _plain(cell).split())


def _nearest(words: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(words, list(known), n=1, cutoff=0.6)), None)
