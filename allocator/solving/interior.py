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


def solve(matrix: Matrix, seconds: float | None) -> Solution:
    """The optimum of `matrix`, without a basis.

    The method needs room: it may find nothing where limits leave next to none between them. Raises
    `SolverError` where it stops without an optimum (`seconds` is its time limit, None for none).
    """
    highs = loaded(matrix, DUAL_SIMPLEX, presolve="on")
    options: Options = {
        "solver": "ipm",
        "run_crossover": "off",
        "ipm_optimality_tolerance": CLOSE,
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
    return solution(matrix, np.array(found.col_value), np.array(found.row_dual))
