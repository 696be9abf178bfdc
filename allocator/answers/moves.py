"""Moves for money: the best revenue where only a part of the recommended split's moves is made."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.certificate import Solves, require, worst_of
from allocator.certified import Certified, all_limits, certified
from allocator.errors import InfeasibleError
from allocator.limits import Check
from allocator.outcome import outcome
from allocator.program import Program, at_most_moves, fewest_moves
from allocator.progress import Progress, silent
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.passes import ROUNDING
from allocator.solving.settings import Clock, Settings

SHARES = (0.0, 0.05, 0.10, 0.20, 0.50, 1.0)
"""Of the recommended split's moves."""
FAR = 1.0
"""Hours: of moves that lack so many to the fewest, no solver need be asked whether they are enough."""


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


def moves_curve(
    program: Program, most: float, settings: Settings, clock: Clock, progress: Progress = silent
) -> MovesCurve:
    """The curve up to `most` moves; `program` is the one whose second pass has these as the fewest.

    Each point starts where the one before ended: with more moves allowed, its split still stands. What
    is far fewer than the fewest moves that keep every limit is proven to be too few, and not tried.
    """
    fewest = solved(fewest_moves(program, 0.0), settings, clock)
    points: list[MovesPoint] = []
    near: SolvedProgram | None = None
    least, figures = 0.0, []
    for at, share in enumerate(SHARES):
        progress(f"Finding the best split with {share:.0%} of the moves", at / len(SHARES))
        allowed = share * most * (1 + ROUNDING) + ROUNDING
        near = None if allowed < fewest.bound - FAR else _within(program, allowed, settings, clock, near)
        reached = _held_to(near, allowed) if near else None
        figures += [reached.worst] if reached else []
        points.append(MovesPoint(share, share * most, reached))
    if points[0].reached is None:
        least = fewest.solution.objective
        figures.append(fewest.proof.worst)
        too_few = (point.moves for point in points if point.reached is None)
        require(fewest.proof.worst, [Check("moves", few, fewest.bound, "hours") for few in too_few])
    return MovesCurve(tuple(points), most, least, Solves(len(figures), worst_of(figures)))


def _within(
    program: Program, moves: float, settings: Settings, clock: Clock, near: SolvedProgram | None
) -> SolvedProgram | None:
    """The best split with at most so many moves; None where none keeps every limit."""
    try:
        return solved(at_most_moves(program, moves), settings, clock, near)
    except InfeasibleError:
        return None


def _held_to(found: SolvedProgram, allowed: float) -> Certified:
    """The split that was found, once it is known to keep every limit and to move no more."""
    reached = outcome(found.program.instance, found.use)
    moves = Check("moves", reached.moved, allowed, "hours")
    return certified(reached, (*all_limits(reached), moves), found.proof, found.revenue)
