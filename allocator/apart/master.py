"""Hours that batches share, those of reps of many territories: a price on each, and who gets them.

Without those reps the plan falls into batches. With prices on their hours, each batch says by itself how
many it would take, and what it then earns and moves. The master programme mixes what the batches have
said so far, so that no hour is given twice, and its duals are the next prices; what all batches say at
any prices bounds what any division can bring. When the two meet, the mix is the best there is, and
says how many of the shared hours each batch is to have (Dantzig and Wolfe 1960). The next prices are
kept in a box around the best so far, or they would swing for long (Marsten, Hogan and Blankenship 1975).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart.batch import Weights
from allocator.apart.tasks import Allotted, Priced
from allocator.arrays import Floats, Integers
from allocator.program.matrix import Matrix
from allocator.solving import highs
from allocator.solving.settings import Clock
from allocator.solving.solution import packed, unpacked

FAR, NEAR, PART = 3e-7, 1e-9, 100
"""How near the mix is to the bound, relative, when it is taken: in the first pass a small part of what
may be given up for fewer moves, or that part would be given up as well."""
ROUNDS = 150
FAR_OFF = 1e4
"""The width of a box at whose edges nothing is missed that can be kept."""
MISSED = 1e-9
"""In hours: what is rounding."""
WIDTH = 0.3
"""Of the box around the best prices so far in which the next ones are, relative to them."""
MOST_OF_IT = 0.5
"""The part of what was hoped for that has to come for a wider box."""
FACTOR, DEAREST = 8.0, 8.0**20
FIRST_GUESS = 0.003
"""The share of all moves that the budget is first guessed to save; then by `FACTOR` up or down."""
BEST, FEWEST = "Finding the best split", "Finding the fewest moves"
Ask = Callable[[str, Sequence[tuple[Weights, ...]]], Sequence[Priced]]
"""Has every batch's split with the last of the weights that were set for each; first, what for."""


class UndividedError(Exception):
    """The mix and the bound did not meet in as many rounds as pay."""


@dataclass(frozen=True)
class Common:
    """What batches share: the `hours` of each limit, and by batch the limits that it has a part in."""

    hours: Floats
    of_batch: tuple[Integers, ...]

    def parts(self, of_all: Floats) -> list[Floats]:
        """By batch, what is given by limit."""
        return [of_all[mine] for mine in self.of_batch]

    def summed(self, by_batch: Sequence[Floats]) -> Floats:
        """Σ over batches, by limit."""
        total = np.zeros(len(self.hours))
        for mine, values in zip(self.of_batch, by_batch, strict=True):
            total[mine] += values
        return total


@dataclass(frozen=True)
class _Prices:
    """In hours moved: `revenue` for a unit of the plan's currency, `hours` for one of each limit."""

    revenue: float
    hours: Floats


@dataclass(frozen=True)
class _Mix:
    """The master's optimum: how much of each split that was found is taken, its value, its prices.

    `missed`: the most by which a shared hour, or the floor in average hours, is.
    """

    shares: Floats
    value: float
    prices: _Prices
    missed: float


@dataclass(frozen=True)
class Divided:
    """Shared hours divided: what each batch is to earn and may take; no division is below `bound`.

    For each unit of revenue that less is asked for, that is `price` lower.
    """

    floors: tuple[float, ...]
    allotted: tuple[Floats, ...]
    value: float
    bound: float
    price: float


@dataclass(frozen=True)
class Worth:
    """What an hour may earn, in the plan's currency: `any` hour on average, each `shared` one."""

    any: float
    shared: Floats


def worth_of(common: Common, found: Sequence[Allotted], hours: float) -> Worth:
    """What the batches' optima say, with the shared hours divided somehow; `hours` are all there are."""
    used = common.summed([one.used for one in found])
    worth = common.summed([one.used * np.maximum(one.worth, 0.0) for one in found])
    return Worth(
        any=max(math.fsum(one.revenue for one in found) / hours, 1e-9),
        shared=np.divide(worth, used, out=np.zeros_like(worth), where=used > 0),
    )


