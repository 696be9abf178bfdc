"""The least hours that earn a number, all reps' in today's proportion, for a plan in batches.

With θ times today's hours a batch earns R_b(θ) at most, which is concave in θ and made of straight
lines: its slope is what the duals say that a capacity is worth. So wherever Σ R_b is known, its tangent
is above it everywhere, and no less than where that reaches the number will do. That is the next θ
(Newton's method; on such a curve it comes from below and ends at the number after a few lines). Limits
on hours and pipelines may ask for hours as well: fewer than some batch needs for them are not tried.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart.asking import Asking, asking_batches
from allocator.apart.batch import Batch
from allocator.apart.both_passes_sharing import most_as_one
from allocator.apart.dividing import Divided, Near
from allocator.certificate import worst_of
from allocator.errors import InfeasibleError
from allocator.instance import Instance
from allocator.program import InBlocks, least_possible_hours, with_capacities
from allocator.progress import Progress, silent
from allocator.solving import highs
from allocator.solving.basis import Basis
from allocator.solving.optimum import SolvedProgram, solved
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

    None where no amount of hours earns the number or keeps every limit: the programme of the whole has
    to say why.
    """
    plan = replace(plan, whole=with_guess(plan.whole, plan.parts, settings, clock))
    try:
        if plan.overlays:
            return _SearchAsOne(plan, settings, clock, target).found()
        with asking_batches(plan, settings, clock, progress) as asking:
            return _SearchInBatches(asking, target).found()
    except InfeasibleError:
        return None


class _Search(ABC):
    def __init__(self, target: float) -> None:
        self._target = target
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

    @abstractmethod
    def _least_possible(self) -> float:
        """The least multiple with which every limit is kept, and a hair more for rounding."""

    @abstractmethod
    def _at(self, theta: float) -> Sequence[_Earning]:
        """What is earned with `theta` times all hours, by who earns it."""


class _SearchInBatches(_Search):
    """Where batches share no hours, each earns by itself."""

    def __init__(self, asking: Asking, target: float) -> None:
        super().__init__(target)
        self._asking = asking
        self._near: Sequence[Basis | None] = [None] * asking.count

    def _least_possible(self) -> float:
        least: list[float] = self._asking.each(DOING, _possible, [()] * self._asking.count)
        return max(least) * (1 + CLOSE)

    def _at(self, theta: float) -> Sequence[_Earning]:
        asked = [(theta, near) for near in self._near]
        found: list[tuple[_Earning, Basis | None]] = self._asking.each(DOING, _earning, asked)
        self._near = [there for _, there in found]
        return [each for each, _ in found]


class _SearchAsOne(_Search):
    """Where they do, it is the whole that earns."""

    def __init__(self, plan: Divided, settings: Settings, clock: Clock, target: float) -> None:
        super().__init__(target)
        self._plan, self._settings, self._clock = plan, settings, clock
        self._near: Near | None = None

    def _least_possible(self) -> float:
        return _least_times(self._plan.whole, self._settings, self._clock) * (1 + CLOSE)

    def _at(self, theta: float) -> Sequence[_Earning]:
        plan = self._plan.with_hours(theta)
        if self._near:
            plan = replace(plan, near=self._near.batches)
        with asking_batches(plan, self._settings, self._clock) as asking:
            found, self._near = most_as_one(plan, self._settings, asking, self._near)
        return [_earned(found, self._plan.whole.instance)]


@dataclass(frozen=True)
class _Earning:
    """What is earned at most, the bound that proves it, and ∂revenue/∂θ, in the plan's currency."""

    revenue: float
    bound: float
    slope: float
    worst: float


def _earned(found: SolvedProgram, case: Instance) -> _Earning:
    """What a first pass says; θ is a multiple of the hours in `case`."""
    program, duals = found.program, found.solution.duals
    worth = (
        duals[program.capacity_rows(r)].sum() * rep.capacity / case.steps
        for r, rep in enumerate(case.reps)
    )
    slope, bound = math.fsum(worth) * program.money, found.bound * program.money
    return _Earning(found.revenue, bound, slope, found.proof.worst)


def _possible(batch: Batch) -> float:
    """The least multiple of the hours of all its reps with which it keeps every limit."""
    return _least_times(batch.case, batch.settings, batch.clock)


def _least_times(case: InBlocks, settings: Settings, clock: Clock) -> float:
    today = math.fsum(rep.capacity for rep in case.instance.reps)
    if not today:
        return 0.0
    return solved(least_possible_hours(case).program, settings, clock).bound / today


def _earning(batch: Batch, theta: float, near: Basis | None) -> tuple[_Earning, Basis | None]:
    """With `theta` times the hours of all its reps, and where that ended."""
    case = batch.case.instance
    hours = {
        r: np.full(case.steps, theta * rep.capacity / case.steps) for r, rep in enumerate(case.reps)
    }
    program = with_capacities(batch.case.program(), hours)
    start = highs.where_one_ended(near, program.matrix)
    if start is not None:
        start = replace(start, dual=True)
    else:
        start = start_of(batch.case, program, batch.settings, batch.clock)
    found = solved(program, batch.settings, batch.clock, start=start)
    return _earned(found, case), found.solution.basis
