"""Where revenue is best given up for fewer moves: one price on it, over batches that share nothing else.

Among all splits that earn the floor, the fewest moves are wanted. With the floor's price p, in hours of
moves per unit of revenue, that falls apart by batch (`frontier`). The first price is a guess: near the
optimum, what is given up grows with the square of the moves it saves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from allocator.apart.batch import Weights
from allocator.apart.frontier import Ask, Frontiers, Given, Point
from allocator.apart.tasks import Optimum
from allocator.errors import SolverError

FACTOR = 8.0
"""What a price is multiplied or divided by at most, until it is on the other side of the right one."""
DEARER = 4 / 3
"""By how much the right price exceeds what the square law says: by 0.9 to 1.8 on the plans looked at."""
PAST = 1.05
"""How far past where it is expected to be right the price is set, to have splits on either side."""
DEAREST = FACTOR**20
CLOSE = 1e-9
ROUNDS = 100


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
    moved = sum(optimum.moved for optimum in optima)
    return _Search(Frontiers(optima, ask), budget, moved).found()


def first_price(budget: float, revenue: float, moved: float) -> float:
    """A guess of the price at which so much `revenue` and less by `budget` is earned.

    `moved`: the hours that a split with the most revenue moves.
    """
    product = budget * revenue
    return DEARER * moved / math.sqrt(product) if product > 0 else 0.0


class _Search:
    def __init__(self, frontiers: Frontiers, budget: float, moved: float) -> None:
        self._frontiers, self._budget, self._moved = frontiers, budget, moved
        self._floor = frontiers.revenue - budget

    def found(self) -> Shared:
        self._frontiers.set(first_price(self._budget, self._frontiers.revenue, self._moved))
        self._bracket()
        best = -float("inf")
        for _ in range(ROUNDS):
            split = self._split()
            self._frontiers.set(split.price)
            best = max(best, self._least(split.price))
            moves = sum(split.moves)
            if moves - best <= CLOSE * max(1.0, moves):
                each = list(zip(self._frontiers.each, split.given, strict=True))
                floors = tuple(frontier.optimum.revenue - given for frontier, given in each)
                weights = tuple(frontier.weights() for frontier, _ in each)
                return Shared(floors, weights, best, split.price)
        raise SolverError("The revenue to give up could not be shared among the territories")

    def _bracket(self) -> None:
        """Have the splits at prices at which more is given up than the budget, and less."""
        given, low = self._frontiers.given, self._frontiers.prices[-1]
        high = low
        further, dearest = PAST, DEAREST * high
        while 0 < high < dearest and given(high) > self._budget:
            high *= min(FACTOR, further * self._off(high))
            self._frontiers.set(high)
            further = min(FACTOR, further**2)
        further = PAST
        while low > 0 and given(low) <= self._budget:
            if low * self._budget < CLOSE * self._moved:  # the fewest moves of all fit into the budget
                low = 0.0
            else:
                low *= max(1 / FACTOR, self._off(low) / further)
            self._frontiers.set(low)
            further = min(FACTOR, further**2)

    def _off(self, price: float) -> float:
        """By what factor the right price is expected to differ from one that was set."""
        return math.sqrt(max(0.0, self._frontiers.given(price)) / self._budget)

    def _least(self, price: float) -> float:
        """No split that earns the floor moves fewer hours: weak duality at this price."""
        return self._frontiers.bound(price) + price * self._floor

    def _split(self) -> Given:
        """What each batch gives up, and all moves, where giving up is shared by what is known."""

        def left(given: float, _: float, one: Point, other: Point) -> float:
            return (self._budget - given) / (other[0] - one[0])

        return self._frontiers.steepest(left)
