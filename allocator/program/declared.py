"""What a declared programme consists of, and how its rows are written.

A variable is the number of its column, a row is a list of (column, coefficient): what solvers take
can be laid out while the constraint families are read, in a seventh of the time that expressions of
objects need. `allocator.program.in_pulp` has the same programme in PuLP.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from allocator.instance import Instance

INF = float("inf")
Term = tuple[int, float]
Terms = Iterable[Term]
Sense = Literal["<=", ">=", "="]


class Row(NamedTuple):
    """Σ coefficient · variable, compared with `right`; each column stands in `terms` once."""

    terms: Sequence[Term]
    sense: Sense
    right: float

    def and_term(self, column: int, coefficient: float) -> Row:
        """The same with one more term, in a column that it does not have."""
        return self._replace(terms=[*self.terms, (column, coefficient)])


class Limit(NamedTuple):
    """One row of the programme: which family it belongs to and whom it is about."""

    family: str
    row: Row
    territory: int | None = None
    rep: int | None = None
    area: str | None = None
    step: int | None = None


Columns = Sequence[int]


@dataclass
class Program:
    """A declared programme: its variables by index, its rows, and what each row is about.

    Maximizes or minimizes Σ `objective` + `constant`. Columns are numbered in the order of
    declaration, with `least` and `most` their bounds; `limits` are all rows, in that order too.
    """

    instance: Instance
    money: float
    maximize: bool = True
    objective: Sequence[Term] = ()
    constant: float = 0.0
    least: array[float] = field(default_factory=lambda: array("d"))
    most: array[float] = field(default_factory=lambda: array("d"))
    limits: list[Limit] = field(default_factory=list)
    x: list[Columns] = field(default_factory=list)
    X: list[dict[str, int]] = field(default_factory=list)
    u: list[list[list[Columns]]] = field(default_factory=list)
    n: list[list[Columns]] = field(default_factory=list)
    w: list[list[list[Columns]]] = field(default_factory=list)
    b: list[list[Columns]] = field(default_factory=list)
    g: list[list[list[Columns]]] = field(default_factory=list)

    @property
    def columns(self) -> int:
        """How many variables there are."""
        return len(self.least)

    def variable(self, least: float = 0.0, most: float = INF) -> int:
        """A new variable; meaning lives in the indexes."""
        self.least.append(least)
        self.most.append(most)
        return len(self.least) - 1

    def variables(self, count: int) -> range:
        """So many new variables, each 0 or more."""
        first = len(self.least)
        self.least.extend([0.0] * count)
        self.most.extend([INF] * count)
        return range(first, first + count)

    def bound(self, column: int, least: float, most: float) -> None:
        """Give a variable other bounds."""
        self.least[column], self.most[column] = least, most

    def add(self, limit: Limit) -> None:
        """Put one row into the programme."""
        self.limits.append(limit)

    def minimize(self, terms: Terms) -> None:
        """Make Σ terms the objective, to be as small as it can be."""
        self.maximize, self.objective, self.constant = False, list(terms), 0.0


def again(program: Program) -> Program:
    """A programme with the same limits and variables, to which more can be added."""
    return Program(
        program.instance,
        program.money,
        program.maximize,
        program.objective,
        program.constant,
        program.least[:],
        program.most[:],
        list(program.limits),
        *(getattr(program, symbol) for symbol in ("x", "X", "u", "n", "w", "b", "g")),
    )


def _row(terms: Terms, sense: Sense, right: float) -> Row:
    """A row; a variable may stand in several terms, which are added up."""
    listed = list(terms)
    if len({column for column, _ in listed}) < len(listed):
        total = dict.fromkeys((column for column, _ in listed), 0.0)
        for column, coefficient in listed:
            total[column] += coefficient
        listed = list(total.items())
    return Row(listed, sense, right)


def at_most(terms: Terms, limit: float) -> Row:
    """Σ terms ≤ limit."""
    return _row(terms, "<=", limit)


def at_least(terms: Terms, limit: float) -> Row:
    """Σ terms ≥ limit."""
    return _row(terms, ">=", limit)


def equal(terms: Terms, value: float) -> Row:
    """Σ terms = value."""
    return _row(terms, "=", value)


def stored(program: Program) -> tuple[array[int], array[int], array[float]]:
    """The rows' coefficients as they stand one after the other: starts, columns, coefficients."""
    start, index, value = array("i", [0]), array("i"), array("d")
    for limit in program.limits:
        terms = limit.row.terms
        if terms:
            columns, coefficients = zip(*terms, strict=True)
            index.extend(columns)
            value.extend(coefficients)
        start.append(len(index))
    return start, index, value