class Master:
    """Both passes of a plan whose batches share hours.

    `worth` is what shared hours earn, as far as it is known; `weights` those that each batch was asked
    with, in that order.
    """

    def __init__(self, common: Common, worth: Worth, ask: Ask, clock: Clock) -> None:
        """Nothing is asked yet; the first prices are what hours may be worth."""
        self._common, self.worth, self._ask, self._clock = common, worth, ask, clock
        self._close = FAR
        self.weights: list[tuple[Weights, ...]] = [() for _ in common.of_batch]
        self._found: list[Priced] = []
        self._rate = worth.any
        self._near: object = None

    def most_revenue(self, stability: float) -> Divided:
        """The first pass: `value` is the most that is earned, in the plan's currency.

        `stability`: the share of it that may be given up for fewer moves.
        """
        self._close = min(max(stability / PART, NEAR), FAR)
        start = _Prices(1 / self._rate, self.worth.shared / self._rate)
        mix, bound, prices = self._closed(None, start, self._set(None, start))
        self.worth = replace(self.worth, shared=prices.hours * self._rate)
        return self._divided(mix, -mix.value * self._rate, -bound * self._rate, prices.revenue)

    def fewest_moves(self, floor: float, budget: float) -> Divided:
        """The second pass, of what earns `floor`: `value` is the fewest moves in hours.

        `budget` is what the floor gives up of the most, in the plan's currency.
        """
        self._close = FAR
        moved = math.fsum(found.moves for found in self._latest)
        start = self._at(FIRST_GUESS * moved / budget if moved else 0.0)
        bounds = [(self._set(floor, start), start)]
        at, up = start, self._earned < floor
        while 0 < at.revenue < DEAREST * start.revenue and (self._earned < floor) == up:
            if not up and at.revenue * budget <= FAR * moved:
                break
            at = self._at(at.revenue * (FACTOR if up else 1 / FACTOR))
            bounds.append((self._set(floor, at), at))
        best, at = max(bounds, key=lambda one: one[0])
        mix, bound, prices = self._closed(floor, at, best)
        return self._divided(mix, mix.value, bound, prices.revenue)

    def _at(self, price: float) -> _Prices:
        """A price on revenue, and on shared hours what they earned in the first pass."""
        return _Prices(price, price * self.worth.shared)

    def _closed(self, floor: float | None, center: _Prices, best: float) -> tuple[_Mix, float, _Prices]:
        """The mix, the bound and its prices, once they are close; `best` is the bound at `center`."""
        width = WIDTH
        for _ in range(ROUNDS):
            near = self._mix(floor, center, width)
            if self._meet(near.value, best):
                mix = self._mix(floor, center)
                if mix.missed <= MISSED and self._meet(mix.value, best):
                    return mix, best, center
            hoped = near.value - best
            bound = self._set(floor, near.prices)
            if hoped <= self._close * abs(best) or bound - best > MOST_OF_IT * hoped:
                width *= 2
            elif best - bound > hoped:
                width /= 2
            if bound > best:
                best, center = bound, near.prices
        raise UndividedError

    def _meet(self, value: float, bound: float) -> bool:
        return value - bound <= self._close * max(1.0, abs(value))

    @property
    def _latest(self) -> list[Priced]:
        """What the batches said last."""
        return self._found[-len(self.weights) :]

    @property
    def _earned(self) -> float:
        """What the batches earn by what they said last, shared hours left or lacking at their worth."""
        latest = self._latest
        left = self._common.hours - self._common.summed([found.used for found in latest])
        return math.fsum(found.revenue for found in latest) + float(self.worth.shared @ left)

    def _set(self, floor: float | None, at: _Prices) -> float:
        """Have every batch's split at these prices, and the bound that they prove, in hours moved."""
        moves = 0.0 if floor is None else 1.0
        for b, hours in enumerate(self._common.parts(at.hours)):
            self.weights[b] = (*self.weights[b], Weights(moves, at.revenue, hours))
        self._found += self._ask(BEST if floor is None else FEWEST, self.weights)
        bound = math.fsum(found.bound for found in self._latest)
        return bound - float(at.hours @ self._common.hours) + at.revenue * (floor or 0.0)

    def _mix(self, floor: float | None, center: _Prices, width: float = FAR_OFF) -> _Mix:
        """The best mix of all splits that were found, one part of them for each batch.

        Hours and floor may be missed, at the edges of a box of prices around `center`. So the prices of
        the mix stay in the box, and its value, no more than that of a mix that misses nothing, is what
        could be hoped for there. It starts where the last one ended.
        """
        asked, batches, of_hours = self._programme(floor), len(self.weights), len(self._common.hours)
        rows = np.arange(batches, len(asked.row_least), dtype=np.int32)
        prices, price = center.hours, center.revenue * self._rate
        # Where all shared hours are worth nothing, what any hour earns says how far prices may go.
        wide = width * np.maximum(prices, float(np.mean(prices)) or price or 1.0)
        if floor is not None:
            prices, wide = np.append(prices, price), np.append(wide, width * price)
        asked = _boxed(asked, rows, np.maximum(prices - wide, 0.0), prices + wide)
        found = highs.solve(asked, self._clock.left, self._start(asked))
        self._near, duals = found.basis, np.abs(found.duals[rows])
        return _Mix(
            shares=found.values[2 * len(rows) :],
            value=found.objective,
            prices=_Prices((1.0 if floor is None else float(duals[-1])) / self._rate, duals[:of_hours]),
            missed=float(found.values[: len(rows)].max()),
        )

    def _start(self, asked: Matrix) -> highs.Start | None:
        """Where the last mix ended, if its programme had the same rows."""
        if self._near is None:
            return None
        columns, rows = packed(self._near)
        if len(rows) != len(asked.row_least):
            return None
        return highs.Start(unpacked(columns.ljust(len(asked.cost), b"\0"), rows))

    def _programme(self, floor: float | None) -> Matrix:
        """Minimize Σ value·share, the shares of each batch 1 in all, within shared hours and floor."""
        batches, limits = len(self.weights), len(self._common.hours)
        count = len(self._found)
        of_batch, every = np.arange(count) % batches, np.arange(count)
        earned = np.array([found.revenue for found in self._found]) / self._rate
        used = [self._common.of_batch[b] + batches for b in of_batch.tolist()]
        entries = [
            (of_batch, every, np.ones(count)),
            (
                np.concatenate(used),
                np.repeat(every, [len(places) for places in used]),
                np.concatenate([found.used for found in self._found]),
            ),
        ]
        least, most = [1.0] * batches + [-np.inf] * limits, [1.0] * batches + [*self._common.hours]
        cost = -earned
        if floor is not None:
            cost = np.array([found.moves for found in self._found])
            entries.append((np.full(count, batches + limits), every, earned))
            least, most = [*least, floor / self._rate], [*most, np.inf]
        row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
        some = value != 0
        entries_of = row[some], column[some], value[some].astype(np.float64)
        return _by_rows(cost, entries_of, np.array(least), np.array(most))

    def _divided(self, mix: _Mix, value: float, bound: float, price: float) -> Divided:
        """What a mix comes to by batch; shared hours that it leaves are given out evenly."""
        batches = len(self.weights)
        floors = [0.0] * batches
        taken = [np.zeros(len(places)) for places in self._common.of_batch]
        for j in np.flatnonzero(mix.shares > 0).tolist():
            floors[j % batches] += mix.shares[j] * self._found[j].revenue
            taken[j % batches] += mix.shares[j] * self._found[j].used
        left = self._common.hours - self._common.summed(taken)
        owners = self._common.summed([np.ones(len(mine)) for mine in taken])
        more = self._common.parts(np.divide(left, owners, out=np.zeros_like(left), where=owners > 0))
        allotted = tuple(np.maximum(mine + each, 0.0) for mine, each in zip(taken, more, strict=True))
        return Divided(tuple(floors), allotted, value, bound, price)


