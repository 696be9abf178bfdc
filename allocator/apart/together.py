"""The batches' answers put together: the certificate of the whole plan."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from allocator import certified
from allocator.apart.hands import hands_for
from allocator.apart.one import as_one
from allocator.apart.price import shared
from allocator.apart.tasks import (
    Kept,
    NotHeld,
    Optimum,
    Priced,
    Question,
    Reached,
    Task,
    find_optimum,
    keep_floor,
    set_price,
    use_hours,
)
from allocator.certificate import Proof, require, worst_of
from allocator.certified import Certified
from allocator.instance import Instance
from allocator.outcome import BySteps, Outcome, TerritoryOutcome, Use, outcome
from allocator.parts import Part, batches, columns_of
from allocator.progress import Progress, silent
from allocator.solving.optimum import SolvedProgram, averaged
from allocator.solving.passes import Best, given_up
from allocator.solving.settings import Clock, Settings

BATCH_COLUMNS = 1_500
"""Columns that a batch has or so: fewer cost more to hand over, more cost more to solve."""
HAIR = 1e-12


@dataclass(frozen=True)
class BestApart:
    """The optimum of a plan that was solved apart, and how well the fewest moves are proven.

    `optimum` and `bound` are in the plan's currency: the most that any split earns, and what none can
    exceed by the proof.
    """

    whole: Instance
    parts: tuple[Part, ...]
    kept: tuple[Kept, ...]
    optimum: float
    bound: float
    moves: Proof

    @cached_property
    def first(self) -> SolvedProgram:
        """The first pass as one programme, its vertex put together from the batches'."""
        return as_one(self.whole, self.parts, self.kept)


def certified_hours(
    case: Instance,
    hours: Sequence[Sequence[float]],
    settings: Settings,
    clock: Clock,
    progress: Progress = silent,
) -> Certified:
    """What fixed `hours` (row × step) earn, used as well as they can be; bounds and shares are dropped.

    Raises what `allocator.certified.certified_hours` does.
    """
    parts = _parts(case, settings)
    if len(parts) == 1:
        return certified.certified_hours(case, hours, settings, clock)
    with _Asking(parts, settings, clock, progress) as asking:
        mine = [([hours[i] for i in part.rows],) for part in parts]
        return _together(
            case, parts, asking.each("Working out what today's split earns", use_hours, mine)
        )


def certified_best(
    case: Instance, settings: Settings, clock: Clock, progress: Progress = silent
) -> tuple[Certified, Best | BestApart]:
    """The recommended split of a plan, and the programme's word on it.

    Raises what `allocator.certified.certified_best` does.
    """
    parts = _parts(case, settings)
    if len(parts) == 1:
        return certified.certified_best(case, settings, clock)
    with _Asking(parts, settings, clock, progress) as asking:
        optima: list[Optimum] = asking.each("Finding the best split", find_optimum, [()] * len(parts))
        optimum = math.fsum(found.revenue for found in optima)
        bound = math.fsum(found.bound for found in optima)
        # A hair is each batch's own, so that it finds its floor again in spite of rounding.
        own = [abs(found.revenue) * HAIR for found in optima]
        sharing = shared(optima, given_up(optimum, settings) - math.fsum(own), asking.at_prices)
        floors = [
            (prices, floor - less)
            for prices, floor, less in zip(sharing.prices, sharing.floors, own, strict=True)
        ]
        kept: list[Kept] = asking.each("Finding the fewest moves", keep_floor, floors)
    found = _alike(_together(case, parts, [each.reached for each in kept]), parts)
    least = sharing.least_moves - sharing.price * math.fsum(own)
    promised = certified.promises(found.outcome, bound, optimum * (1 - settings.stability), least)
    gap = certified.relative(found.outcome.moved, least)
    moves = replace(_worst_proof([each.moves for each in kept]), gap=gap)
    require(moves.worst, promised)
    return found, BestApart(case, parts, tuple(kept), optimum, bound, moves)


def _parts(case: Instance, settings: Settings) -> tuple[Part, ...]:
    """The batches; CBC, which has no start from a vertex, takes the plan as one."""
    whole = sum(columns_of(case, k) for k in range(len(case.territories)))
    apart = settings.solver == "highs" and whole > 2 * BATCH_COLUMNS
    return batches(case, BATCH_COLUMNS if apart else whole)


