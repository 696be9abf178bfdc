"""What is declared: rows of a programme, and what they are about.

A variable is the number of its column, a row is a list of (column, coefficient). A coefficient is a
number, or an array of numbers: one for each of several territories that are alike, whose rows are
declared together (`allocator.program.block`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from allocator.arrays import Number

INF = float("inf")
Term = tuple[int, Number]
Terms = Iterable[Term]
Sense = Literal["<=", ">=", "="]


class Row(NamedTuple):
    """Σ coefficient · variable, compared with `right`; each column stands in `terms` once."""

    terms: Sequence[Term]
    sense: Sense
    right: Number

    @property
    def least(self) -> Number:
        """What the sum is at least."""
        return -INF if self.sense == "<=" else self.right

    @property
    def most(self) -> Number:
        """What the sum is at most."""
        return INF if self.sense == ">=" else self.right


class Limit(NamedTuple):
    """What a row of the programme is about: its family, and the places and step where it holds."""

    family: str
    territory: int | None = None
    rep: int | None = None
    area: str | None = None
    step: int | None = None


Declared = tuple[Limit, Row]


def at_most(terms: Terms, limit: Number) -> Row:
    """Σ terms ≤ limit."""
    return _row(terms, "<=", limit)


def at_least(terms: Terms, limit: Number) -> Row:
    """Σ terms ≥ limit."""
    return _row(terms, ">=", limit)


def equal(terms: Terms, value: Number) -> Row:
    """Σ terms = value."""
    return _row(terms, "=", value)


def _row(terms: Terms, sense: Sense, right: Number) -> Row:
    """A row; a variable may stand in several terms, which are added up."""
    total: dict[int, Number] = {}
    for column, coefficient in terms:
        total[column] = total[column] + coefficient if column in total else coefficient
    return Row(list(total.items()), sense, right)
