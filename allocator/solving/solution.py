"""What a solver answers, with one meaning whichever solver it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import ref

import numpy as np

from allocator.arrays import Floats
from allocator.program.matrix import Matrix
from allocator.solving.basis import Basis

OUT_OF_TIME = (
    "The time limit was reached before the best split was found, and a split that may not be the best "
    "is not shown. Allow more time with --time-limit"
)


@dataclass(frozen=True)
class Solution:
    """An optimum: the value of each column, the dual of each row, and the objective.

    `duals` is ∂objective/∂(right-hand side) for either sense and either solver: a capacity that is
    worth money has a positive dual when money is maximized. `basis` is the vertex, for
    starting again from it; None where the solver keeps none. `steps`: those that the simplex method
    took, where they were counted.
    """

    values: Floats
    duals: Floats
    objective: float
    basis: Basis | None = None
    steps: int = 0
    proofs: list[tuple[ref[Matrix], Any]] = field(
        init=False, default_factory=list, compare=False, repr=False
    )
    """What was proven of exactly these numbers, by the programme; a changed copy has none."""

    @property
    def vertex(self) -> Basis:
        """The basis, of a solution that has one: whatever HiGHS's simplex method found."""
        assert self.basis is not None
        return self.basis

    def __getstate__(self) -> dict[str, object]:
        """What travels to other processes."""
        return {**self.__dict__, "proofs": []}


def solution(
    matrix: Matrix, values: Floats, duals: Floats, basis: Basis | None = None, steps: int = 0
) -> Solution:
    """A solution whose objective is computed from its values, not taken from the solver."""
    return Solution(values, duals, float(np.dot(matrix.cost, values)) + matrix.constant, basis, steps)
