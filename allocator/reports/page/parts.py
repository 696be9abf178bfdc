"""What a page is made of: sections of sentences, figures and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocator.charts.look import Drawn


@dataclass(frozen=True)
class Figure:
    """A chart on the page; `small` ones stand side by side where there is room."""

    chart: Drawn
    small: bool = False


@dataclass(frozen=True)
class Table:
    """A table: the first column names the lines. `filtered`: lines can be found by their names.

    `folded`: it is opened by a click, and in print it is left out.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    folded: bool = True
    filtered: bool = False


@dataclass(frozen=True)
class Section:
    """One part of the page under its heading: a lead, sentences, figures, then tables."""

    anchor: str
    title: str
    lead: str = ""
    sentences: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Number:
    """One of the numbers at the top, with what it counts."""

    name: str
    said: str
    more: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Page:
    """A page: what it is about, the numbers at its top, the sentence that matters, its sections."""

    title: str
    subject: str
    numbers: Sequence[Number]
    headline: str
    sections: Sequence[Section]
