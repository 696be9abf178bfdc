"""What is done for one batch, wherever that is: each answer depends on the batch and the question only.

So a batch can be asked again elsewhere, where whoever had it is gone, and answers the same to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allocator.certificate import Proof, prove
from allocator.certified import Certified, certified_floor, certified_hours
from allocator.instance import Instance
from allocator.outcome import BySteps, TerritoryOutcome
from allocator.program import build
from allocator.solving.matrix import Matrix
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.passes import Moving
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution, packed

Key = tuple[str, int]
Statuses = tuple[bytes, bytes]


class Batch:
    """A batch where it is solved, with what it takes to ask it further."""

    def __init__(self, instance: Instance, settings: Settings) -> None:
        self.instance, self.settings = instance, settings
        self.clock = Clock(None)
        self._first: SolvedProgram | None = None
        self._pricing: _Pricing | None = None

    # Not `cached_property`, which until Python 3.12 has one lock for the batches of all threads.

    @property
    def first(self) -> SolvedProgram:
        """The first pass: the most that the batch earns."""
        if self._first is None:
            self._first = solved(build(self.instance), self.settings, self.clock)
        return self._first

    @property
    def pricing(self) -> _Pricing:
        """The batch at the price on revenue that was set last."""
        if self._pricing is None:
            self._pricing = _Pricing(self.first, self.settings)
        return self._pricing


class _Pricing:
    """A batch's moves less price × revenue, minimized at one price after the other."""

    def __init__(self, first: SolvedProgram, settings: Settings) -> None:
        self.moves = Moving(first, settings)
        self.count = self.moves.matrix.cost
        """Hours moved by column."""
        self.earning = np.zeros(len(self.count))
        """What each column earns, in the plan's currency."""
        self.earning[: first.program.columns] = first.matrix.cost * first.program.money
        self.set = 0

    def at(self, price: float, clock: Clock) -> tuple[Matrix, Solution]:
        """What is asked at a price and its optimum, from where the last, or the first pass, ended."""
        asked = replace(self.moves.matrix, cost=self.count - price * self.earning)
        self.set += 1
        return asked, self.moves.solve(self.moves.program, asked, clock)


@dataclass(frozen=True)
class Reached:
    """What a batch's hours lead to, and the figures of `Certified`, in the batch's numbers."""

    hours: tuple[BySteps, ...]
    territories: tuple[TerritoryOutcome, ...]
    proof: Proof
    limits_checked: int
    limits_broken: float
    revenue_difference: float
    drained: frozenset[int]


@dataclass(frozen=True)
class Optimum:
    """The most that a batch earns, in the plan's currency, and the bound that proves it.

    `moved`: the hours that its split, as found, moves.
    """

    revenue: float
    bound: float
    proof: Proof
    moved: float


@dataclass(frozen=True)
class Priced:
    """The split that is best where a unit of revenue is worth so many hours of moves.

    `revenue` in the plan's currency, `moves` in hours. No split has fewer moves less price × revenue
    than `bound`.
    """

    revenue: float
    moves: float
    bound: float


@dataclass(frozen=True)
class Kept:
    """The split of a batch that earns its floor with the fewest moves, and the first pass's vertex.

    `money`: the unit of the first pass's objective, and so of its duals.
    """

    reached: Reached
    moves: Proof
    first: Solution
    basis: Statuses
    money: float


def use_hours(batch: Batch, hours: Sequence[Sequence[float]]) -> Reached:
    """What fixed hours (row × step) earn in the batch, used as well as they can be."""
    return _reached(certified_hours(batch.instance, hours, batch.settings, batch.clock))


def find_optimum(batch: Batch) -> Optimum:
    """The first pass."""
    first = batch.first
    hours = [sum(in_steps) for in_steps in first.as_found.hours]
    moved = sum(abs(x - row.today) for x, row in zip(hours, batch.instance.rows, strict=True))
    return Optimum(first.revenue, first.bound * first.program.money, first.proof, moved)


def set_price(batch: Batch, prices: tuple[float, ...]) -> Priced:
    """The fewest moves less price × revenue, at the last of `prices`.

    Each starts where the one before ended, so the ones before belong to the question: a batch that is
    not held any more goes through them again.
    """
    pricing = batch.pricing
    for price in prices[pricing.set :]:
        asked, found = pricing.at(price, batch.clock)
    _, bound = prove(asked, found)
    base = batch.first.matrix.constant * batch.first.program.money
    return Priced(
        revenue=float(np.dot(pricing.earning, found.values)) + base,
        moves=float(np.dot(pricing.count, found.values)),
        bound=bound - prices[-1] * base,
    )


def keep_floor(batch: Batch, prices: tuple[float, ...], floor: float) -> Kept:
    """The fewest moves with revenue of `floor` or more, certified; from the last of `prices`."""
    pricing = batch.pricing
    for price in prices[pricing.set :]:
        pricing.at(price, batch.clock)
    found, best = certified_floor(pricing.moves, floor, batch.settings, batch.clock)
    first = batch.first.solution
    return Kept(
        _reached(found),
        best.moves,
        replace(first, basis=None),
        packed(first.basis),
        best.first.program.money,
    )


def _reached(found: Certified) -> Reached:
    return Reached(
        hours=found.outcome.hours,
        territories=found.outcome.territories,
        proof=found.proof,
        limits_checked=found.limits_checked,
        limits_broken=found.limits_broken,
        revenue_difference=found.revenue_difference,
        drained=found.drained,
    )


Task = Callable[..., Any]


@dataclass(frozen=True)
class Question:
    """A task for the batch `key`; `instance` goes with it where the batch may not be held yet."""

    key: Key
    task: Task
    arguments: tuple[Any, ...]
    settings: Settings
    seconds: float | None
    instance: Instance | None


class NotHeld:
    """The answer of who does not have the batch: ask again, with the instance."""


_held: dict[Key, Batch] = {}


def answer(question: Question) -> Any:  # noqa: ANN401 (each task has an answer of its own)
    """The task's answer, or `NotHeld`; the batch is held until it is forgotten."""
    batch = _held.get(question.key)
    if batch is None:
        if question.instance is None:
            return NotHeld()
        batch = _held[question.key] = Batch(question.instance, question.settings)
    batch.clock = Clock(question.seconds)
    return question.task(batch, *question.arguments)


def forget(run: str) -> None:
    """Let go of all batches of one run."""
    for key in [key for key in _held if key[0] == run]:
        del _held[key]
