"""A block of the programme: one territory's variables and rows, declared for all that are alike.

Columns are numbered within the territory. `Declaration` is what the constraint families said;
`Stamped` are its numbers, a line for each territory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from allocator.alike import Alike, Pieces
from allocator.arrays import Floats, Integers, Number
from allocator.model import Model
from allocator.program.declared import INF, Declared, Limit, Terms

Columns = range


class Block:
    """The variables of a territory, or of several that are alike, while their rows are declared.

    Variables are called as in `allocator.program`, without the territory: `x` by row, `n` and `b` by
    source and step, and so on.
    """

    def __init__(self, alike: Alike, model: Model) -> None:
        """Every variable, without a row yet."""
        self.alike, self.model, self.steps = alike, model, model.steps
        self.columns = 0
        self.most: dict[int, Number] = {}
        steps = range(self.steps)
        sources, renewing = alike.sources, alike.renewing
        self.x = [self._made(self.steps) for _ in alike.areas]
        self.X = dict(zip(alike.shares, self._made(len(alike.shares)), strict=True))
        self.u = [[self._made(_segments(s.curve)) for _ in steps] for s in sources]
        self.n = [self._made(self.steps) for _ in sources]
        self.w = [[self._made(len(model.depths)) for _ in steps] for _ in sources]
        self.b = [self._made(self.steps) for _ in sources]
        self.g = [[self._made(_segments(m.curve)) for _ in steps] for m in renewing]

    def _made(self, count: int) -> Columns:
        self.columns += count
        return range(self.columns - count, self.columns)

    def bound(self, column: int, most: Number) -> None:
        """Let a variable be so much at most."""
        self.most[column] = most


Family = Callable[[Block], Iterator[Declared]]


def _segments(curve: Pieces | None) -> int:
    return len(curve.width) if curve else 0


@dataclass(frozen=True)
class Declaration:
    """What was declared for territories that are alike: all but the numbers.

    `start` and `index` are those of a matrix by rows, `limits` what the rows are about but for the
    territory. `rows`: hours, in the order of the territory's rows, are the first columns, `steps` each;
    the other variables' columns are by their names.
    """

    columns: int
    rows: int
    steps: int
    X: dict[str, int]
    u: list[list[Columns]]
    n: list[Columns]
    w: list[list[Columns]]
    b: list[Columns]
    g: list[list[Columns]]
    limits: tuple[Limit, ...]
    start: Integers
    index: Integers


@dataclass(frozen=True)
class Lines:
    """Numbers, a line for each territory; what is the same in several places is kept once.

    Most is, from step to step. `distinct` has the numbers by territory, `places` which of them stands in
    each place of a line.
    """

    distinct: Floats
    places: Integers

    @property
    def joined(self) -> Floats:
        """All lines, one after the other."""
        found: Floats = self.distinct[:, self.places].ravel()
        return found

    def of(self, lines: Sequence[int]) -> Lines:
        """Some of the lines."""
        return replace(self, distinct=self.distinct[list(lines)])

    def at(self, places: Integers | npt.NDArray[np.bool_]) -> Lines:
        """Some of the places."""
        return replace(self, places=self.places[places])

    def less(self, by: Floats, places: Sequence[int]) -> Lines:
        """The same with the numbers in some places lower, `by` so much in each line."""
        lower = self.distinct[:, self.places[list(places)]] - by[:, None]
        at = self.places.copy()
        at[list(places)] = self.distinct.shape[1] + np.arange(len(places))
        return Lines(np.concatenate((self.distinct, lower), axis=1), at)


@dataclass(frozen=True)
class Stamped:
    """The numbers of territories that are alike, a line for each of `territories`.

    `cost` by column in the plan's currency; `most` by column; `value` by entry; sides by row.
    """

    declared: Declaration
    territories: tuple[int, ...]
    cost: Lines
    most: Lines
    value: Lines
    row_least: Lines
    row_most: Lines

    def without(self, family: str) -> Stamped:
        """The same without the rows of a family."""
        declared = self.declared
        kept = np.array([limit.family != family for limit in declared.limits], np.bool_)
        sizes = np.diff(declared.start)
        entries = np.repeat(kept, sizes)
        return replace(
            self,
            declared=replace(
                declared,
                limits=tuple(limit for limit in declared.limits if limit.family != family),
                start=np.concatenate(([0], np.cumsum(sizes[kept]))).astype(np.int32),
                index=declared.index[entries],
            ),
            value=self.value.at(entries),
            row_least=self.row_least.at(kept),
            row_most=self.row_most.at(kept),
        )

    def asking_less(self, family: str, less: Mapping[int, float]) -> Stamped:
        """The same with less asked for in the rows of a family, by territory."""
        rows = [row for row, limit in enumerate(self.declared.limits) if limit.family == family]
        by = np.array([less.get(k, 0.0) for k in self.territories])
        return replace(self, row_least=self.row_least.less(by, rows))

    def of(self, members: Sequence[int], territories: Sequence[int]) -> Stamped:
        """Some of them alone, by place, under other numbers."""
        return replace(
            self,
            territories=tuple(territories),
            cost=self.cost.of(members),
            most=self.most.of(members),
            value=self.value.of(members),
            row_least=self.row_least.of(members),
            row_most=self.row_most.of(members),
        )


def stamped(block: Block, families: Iterable[Family], objective: Callable[[Block], Terms]) -> Stamped:
    """What the families declare for a block, and what its variables earn, in numbers."""
    declared = [one for family in families for one in family(block)]
    rows = [row for _, row in declared]
    entries = [entry for row in rows for entry in row.terms]
    many = len(block.alike.territories)
    sizes = [len(row.terms) for row in rows]
    earned: dict[int, Number] = {}
    for column, worth in objective(block):
        earned[column] = earned.get(column, 0.0) + worth
    return Stamped(
        Declaration(
            block.columns,
            len(block.x),
            block.steps,
            block.X,
            block.u,
            block.n,
            block.w,
            block.b,
            block.g,
            tuple(limit for limit, _ in declared),
            np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
            np.array([column for column, _ in entries], np.int32),
        ),
        block.alike.territories,
        _lines([earned.get(column, 0.0) for column in range(block.columns)], many),
        _lines([block.most.get(column, INF) for column in range(block.columns)], many),
        _lines([value for _, value in entries], many),
        _lines([row.least for row in rows], many),
        _lines([row.most for row in rows], many),
    )


def _lines(numbers: Sequence[Number], many: int) -> Lines:
    """Numbers, some of them the same for all, as a line for each territory."""
    kept: dict[float | bytes, int] = {}
    distinct: list[Number] = []
    places = np.empty(len(numbers), np.int32)
    for at, number in enumerate(numbers):
        key = number.tobytes() if isinstance(number, np.ndarray) else number
        if key not in kept:
            kept[key] = len(distinct)
            distinct.append(number)
        places[at] = kept[key]
    by_number = np.empty((len(distinct), many))
    for at, number in enumerate(distinct):
        by_number[at] = number
    return Lines(np.ascontiguousarray(by_number.T), places)
