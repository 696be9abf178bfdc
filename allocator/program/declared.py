"""What a declared programme consists of, and how its rows are written.

A variable is the number of its column, a row is a list of (column, coefficient): what solvers take
can be laid out while the constraint families are read, in a seventh of the time that expressions of
objects need. `allocator.program.in_pulp` has the same programme in PuLP.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
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
    """What a row of the programme is about: its family, and the places and step where it holds."""

    family: str
    territory: int | None = None
    rep: int | None = None
    area: str | None = None
    step: int | None = None


Declared = tuple[Limit, Row]
Columns = Sequence[int]


@dataclass
class Program:
    """A declared programme: its variables by index, its rows, and what each row is about.

    Maximizes or minimizes Σ `objective` + `constant`. Columns are numbered in the order of
    declaration, with `least` and `most` their bounds. `limits` are what the rows are about, in that
    order too; row r has the columns `index[start[r]:start[r + 1]]` with the coefficients `value`, and
    Σ of these lies between `row_least` and `row_most`.
    """

    instance: Instance
    money: float
    maximize: bool = True
    objective: Sequence[Term] = ()
    constant: float = 0.0
    least: array[float] = field(default_factory=lambda: array("d"))
    most: array[float] = field(default_factory=lambda: array("d"))
    limits: list[Limit] = field(default_factory=list)
    start: array[int] = field(default_factory=lambda: array("i", [0]))
    index: array[int] = field(default_factory=lambda: array("i"))
    value: array[float] = field(default_factory=lambda: array("d"))
    row_least: array[float] = field(default_factory=lambda: array("d"))
    row_most: array[float] = field(default_factory=lambda: array("d"))
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

    def add(self, limit: Limit, row: Row) -> None:
        """Put one row into the programme."""
        terms, sense, right = row
        if terms:
            columns, coefficients = zip(*terms, strict=True)
            self.index.extend(columns)
            self.value.extend(coefficients)
        self.start.append(len(self.index))
        self.row_least.append(-INF if sense == "<=" else right)
        self.row_most.append(INF if sense == ">=" else right)
        self.limits.append(limit)

    def rows(self) -> Iterator[Row]:
        """The rows as they were declared."""
        sides = zip(self.row_least, self.row_most, strict=True)
        for (begin, end), (least, most) in zip(pairwise(self.start), sides, strict=True):
            terms = list(zip(self.index[begin:end], self.value[begin:end], strict=True))
            if least == most:
                yield Row(terms, "=", most)
            else:
                yield Row(terms, ">=", least) if most == INF else Row(terms, "<=", most)

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
        program.start[:],
        program.index[:],
        program.value[:],
        program.row_least[:],
        program.row_most[:],
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
