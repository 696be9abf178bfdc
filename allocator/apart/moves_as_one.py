"""The best split with at most so many hours moved, of a plan whose batches share hours.

Each is one programme that starts where its batches stand at prices (`joint`): on the moves, searched
until about so many are moved, and on shared hours, as they were in the one before, with more moves.
"""

from __future__ import annotations

import math

from allocator.apart.asking import Asking
from allocator.apart.batch import Weights
from allocator.apart.dividing import Divided
from allocator.apart.hour_prices import Worth, begun_at
from allocator.apart.joint import Joint
from allocator.apart.tasks import Priced, set_weights
from allocator.solving.optimum import SolvedProgram
from allocator.solving.passes import ROUNDING
from allocator.solving.solution import Solution

NEAR = 0.01
"""How near, in parts of the most moves, a price has to bring the batches to those that are allowed."""
FACTOR = 8.0
"""What a price is multiplied or divided by until it is on the other side of the right one."""
ROUNDS = 12
ANY_PRICE = 1e-3
"""A price on revenue, in hours moved for a unit of the plan's currency, where none is known."""


class MovesAsOne:
    """Solves a plan whose batches share hours for fewer and fewer moves."""

    def __init__(self, plan: Divided, worth: Worth, most: float, asking: Asking) -> None:
        """`worth`: what shared hours are worth with `most` moves, and the price on revenue there.

        Where that is 0, since no fewer moves keep every limit, any other is as good to begin with.
        """
        self._joint, self._asking, self._most = Joint(plan, asking.clock), asking, most
        self._worth, self._price = worth, worth.price or ANY_PRICE
        self._weights = begun_at(self._joint.common, worth.revenue).weights
        self._doing = "Finding the fewest moves of all"

    def fewest(self) -> SolvedProgram:
        """The fewest hours moved of all splits that keep every limit."""
        weights = Weights(1.0, 0.0, self._worth.at(0.0))
        self._set(weights)
        return self._joint.fewest_moves(0.0, self._stand(weights), weights)

    def best(self, allowed: float) -> SolvedProgram:
        """The best split with at most so many hours moved; fewer than were asked for before.

        Raises `InfeasibleError` where none keeps every limit.
        """
        self._doing = f"Finding the best split with {allowed:,.0f} hours moved"
        weights = self._near(allowed)
        most = allowed * (1 + ROUNDING) + ROUNDING
        found = self._joint.most_with_moves(most, self._stand(weights), weights)
        worth = self._joint.worth_with_moves(found)
        if worth.price:
            self._worth, self._price = worth, worth.price
        return found

    def _near(self, allowed: float) -> Weights:
        """Weights with which the batches together move about so many hours.

        Between two prices the next is where moves would reach what is allowed if they rose evenly with
        the price's logarithm, but never too near to either.
        """
        price = self._price
        below: tuple[float, float] | None = None
        above: tuple[float, float] | None = None
        for _ in range(ROUNDS):
            weights = Weights(1.0, price, self._worth.at(price))
            moves = math.fsum(one.moves for one in self._set(weights))
            if abs(moves - allowed) <= NEAR * self._most:
                break
            if moves < allowed:
                below = math.log(price), moves
            else:
                above = math.log(price), moves
            if below and above:
                part = (allowed - below[1]) / (above[1] - below[1]) if above[1] > below[1] else 0.5
                price = math.exp(below[0] + min(0.9, max(0.1, part)) * (above[0] - below[0]))
            else:
                price *= FACTOR if below else 1 / FACTOR
        return weights

    def _set(self, weights: Weights) -> list[Priced]:
        self._weights = self._joint.common.a_hair_off(self._weights, weights)
        return self._asking.each(self._doing, set_weights, [(mine,) for mine in self._weights])

    def _stand(self, weights: Weights) -> list[Solution]:
        """Where the batches stand at these weights, which all were near."""
        self._weights = self._joint.common.exactly(self._weights, weights)
        return self._joint.standing(self._asking, self._doing, self._weights)
