"""What a solver answers, with one meaning whichever solver it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import ref

import highspy
import numpy as np

from allocator.arrays import Floats
from allocator.program.matrix import Matrix

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
    proofs: list[tuple[ref[Matrix], Any]] = field(
        init=False, default_factory=list, compare=False, repr=False
    )
    """What was proven of exactly these numbers, by the programme; a changed copy has none."""

    def __getstate__(self) -> dict[str, object]:
        """What travels to other processes: HiGHS's record does not, but what it says."""
        basis = None if self.basis is None else packed(self.basis)
        return {**self.__dict__, "basis": basis, "proofs": []}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what has travelled."""
        basis = state["basis"]
        self.__dict__.update(state, basis=None if basis is None else unpacked(*basis))


def solution(matrix: Matrix, values: Floats, duals: Floats, basis: object = None) -> Solution:
    """A solution whose objective is computed from its values, not taken from the solver."""
    return Solution(values, duals, float(np.dot(matrix.cost, values)) + matrix.constant, basis)


IDLE = int(highspy.HighsBasisStatus.kBasic)
"""Where a row stands that holds nothing back."""
SPENT = int(highspy.HighsBasisStatus.kUpper)
"""Where a row stands of which nothing is left."""
STATUSES = tuple(highspy.HighsBasisStatus(number) for number in range(5))


def packed(basis: object) -> tuple[bytes, bytes]:
    """HiGHS's basis as it travels between processes: the status of each column, then of each row."""
    assert isinstance(basis, highspy.HighsBasis)
    return bytes(map(int, basis.col_status)), bytes(map(int, basis.row_status))


def unpacked(columns: Sequence[int], rows: Sequence[int]) -> highspy.HighsBasis:
    """The vertex at which columns and rows stand so; HiGHS takes it for one without making sure."""
    basis = highspy.HighsBasis()
    basis.col_status = [STATUSES[at] for at in columns]
    basis.row_status = [STATUSES[at] for at in rows]
    basis.valid, basis.alien = True, False
    return basis
