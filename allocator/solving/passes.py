"""The passes: the best revenue, then the fewest moves that keep it, and what today's hours earn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pulp

from allocator.certificate import Proof, prove, require_proof
from allocator.errors import InfeasibleError, SolverError
from allocator.instance import Instance
from allocator.outcome import Use
from allocator.program import Program, build, fewest_moves, least_drain, same_hours, settled
from allocator.solving import cbc, highs
from allocator.solving.matrix import Floats, Matrix, read_off
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution

Nested = TypeVar("Nested")

DRAINED = 1e-7
UNPRICED = 1e-9
ROUNDING = 5e-10
"""The least that the second pass may give up: what solvers round by."""


@dataclass(frozen=True)
class Solved:
    """A use of the hours and the revenue that its programme found for it, in currency."""

    use: Use
    revenue: float


@dataclass(frozen=True)
class SolvedProgram:
    """A programme with its proven optimum; `bound` is what its duals prove, in the programme's money."""

    program: Program
    matrix: Matrix
    solution: Solution
    proof: Proof
    bound: float

    @property
    def revenue(self) -> float:
        """The optimum in the plan's currency, where revenue is what is maximized."""
        return self.solution.objective * self.program.money

    @property
    def use(self) -> Use:
        """What was decided; what no fact can tell apart is used alike."""
        return _averaged(self.program.instance, _use(self.program, self.solution.values))


@dataclass(frozen=True)
class Best:
    """The recommended use, and the optimum before the second pass."""

    chosen: Solved
    first: SolvedProgram

    @property
    def optimum(self) -> float:
        """The most that any split earns, in the plan's currency."""
        return self.first.revenue

    @property
    def bound(self) -> float:
        """What no split can exceed by the proof, in the plan's currency."""
        return self.first.bound * self.first.program.money

    @property
    def prices(self) -> tuple[Price, ...]:
        """What one unit more of each limit is worth, where it is worth anything."""
        program = self.first.program
        return tuple(
            Price(at.family, dual * program.money, at.territory, at.rep, at.area, at.step)
            for at, dual in zip(program.limits, self.first.solution.duals.tolist(), strict=True)
            if dual
        )


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


@dataclass(frozen=True)
class HoursUsed:
    """Fixed hours used as well as they can be.

    `drained`: the territories (by number) whose hours can't leave the pipeline asked for.
    """

    solved: Solved
    drained: frozenset[int]
    proof: Proof


def solved(
    program: Program, settings: Settings, clock: Clock, near: SolvedProgram | None = None
) -> SolvedProgram:
    """The optimum of a programme and its proof; `near`: one solved before, to start from if alike.

    Raises `InfeasibleError` where nothing keeps every limit, `SolverError` where the solver stops
    early, `CertificateError` where the optimum is not proven.
    """
    matrix = read_off(program)
    start = None
    if near is not None and near.solution.basis is not None and near.matrix.same_shape(matrix):
        start = highs.Start(near.solution, near.solution.values)
    found = solve(program, matrix, settings, clock, start)
    proof, bound = prove(matrix, found)
    require_proof(proof)
    return SolvedProgram(program, matrix, found, proof, bound)


def best_split(instance: Instance, settings: Settings, clock: Clock) -> Best:
    """The split with the fewest moves among all that earn (1 − stability) of the optimum.

    Raises `InfeasibleError` where no split keeps every limit, `SolverError` where the solver stops
    early.
    """
    first = solved(build(instance), settings, clock)
    program = first.program
    floor = first.solution.objective * (1 - max(settings.stability, ROUNDING))
    second = fewest_moves(program, floor * program.money)
    start = _with_moves(program, first.solution)
    try:
        fewest = solve(second, read_off(second), settings, clock, start)
    except InfeasibleError as error:
        raise SolverError("The second pass did not find the split that the first had proven") from error
    chosen = _settled(second, fewest, settings, clock)
    values, revenue = chosen.values, _objective(first.matrix, chosen)
    if abs(fewest.duals[-1]) <= UNPRICED:
        # Revenue has no price in moves: these hours may earn more than was asked of them.
        polished = _with_same_hours(program, chosen, settings, clock)
        if polished is not None and polished.objective >= revenue:
            values, revenue = polished.values, polished.objective
    use = _averaged(instance, _use(program, values))
    return Best(chosen=Solved(use, revenue * program.money), first=first)


def todays_hours(instance: Instance) -> list[list[float]]:
    """Hours of today's split by row and step."""
    return [[row.today / instance.steps] * instance.steps for row in instance.rows]


