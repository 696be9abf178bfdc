"""The second pass of a plan whose batches share hours: the fewest moves of the whole.

In most plans it is one programme that starts where the batches stand (`joint`). Where many reps who
differ can stand in for one another, in each step, the simplex method goes through the ways to do that
one by one, as it did in the first pass; so after many steps there, this one is solved near that one's
optima (`face`).
The prices that come of it make the batches prove by themselves how few moves there can be (Lagrange's
relaxation of what they share), and show what was held and should not have been.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from allocator.apart.asking import FEWEST, Asking
from allocator.apart.batch import Weights
from allocator.apart.hour_prices import Forgone, SetBefore, Worth
from allocator.apart.joint import Joint
from allocator.apart.tasks import Priced, set_weights
from allocator.arrays import Floats
from allocator.errors import OutOfTimeError, SolverError
from allocator.solving.optimum import SolvedProgram

MANY = 600
"""Simplex steps of the first pass, and one more for each territory, after which the second takes so many
thousands that an interior point is found sooner, whose time is that of the plan's size."""
ASIDE = 1.25, 1.0, 0.8
"""Parts of the price on revenue, as it is guessed, at which batches show what should not be held: what
they use on either side of the right one. It is cheaper to hear that before the first round."""
ROUNDS = 8
PROVEN = 5e-7
"""How near the fewest moves that were found come to those that are proven to be needed, relative."""


@dataclass(frozen=True)
class Fewest:
    """The fewest moves that earn the floor: no split that does has fewer than `least` hours moved.

    `values`: those of all columns of the programme that counts moves. `worth`: what shared hours are
    worth there. `weights`: those that were set, by batch.
    """

    values: Floats
    least: float
    worth: Worth
    weights: SetBefore


class FewestAsOne:
    """Solves the second pass of a plan whose batches share hours."""

    def __init__(
        self, joint: Joint, first: SolvedProgram, worth: Worth, forgone: Forgone, asking: Asking
    ) -> None:
        """`worth`: what shared hours may be worth; what they earn is known, by the first pass."""
        self._joint, self._first, self._worth = joint, first, worth
        self._forgone, self._asking = forgone, asking

    def fewest(self, weights: SetBefore) -> Fewest:
        """From weights that bring all batches near the floor.

        Raises what `allocator.solving.optimum.solved` does.
        """
        case = self._first.program.instance
        price = weights[0][-1].revenue
        if price and case.steps > 1 and self._first.solution.steps > MANY + len(case.territories):
            try:
                found = self._on_face(weights, price)
            except OutOfTimeError:
                raise
            except SolverError:
                found = None
            if found is not None:
                return found
        return self._from_prices(weights, price)

    def _from_prices(self, weights: SetBefore, price: float) -> Fewest:
        there = Weights(1.0, price, self._worth.at(price))
        weights = self._joint.common.exactly(weights, there)
        second = self._joint.fewest_moves(
            self._forgone.floor, self._joint.standing(self._asking, FEWEST, weights), there
        )
        worth = self._joint.worth(self._worth.revenue, second.solution.duals)
        return Fewest(second.solution.values, second.bound, worth, weights)

    def _on_face(self, weights: SetBefore, price: float) -> Fewest | None:
        """None where it comes to no proof."""
        joint, moved = self._joint, self._first.program.columns
        face = joint.face(self._first, self._forgone.floor, price)
        for at in (price * part for part in ASIDE):
            weights = joint.common.exactly(weights, Weights(1.0, at, self._worth.at(at)))
            face.let_go(joint.values(joint.standing(self._asking, FEWEST, weights)))
        for _ in range(ROUNDS):
            on_face = face.fewest(self._asking.clock)
            second = on_face.found
            worth = joint.worth(self._worth.revenue, second.duals)
            if not worth.price:
                return None
            prices = worth.at(worth.price)
            weights = joint.common.exactly(weights, Weights(1.0, worth.price, prices))
            moves = math.fsum(second.values[moved:].tolist())
            least = self._least(weights, worth.price, prices)
            missed = worth.price * self._first.program.money * on_face.missed
            if max(moves - least, missed) <= PROVEN * max(1.0, least):
                return Fewest(second.values, least, worth, weights)
            face.let_go(joint.values(joint.standing(self._asking, FEWEST, weights)))
        return None

    def _least(self, weights: SetBefore, price: float, prices: Floats) -> float:
        """What all batches together have to move, at the least, by the last of their weights.

        Those have a `price` on revenue, and `prices` on shared hours.
        """
        found: list[Priced] = self._asking.each(FEWEST, set_weights, [(mine,) for mine in weights])
        bounds = math.fsum(one.bound for one in found)
        return bounds + price * self._forgone.floor - float(prices @ self._joint.common.hours)
