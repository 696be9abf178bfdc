"""Where revenue is best given up for fewer moves: one price on it, over batches that share nothing else.

Among all splits that earn the floor, the fewest moves are wanted. With the floor's price p, in hours of
moves per unit of revenue, that falls apart: each batch minimizes its moves less p × revenue. The
splits found so far make, for each batch, a frontier of moves over revenue given up; giving up is
best where the frontiers are steepest, until the budget is used, and the slope there is the next price
(Dantzig and Wolfe 1960, with one row in common). When a price brings nothing new, it is right.
The first is a guess: near the optimum, what is given up grows with the square of the moves it saves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from allocator.apart.batch import Weights
from allocator.apart.tasks import Optimum, Priced
from allocator.errors import SolverError

FACTOR = 8.0
"""What a price is multiplied or divided by at most, until it is on the other side of the right one."""
PAST = 1.05
"""How far past where it is expected to be right the price is set, to have splits on either side."""
DEAREST = FACTOR**20
CLOSE = 1e-9
SAME = 1e-12
ROUNDS = 100
Point = tuple[float, float]
Ask = Callable[[Sequence[tuple[int, tuple[Weights, ...]]]], Sequence[Priced]]
"""Has the splits of some batches with the last of the weights that were set for each."""


@dataclass(frozen=True)
class Shared:
    """How much revenue each batch is to earn, in the plan's currency, and why that is best.

    `weights`: those that were set for each batch, in that order.
    `least_moves`: no split that earns the floor moves fewer hours; for each unit of revenue that the
    floor is lower, that is `price` hours fewer.
    """

    floors: tuple[float, ...]
    weights: tuple[tuple[Weights, ...], ...]
    least_moves: float
    price: float


def shared(optima: Sequence[Optimum], budget: float, ask: Ask) -> Shared:
    """Share what may be given up, `budget` in the plan's currency, among the batches."""
    search = _Search([_Frontier(found) for found in optima], budget, ask)
    return search.found()


@dataclass
class _Frontier:
    """What is known of one batch: its optimum, and what was found at which price, in that order."""

    optimum: Optimum
    at: dict[float, Priced] = field(default_factory=dict)

    def weights(self, *further: float) -> tuple[Weights, ...]:
        """The weights of the prices that were set, in that order, and of further ones."""
        return tuple(Weights(1.0, price) for price in (*self.at, *further))

    def around(self, price: float) -> tuple[float | None, float | None]:
        """The nearest prices that were set below and above."""
        below = max((p for p in self.at if p <= price), default=None)
        above = min((p for p in self.at if p >= price), default=None)
        return below, above

    def settled(self, price: float) -> bool:
        """Whether the same split is best at the prices set below and above: then it is in between."""
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


def _above(first: Point, middle: Point, last: Point) -> bool:
    """Whether the middle point lies on or above the line through the others."""
    saved, more = first[1] - middle[1], middle[1] - last[1]
    return saved * (last[0] - middle[0]) <= more * (middle[0] - first[0])


class _Search:
    def __init__(self, frontiers: list[_Frontier], budget: float, ask: Ask) -> None:
        self._frontiers, self._budget, self._ask = frontiers, budget, ask
        self._floor = sum(frontier.optimum.revenue for frontier in frontiers) - budget
        self._prices: list[float] = []
        self._moved = sum(frontier.optimum.moved for frontier in frontiers)

    def found(self) -> Shared:
        self._set(self._guess)
        self._bracket()
        best = -float("inf")
        for _ in range(ROUNDS):
            price, floors, moves = self._shared(self._budget)
            self._set(price)
            best = max(best, self._least(price))
            if moves - best <= CLOSE * max(1.0, moves):
                weights = tuple(frontier.weights() for frontier in self._frontiers)
                return Shared(tuple(floors), weights, best, price)
        raise SolverError("The revenue to give up could not be shared among the territories")

    @property
    def _guess(self) -> float:
        product = self._budget * (self._floor + self._budget)
        return self._moved / math.sqrt(product) if product > 0 else 0.0

    def _bracket(self) -> None:
        """Have the splits at prices at which more is given up than the budget, and less."""
        low = high = self._prices[-1]
        further, dearest = PAST, DEAREST * high
        while 0 < high < dearest and self._given(high) > self._budget:
            high *= min(FACTOR, further * self._off(high))
            self._set(high)
            further = min(FACTOR, further**2)
        further = PAST
        while low > 0 and self._given(low) <= self._budget:
            if low * self._budget < CLOSE * self._moved:  # the fewest moves of all fit into the budget
                low = 0.0
            else:
                low *= max(1 / FACTOR, self._off(low) / further)
            self._set(low)
            further = min(FACTOR, further**2)

    def _off(self, price: float) -> float:
        """By what factor the right price is expected to differ from one that was set."""
        return math.sqrt(max(0.0, self._given(price)) / self._budget)

    def _set(self, price: float) -> None:
        """Have every batch's split at a price, where it is not known already."""
        open_ = [b for b, frontier in enumerate(self._frontiers) if not frontier.settled(price)]
        asked = [(b, self._frontiers[b].weights(price)) for b in open_]
        for b, found in zip(open_, self._ask(asked), strict=True):
            self._frontiers[b].at[price] = found
        self._prices.append(price)

    def _given(self, price: float) -> float:
        """The revenue given up at a price that was set for every batch."""
        return sum(f.optimum.revenue - f.split(price).revenue for f in self._frontiers)

    def _least(self, price: float) -> float:
        """No split that earns the floor moves fewer hours: weak duality at this price."""
        return sum(frontier.bound(price) for frontier in self._frontiers) + price * self._floor

    def _shared(self, budget: float) -> tuple[float, list[float], float]:
        """The price, each batch's floor and all moves, where giving up is shared by what is known."""
        hulls = [frontier.hull() for frontier in self._frontiers]
        given = [hull[0][0] for hull in hulls]
        moves = sum(hull[0][1] for hull in hulls)
        left = budget - sum(given)
        steps = sorted(
            ((one[1] - other[1]) / (other[0] - one[0]), -b, one, other)
            for b, hull in enumerate(hulls)
            for one, other in pairwise(hull)
        )
        price = 0.0
        for slope, minus_b, one, other in reversed(steps):
            price = slope
            share = min(1.0, max(0.0, left) / (other[0] - one[0]))
            given[-minus_b] = one[0] + share * (other[0] - one[0])
            moves -= share * (one[1] - other[1])
            left -= other[0] - one[0]
            if share < 1.0:
                break
        else:
            price = 0.0
        floors = [f.optimum.revenue - g for f, g in zip(self._frontiers, given, strict=True)]
        return price, floors, moves
