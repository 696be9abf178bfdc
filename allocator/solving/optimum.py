"""A programme's optimum, proven, and the use of the hours that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from allocator.arrays import Floats
from allocator.certificate import Proof, prove, require_proof
from allocator.instance import Instance
from allocator.outcome import Use
from allocator.program import Program
from allocator.program.matrix import Matrix
from allocator.solving import cbc, highs
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution


@dataclass(frozen=True)
class Solved:
    """A use of the hours and the revenue that its programme found for it, in currency."""

    use: Use
    revenue: float


@dataclass(frozen=True)
class SolvedProgram:
    """A programme and its optimum; the proof is worked out from these, whoever asks for it."""

    program: Program
    solution: Solution

    @property
    def matrix(self) -> Matrix:
        """The programme in numbers."""
        return self.program.matrix

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
        return averaged(self.program.instance, self.as_found)

    @property
    def as_found(self) -> Use:
        """What was decided, as the solver found it."""
        return use_of(self.program, self.solution.values)


def solved(
    program: Program,
    settings: Settings,
    clock: Clock,
    near: SolvedProgram | None = None,
    start: highs.Start | None = None,
) -> SolvedProgram:
    """The optimum of a programme and its proof.

    `near`: one solved before, to start from if alike; `start`: where else.

    Raises `InfeasibleError` where nothing keeps every limit, `SolverError` where the solver stops
    early, `CertificateError` where the optimum is not proven.
    """
    matrix = program.matrix
    if near is not None and near.solution.basis is not None and near.matrix.same_shape(matrix):
        alike = np.array_equal(near.matrix.cost, matrix.cost)
        alike = alike and np.array_equal(near.matrix.value, matrix.value)
        start = highs.Start(near.solution.basis, dual=alike)
    return proven(SolvedProgram(program, solve(program, settings, clock, start)))


def proven(found: SolvedProgram) -> SolvedProgram:
    """The same, once its proof holds; `CertificateError` where it does not."""
    require_proof(found.proof)
    return found


def solve(
    program: Program, settings: Settings, clock: Clock, start: highs.Start | None = None
) -> Solution:
    """The optimum of a programme with the solver chosen; `start` is for HiGHS, CBC starts anew."""
    if settings.solver == "cbc":
        return cbc.solve(program, clock.left, settings.careful)
    return highs.solve(program.matrix, clock.left, start)


def use_of(program: Program, values: Floats) -> Use:
    """Hours, and opportunities created and worked, read off the columns; never below zero."""
    at = np.maximum(values, 0.0)
    created: list[npt.ArrayLike] = [()] * len(program.instance.territories)
    worked = created.copy()
    for blocks in program.blocks:
        there = at[blocks.created], at[blocks.worked]
        for k, found, done in zip(blocks.stamped.territories, *there, strict=True):
            created[k], worked[k] = found, done
    return Use(at[program.x], created, worked)


def averaged(instance: Instance, use: Use) -> Use:
    """The same, with what no fact can tell apart given the same (see `allocator.ordering`)."""
    rows = [row.twin for row in instance.rows]
    territories = [territory.twin for territory in instance.territories]
    if len(set(rows)) == len(rows) and len(set(territories)) == len(territories):
        return use
    return Use(
        hours=_mean_by(rows, np.asarray(use.hours, np.float64)),
        created=_mean_by(territories, use.created),
        worked=_mean_by(territories, use.worked),
    )


def _mean_by(classes: Sequence[int], values: Sequence[npt.ArrayLike] | Floats) -> list[Floats]:
    """Each value replaced by the mean over its class; values of one class have one shape."""
    members: dict[int, list[npt.ArrayLike]] = {}
    for kind, value in zip(classes, values, strict=True):
        members.setdefault(kind, []).append(value)
    mean = {
        kind: np.asarray(alike[0], np.float64) if len(alike) == 1 else np.mean(np.array(alike), axis=0)
        for kind, alike in members.items()
    }
    return [mean[kind] for kind in classes]
