"""Optima by the interior-point method alone: in the middle of all that are as good, at no vertex.

Where very many solutions are equally good, vertices are slow to get past, and the middle will do.
"""

from __future__ import annotations

import highspy
import numpy as np

from allocator.errors import OutOfTimeError, SolverError
from allocator.program.matrix import Matrix
from allocator.solving.solution import OUT_OF_TIME, Solution, solution
from allocator.solving.solver import DUAL_SIMPLEX, Options, loaded

CLOSE = 1e-9
"""How near the objective and the bound of the duals come, relative."""
DEPENDENT_EQUATIONS = 1 << 10
"""What HiGHS's presolve is not to look for, by its bit: there are none, and the search takes longer than
all else in presolve."""


def solve(matrix: Matrix, seconds: float | None) -> Solution:
    """The optimum of `matrix`, without a basis. What can't move is not looked at, nor are its own rows.

    The method needs room: it may find nothing where limits leave next to none between them. Raises
    `SolverError` where it stops without an optimum (`seconds` is its time limit, None for none).
    """
    free = matrix.least < matrix.most
    values, duals = np.where(free, 0.0, matrix.least), np.zeros(len(matrix.row_least))
    columns = np.flatnonzero(free).astype(np.int32)
    alone, rows = matrix.less(matrix.activity(values)).of_columns(columns)
    highs = loaded(alone, DUAL_SIMPLEX, presolve="on")
    options: Options = {
        "solver": "ipm",
        "run_crossover": "off",
        "ipm_optimality_tolerance": CLOSE,
        "presolve_rule_off": DEPENDENT_EQUATIONS,
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.run_for(seconds)
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kTimeLimit:
        raise OutOfTimeError(OUT_OF_TIME)
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverError(f"HiGHS stopped without an optimum: {highs.modelStatusToString(status)}")
    found = highs.getSolution()
    values[columns], duals[rows] = found.col_value, found.row_dual
    return solution(matrix, values, duals)
