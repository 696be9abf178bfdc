"""A solved programme, kept: its blocks are solved again from their own optimum when a limit changes.

Territories meet only through shared reps, so a programme falls into blocks that share no row. What
changes in one block is answered by that block alone, starting from the vertex where it stopped,
which takes a few steps of the simplex method in place of thousands. HiGHS does this, whichever
solver found the optimum.
"""

from __future__ import annotations

from functools import cached_property

import highspy
import numpy as np

from allocator.arrays import Integers
from allocator.certificate import Solves, prove, require_proof
from allocator.errors import CertificateError, InfeasibleError
from allocator.program.matrix import Matrix, Sides
from allocator.solving import highs
from allocator.solving.frontier import Frontier
from allocator.solving.optimum import SolvedProgram
from allocator.solving.settings import Clock
from allocator.solving.solution import Solution
from allocator.solving.vertex import Vertex


class Kept:
    """A solved programme by its blocks; each is taken to the solver when it is first asked about."""

    def __init__(self, whole: SolvedProgram, clock: Clock) -> None:
        """`clock` is the time that all further solving may take."""
        self.whole = whole
        self.solves = Solves()
        self._clock = clock
        self._labels = whole.matrix.blocks()
        self._blocks: dict[int, _Block] = {}

    def gain(self, sides: Sides) -> float | None:
        """What the optimum gains, in the plan's currency, where rows get other sides.

        None where nothing keeps them. Blocks without any of the rows gain nothing.
        """
        by_block: dict[int, dict[int, tuple[float, float]]] = {}
        for row, side in sides.items():
            by_block.setdefault(int(self._labels[1][row]), {})[row] = side
        gained = 0.0
        for label, mine in by_block.items():
            block = self._block(label)
            try:
                gained += block.optimum_with(mine) - block.optimum
            except InfeasibleError:
                return None
        return gained * self.whole.program.money

    def extremes(self, column: int, given_up: float) -> tuple[float, float]:
        """The least and the most that a column can be while at most `given_up` revenue is given up.

        Revenue is in the plan's currency; what is given up can be given up in the column's block.
        """
        block = self._block(int(self._labels[0][column]))
        floor = block.optimum - given_up / self.whole.program.money
        return block.extreme(column, -1.0, floor), block.extreme(column, 1.0, floor)

    def _block(self, label: int) -> _Block:
        if label not in self._blocks:
            columns, rows = (np.flatnonzero(labels == label) for labels in self._labels)
            self._blocks[label] = _Block(self, columns.astype(np.int32), rows.astype(np.int32))
        return self._blocks[label]

    def proven(self, matrix: Matrix, found: Solution) -> Solution:
        """The solution, counted, once its proof holds."""
        proof, _ = prove(matrix, found)
        require_proof(proof)
        self.solves = self.solves.and_one(proof.worst)
        return found

    @property
    def seconds(self) -> float | None:
        """What is left of the time for solving; None without a limit."""
        return self._clock.left


class _Block:
    """Some columns and rows of a programme that share nothing with the others."""

    def __init__(self, kept: Kept, columns: Integers, rows: Integers) -> None:
        self._kept = kept
        self._row_at = {int(row): at for at, row in enumerate(rows)}
        self._column_at = {int(column): at for at, column in enumerate(columns)}
        self._matrix = kept.whole.matrix.cut(columns, rows)
        found = kept.whole.solution.cut(columns, rows)
        if found.basis is None:
            found = highs.solve(self._matrix, kept.seconds)
        assert isinstance(found.basis, highspy.HighsBasis)
        self._basis, self._duals = found.basis, found.duals
        self.optimum = float(np.dot(self._matrix.cost, found.values))

    def optimum_with(self, sides: Sides) -> float:
        """The block's optimum where some of its rows have other sides; the rest is as it was."""
        mine = {self._row_at[row]: side for row, side in sides.items()}
        found = self._vertex.solve(mine, self._kept.seconds)
        return self._kept.proven(self._matrix.with_sides(mine), found).objective

    def extreme(self, column: int, direction: float, floor: float) -> float:
        """The most (direction 1) or the least (-1) of a column with an objective of `floor` or more."""
        at = self._column_at[column]
        asked = self._frontier.asked(at, direction, floor)
        try:
            found = self._frontier.solve(at, direction, floor, self._kept.seconds)
            proven = self._kept.proven(asked, found)
        except CertificateError:
            proven = self._kept.proven(asked, highs.solve(asked, self._kept.seconds))
        return direction * proven.objective

    @cached_property
    def _vertex(self) -> Vertex:
        return Vertex(self._matrix, self._basis)

    @cached_property
    def _frontier(self) -> Frontier:
        return Frontier(self._matrix, self._basis, self._duals)
