"""What is done for one batch, wherever that is: each answer depends on the batch and the question only.

So a batch can be asked again elsewhere, where whoever had it is gone, and answers the same to the byte.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocator.apart.batch import Batch, Weights
from allocator.apart.dividing import Piece
from allocator.arrays import Floats
from allocator.certificate import Proof, prove
from allocator.solving.fixed_hours import HoursUsed, hours_used
from allocator.solving.optimum import Solved
from allocator.solving.passes import AtPrice, fewest_that_earn
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution

Key = tuple[str, int]


@dataclass(frozen=True)
class Optimum:
    """The most that a batch earns, in the plan's currency, and the bound that proves it.

    `moved`: the hours that its split, as found, moves. `worth`: what one more of each shared hour earns,
    by the duals, in the plan's currency.
    """

    revenue: float
    bound: float
    proof: Proof
    moved: float
    used: Floats
    worth: Floats


@dataclass(frozen=True)
class Priced:
    """The split that is best with some weights.

    `revenue` in the plan's currency, `moves` in hours, `used` the shared hours that it takes. No split
    has less of what was weighed than `bound`.
    """

    revenue: float
    moves: float
    bound: float
    used: Floats


@dataclass(frozen=True)
class Kept:
    """The split of a batch that earns its floor with the fewest moves, and the first pass's vertex.

    `proof` is that of the optimum, `moves` that of the fewest moves. `money`: the unit of the first
    pass's objective, and so of its duals.
    """

    solved: Solved
    proof: Proof
    moves: Proof
    first: Solution
    money: float


@dataclass(frozen=True)
class Floor:
    """What a batch is to earn at least, in the plan's currency, and where its second pass starts.

    That is at the last of the `weights`, or after the last of the `allotted` shared hours.
    """

    revenue: float
    weights: tuple[Weights, ...] = ()
    allotted: tuple[Floats, ...] = ()


def use_hours(batch: Batch, hours: Sequence[Sequence[float]]) -> HoursUsed:
    """What fixed hours (row × step) earn in the batch, used as well as they can be."""
    found = hours_used(batch.case, hours, batch.settings, batch.clock)
    return HoursUsed(found.solved, found.drained, found.shortfall, found.proof)


def find_optimum(batch: Batch, allotted: tuple[Floats, ...] = ()) -> Optimum:
    """The first pass, with the last of these shared hours at most."""
    batch.allot(allotted)
    first = batch.first
    return Optimum(
        first.revenue,
        first.bound * first.program.money,
        first.proof,
        _moved(batch, first.solution),
        first.matrix.activity(first.solution.values)[batch.shared],
        first.solution.duals[batch.shared] * first.program.money,
    )


def find_vertex(batch: Batch, allotted: tuple[Floats, ...]) -> Solution:
    """The first pass, with the last of these shared hours at most: its optimum itself."""
    batch.allot(allotted)
    return batch.first.solution


def set_weights(batch: Batch, weights: tuple[Weights, ...], allotted: tuple[Floats, ...] = ()) -> Priced:
    """The split that is best with the last of `weights`.

    Each starts where the one before ended, so the ones before belong to the question: a batch that is
    not held any more goes through them again.
    """
    batch.allot(allotted)
    priced = batch.weighed(weights)
    asked, found = priced.asked.matrix, priced.found
    _, bound = prove(asked, found)
    first, columns = batch.first, batch.first.program.columns
    base = first.matrix.constant * first.program.money
    earned = float(np.dot(first.matrix.cost, found.values[:columns])) * first.program.money
    return Priced(
        revenue=earned + base,
        moves=_moved(batch, found),
        bound=bound - weights[-1].revenue * base,
        used=asked.activity(found.values)[batch.shared],
    )


def _moved(batch: Batch, found: Solution) -> float:
    """Σ|x − today| in hours."""
    today = [row.today for row in batch.case.instance.rows]
    return math.fsum(np.abs(batch.first.program.hours(found.values) - today).tolist())


def keep_floor(batch: Batch, floor: Floor) -> Kept:
    """The fewest moves with revenue of the floor or more."""
    batch.allot(floor.allotted)
    priced = batch.weighed(floor.weights)
    near = AtPrice(floor.weights[-1].revenue, priced.found) if floor.weights else None
    best = fewest_that_earn(priced.moves, floor.revenue, batch.settings, batch.clock, near)
    first = batch.first
    return Kept(
        best.chosen,
        first.proof,
        best.moves,
        first.solution,
        first.program.money,
    )


Task = Callable[..., Any]


@dataclass(frozen=True)
class Question:
    """A task for the batch `key`; `piece` goes with it where the batch may not be held yet."""

    key: Key
    task: Task
    arguments: tuple[Any, ...]
    settings: Settings
    seconds: float | None
    piece: Piece | None


class NotHeld:
    """The answer of who does not have the batch: ask again, with the piece."""


_held: dict[Key, Batch] = {}


def answer(question: Question) -> Any:  # noqa: ANN401 (each task has an answer of its own)
    """The task's answer, or `NotHeld`; the batch is held until it is forgotten."""
    batch = _held.get(question.key)
    if batch is None:
        if question.piece is None:
            return NotHeld()
        batch = _held[question.key] = Batch(question.piece, question.settings)
    batch.clock = Clock(question.seconds)
    return question.task(batch, *question.arguments)


def forget(run: str) -> None:
    """Let go of all batches of one run."""
    for key in [key for key in _held if key[0] == run]:
        del _held[key]
