"""HiGHS in this process, fed with arrays and open to Ctrl-C."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import highspy
import numpy as np

from allocator.certificate import TOLERANCE as ALLOWED
from allocator.certificate import prove
from allocator.errors import InfeasibleError, SolverError
from allocator.interrupts import stop_if_asked, undisturbed
from allocator.solving.matrix import Floats, Matrix
from allocator.solving.solution import OUT_OF_TIME, Solution, solution

TOLERANCE = 1e-9
POLL_SECONDS = 0.05
STOP_SECONDS = 1.5
ONE_AT_A_TIME = threading.Lock()
"""Of all the process's threads: highspy has one lock for all its solvers, and refuses a second."""


PRIMAL_SIMPLEX, DUAL_SIMPLEX = 4, 1


@dataclass(frozen=True)
class Start:
    """A vertex to start from: that of a solved programme, which rows and columns were added to.

    `values` are those of the larger programme: new columns above zero, at most one in each new row,
    carry their rows. None where nothing was added.
    """

    solved: Solution
    values: Floats | None = None


def solve(matrix: Matrix, seconds: float | None, start: Start | None = None) -> Solution:
    """The optimum of `matrix`: by dual simplex, or by primal simplex from `start`.

    Starting where the first pass ended makes the second pass some eighty times faster on large
    plans, since only moves are left to weigh. HiGHS can call optimal what breaks rows by a millionth
    (its values and its rows' activities then differ); what is not proven is solved in the next way,
    and if none does better, left to whoever asks for the proof.

    Raises `InfeasibleError` where nothing keeps every row, `SolverError` where the solver stops
    without an optimum (`seconds` is its time limit, None for none).
    """
    began = time.monotonic()
    unproven: Solution | None = None
    for attempt in _attempts(start):
        left = None if seconds is None else max(0.0, seconds - (time.monotonic() - began))
        highs = _solved(matrix, left, attempt)
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            found = _solution(matrix, highs)
            if prove(matrix, found)[0].worst <= ALLOWED:
                return found
            unproven = unproven or found
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise SolverError(OUT_OF_TIME)
        if status == highspy.HighsModelStatus.kInfeasible and not (attempt.start or unproven):
            raise InfeasibleError("no split of the hours keeps every limit")
    if unproven is not None:
        return unproven
    raise SolverError(f"HiGHS stopped without an optimum: {highs.modelStatusToString(status)}")


def _solution(matrix: Matrix, highs: highspy.Highs) -> Solution:
    found = highs.getSolution()
    values, duals = np.array(found.col_value), np.array(found.row_dual)
    return solution(matrix, values, duals, highs.getBasis())


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


def _solved(matrix: Matrix, seconds: float | None, attempt: _Attempt) -> highspy.Highs:
    highs = loaded(matrix, PRIMAL_SIMPLEX if attempt.start else DUAL_SIMPLEX, attempt.presolve)
    highs.setOptionValue("solver", attempt.solver)
    if seconds is not None:
        highs.setOptionValue("time_limit", seconds)
    if attempt.start is not None:
        highs.setBasis(_basis(matrix, attempt.start))
    run(highs)
    return highs


def loaded(matrix: Matrix, strategy: int, presolve: str = "off") -> highspy.Highs:
    """HiGHS with a programme to solve and how to solve it."""
    highs = _Quiet()
    options: dict[str, bool | int | float | str] = {
        "presolve": presolve,
        "solver": "simplex",
        "threads": 1,
        "simplex_strategy": strategy,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    _hand_over(highs, matrix)
    return highs


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
    highs = _Quiet()
    options: dict[str, bool | int | float | str] = {
        "threads": 1,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": TOLERANCE,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
    }
    if seconds is not None:
        options["time_limit"] = seconds
    for name, value in options.items():
        highs.setOptionValue(name, value)
    _hand_over(highs, matrix, whole)
    run(highs)
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise InfeasibleError("no whole number keeps every limit")
    if status == highspy.HighsModelStatus.kTimeLimit:
        raise SolverError(OUT_OF_TIME)
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverError(f"HiGHS stopped without an optimum: {highs.modelStatusToString(status)}")
    values = np.array(highs.getSolution().col_value)
    return WholeSolution(values, float(info.mip_dual_bound), float(info.mip_gap))


class _Quiet(highspy.Highs):  # type: ignore[misc]
    """HiGHS without its banner, which it prints at the first call unless output is off by then."""

    def enableCallbacks(self) -> None:  # noqa: N802 (HiGHS calls it so)
        self.silent()
        super().enableCallbacks()


def _hand_over(highs: highspy.Highs, matrix: Matrix, whole: Collection[int] = ()) -> None:
    """Give HiGHS the arrays as they are; the columns `whole` are to be whole numbers."""
    kinds = np.zeros(len(matrix.cost), dtype=np.int32)
    kinds[list(whole)] = int(highspy.HighsVarType.kInteger)
    sense = highspy.ObjSense.kMaximize if matrix.maximize else highspy.ObjSense.kMinimize
    highs.passModel(
        len(matrix.cost),
        len(matrix.row_least),
        len(matrix.value),
        int(highspy.MatrixFormat.kRowwise),
        int(sense),
        matrix.constant,
        matrix.cost,
        matrix.least,
        matrix.most,
        matrix.row_least,
        matrix.row_most,
        matrix.start,
        matrix.index,
        matrix.value,
        kinds,
    )


def _basis(matrix: Matrix, start: Start) -> highspy.HighsBasis:
    """The solved programme's basis; of what was added, new columns above zero and idle rows."""
    status, solved = highspy.HighsBasisStatus, start.solved.basis
    assert isinstance(solved, highspy.HighsBasis)
    if start.values is None:
        return solved
    old_rows, old_columns = len(solved.row_status), len(solved.col_status)
    used = start.values > 0
    added = slice(matrix.start[old_rows], None)
    columns = matrix.index[added]
    carried = set(matrix.row_of[added][(columns >= old_columns) & used[columns]].tolist())
    basis = highspy.HighsBasis()
    basis.col_status = [
        *solved.col_status,
        *(status.kBasic if in_use else status.kLower for in_use in used[old_columns:]),
    ]
    basis.row_status = [
        *solved.row_status,
        *(
            status.kLower if row in carried else status.kBasic
            for row in range(old_rows, len(matrix.row_least))
        ),
    ]
    basis.valid = True
    return basis


def run(highs: highspy.Highs) -> None:
    """Run in a thread, so that Ctrl-C reaches Python while the solver works, one after the other."""
    with ONE_AT_A_TIME:
        while highs.is_solver_running():  # one that was cancelled, and takes its time
            time.sleep(POLL_SECONDS)
            stop_if_asked()
        _run(highs)


def _run(highs: highspy.Highs) -> None:
    highs.HandleUserInterrupt = True
    thread: threading.Thread | None = None
    try:
        with undisturbed():
            thread = highs.startSolve()
        while not highs.wait(POLL_SECONDS)[0]:
            stop_if_asked()
    except BaseException:
        with undisturbed():
            highs.cancelSolve()
            if thread is not None:
                thread.join(STOP_SECONDS)
        raise
