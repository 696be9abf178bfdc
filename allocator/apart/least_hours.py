"""The least hours that earn a number, all reps' in today's proportion, for a plan in batches.

With θ times today's hours a batch earns R_b(θ) at most, which is concave in θ and made of straight
lines: its slope is what the duals say that a capacity is worth. So wherever Σ R_b is known, its tangent
is above it everywhere, and no less than where that reaches the number will do. That is the next θ
(Newton's method; on such a curve it comes from below and ends at the number after a few lines). Limits
on hours and pipelines may ask for hours as well: fewer than some batch needs for them are not tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart.asking import Asking, asking_batches
from allocator.apart.batch import Batch
from allocator.apart.dividing import Divided
from allocator.certificate import worst_of
from allocator.errors import InfeasibleError
from allocator.program import least_possible_hours, with_capacities
from allocator.progress import Progress, silent
from allocator.solving.ended import Ended, ended
from allocator.solving.optimum import solved
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import start_of, with_guess

CLOSE = 1e-9
ROUNDS = 60
DOING = "Finding the least hours"


@dataclass(frozen=True)
class LeastHours:
    """`theta` times today's hours earn the number; `worst` is how far the proofs are from perfect."""

    theta: float
    worst: float


def least_hours(
    plan: Divided, target: float, settings: Settings, clock: Clock, progress: Progress = silent
) -> LeastHours | None:
    """The least multiple of all reps' hours that earns `target`, in the plan's currency.

    `plan`: one whose batches share no hours. None where no amount of hours earns the number or keeps
    every limit: the programme of the whole has to say why.
    """
    plan = replace(plan, whole=with_guess(plan.whole, plan.parts, clock))
    with asking_batches(plan, settings, clock, progress) as asking:
        try:
            return _Search(asking, target).found()
        except InfeasibleError:
            return None


class _Search:
    def __init__(self, asking: Asking, target: float) -> None:
        self._asking, self._target = asking, target
        self._near: Sequence[Ended | None] = [None] * asking.count
        self._possible: float | None = None

    def found(self) -> LeastHours | None:
        theta, least = 1.0, 0.0
        for _ in range(ROUNDS):
            try:
                found = self._at(theta)
            except InfeasibleError:
                if self._possible is not None:
                    return None
                least = theta = self._possible = self._least_possible()
                found = self._at(theta)
            short = self._target - math.fsum(each.revenue for each in found)
            slope = math.fsum(each.slope for each in found)
            if slope > 0:
                bound = math.fsum(each.bound for each in found)
                least = max(least, theta + (self._target - bound) / slope)
            enough = short <= CLOSE * max(1.0, abs(self._target))
            if enough and theta <= least * (1 + CLOSE):
                return LeastHours(theta, worst_of(each.worst for each in found))
            if slope <= 0 or (not enough and least <= theta):
                return None
            theta = least
        return None

    def _least_possible(self) -> float:
        """The least multiple with which each batch keeps every limit, and a hair more for rounding."""
        least: list[float] = self._asking.each(DOING, _possible, [()] * self._asking.count)
        return max(least) * (1 + CLOSE)

    def _at(self, theta: float) -> list[_Earning]:
        asked = [(theta, near) for near in self._near]
        found: list[_Earning] = self._asking.each(DOING, _earning, asked)
        self._near = [each.ended for each in found]
        return found


@dataclass(frozen=True)
class _Earning:
    """What a batch earns at most, the bound that proves it, and ∂revenue/∂θ, in the plan's currency."""

    revenue: float
    bound: float
    slope: float
    worst: float
    ended: Ended


def _possible(batch: Batch) -> float:
    """The least multiple of the hours of all its reps with which it keeps every limit."""
    case = batch.case.instance
    today = math.fsum(rep.capacity for rep in case.reps)
    if not today:
        return 0.0
    return solved(least_possible_hours(batch.case).program, batch.settings, batch.clock).bound / today


def _earning(batch: Batch, theta: float, near: Ended | None) -> _Earning:
    """With `theta` times the hours of all its reps."""
    case = batch.case.instance
    today = [np.full(case.steps, rep.capacity / case.steps) for rep in case.reps]
    hours = {r: theta * mine for r, mine in enumerate(today)}
    program = with_capacities(batch.case.program(), hours)
    start = near.start_in(program) if near else None
    if start is not None:
        start = replace(start, dual=True)
    else:
        start = start_of(batch.case, program, batch.settings, batch.clock)
    found = solved(program, batch.settings, batch.clock, start=start)
    worth = [found.solution.duals[program.capacity_rows(r)] @ mine for r, mine in enumerate(today)]
    slope = math.fsum(worth) * program.money
    bound = found.bound * program.money
    return _Earning(found.revenue, bound, slope, found.proof.worst, ended(found.solution))
