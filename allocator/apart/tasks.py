"""What is done for one batch, wherever that is: each answer depends on the batch and the question only.

So a batch can be asked again elsewhere, where whoever had it is gone, and answers the same to the byte.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from allocator.apart.batch import Batch, Weights, shared_rows
from allocator.arrays import Floats
from allocator.certificate import Proof, prove
from allocator.program import Program, at_most_moves
from allocator.solving.fixed_hours import HoursUsed, hours_used
from allocator.solving.highs import Start
from allocator.solving.optimum import Solved, solved
from allocator.solving.passes import fewest_that_earn
from allocator.solving.ranging import End
from allocator.solving.second_pass import AtPrices
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution

Key = tuple[str, int]


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
class Allotted:
    """The most that a batch earns with some of the shared hours, in the plan's currency.

    `used`: those hours that it takes; `worth`: what one more of each earns, by the duals.
    """

    revenue: float
    used: Floats
    worth: Floats


@dataclass(frozen=True)
class Priced:
    """The split that is best with some weights.

    `revenue` in the plan's currency, `moves` in hours, `used` the shared hours that it takes. No split
    has less of what was weighed than `bound`. `ends`: other prices on revenue at which it is as good,
    and so at all prices in between.
    """

    revenue: float
    moves: float
    bound: float
    used: Floats
    ends: tuple[End, ...] = ()


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
class Earned:
    """A split of a batch, and the proof that no other earns more of those that were asked for."""

    solved: Solved
    proof: Proof


@dataclass(frozen=True)
class Floor:
    """What a batch is to earn at least, in the plan's currency, and where its second pass starts.

    That is at the last of the `weights`. It has `allotted` of the shared hours, where there are any.
    """

    revenue: float
    weights: tuple[Weights, ...]
    allotted: Floats | None = None


def use_hours(batch: Batch, hours: Sequence[Sequence[float]]) -> HoursUsed:
    """What fixed hours (row × step) earn in the batch, used as well as they can be."""
    found = hours_used(batch.case, hours, batch.settings, batch.clock)
    return HoursUsed(found.solved, found.drained, found.shortfall, found.proof)


def find_optimum(batch: Batch) -> Optimum:
    """The first pass."""
    best = batch.best()
    bound = best.bound * best.program.money
    return Optimum(best.revenue, bound, best.proof, _moved(best.program, best.solution))


def find_begun(batch: Batch, weights: tuple[Weights, ...]) -> Solution:
    """The first pass less what shared hours cost by the last of `weights`: its optimum itself."""
    return batch.begun(weights).first


def find_taken(batch: Batch, weights: tuple[Weights, ...]) -> Floats:
    """The first pass less what shared hours cost by the last of `weights`: how many it takes."""
    return batch.taken(batch.begun(weights).first)


def find_vertex(batch: Batch, weights: tuple[Weights, ...]) -> Solution:
    """The optimum itself with the last of `weights`."""
    found = batch.weighed(weights).known.found
    assert found is not None
    return found


def find_worth(batch: Batch, allotted: Floats) -> Allotted:
    """The first pass with so many of the shared hours: what they are worth."""
    best = batch.best_with(allotted)
    used, duals = best.matrix.activity(best.solution.values), best.solution.duals
    shared = shared_rows(best.program, batch.overlays)
    return Allotted(best.revenue, used[shared], duals[shared] * best.program.money)


def set_weights(batch: Batch, weights: tuple[Weights, ...]) -> Priced:
    """The split that is best with the last of `weights`.

    Each starts where the one before ended, so the ones before belong to the question: a batch that is
    not held any more goes through them again.
    """
    priced = batch.weighed(weights)
    asked, found = priced.asked.matrix, priced.known.found
    assert found is not None
    _, bound = prove(asked, found)
    first = priced.moves.first
    columns, money = first.program.columns, first.program.money
    base = first.matrix.constant * money
    earned = float(np.dot(first.matrix.cost, found.values[:columns])) * money
    return Priced(
        revenue=earned + base,
        moves=_moved(first.program, found),
        bound=bound - weights[-1].revenue * base,
        used=asked.activity(found.values)[priced.shared] if len(priced.shared) else np.zeros(0),
        ends=tuple(End(end.price, end.bound - end.price * base) for end in priced.ends),
    )


def _moved(program: Program, found: Solution) -> float:
    """Σ|x − today| in hours."""
    return math.fsum(np.abs(program.hours(found.values) - program.instance.today).tolist())


def keep_floor(batch: Batch, floor: Floor) -> Kept:
    """The fewest moves with revenue of the floor or more."""
    priced = batch.weighed(floor.weights)
    near, found = None, priced.known.found
    if floor.allotted is not None:
        priced.moves.allot(batch.by_rep(floor.allotted))
    if found is not None:
        at = floor.weights[-1]
        prices = np.zeros(0) if at.shared is None else at.shared
        near = AtPrices(at.revenue, found, priced.shared, prices)
    best = fewest_that_earn(priced.moves, floor.revenue, batch.settings, batch.clock, near)
    first = priced.moves.first
    return Kept(best.chosen, priced.known.proof, best.moves, first.solution, first.program.money)


def most_with_moves(batch: Batch, weights: tuple[Weights, ...], moves: float) -> Earned:
    """The most that is earned with so many hours moved, found from the last of `weights`.

    Raises `InfeasibleError` where no split with so few moves keeps every limit.
    """
    priced = batch.weighed(weights)
    near, program = priced.known.found, at_most_moves(priced.moves.first.program, moves)
    start = None if near is None else Start(near.vertex)
    found = solved(program, batch.settings, batch.clock, start=start)
    return Earned(Solved(found.use, found.revenue), found.proof)


class Held(Protocol):
    """What is asked where it is solved: a batch, or a block of a solved programme.

    `clock` is the time that its next answer may take.
    """

    clock: Clock

    def rest(self) -> None:
        """Let go of what can be made anew when it is asked again."""


Task = Callable[..., Any]
Begin = Callable[[Settings], Held]


@dataclass(frozen=True)
class Question:
    """A task for the one called `key`; `begin` makes it where it may not be held yet.

    `seconds`: what is left of the time for solving, None without a limit.
    """

    key: Key
    task: Task
    arguments: tuple[Any, ...]
    settings: Settings
    seconds: float | None
    begin: Begin | None

    def after(self, waited: float) -> Question:
        """The same for who comes to it later by so many seconds."""
        return self if self.seconds is None else replace(self, seconds=max(0.0, self.seconds - waited))


class NotHeld:
    """The answer of who does not have the one that is asked: ask again, with its beginning."""


_held: dict[Key, Held] = {}


def answer(question: Question) -> Any:  # noqa: ANN401 (each task has an answer of its own)
    """The task's answer, or `NotHeld`; who is asked is held until it is forgotten."""
    asked = _held.get(question.key)
    if asked is None:
        if question.begin is None:
            return NotHeld()
        asked = _held[question.key] = question.begin(question.settings)
    asked.clock = Clock(question.seconds)
    try:
        return question.task(asked, *question.arguments)
    finally:
        asked.rest()


def forget(run: str) -> None:
    """Let go of all that were asked in one run."""
    for key in [key for key in _held if key[0] == run]:
        del _held[key]
