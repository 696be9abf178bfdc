"""A programme: its numbers, and what its columns and rows mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from allocator.arrays import Floats, Integers
from allocator.instance import Instance
from allocator.program.block import Declaration, Stamped
from allocator.program.constraints import about_hours
from allocator.program.declared import INF, Declared, Limit, Row
from allocator.program.matrix import Matrix, rows_of


@dataclass(frozen=True)
class Variables:
    """The columns of one territory's variables, called as in `allocator.program`."""

    X: Mapping[str, int]
    u: Sequence[Sequence[Sequence[int]]]
    n: Sequence[Sequence[int]]
    w: Sequence[Sequence[Sequence[int]]]
    b: Sequence[Sequence[int]]
    g: Sequence[Sequence[Sequence[int]]]


@dataclass(frozen=True)
class Place:
    """Where a territory is in a programme."""

    declared: Declaration
    first_column: int
    first_row: int


@dataclass(frozen=True)
class Blocks:
    """Territories that are alike, in a programme: the first column of each, and its first row."""

    stamped: Stamped
    first_columns: Integers
    first_rows: Integers

    @property
    def created(self) -> Integers:
        """n: columns by territory, source and step."""
        return self._columns(self.stamped.declared.n)

    @property
    def worked(self) -> Integers:
        """w: columns by territory, source, step and depth."""
        return self._columns(self.stamped.declared.w)

    def _columns(self, declared: Sequence[object]) -> Integers:
        columns = np.array(declared, np.int32)
        first = self.first_columns.reshape(-1, *[1] * columns.ndim)
        return (first + columns).astype(np.int32)

    def limits(self) -> Iterator[Limit]:
        """What the rows are about."""
        for k in self.stamped.territories:
            for limit in self.stamped.declared.limits:
                yield limit._replace(territory=k)


@dataclass(frozen=True)
class Program:
    """A programme: maximize or minimize the cost of its `matrix`, money in units of `money`.

    `x`: the columns of hours, by row of the instance and step. The rows are those of reps' capacities,
    step by step, then those of rows' bounds (`leading` in all), then those of the blocks, then what was
    added (`added`).
    """

    instance: Instance
    money: float
    matrix: Matrix
    x: Integers
    blocks: tuple[Blocks, ...]
    leading: int
    added: tuple[Limit, ...] = ()
    _limits: list[Limit] = field(default_factory=list, compare=False, repr=False)
    _places: dict[int, Place] = field(default_factory=dict, compare=False, repr=False)

    @property
    def columns(self) -> int:
        """How many variables there are."""
        return len(self.matrix.cost)

    @property
    def limits(self) -> Sequence[Limit]:
        """What each row is about."""
        if not self._limits:
            blocks = [limit for blocks in self.blocks for limit in blocks.limits()]
            leading = about_hours(self.instance) if self.leading else ()
            self._limits.extend((*leading, *blocks, *self.added))
        return self._limits

    def hours(self, values: Floats) -> Floats:
        """The hours of each row over the period, where the columns have these values."""
        found: Floats = np.maximum(values[self.x], 0.0).sum(axis=1)
        return found

    def variables(self, k: int) -> Variables:
        """The variables of territory k."""
        place = self.place(k)
        declared, at = place.declared, place.first_column

        def here(nested: Sequence[Any]) -> list[Any]:
            return [each + at if isinstance(each, int) else here(each) for each in nested]

        return Variables(
            {area: column + at for area, column in declared.X.items()},
            *(here(getattr(declared, symbol)) for symbol in "unwbg"),
        )

    def place(self, k: int) -> Place:
        """Where territory k is."""
        if not self._places:
            for mine in self.blocks:
                firsts = mine.first_columns.tolist(), mine.first_rows.tolist()
                for number, *first in zip(mine.stamped.territories, *firsts, strict=True):
                    self._places[number] = Place(mine.stamped.declared, *first)
        return self._places[k]

    def capacity_rows(self, r: int) -> Integers:
        """The rows of a rep's capacity, step by step."""
        reps = len(self.instance.reps)
        return np.arange(r, reps * self.instance.steps, reps, dtype=np.int32)

    def rows(self) -> Iterator[Row]:
        """The rows as they were declared."""
        it = self.matrix
        index, value = it.index.tolist(), it.value.tolist()
        sides = zip(it.row_least.tolist(), it.row_most.tolist(), strict=True)
        for (begin, end), (least, most) in zip(pairwise(it.start.tolist()), sides, strict=True):
            terms = list(zip(index[begin:end], value[begin:end], strict=True))
            if least == most:
                yield Row(terms, "=", most)
            else:
                yield Row(terms, ">=", least) if most == INF else Row(terms, "<=", most)

    def with_columns(self, rows: Sequence[tuple[Sequence[int], Sequence[float]]]) -> Program:
        """The same with further columns, 0 or more each: the rows that each stands in, and as what."""
        matrix = self.matrix.with_columns(len(rows))
        sizes = [len(mine) for mine, _ in rows]
        matrix = matrix.with_entries(
            np.array([row for mine, _ in rows for row in mine], np.int32),
            np.repeat(np.arange(self.columns, self.columns + len(rows)), sizes).astype(np.int32),
            np.array([value for _, values in rows for value in values], np.float64),
        )
        return replace(self, matrix=matrix)

    def with_rows(self, declared: Sequence[Declared]) -> Program:
        """The same with further rows, whose coefficients are numbers."""
        entries = [entry for _, row in declared for entry in row.terms]
        rows = rows_of(
            [len(row.terms) for _, row in declared],
            np.array([column for column, _ in entries], np.int32),
            np.array([value for _, value in entries], np.float64),
            np.array([row.least for _, row in declared], np.float64),
            np.array([row.most for _, row in declared], np.float64),
        )
        added = (*self.added, *(limit for limit, _ in declared))
        return self.changed(self.matrix.with_rows(rows), added)

    def bounded(
        self, columns: Sequence[int], least: float | Sequence[float], most: float | Sequence[float]
    ) -> Program:
        """The same with other bounds on some variables."""
        matrix, at = self.matrix, list(columns)
        lower, upper = matrix.least.copy(), matrix.most.copy()
        lower[at], upper[at] = least, most
        return self.changed(replace(matrix, least=lower, most=upper))

    def changed(self, matrix: Matrix, added: tuple[Limit, ...] | None = None) -> Program:
        """The same with other numbers, or with rows that were added to them."""
        if added is None:
            return replace(self, matrix=matrix)
        return replace(self, matrix=matrix, added=added, _limits=[])

    def minimizing(self, cost: Floats) -> Program:
        """The same limits with another objective, to be as small as it can be."""
        return self.changed(replace(self.matrix, maximize=False, cost=cost, constant=0.0))