def _by_rows(
    cost: Floats, entries: tuple[Integers, Integers, Floats], least: Floats, most: Floats
) -> Matrix:
    """Minimize cost·z, z ≥ 0, with rows between `least` and `most`; `entries` are row, column, value."""
    row, column, value = entries
    order = np.lexsort((column, row))
    return Matrix(
        maximize=False,
        cost=cost,
        constant=0.0,
        least=np.zeros(len(cost)),
        most=np.full(len(cost), np.inf),
        start=np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(least))))).astype(np.int32),
        index=column[order].astype(np.int32),
        value=value[order],
        row_least=least,
        row_most=most,
    )


def _boxed(asked: Matrix, rows: Integers, low: Floats, high: Floats) -> Matrix:
    """The same, in which some rows may be broken at the price `high`, or more than kept at `low`.

    The columns for that come first.
    """
    count = len(rows)
    # A row that is to be at least its side is broken by too little, one at most by too much.
    way = np.where(np.isfinite(asked.row_least[rows]), 1.0, -1.0)
    entries = (
        np.concatenate((rows, rows, asked.row_of)),
        np.concatenate((np.arange(2 * count, dtype=np.int32), asked.index + 2 * count)),
        np.concatenate((way, -way, asked.value)),
    )
    return _by_rows(np.concatenate((high, -low, asked.cost)), entries, asked.row_least, asked.row_most)
