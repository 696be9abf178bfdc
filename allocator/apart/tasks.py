"""What is done for one batch, wherever that is: each answer depends on the batch and the question only.

So a batch can be asked again elsewhere, where whoever had it is gone, and answers the same to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from allocator.certificate import Proof, prove
from allocator.certified import Certified, certified_floor, certified_hours
from allocator.instance import Instance
from allocator.outcome import BySteps, TerritoryOutcome
from allocator.program import build, moving
from allocator.solving import highs
from allocator.solving.matrix import Floats, Matrix, read_off
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.passes import with_moves
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution, packed

Key = tuple[str, int]
Statuses = tuple[bytes, bytes]


class Batch:
    """A batch where it is solved, with what it takes to ask it further."""

    def __init__(self, instance: Instance, settings: Settings) -> None:
        self.instance, self.settings = instance, settings
        self.clock = Clock(None)
        self.priced = 0

    @cached_property
    def first(self) -> SolvedProgram:
        """The first pass: the most that the batch earns."""
        return solved(build(self.instance), self.settings, self.clock)

    @cached_property
    def moving(self) -> Matrix:
        """Its limits, with the moves from today to be minimized."""
        return read_off(moving(self.first.program))

    @cached_property
    def earning(self) -> Floats:
        """What each column of `moving` earns, in the plan's currency."""
        earned = np.zeros(len(self.moving.cost))
        earned[: self.first.program.columns] = self.first.matrix.cost * self.first.program.money
        return earned

    @cached_property
    def at_price(self) -> tuple[Matrix, Solution]:
        """What was asked at the last price that was set, and the answer."""
        raise LookupError("no price is set yet")

    def set_price(self, price: float) -> None:
        """Minimize moves less `price` × revenue, from where the last price, or the first pass, ended."""
        if self.priced:
            start = highs.Start(self.at_price[1])
        else:
            start = with_moves(self.first.program, self.first.solution)
        asked = replace(self.moving, cost=self.moving.cost - price * self.earning)
        self.at_price = asked, highs.solve(asked, self.clock.left, start)
        self.priced += 1


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
    for price in prices[batch.priced :]:
        batch.set_price(price)
    asked, found = batch.at_price
    _, bound = prove(asked, found)
    base = batch.first.matrix.constant * batch.first.program.money
    return Priced(
        revenue=float(np.dot(batch.earning, found.values)) + base,
        moves=float(np.dot(batch.moving.cost, found.values)),
        bound=bound - prices[-1] * base,
    )


def keep_floor(batch: Batch, floor: float) -> Kept:
    """The fewest moves with revenue of `floor` or more, certified."""
    found, best = certified_floor(batch.first, floor, batch.settings, batch.clock)
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
