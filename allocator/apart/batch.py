"""A batch where it is solved: both passes, and what it takes to ask them further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart.dividing import Piece
from allocator.arrays import Floats
from allocator.program import Program, both_passes
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.passes import Moving
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import start_of


@dataclass(frozen=True)
class Weights:
    """What a batch minimizes: `moves` × hours moved − `revenue` × revenue + Σ `shared` × shared hours.

    Revenue is in the plan's currency. `shared` are prices on the hours of reps whom other batches have
    as well, rep by rep and step by step.
    """

    moves: float
    revenue: float
    shared: Floats | None = None


class Batch:
    """A batch where it is solved, with what it takes to ask it further."""

    def __init__(self, piece: Piece, settings: Settings) -> None:
        """`shared` are the rows of capacities of reps whom other batches have as well.

        They are there rep by rep and step by step.
        """
        self.case, self.settings = piece.case, settings
        reps, steps = len(self.case.instance.reps), self.case.instance.steps
        self.shared = [r + t * reps for r in piece.overlays for t in range(steps)]
        self.clock = Clock(None)
        self._allotments, self._allotted = 0, np.zeros(0)
        self._first: SolvedProgram | None = None
        self._counted: Program | None = None
        self._pricing: Pricing | None = None

    # Not `cached_property`, which until Python 3.12 has one lock for the batches of all threads.

    def allot(self, hours: Sequence[Floats]) -> None:
        """Let the overlay reps have the last of these hours at most, rep by rep and step by step.

        The ones before belong to it: the first pass starts anew where it ended with them.
        """
        for each in hours[self._allotments :]:
            self._allotments += 1
            self._allotted, self._pricing = each, None
            self._first = self._solved(self._first)

    @property
    def first(self) -> SolvedProgram:
        """The first pass: the most that the batch earns."""
        if self._first is None:
            self._first = self._solved(None)
        return self._first

    def _solved(self, near: SolvedProgram | None) -> SolvedProgram:
        program = self.case.program()
        if self.shared:
            most = program.matrix.row_most.copy()
            most[self.shared] = self._allotted
            program = program.changed(replace(program.matrix, row_most=most))
        program, self._counted = both_passes(program)
        start = None if near else start_of(self.case, program, self.settings, self.clock)
        return solved(program, self.settings, self.clock, near, start)

    def weighed(self, weights: Sequence[Weights]) -> Pricing:
        """The second pass, at the last of the weights if there are any."""
        if self._pricing is None:
            moves = Moving(self.first, self.settings, self._counted, stays=bool(self.shared))
            self._pricing = Pricing(moves, self.shared)
        for each in weights[self._pricing.count :]:
            self._pricing.set(each, self.clock)
        return self._pricing


class Pricing:
    """A batch's second pass with weights in its objective, each of which starts where the last ended.

    `count` weights were set; `asked` is the programme with the last of them, `found` its optimum.
    """

    def __init__(self, moves: Moving, shared: Sequence[int]) -> None:
        self.moves, self._shared = moves, shared
        first = moves.first
        self.count = 0
        case, matrix = first.program.instance, self.moves.program.matrix
        # Prices, not allotments, say how many of the shared hours are used; all of them at most.
        reps = len(case.reps)
        most = {row: (-np.inf, case.reps[row % reps].capacity / case.steps) for row in shared}
        self.asked = self.moves.program.changed(matrix.with_sides(most))
        self._moved, self._earned = matrix.cost, np.zeros(len(matrix.cost))
        self._earned[: first.program.columns] = first.matrix.cost * first.program.money

    def set(self, weights: Weights, clock: Clock) -> None:
        """Minimize what these weights say."""
        cost = weights.moves * self._moved - weights.revenue * self._earned
        if weights.shared is not None:
            matrix = self.asked.matrix
            prices = np.zeros(len(matrix.row_least))
            prices[self._shared] = weights.shared
            cost = cost + matrix.priced(prices)
        self.asked = self.asked.minimizing(cost)
        self.found = self.moves.solve(self.asked, clock)
        self.count += 1
