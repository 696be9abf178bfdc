"""A block of a solved programme, solved again from its own optimum when a limit changes.

Territories meet only through shared reps, so a programme falls into blocks that share no row. What
changes in one block is answered by that block alone, starting from the vertex where it stopped,
which takes a few steps of the simplex method in place of thousands. HiGHS does this, whichever
solver found the optimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocator.arrays import Floats
from allocator.certificate import Solves, prove, require_proof
from allocator.errors import CertificateError, InfeasibleError
from allocator.program.matrix import Matrix, Sides
from allocator.solving import highs
from allocator.solving.basis import Basis
from allocator.solving.frontier import Frontier
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution
from allocator.solving.vertex import Vertex


@dataclass(frozen=True)
class Optimal:
    """Rows and columns of a programme that share nothing with the others, and where their optimum is."""

    matrix: Matrix
    values: Floats
    duals: Floats
    basis: Basis

    @property
    def objective(self) -> float:
        """The optimum, in the programme's own unit."""
        return float(np.dot(self.matrix.cost, self.values))


class Block:
    """A block where it is solved again. `solves` says what stands behind its answers so far."""

    def __init__(self, optimal: Optimal, _settings: Settings) -> None:
        """A block of which nothing was asked yet; HiGHS solves it, whatever else was chosen."""
        self.clock = Clock(None)
        self.solves = Solves()
        self._optimal = optimal
        self._matrix = optimal.matrix
        self._vertex: Vertex | None = None
        self._frontier: Frontier | None = None

    def optimum_with(self, sides: Sides) -> float:
        """The optimum where some rows have other sides; the rest is as it was.

        Raises `InfeasibleError` where nothing keeps every row.
        """
        if self._vertex is None:
            self._vertex = Vertex(self._matrix, self._optimal.basis)
        found = self._vertex.solve(sides, self.clock.left)
        return self._proven(self._matrix.with_sides(sides), found).objective

    def extreme(self, column: int, direction: float, floor: float) -> float:
        """The most (direction 1) or the least (-1) of a column with an objective of `floor` or more."""
        if self._frontier is None:
            self._frontier = Frontier(self._matrix, self._optimal.basis, self._optimal.duals)
        asked = self._frontier.asked(column, direction, floor)
        try:
            found = self._frontier.solve(column, direction, floor, self.clock.left)
            proven = self._proven(asked, found)
        except CertificateError:
            proven = self._proven(asked, highs.solve(asked, self.clock.left))
        return direction * proven.objective

    def rest(self) -> None:
        """Let go of the solvers; what they were asked is not asked again."""
        self._vertex = self._frontier = None

    def _proven(self, matrix: Matrix, found: Solution) -> Solution:
        """The solution, counted, once its proof holds."""
        proof, _ = prove(matrix, found)
        require_proof(proof)
        self.solves = self.solves.and_one(proof.worst)
        return found


@dataclass(frozen=True)
class Asked:
    """How far a column can go while the block's objective is `floor` or more."""

    column: int
    floor: float


def find_optima(block: Block, asked: Sequence[Sides]) -> tuple[list[float | None], Solves]:
    """The optimum with each of these sides, None where nothing keeps them; what stands behind them."""
    return [_optimum(block, sides) for sides in asked], block.solves


def _optimum(block: Block, sides: Sides) -> float | None:
    try:
        return block.optimum_with(sides)
    except InfeasibleError:
        return None


def find_extremes(block: Block, asked: Sequence[Asked]) -> tuple[list[tuple[float, float]], Solves]:
    """The least and the most of each; what stands behind them."""
    return [
        (block.extreme(one.column, -1.0, one.floor), block.extreme(one.column, 1.0, one.floor))
        for one in asked
    ], block.solves
