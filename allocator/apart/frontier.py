"""What is known of batches that are weighed by a price on revenue: splits that were found, and bounds.

With a price p, in hours of moves per unit of revenue, each batch minimizes its moves less p × revenue.
The splits found so far make, for each batch, a frontier of moves over revenue given up; giving up is
best where the frontiers are steepest, and the slope where that ends is the next price (Dantzig and
Wolfe 1960, with one row in common). When a price brings nothing new, it is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from allocator.apart.batch import Weights
from allocator.apart.tasks import Optimum, Priced

SAME = 1e-12
Point = tuple[float, float]
"""Revenue given up, in the plan's currency, and moves in hours."""
Ask = Callable[[Sequence[tuple[int, tuple[Weights, ...]]]], Sequence[Priced]]
"""Has the splits of some batches with the last of the weights that were set for each."""
Share = Callable[[float, float, Point, Point], float]
"""Of the way between two points, the part that is to be gone where so much is given up and moved."""


@dataclass
class Frontier:
    """What is known of one batch: its optimum, and what is best at which price.

    `prices`: those that were set, in that order. More are known: where the ranges of the splits end.
    """

    optimum: Optimum
    prices: list[float] = field(default_factory=list)
    at: dict[float, Priced] = field(default_factory=dict)

    def add(self, price: float, found: Priced) -> None:
        """What was found at a price that was set."""
        self.prices.append(price)
        self.at[price] = found
        for end in found.ends:
            self.at.setdefault(end.price, replace(found, bound=end.bound))

    def weights(self, *further: float) -> tuple[Weights, ...]:
        """The weights of the prices that were set, in that order, and of further ones."""
        return tuple(Weights(1.0, price) for price in (*self.prices, *further))

    def around(self, price: float) -> tuple[float | None, float | None]:
        """The nearest prices below and above at which the best is known."""
        below = max((p for p in self.at if p <= price), default=None)
        above = min((p for p in self.at if p >= price), default=None)
        return below, above

    def settled(self, price: float) -> bool:
        """Whether the same split is best at known prices below and above: then it is in between."""
        below, above = self.around(price)
        if below is None or above is None:
            return False
        one, other = self.at[below], self.at[above]
        return math.isclose(one.revenue, other.revenue, rel_tol=SAME) and math.isclose(
            one.moves, other.moves, rel_tol=SAME, abs_tol=SAME
        )

    def split(self, price: float) -> Priced:
        """The split at a price that was set, or at which the batch is settled."""
        below, _ = self.around(price)
        assert below is not None
        return self.at[below]

    def bound(self, price: float) -> float:
        """A bound on moves − price × revenue: concave in the price, so no less than the chord."""
        below, above = self.around(price)
        assert below is not None
        assert above is not None
        low, high = self.at[below].bound, self.at[above].bound
        share = 0.0 if above == below else (price - below) / (above - below)
        return low + share * (high - low)

    def hull(self) -> list[Point]:
        """The lower hull of moves over revenue given up, from the most revenue on."""
        points = sorted((self.optimum.revenue - p.revenue, p.moves) for p in self.at.values())
        hull: list[Point] = []
        for given, moves in points:
            point = (max(0.0, given), moves)
            if hull and moves >= hull[-1][1]:
                continue
            while hull and (
                point[0] <= hull[-1][0] or (len(hull) > 1 and _above(hull[-2], hull[-1], point))
            ):
                hull.pop()
            hull.append(point)
        return hull


@dataclass(frozen=True)
class Given:
    """A split between those that were found: by batch what it gives up, and the hours that it moves.

    `price`: the slope where giving up ended.
    """

    price: float
    given: tuple[float, ...]
    moves: tuple[float, ...]


class Frontiers:
    """The frontiers of all batches of a plan, by batch."""

    def __init__(self, optima: Sequence[Optimum], ask: Ask) -> None:
        """Nothing is known of them yet but their `optima`."""
        self.each, self._ask = [Frontier(found) for found in optima], ask
        self.prices: list[float] = []

    def set(self, price: float) -> None:
        """Have every batch's split at a price, where it is not known already.

        Where a price comes up for the third time, what was said of those around it is not enough: then
        each is asked that was not yet asked at this one.
        """
        open_ = [b for b, frontier in enumerate(self.each) if not frontier.settled(price)]
        if self.prices.count(price) > 1:
            open_ = [b for b, frontier in enumerate(self.each) if price not in frontier.prices]
        asked = [(b, self.each[b].weights(price)) for b in open_]
        for b, found in zip(open_, self._ask(asked), strict=True):
            self.each[b].add(price, found)
        self.prices.append(price)

    @property
    def revenue(self) -> float:
        """The most revenue, which nothing is given up of."""
        return math.fsum(frontier.optimum.revenue for frontier in self.each)

    def given(self, price: float) -> float:
        """The revenue given up at a price that was set."""
        return sum(f.optimum.revenue - f.split(price).revenue for f in self.each)

    def moves(self, price: float) -> float:
        """The hours moved at a price that was set."""
        return math.fsum(frontier.split(price).moves for frontier in self.each)

    def bound(self, price: float) -> float:
        """A bound on moves − price × revenue over all splits, at a price that was set."""
        return sum(frontier.bound(price) for frontier in self.each)

    def steepest(self, share: Share) -> Given:
        """Give up where it saves the most moves, from the most revenue on, until a share is below 1."""
        hulls = [frontier.hull() for frontier in self.each]
        given, moves = [hull[0][0] for hull in hulls], [hull[0][1] for hull in hulls]
        all_given, all_moves = sum(given), sum(moves)
        steps = sorted(
            ((one[1] - other[1]) / (other[0] - one[0]), -b, one, other)
            for b, hull in enumerate(hulls)
            for one, other in pairwise(hull)
        )
        price = 0.0
        for slope, minus_b, one, other in reversed(steps):
            price, part = slope, min(1.0, max(0.0, share(all_given, all_moves, one, other)))
            more, fewer = part * (other[0] - one[0]), part * (one[1] - other[1])
            given[-minus_b], moves[-minus_b] = one[0] + more, one[1] - fewer
            all_given, all_moves = all_given + more, all_moves - fewer
            if part < 1.0:
                break
        else:
            price = 0.0
        return Given(price, tuple(given), tuple(moves))


def _above(first: Point, middle: Point, last: Point) -> bool:
    """Whether the middle point lies on or above the line through the others."""
    saved, more = first[1] - middle[1], middle[1] - last[1]
    return saved * (last[0] - middle[0]) <= more * (middle[0] - first[0])
