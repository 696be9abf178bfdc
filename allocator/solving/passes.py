"""The passes: the best revenue, then the fewest moves that keep it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.certificate import Proof
from allocator.errors import InfeasibleError, SolverError
from allocator.program import (
    REVENUE,
    InBlocks,
    Program,
    earning_at_least,
    same_hours,
    settled,
)
from allocator.program.matrix import Matrix
from allocator.solving import highs, optimum
from allocator.solving.optimum import (
    Solved,
    SolvedProgram,
    averaged,
    proven,
    solved,
    use_of,
)
from allocator.solving.ranging import AS_GOOD
from allocator.solving.second_pass import AtPrices, Moving
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution, solution
from allocator.solving.start import start_of

UNPRICED = 1e-9
ROUNDING = 5e-10
"""The least that the second pass may give up: what solvers round by."""


@dataclass(frozen=True)
class Best:
    """The recommended use, the optimum before the second pass, and the fewest moves that it found."""

    chosen: Solved
    first: SolvedProgram
    second: SolvedProgram

    shares_hours = False
    """Whether the plan was solved in batches that share hours (`allocator.apart`)."""

    @property
    def optimum(self) -> float:
        """The most that any split earns, in the plan's currency."""
        return self.first.revenue

    @property
    def bound(self) -> float:
        """What no split can exceed by the proof, in the plan's currency."""
        return self.first.bound * self.first.program.money

    @property
    def moves(self) -> Proof:
        """How well it is proven that no split which earns as much moves fewer hours."""
        return self.second.proof


@dataclass(frozen=True)
class Price:
    """What one unit more of a limit is worth in the programme, in the plan's currency: its dual.

    Places are numbers in the instance. It proves the bound; beside a kink it is not what a whole
    hour more would bring.
    """

    family: str
    worth: float
    territory: int | None
    rep: int | None
    area: str | None
    step: int | None


def prices(found: SolvedProgram) -> tuple[Price, ...]:
    """What one unit more of each limit is worth, where it is worth anything."""
    program = found.program
    return tuple(
        Price(at.family, dual * program.money, at.territory, at.rep, at.area, at.step)
        for at, dual in zip(program.limits, found.solution.duals.tolist(), strict=True)
        if dual
    )


def best_split(
    case: InBlocks, settings: Settings, clock: Clock, start: highs.Start | None = None
) -> Best:
    """The split with the fewest moves among all that earn (1 − stability) of the optimum.

    `start`: where the first pass starts, where that is known better than `start_of` does.
    Raises `InfeasibleError` where no split keeps every limit, `SolverError` where the solver stops
    early.
    """
    first = most_revenue(case, settings, clock, start=start)
    floor = first.revenue - given_up(first.revenue, settings)
    return fewest_that_earn(Moving(first, settings), floor, settings, clock)


def most_revenue(
    case: InBlocks,
    settings: Settings,
    clock: Clock,
    near: SolvedProgram | None = None,
    start: highs.Start | None = None,
) -> SolvedProgram:
    """The first pass: the most that any split earns.

    `near`: one solved before, to start from if alike; `start`: where else, if known. Raises what
    `best_split` does.
    """
    program = case.program()
    if not (near or start):
        start = start_of(case, program, settings, clock)
    return solved(program, settings, clock, near, start)


def given_up(optimum: float, settings: Settings) -> float:
    """The revenue that may be traded for fewer moves; it and `optimum` are in the plan's currency."""
    return optimum * max(settings.stability, ROUNDING)


def fewest_that_earn(
    moves: Moving, floor: float, settings: Settings, clock: Clock, near: AtPrices | None = None
) -> Best:
    """The split with the fewest moves among all that earn `floor`, in the plan's currency.

    `near`: an optimum with prices on revenue, and on hours that are limited, which may be that split.
    Raises what `best_split` does.
    """
    first, program = moves.first, moves.first.program
    held = earning_at_least(moves.program, floor)
    second = (near and _proven_at(held, near)) or _fewest(moves, held, clock, near)
    chosen = _settled(moves, second, clock)
    values, revenue = chosen.values, _objective(first.matrix, chosen)
    if abs(second.solution.duals[REVENUE]) <= UNPRICED:
        # Revenue has no price in moves: these hours may earn more than was asked of them.
        polished = _with_same_hours(program, chosen, settings, clock)
        if polished is not None and polished.objective >= revenue:
            values, revenue = polished.values, polished.objective
    use = averaged(program.instance, use_of(program, values))
    return Best(chosen=Solved(use, revenue * program.money), first=first, second=second)


def _proven_at(second: Program, near: AtPrices) -> SolvedProgram | None:
    """The priced optimum as that of the second pass, if it earns the floor and no more.

    The price on revenue is then what a lower floor would save, and proves that nothing moves less.
    """
    priced = near.of(second)
    duals = priced.duals.copy()
    duals[priced.limits] = priced.prices
    found = solution(second.matrix, near.found.values, duals, near.found.basis)
    known = SolvedProgram(second, found)
    return known if near.price and known.proof.worst <= AS_GOOD else None


def _fewest(moves: Moving, second: Program, clock: Clock, near: AtPrices | None) -> SolvedProgram:
    """The second pass; where hours had prices, from the optimum with these."""
    try:
        if near is not None and len(near.shared):
            found = moves.solve_from(near.of(second), second, clock)
        else:
            found = moves.solve(second, clock)
    except InfeasibleError as error:
        raise SolverError("The second pass did not find the split that the first had proven") from error
    return proven(SolvedProgram(second, found))


def _settled(moves: Moving, second: SolvedProgram, clock: Clock) -> Solution:
    """The one split of the fewest moves that is shown; the second pass's if rounding is in the way."""
    fewest = second.solution
    last = settled(second.program, fewest.objective * (1 + ROUNDING) + ROUNDING)
    try:
        return moves.solve(last, clock, clean=True)
    except InfeasibleError:
        return fewest


def _with_same_hours(
    program: Program, fewest: Solution, settings: Settings, clock: Clock
) -> Solution | None:
    """The most that the hours of the second pass earn; None where rounding leaves no room."""
    third = same_hours(program, program.hours(fewest.values))
    try:
        return optimum.solve(third, settings, clock)
    except InfeasibleError:
        return None


def _objective(first: Matrix, later: Solution) -> float:
    """The first pass's objective at a later pass's values, in the programme's money."""
    return float(np.dot(first.cost, later.values[: len(first.cost)])) + first.constant
