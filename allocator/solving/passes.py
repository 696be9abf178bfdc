"""The passes: the best revenue, then the fewest moves that keep it, and what today's hours earn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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
    """A programme and its optimum; the proof is worked out from these, whoever asks for it."""

    program: Program
    matrix: Matrix
    solution: Solution

    @cached_property
    def _proven(self) -> tuple[Proof, float]:
        return prove(self.matrix, self.solution)

    @property
    def proof(self) -> Proof:
        """How well the optimum is proven."""
        return self._proven[0]

    @property
    def bound(self) -> float:
        """What the duals prove that nothing possible can exceed, in the programme's own unit."""
        return self._proven[1]

    @property
    def revenue(self) -> float:
        """The optimum in the plan's currency, where revenue is what is maximized."""
        return self.solution.objective * self.program.money

    @property
    def use(self) -> Use:
        """What was decided; what no fact can tell apart is used alike."""
        return _averaged(self.program.instance, self.as_found)

    @property
    def as_found(self) -> Use:
        """What was decided, as the solver found it."""
        return _use(self.program, self.solution.values)


@dataclass(frozen=True)
class Best:
    """The recommended use, the optimum before the second pass, and the fewest moves that it found."""

    chosen: Solved
    first: SolvedProgram
    second: SolvedProgram

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

    `drained`: the territories (by number) whose hours can't leave the pipeline asked for; `shortfall`:
    the opportunities that each territory is proven to lack at least, where one is drained. `found`: the
    programme that used them.
    """

    solved: Solved
    drained: frozenset[int]
    shortfall: Mapping[int, float]
    proof: Proof
    found: SolvedProgram


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
    return _proven(SolvedProgram(program, matrix, solve(program, matrix, settings, clock, start)))


def _proven(found: SolvedProgram) -> SolvedProgram:
    require_proof(found.proof)
    return found


def best_split(instance: Instance, settings: Settings, clock: Clock) -> Best:
    """The split with the fewest moves among all that earn (1 − stability) of the optimum.

    Raises `InfeasibleError` where no split keeps every limit, `SolverError` where the solver stops
    early.
    """
    first = solved(build(instance), settings, clock)
    program = first.program
    floor = first.solution.objective * (1 - max(settings.stability, ROUNDING))
    second = _fewest(fewest_moves(program, floor * program.money), first, settings, clock)
    chosen = _settled(second, settings, clock)
    values, revenue = chosen.values, _objective(first.matrix, chosen)
    if abs(second.solution.duals[-1]) <= UNPRICED:
        # Revenue has no price in moves: these hours may earn more than was asked of them.
        polished = _with_same_hours(program, chosen, settings, clock)
        if polished is not None and polished.objective >= revenue:
            values, revenue = polished.values, polished.objective
    use = _averaged(instance, _use(program, values))
    return Best(chosen=Solved(use, revenue * program.money), first=first, second=second)


def todays_hours(instance: Instance) -> list[list[float]]:
    """Hours of today's split by row and step."""
    return [[row.today / instance.steps] * instance.steps for row in instance.rows]


def hours_used(
    instance: Instance,
    hours: Sequence[Sequence[float]],
    settings: Settings,
    clock: Clock,
    near: SolvedProgram | None = None,
) -> HoursUsed:
    """What `hours` (row × step) earn, used as well as they can be (formulation, "The plan of today").

    `near`: a programme of fixed hours solved before, to start from if alike.
    """
    try:
        first = solved(build(instance, hours), settings, clock, near)
    except InfeasibleError:
        return _draining(instance, hours, settings, clock, near)
    return HoursUsed(_as_given(first, hours), frozenset(), {}, first.proof, first)


def _as_given(found: SolvedProgram, hours: Sequence[Sequence[float]]) -> Solved:
    """The use of `hours` (row × step); the same for what no fact can tell apart, unless they differ."""
    of_twin: dict[int, Sequence[float]] = {}
    alike = all(
        np.allclose(of_twin.setdefault(row.twin, mine), mine, rtol=1e-12, atol=0.0)
        for row, mine in zip(found.program.instance.rows, hours, strict=True)
    )
    return Solved(found.use if alike else found.as_found, found.revenue)


def _draining(
    instance: Instance,
    hours: Sequence[Sequence[float]],
    settings: Settings,
    clock: Clock,
    near: SolvedProgram | None,
) -> HoursUsed:
    """The same where some pipeline can't be kept; without those, any hours can be used somehow."""
    try:
        shortfall = _shortfall(instance, hours, settings, clock)
        drained = frozenset(
            k
            for k, least in shortfall.items()
            if least > DRAINED * max(1.0, instance.territories[k].open)
        )
        first = solved(build(instance, hours, drained), settings, clock, near)
    except InfeasibleError as error:
        raise SolverError("The solver found no way to use hours that can be used") from error
    return HoursUsed(_as_given(first, hours), drained, shortfall, first.proof, first)


def _shortfall(
    instance: Instance, hours: Sequence[Sequence[float]], settings: Settings, clock: Clock
) -> Mapping[int, float]:
    """What each territory must lack of its end pipeline with these hours, in opportunities.

    Territories are independent at fixed hours: none can lack less than in the least sum by more than
    what is left unproven of that sum.
    """
    program, short = least_drain(instance, hours)
    found = solved(program, settings, clock)
    unproven = abs(found.solution.objective - found.bound)
    value = _values(program, found.solution.values)
    return {k: value[var] - unproven for k, var in short.items()}


def _fewest(second: Program, first: SolvedProgram, settings: Settings, clock: Clock) -> SolvedProgram:
    """The second pass, started where the first one ended."""
    matrix = read_off(second)
    try:
        found = solve(second, matrix, settings, clock, _with_moves(first.program, first.solution))
    except InfeasibleError as error:
        raise SolverError("The second pass did not find the split that the first had proven") from error
    return _proven(SolvedProgram(second, matrix, found))


def _settled(second: SolvedProgram, settings: Settings, clock: Clock) -> Solution:
    """The one split of the fewest moves that is shown; the second pass's if rounding is in the way."""
    fewest = second.solution
    last = settled(second.program, fewest.objective * (1 + ROUNDING) + ROUNDING)
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
        return cbc.solve(program, matrix, clock.left, settings.careful)
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
