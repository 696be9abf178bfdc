"""What a solver answers, with one meaning whichever solver it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.solving.matrix import Floats, Matrix

OUT_OF_TIME = (
    "The time limit was reached before the best split was found, and a split that may not be the best "
    "is not shown. Allow more time with --time-limit"
)


@dataclass(frozen=True)
class Solution:
    """An optimum: the value of each column, the dual of each row, and the objective.

    `duals` is ∂objective/∂(right-hand side) for either sense and either solver: a capacity that is
    worth money has a positive dual when money is maximized. `basis` is the solver's own record of
    the vertex, for starting again from it; None where the solver keeps none.
    """

    values: Floats
    duals: Floats
    objective: float
    basis: object = None


def solution(matrix: Matrix, values: Floats, duals: Floats, basis: object = None) -> Solution:
    """A solution whose objective is computed from its values, not taken from the solver."""
    return Solution(values, duals, float(np.dot(matrix.cost, values)) + matrix.constant, basis)