def hours_used(
    instance: Instance, hours: Sequence[Sequence[float]], settings: Settings, clock: Clock
) -> HoursUsed:
    """What `hours` (row × step) earn, used as well as they can be (formulation, "The plan of today")."""
    drained: frozenset[int] = frozenset()
    try:
        first = solved(build(instance, hours), settings, clock)
    except InfeasibleError:
        drained = _drained(instance, hours, settings, clock)
        first = solved(build(instance, hours, drained), settings, clock)
    return HoursUsed(Solved(first.use, first.revenue), drained, first.proof)


def _drained(
    instance: Instance, hours: Sequence[Sequence[float]], settings: Settings, clock: Clock
) -> frozenset[int]:
    program, short = least_drain(instance, hours)
    found = solve(program, read_off(program), settings, clock)
    at = {var: column for column, var in enumerate(program.columns)}
    return frozenset(
        k
        for k, var in short.items()
        if found.values[at[var]] > DRAINED * max(1.0, instance.territories[k].open)
    )


def _settled(second: Program, fewest: Solution, settings: Settings, clock: Clock) -> Solution:
    """The one split of the fewest moves that is shown; the second pass's if rounding is in the way."""
    last = settled(second, fewest.objective * (1 + ROUNDING) + ROUNDING)
    try:
        return solve(last, read_off(last), settings, clock, highs.Start(fewest, fewest.values))
    except InfeasibleError:
        return fewest


def _with_same_hours(
    program: Program, fewest: Solution, settings: Settings, clock: Clock
) -> Solution | None:
    """The most that the hours of the second pass earn; None where rounding leaves no room."""
    values = _values(program, fewest.values)
    totals = [sum(values[var] for var in in_steps) for in_steps in program.x]
    third = same_hours(program, totals)
    try:
        return solve(third, read_off(third), settings, clock)
    except InfeasibleError:
        return None


def solve(
    program: Program, matrix: Matrix, settings: Settings, clock: Clock, start: highs.Start | None = None
) -> Solution:
    """The optimum of a programme with the solver chosen; `start` is for HiGHS, CBC starts anew."""
    if settings.solver == "cbc":
        return cbc.solve(program, matrix, clock.left)
    return highs.solve(matrix, clock.left, start)


def _with_moves(program: Program, first: Solution) -> highs.Start:
    """Where the second pass starts: the first one's vertex, and the moves that it takes."""
    values = _values(program, first.values)
    moves = []
    for in_steps, hours in zip(program.x, program.instance.rows, strict=True):
        moved = sum(values[var] for var in in_steps) - hours.today
        moves += [max(0.0, moved), max(0.0, -moved)]
    return highs.Start(first, np.array([*first.values, *moves]))


def _objective(first: Matrix, later: Solution) -> float:
    """The first pass's objective at a later pass's values, in the programme's money."""
    return float(np.dot(first.cost, later.values[: len(first.cost)])) + first.constant


def _values(program: Program, values: Floats) -> dict[pulp.LpVariable, float]:
    return {var: max(0.0, value) for var, value in zip(program.columns, values.tolist(), strict=False)}


def _use(program: Program, values: Floats) -> Use:
    """Hours, and opportunities created and worked, read off the columns; never below zero."""
    at = _values(program, values)
    return Use(
        hours=[[at[var] for var in in_steps] for in_steps in program.x],
        created=[[[at[var] for var in ts] for ts in sources] for sources in program.n],
        worked=[[[[at[var] for var in ds] for ds in ts] for ts in sources] for sources in program.w],
    )


def _averaged(instance: Instance, use: Use) -> Use:
    """The same, with what no fact can tell apart given the same (see `allocator.ordering`)."""
    rows = [row.twin for row in instance.rows]
    territories = [territory.twin for territory in instance.territories]
    if len(set(rows)) == len(rows) and len(set(territories)) == len(territories):
        return use
    return Use(
        hours=_mean_by(rows, use.hours),
        created=_mean_by(territories, use.created),
        worked=_mean_by(territories, use.worked),
    )


def _mean_by(classes: Sequence[int], values: Sequence[Nested]) -> list[Nested]:
    """Each value replaced by the mean over its class; values of one class have one shape."""
    members: dict[int, list[Nested]] = {}
    for kind, value in zip(classes, values, strict=True):
        members.setdefault(kind, []).append(value)
    mean = {
        kind: alike[0] if len(alike) == 1 else np.mean(np.array(alike), axis=0).tolist()
        for kind, alike in members.items()
    }
    return [mean[kind] for kind in classes]
