"""The best split of a plan in batches with at most so many hours moved.

What batches have in common then are the moves, and the price on revenue that shares them is searched as
`price` does, on the same frontiers: with fewer moves allowed it is lower.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from allocator import certified
from allocator.apart.asking import Asking, asking_batches
from allocator.apart.batch import Weights
from allocator.apart.dividing import Divided
from allocator.apart.frontier import Frontiers, Given, Point
from allocator.apart.moves_as_one import MovesAsOne
from allocator.apart.pool import UndividedError
from allocator.apart.price import CLOSE, DEAREST, FACTOR, ROUNDS, first_price
from allocator.apart.tasks import Earned, Optimum, Priced, find_optimum, most_with_moves, set_weights
from allocator.apart.together import BestApart
from allocator.apart.totals import put_together, worst_proof
from allocator.certificate import Proof
from allocator.certified import Certified
from allocator.errors import CertificateError, InfeasibleError, SolverError
from allocator.limits import Check, Checks
from allocator.outcome import Outcome, outcome
from allocator.progress import Progress
from allocator.solving.optimum import SolvedProgram, averaged
from allocator.solving.passes import ROUNDING, given_up
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import with_guess

FAR = 1.0
"""Hours: of moves that lack so many to the fewest, no solver need be asked whether they are enough."""
FALLING, CAREFUL = 0.95, 1.5
"""While the last price left no more than this part of the moves, the next is lowered by less at once."""


@dataclass(frozen=True)
class FewerMoves:
    """The best splits with at most so many hours moved, None where none keeps every limit.

    `least`: the hours that some split which keeps every limit moves; `bound`: none moves fewer.
    """

    splits: tuple[Certified | None, ...]
    least: float
    bound: float


def best_with_moves(
    best: BestApart, allowed: Sequence[float], settings: Settings, clock: Clock, progress: Progress
) -> FewerMoves:
    """The best splits with at most so many hours moved as are `allowed`, one after the other.

    `best`: the plan's recommended split. Raises what `allocator.apart.certified_best` does, and
    `UndividedError` where what a team would do was not divided among its reps.
    """
    plan = replace(best.plan, whole=with_guess(best.plan.whole, best.plan.parts, settings, clock))
    with asking_batches(plan, settings, clock, progress) as asking:
        if best.worth:
            return _as_one(plan, MovesAsOne(plan, best.worth, max(allowed), asking), allowed)
        search = _Search(plan, settings, asking)
        found = {moves: search.best(moves) for moves in sorted(set(allowed), reverse=True)}
        least, bound = search.fewest()
    return FewerMoves(tuple(found[moves] for moves in allowed), least, bound)


def _as_one(plan: Divided, search: MovesAsOne, allowed: Sequence[float]) -> FewerMoves:
    """Where batches share hours; pooled ones are handed out."""
    fewest = search.fewest()
    found: dict[float, Certified | None] = {}
    for moves in sorted(set(allowed), reverse=True):
        found[moves] = None
        if not too_few(moves, fewest.bound):
            with suppress(InfeasibleError):
                found[moves] = _handed_out(plan, search.best(moves), moves)
    return FewerMoves(tuple(found[moves] for moves in allowed), fewest.solution.objective, fewest.bound)


def _handed_out(plan: Divided, found: SolvedProgram, moves: float) -> Certified:
    hours = plan.handed_out(np.asarray(found.use.hours))
    reached = outcome(plan.case, replace(found.use, hours=hours))
    try:
        return held_to(reached, moves, found.proof, found.revenue)
    except CertificateError as error:
        if plan.pool:
            raise UndividedError from error
        raise


def too_few(moves: float, least: float) -> bool:
    """Whether no solver need be asked if so many hours are enough, where at least so many are moved."""
    return moves * (1 + ROUNDING) + ROUNDING < least - FAR


def held_to(reached: Outcome, moves: float, proof: Proof, revenue: float) -> Certified:
    """A split that was found to earn `revenue`, once it keeps every limit and moves no more hours."""
    checks: tuple[Check | Checks, ...] = (
        *certified.all_limits(reached),
        Check("moves", reached.moved, moves, "hours"),
    )
    return certified.certified(reached, checks, proof, revenue)


class _Search:
    """Solves the batches of `plan` for fewer and fewer moves."""

    def __init__(self, plan: Divided, settings: Settings, asking: Asking) -> None:
        self._plan, self._settings, self._asking = plan, settings, asking
        self._doing = "Finding the most that can be earned"
        self._optima: list[Optimum] = asking.each(self._doing, find_optimum, [()] * asking.count)
        self._frontiers = Frontiers(self._optima, self._at_weights)

    def best(self, allowed: float) -> Certified | None:
        """The best split with at most so many hours moved."""
        self._doing = f"Finding the best split with {allowed:,.0f} hours moved"
        split, bound = self._shared(allowed) if allowed > 0 else self._standing()
        if split is None:
            return None
        weights = [frontier.weights() for frontier in self._frontiers.each]
        arguments = [
            (mine, moves * (1 + ROUNDING) + ROUNDING)
            for mine, moves in zip(weights, split.moves, strict=True)
        ]
        try:
            found: list[Earned] = self._asking.each(self._doing, most_with_moves, arguments)
        except InfeasibleError:
            return None
        return self._certified(found, bound, allowed)

    def fewest(self) -> tuple[float, float]:
        """The fewest hours moved of all splits that keep every limit, and the bound that proves it."""
        self._doing = "Finding the fewest moves of all"
        if 0.0 not in self._frontiers.prices:
            self._frontiers.set(0.0)
        return self._frontiers.moves(0.0), self._frontiers.bound(0.0)

    def _standing(self) -> tuple[Given | None, float]:
        """No moves at all, if every limit is kept then; what is earned is for the batches to find."""
        if self.fewest()[0] > ROUNDING:
            return None, math.inf
        nothing = (0.0,) * self._asking.count
        return Given(0.0, nothing, nothing), math.inf

    def _shared(self, allowed: float) -> tuple[Given | None, float]:
        """How the moves are shared among the batches, and what none that are allowed can exceed."""
        if not self._bracketed(allowed):
            return None, math.inf

        def too_many(_: float, moves: float, one: Point, other: Point) -> float:
            return (moves - allowed) / (one[1] - other[1])

        frontiers = self._frontiers
        bound = min(self._bound(price, allowed) for price in frontiers.prices)
        for _ in range(ROUNDS):
            split = frontiers.steepest(too_many)
            revenue = frontiers.revenue - math.fsum(split.given)
            if bound - revenue <= CLOSE * max(1.0, abs(revenue)):
                return split, bound
            frontiers.set(split.price)
            bound = min(bound, self._bound(split.price, allowed))
        raise SolverError("The moves could not be shared among the territories")

    def _bracketed(self, allowed: float) -> bool:
        """Have the splits at prices at which more is moved than allowed, and no more.

        False where all splits move more.
        """
        frontiers = self._frontiers
        if not frontiers.prices:
            frontiers.set(self._first_price())
        low, high = min(frontiers.prices), max(frontiers.prices)
        dearest = DEAREST * high
        while 0 < high < dearest and frontiers.moves(high) < allowed:
            high *= FACTOR
            frontiers.set(high)
        cheapest, before = low / DEAREST, frontiers.moves(high)
        while low > 0 and (moves := frontiers.moves(low)) > allowed:
            # While moves fall, they soon fall fast, and all the way back takes long.
            factor, before = CAREFUL if moves < FALLING * before else FACTOR, moves
            low = low / factor if low > cheapest else 0.0
            frontiers.set(low)
        return frontiers.moves(low) <= allowed

    def _first_price(self) -> float:
        revenue = self._frontiers.revenue
        moved = sum(optimum.moved for optimum in self._optima)
        return first_price(given_up(revenue, self._settings), revenue, moved)

    def _bound(self, price: float, allowed: float) -> float:
        """No split that moves so much earns more: weak duality at this price."""
        most = math.fsum(optimum.bound for optimum in self._optima)
        return min(most, (allowed - self._frontiers.bound(price)) / price) if price > 0 else most

    def _certified(self, found: Sequence[Earned], bound: float, allowed: float) -> Certified:
        """The split that was found, once it is known to keep every limit and to move no more."""
        whole = self._plan.whole.instance
        solved = put_together(self._plan, [each.solved for each in found])
        reached = outcome(whole, averaged(whole, solved.use))
        proof = worst_proof([each.proof for each in found])
        if bound < math.inf:
            proof = replace(proof, gap=certified.relative(solved.revenue, bound))
        return held_to(reached, allowed, proof, solved.revenue)

    def _at_weights(self, asked: Sequence[tuple[int, tuple[Weights, ...]]]) -> list[Priced]:
        return self._asking.some(self._doing, set_weights, [(b, (weights,)) for b, weights in asked])
