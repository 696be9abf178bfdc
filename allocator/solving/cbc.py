"""CBC as a process of its own, through PuLP's files, with nothing left behind."""

from __future__ import annotations

import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pulp

from allocator.arrays import Floats
from allocator.errors import InfeasibleError, OutOfTimeError, SolverError
from allocator.interrupts import undisturbed
from allocator.program import Program
from allocator.program.in_pulp import in_pulp
from allocator.solving.solution import OUT_OF_TIME, Solution, solution

TOLERANCE = "1e-9"


def solve(program: Program, seconds: float | None, careful: bool = False) -> Solution:
    """The optimum of `program`.

    Raises `InfeasibleError` where nothing keeps every row, `SolverError` where CBC stops without
    an optimum (`seconds` is its time limit, None for none). `careful`: with presolve, which takes
    longer and can leave less of a row broken.
    """
    cbc = pulp.COIN_CMD(path=pulp.PULP_CBC_CMD.pulp_cbc_path, msg=False)
    problem, variables = in_pulp(program)
    matrix = program.matrix
    with _folder() as folder:
        model, status, numbers = (folder / name for name in ("model.mps", "status", "numbers"))
        try:
            columns, _, _, _ = problem.writeMPS(str(model), rename=1)
        except OSError as error:
            message = f"CBC's files can't be written to {folder.parent}: {error.strerror}"
            raise SolverError(message) from error
        command = [cbc.path, str(model)]
        if matrix.maximize:
            command.append("-max")
        if seconds is not None:
            command += ["-sec", f"{max(seconds, 0.01):.2f}"]
        command += ["-primalT", TOLERANCE, "-dualT", TOLERANCE]
        command += ["-presolve", "more" if careful else "off"]
        command += ["-solve", "-solution", str(status), "-saveSolution", str(numbers)]
        _run(command, seconds)
        if not (status.exists() and status.stat().st_size):
            raise SolverError("CBC ended without an answer; is there room for temporary files?")
        _, ended = cbc.get_status(str(status))
        if ended == pulp.LpSolutionInfeasible:
            raise InfeasibleError("no split of the hours keeps every limit")
        if ended != pulp.LpSolutionOptimal and seconds is not None:
            raise OutOfTimeError(OUT_OF_TIME)
        if ended != pulp.LpSolutionOptimal:
            raise SolverError(f"CBC stopped without an optimum: {pulp.LpSolution[ended]}")
        values, duals = _numbers(numbers.read_bytes())
    # PuLP writes no column that stands in no row and earns nothing: those stay at their lower bound.
    written = dict(zip(columns, values.tolist(), strict=True))
    pairs = zip(variables, matrix.least.tolist(), strict=True)
    return solution(matrix, np.array([written.get(var, least) for var, least in pairs]), duals)


def _numbers(saved: bytes) -> tuple[Floats, Floats]:
    """Column values and row duals from CBC's binary solution, which keeps all their digits.

    It holds the counts of rows and columns, the objective, and then the rows' activities, the
    rows' duals, the columns' values and their reduced costs, as doubles.
    """
    head = struct.Struct("<iid")
    rows, columns, _ = head.unpack_from(saved) if len(saved) >= head.size else (0, 0, 0.0)
    if not rows or len(saved) < head.size + 2 * (rows + columns) * np.float64().itemsize:
        raise SolverError("CBC's answer is cut short; is there room for temporary files?")
    numbers = np.frombuffer(saved, "<f8", offset=head.size)
    return numbers[2 * rows : 2 * rows + columns].copy(), numbers[rows : 2 * rows].copy()


def _run(command: list[str], seconds: float | None) -> None:
    """Run CBC in its own session for so long at most; whatever interrupts us ends it as well."""
    process: subprocess.Popen[bytes] | None = None
    try:
        with undisturbed():
            process = subprocess.Popen(  # noqa: S603 (no shell, and every word of it is ours)
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise OutOfTimeError(OUT_OF_TIME) from error
    finally:
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for CBC's files that goes with them, whatever comes between."""
    made: tempfile.TemporaryDirectory[str] | None = None
    try:
        with undisturbed():
            made = tempfile.TemporaryDirectory(prefix="allocate-")
        yield Path(made.name)
    finally:
        with undisturbed():
            if made is not None:
                made.cleanup()