class _Asking:
    """One run of questions about the batches of a plan."""

    def __init__(
        self,
        parts: tuple[Part, ...],
        settings: Settings,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self._hands = hands_for(settings)
        self._run = f"{os.getpid()}.{next(_runs)}"
        self._parts, self._settings, self._clock, self._progress = parts, settings, clock, progress
        self._sent: set[int] = set()

    def __enter__(self) -> _Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self._hands.forget(self._run)

    def each(self, doing: str, task: Task, arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """The task's answer for every batch."""
        return self._ask(doing, task, list(enumerate(arguments)))

    def at_prices(self, asked: Sequence[tuple[int, tuple[float, ...]]]) -> list[Priced]:
        """The splits of some batches at the last of the prices that were set for each."""
        return self._ask("Finding the fewest moves", set_price, [(b, (prices,)) for b, prices in asked])

    def _ask(self, doing: str, task: Task, asked: Sequence[tuple[int, tuple[Any, ...]]]) -> list[Any]:
        done = itertools.count(1)

        def answered() -> None:
            self._progress(doing, next(done) / max(1, len(asked)))

        answers: dict[int, Any] = {}
        # The largest first, so that none of them is waited for in the end.
        left = dict(sorted(asked, key=lambda one: -len(self._parts[one[0]].rows)))
        while left:
            questions = [self._question(b, task, arguments) for b, arguments in left.items()]
            found = self._hands.ask(questions, answered)
            for b, answer in zip(list(left), found, strict=True):
                if isinstance(answer, NotHeld):
                    self._sent.discard(b)
                else:
                    answers[b] = answer
                    del left[b]
        return [answers[b] for b, _ in asked]

    def _question(self, b: int, task: Task, arguments: tuple[Any, ...]) -> Question:
        instance = None if b in self._sent else self._parts[b].instance
        self._sent.add(b)
        return Question((self._run, b), task, arguments, self._settings, self._clock.left, instance)


_runs = itertools.count()


def _together(case: Instance, parts: Sequence[Part], found: Sequence[Reached]) -> Certified:
    """The batches' answers as one, by the whole plan's numbers."""
    hours: list[BySteps] = [()] * len(case.rows)
    territories: list[TerritoryOutcome | None] = [None] * len(case.territories)
    drained: set[int] = set()
    for part, mine in zip(parts, found, strict=True):
        for i, by_step in zip(part.rows, mine.hours, strict=True):
            hours[i] = by_step
        for k, reached in zip(part.territories, mine.territories, strict=True):
            territories[k] = reached
        drained |= {part.territories[k] for k in mine.drained}
    return Certified(
        outcome=Outcome(case, tuple(hours), tuple(k for k in territories if k is not None)),
        proof=_worst_proof([mine.proof for mine in found]),
        limits_checked=sum(mine.limits_checked for mine in found),
        limits_broken=worst_of(mine.limits_broken for mine in found),
        revenue_difference=worst_of(mine.revenue_difference for mine in found),
        drained=frozenset(drained),
    )


def _alike(found: Certified, parts: Sequence[Part]) -> Certified:
    """The same, with what no fact can tell apart given the same, where it is in several batches."""
    case = found.outcome.instance
    batches_of: dict[int, set[int]] = {}
    for at, part in enumerate(parts):
        for i in part.rows:
            batches_of.setdefault(case.rows[i].twin, set()).add(at)
    if all(len(those) == 1 for those in batches_of.values()):
        return found
    there = [reached.opportunities for reached in found.outcome.territories]
    use = Use(found.outcome.hours, [each.created for each in there], [each.worked for each in there])
    reached = outcome(case, averaged(case, use))
    return certified.certified(
        reached, certified.all_limits(reached), found.proof, found.revenue, found.drained
    )


def _worst_proof(proofs: Sequence[Proof]) -> Proof:
    """One proof for all: relative to the whole, each figure is at most the worst of the batches'."""
    return Proof(
        primal=worst_of(proof.primal for proof in proofs),
        dual=worst_of(proof.dual for proof in proofs),
        complementary=worst_of(proof.complementary for proof in proofs),
        gap=worst_of(proof.gap for proof in proofs),
    )
