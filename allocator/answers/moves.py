"""Moves for money: the best revenue where only a part of the recommended split's moves is made."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from allocator.allocation import Allocation
from allocator.apart.fewer_moves import FewerMoves, best_with_moves, held_to, too_few
from allocator.apart.pool import UndividedError
from allocator.apart.together import BestApart
from allocator.certificate import Solves, require, worst_of
from allocator.certified import Certified, relative
from allocator.errors import InfeasibleError
from allocator.limits import Check
from allocator.outcome import outcome
from allocator.program import Program, at_most_moves, fewest_moves
from allocator.progress import Progress, silent
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.passes import ROUNDING, Best
from allocator.solving.settings import Clock, Settings

SHARES = (0.0, 0.05, 0.10, 0.20, 0.50, 1.0)
"""Of the recommended split's moves."""
MOST_STEPS = 4
"""Steps of a plan above which, where territories share hours, the curve takes minutes."""


@dataclass(frozen=True)
class MovesPoint:
    """The best split with at most `moves`, Σ|x − today| in hours: `share` of the recommended one's.

    `reached` is None where no split with so few moves keeps every limit.
    """

    share: float
    moves: float
    reached: Certified | None

    @property
    def revenue(self) -> float | None:
        """Projected revenue in the plan's currency, if any split keeps every limit."""
        return self.reached.revenue if self.reached else None


@dataclass(frozen=True)
class MovesCurve:
    """Revenue by moves. `most`: the recommended split's moves, `least`: what the limits need at least.

    `least` is 0 where today's split keeps every limit. Both are Σ|x − today| in hours.
    """

    points: tuple[MovesPoint, ...]
    most: float
    least: float
    certificate: Solves

    @property
    def least_share(self) -> float:
        """`least` as a share of `most`."""
        return self.least / self.most if self.most else 0.0


def worth_drawing(allocation: Allocation) -> bool:
    """Whether the curve of a plan is found so soon that it is drawn without being asked for."""
    return allocation.model.steps <= MOST_STEPS or not allocation.best.shares_hours


def moves_curve(
    best: Best | BestApart,
    most: float,
    settings: Settings,
    clock: Clock,
    progress: Progress = silent,
) -> MovesCurve:
    """The curve up to `most` moves, the fewest that earn what the `best` split of a plan does.

    Of what is far fewer than the fewest moves that keep every limit it is proven that they are too few.
    """
    allowed = [share * most for share in SHARES]
    found = None
    if isinstance(best, BestApart) and best.plan.parts:
        with suppress(UndividedError):
            found = best_with_moves(best, allowed, settings, clock, progress)
    if found is None:
        found = _as_one(best.first.program, allowed, settings, clock, progress)
    points = [
        MovesPoint(share, moves, reached)
        for share, moves, reached in zip(SHARES, allowed, found.splits, strict=True)
    ]
    figures = [reached.worst for reached in found.splits if reached is not None]
    least = 0.0
    if points[0].reached is None:
        least, unproven = found.least, relative(found.least, found.bound)
        figures.append(unproven)
        without = (point.moves for point in points if point.reached is None)
        require(unproven, [Check("moves", few, found.bound, "hours") for few in without])
    return MovesCurve(tuple(points), most, least, Solves(len(figures), worst_of(figures)))


def _as_one(
    program: Program, allowed: Sequence[float], settings: Settings, clock: Clock, progress: Progress
) -> FewerMoves:
    """Each starts where the one before ended: with more moves allowed, its split still stands."""
    fewest = solved(fewest_moves(program, 0.0), settings, clock)
    near: SolvedProgram | None = None
    splits: list[Certified | None] = []
    for at, moves in enumerate(allowed):
        progress(f"Finding the best split with {moves:,.0f} hours moved", at / len(allowed))
        most = moves * (1 + ROUNDING) + ROUNDING
        near = None if too_few(moves, fewest.bound) else _within(program, most, settings, clock, near)
        splits.append(_held_to(near, moves) if near else None)
    return FewerMoves(tuple(splits), fewest.solution.objective, fewest.bound)


def _within(
    program: Program, moves: float, settings: Settings, clock: Clock, near: SolvedProgram | None
) -> SolvedProgram | None:
    """The best split with at most so many moves; None where none keeps every limit."""
    try:
        return solved(at_most_moves(program, moves), settings, clock, near)
    except InfeasibleError:
        return None


def _held_to(found: SolvedProgram, allowed: float) -> Certified:
    reached = outcome(found.program.instance, found.use)
    return held_to(reached, allowed, found.proof, found.revenue)
