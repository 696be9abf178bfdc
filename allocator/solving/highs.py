"""Optima by HiGHS: from nothing, from a start, with whole numbers, and again with other costs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import highspy
import numpy as np

from allocator.arrays import Floats
from allocator.certificate import TOLERANCE as ALLOWED
from allocator.certificate import prove
from allocator.errors import InfeasibleError, OutOfTimeError, SolverError
from allocator.program.matrix import Matrix
from allocator.program.one_step import Statuses
from allocator.solving.basis import IDLE, LOWER, Basis, basis_of, has_factors
from allocator.solving.settings import Clock
from allocator.solving.solution import OUT_OF_TIME, Solution, solution
from allocator.solving.solver import (
    DUAL_SIMPLEX,
    NEAR,
    PRIMAL_SIMPLEX,
    TOLERANCE,
    Options,
    Solver,
    hand_over,
    loaded,
)

CLEAN = 1e-10
"""The most by which rows are broken, relative, in a split that is shown as it stands."""


@dataclass(frozen=True)
class Start:
    """A vertex to start from: that of a solved programme, or one that may be near the optimum.

    `certain`: HiGHS need not make sure that it is a vertex.

    `values`: where rows and columns were added to the solved programme, the values of all columns; new
    columns above zero, at most one in each new row that is an equation, carry those. `dual`: by dual
    simplex, as where only bounds and sides are others than those of the solved programme.
    """

    basis: Basis
    values: Floats | None = None
    dual: bool = False
    certain: bool = True


def guessed(columns: Statuses, rows: Statuses) -> Start:
    """A start at where columns and rows may stand in the optimum; HiGHS makes a vertex of it."""
    return Start(Basis(columns, rows), dual=True, certain=False)


def where_one_ended(basis: Basis | None, matrix: Matrix) -> Start | None:
    """A start at the vertex of a like programme; None where that has other columns or rows."""
    return Start(basis) if basis is not None and basis.fits(matrix) else None


def solve(matrix: Matrix, seconds: float | None, start: Start | None = None) -> Solution:
    """The optimum of `matrix`: by dual simplex, or by the simplex that suits `start`.

    Starting where the first pass ended makes the second pass some eighty times faster on large
    plans, since only moves are left to weigh. HiGHS can call optimal what breaks rows by a millionth
    (its values and its rows' activities then differ); what is not proven is worked out anew where it
    stands, then solved in the next way, and if none does better, left to whoever asks for the proof.

    Raises `InfeasibleError` where nothing keeps every row, `SolverError` where the solver stops
    without an optimum (`seconds` is its time limit, None for none).
    """
    clock = Clock(seconds)
    unproven: Solution | None = None
    for attempt in _attempts(start):
        highs = _solved(matrix, clock.left, attempt)
        found = _optimum(matrix, highs, clock.left)
        if found is not None and _worst(matrix, found) <= ALLOWED:
            return found
        unproven, status = unproven or found, highs.getModelStatus()
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise OutOfTimeError(OUT_OF_TIME)
        if status == highspy.HighsModelStatus.kInfeasible and not (attempt.start or unproven):
            raise InfeasibleError("no split of the hours keeps every limit")
    if unproven is not None:
        return unproven
    raise SolverError(f"HiGHS stopped without an optimum: {highs.modelStatusToString(status)}")


def _optimum(
    matrix: Matrix, highs: Solver, seconds: float | None, broken: float = ALLOWED
) -> Solution | None:
    """The optimum where HiGHS stands, or None where it has none.

    Its figures are worked out anew where they prove nothing, or break rows by more than `broken`.
    """
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = _solution(matrix, highs)
    proof, _ = prove(matrix, found)
    if proof.worst <= ALLOWED and proof.primal <= broken:
        return found
    highs.run_anew(seconds)
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return _solution(matrix, highs)


def _worst(matrix: Matrix, found: Solution) -> float:
    """How far the proof of an optimum is from perfect."""
    return prove(matrix, found)[0].worst


def _solution(matrix: Matrix, highs: highspy.Highs) -> Solution:
    found = highs.getSolution()
    values, duals = np.array(found.col_value), np.array(found.row_dual)
    return solution(matrix, values, duals, basis_of(highs, matrix, values, np.array(found.row_value)))


@dataclass(frozen=True)
class _Attempt:
    start: Start | None
    presolve: str
    solver: str = "simplex"


def _attempts(start: Start | None) -> Iterator[_Attempt]:
    """The fastest way first; then those that get further where numbers are awkward."""
    if start is not None:
        yield _Attempt(start, "off")
    yield _Attempt(None, "off")
    yield _Attempt(None, "on")
    yield _Attempt(None, "off", solver="ipm")


def _solved(matrix: Matrix, seconds: float | None, attempt: _Attempt) -> Solver:
    start = attempt.start
    primal = start is not None and not start.dual
    further = NEAR if start is not None and start.certain else None
    highs = loaded(matrix, PRIMAL_SIMPLEX if primal else DUAL_SIMPLEX, attempt.presolve, further)
    highs.setOptionValue("solver", attempt.solver)
    if start is not None:
        highs.setBasis(_basis(matrix, start).handed_over(start.certain))
    highs.run_for(seconds)
    return highs


class Standing:
    """A programme that stays in HiGHS, solved again with other costs or sides from where it stopped."""

    def __init__(self, matrix: Matrix, start: Start) -> None:
        """It begins at `start`, for which `matrix` is the larger programme if one was added to."""
        self._asked, self._solved, self._found_here = matrix, False, False
        self._free = loaded(matrix, PRIMAL_SIMPLEX, further=NEAR)
        self._free.setBasis(_basis(matrix, start).handed_over(start.certain))

    def solve(self, asked: Matrix, seconds: float | None, clean: bool = False) -> Solution:
        """The optimum of `asked`, which differs from what was asked before in costs and sides alone.

        By primal simplex at first and where costs differ, by dual simplex where only sides do. `clean`:
        where rounding on the way to the vertex breaks rows by more than `CLEAN`, its figures are worked
        out anew there, which leaves a ten-thousandth of that. Where this comes to nothing, or to nothing
        proven, as `solve` from nothing, with the errors of that.
        """
        free, before = self._free, self._asked
        self._asked = asked
        costs = np.flatnonzero(asked.cost != before.cost).astype(np.int32)
        free.changeColsCost(len(costs), costs, asked.cost[costs])
        sides = (asked.row_least != before.row_least) | (asked.row_most != before.row_most)
        for row in np.flatnonzero(sides).tolist():
            free.changeRowBounds(row, asked.row_least[row], asked.row_most[row])
        primal = len(costs) or not self._solved
        free.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX if primal else DUAL_SIMPLEX)
        self._solved = True
        clock = Clock(seconds)
        free.run_for(clock.left)
        found = _optimum(asked, free, clock.left, CLEAN if clean else ALLOWED)
        self._found_here = found is not None and _worst(asked, found) <= ALLOWED
        return found if found is not None and self._found_here else solve(asked, clock.left)

    def worth(self, cost: Floats) -> Floats | None:
        """The duals that other costs have at the last optimum; None where that is of another solver."""
        if not (self._found_here and has_factors(self._free, self._asked)):
            return None
        basic = np.asarray(self._free.getBasicVariables()[1])
        of_basis = np.where(basic >= 0, cost[np.maximum(basic, 0)], 0.0)
        return np.array(self._free.getBasisTransposeSolve(of_basis)[1])


@dataclass(frozen=True)
class WholeSolution:
    """An optimum in which some columns are whole: its values, and what HiGHS says of its proof.

    `bound`: nothing is better than this objective; `gap` is relative, between it and the optimum's.
    """

    values: Floats
    bound: float
    gap: float


def solve_whole(matrix: Matrix, whole: Collection[int], seconds: float | None) -> WholeSolution:
    """The optimum of `matrix` with the columns `whole` in whole numbers, by branch and cut, gap 0.

    Raises `InfeasibleError` where nothing keeps every row, `SolverError` where HiGHS stops early.
    """
    highs = Solver()
    options: Options = {
        "threads": 1,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": TOLERANCE,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    hand_over(highs, matrix, whole)
    highs.run_for(seconds)
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise InfeasibleError("no whole number keeps every limit")
    if status == highspy.HighsModelStatus.kTimeLimit:
        raise OutOfTimeError(OUT_OF_TIME)
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverError(f"HiGHS stopped without an optimum: {highs.modelStatusToString(status)}")
    values = np.array(highs.getSolution().col_value)
    return WholeSolution(values, float(info.mip_dual_bound), float(info.mip_gap))


def _basis(matrix: Matrix, start: Start) -> Basis:
    """The solved programme's basis; of what was added, new columns above zero and idle rows."""
    solved = start.basis
    if start.values is None:
        return solved
    old_rows, old_columns = len(solved.rows), len(solved.columns)
    used = start.values > 0
    first = matrix.start[old_rows]
    columns, rows = matrix.index[first:], matrix.row_of[first:]
    equal = matrix.row_least == matrix.row_most
    carried = np.zeros(len(equal), np.bool_)
    carried[rows[(columns >= old_columns) & used[columns] & equal[rows]]] = True
    of_new_columns = np.where(used[old_columns:], IDLE, LOWER).astype(np.uint8)
    of_new_rows = np.where(carried[old_rows:], LOWER, IDLE).astype(np.uint8)
    return Basis(
        np.concatenate((solved.columns, of_new_columns)), np.concatenate((solved.rows, of_new_rows))
    )
