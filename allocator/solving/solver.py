"""HiGHS without its banner, given a programme as arrays, and open to Ctrl-C."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import highspy
import numpy as np

from allocator.interrupts import stoppable
from allocator.program.matrix import Matrix

TOLERANCE = 1e-9
PRIMAL_SIMPLEX, DUAL_SIMPLEX = 4, 1
Options = dict[str, bool | int | float | str]


NEAR: Options = {"simplex_scale_strategy": 0, "simplex_dual_edge_weight_strategy": 1}
"""For who starts near the optimum: scaling, and weighing all edges of a vertex by their true lengths
(in place of Devex), then take longer than the steps that they save."""

EXACT: Options = {"primal_simplex_bound_perturbation_multiplier": 0.0}
"""For who starts at a vertex with a few columns to bring in: bounds as they are, since to blur them
against steps that lead nowhere, and to mend that in the end, takes longer than these few steps."""


def loaded(
    matrix: Matrix, strategy: int, presolve: str = "off", further: Options | None = None
) -> Solver:
    """HiGHS with a programme to solve, how to solve it, and `further` options."""
    highs = Solver()
    options: Options = {
        "presolve": presolve,
        "solver": "simplex",
        "threads": 1,
        "simplex_strategy": strategy,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
    }
    for name, value in {**options, **(further or {})}.items():
        highs.setOptionValue(name, value)
    hand_over(highs, matrix)
    return highs


class Solver(highspy.Highs):  # type: ignore[misc]
    """HiGHS without its banner, any number of them side by side, and each can be stopped.

    highspy's own way to be interrupted has one lock for all solvers of a process, and calls Python at
    each step of the simplex method, which has to wait for whatever else Python does. So a solver is
    run as it is, and stopped by its time limit, which simplex looks at in each step; the other methods
    take fewer and longer steps, and are asked at each.
    """

    def __init__(self) -> None:
        """A solver without a programme."""
        super().__init__()
        self._stopped = False
        self.setCallback(_stop_if_told, self)
        for kind in (_Asking.kCallbackIpmInterrupt, _Asking.kCallbackMipInterrupt):
            self.startCallback(kind)

    def enableCallbacks(self) -> None:  # noqa: N802 (HiGHS calls it so)
        """Keep quiet: the banner comes with this call, at the start, unless output is off by then."""
        self.silent()

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stopped

    def run_for(self, seconds: float | None) -> None:
        """Run, for so long at most (None: without limit), from where it stands."""
        self._stopped = False
        limit = highspy.kHighsInf if seconds is None else self.getRunTime() + seconds
        self.setOptionValue("time_limit", limit)
        stoppable(super(highspy.Highs, self).run, self._stop)

    def run_anew(self, seconds: float | None) -> None:
        """Work out the figures of the vertex where it stands anew, within so long at most.

        Rounding on the way there is in them else; anew, a ten-thousandth of it is left, or less.
        """
        self.setBasis(self.getBasis())
        self.run_for(seconds)

    def _stop(self) -> None:
        self._stopped = True
        self.setOptionValue("time_limit", 0.0)


_Asking = highspy.cb.HighsCallbackType


def _stop_if_told(_kind: object, _said: str, _known: object, answer: Any, solver: Solver) -> None:  # noqa: ANN401
    """HiGHS's callback: whether a solver should go on."""
    if answer is not None and solver.stopped:
        answer.user_interrupt = True


def hand_over(highs: highspy.Highs, matrix: Matrix, whole: Collection[int] = ()) -> None:
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
