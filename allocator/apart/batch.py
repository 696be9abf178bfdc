"""A batch where it is solved: both passes, and what it takes to ask them further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocator.apart.dividing import Piece
from allocator.arrays import Floats
from allocator.certificate import Proof
from allocator.program import Program, both_passes, with_capacities, with_hours_priced
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.passes import Moving
from allocator.solving.settings import Clock, Settings
from allocator.solving.start import Prices, start_of


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
    """A batch where it is solved, with what it takes to ask it further.

    `overlays` are the reps in it whose hours other batches share.
    """

    def __init__(self, piece: Piece, settings: Settings) -> None:
        """A batch of which nothing is known yet."""
        self.case, self.settings, self.overlays = piece.case, settings, piece.overlays
        self.clock = Clock(None)
        self._best: SolvedProgram | None = None
        self._counted: Program | None = None
        self._pricing: Pricing | None = None

    # Not `cached_property`, which until Python 3.12 has one lock for the batches of all threads.

    @property
    def best(self) -> SolvedProgram:
        """The first pass: the most that the batch earns."""
        if self._best is None:
            program, self._counted = both_passes(self.case.program())
            start = start_of(self.case, program, self.settings, self.clock)
            self._best = solved(program, self.settings, self.clock, start=start)
        return self._best

    def best_with(self, allotted: Floats) -> SolvedProgram:
        """The most that it earns with so many of the shared hours, rep by rep and step by step."""
        program = with_capacities(self.case.program(), self.by_rep(allotted))
        start = start_of(self.case, program, self.settings, self.clock)
        return solved(program, self.settings, self.clock, start=start)

    def by_rep(self, shared: Floats) -> dict[int, Floats]:
        """What is given rep by rep and step by step, by number of the rep."""
        return dict(zip(self.overlays, shared.reshape(-1, self.case.instance.steps), strict=True))

    def weighed(self, weights: Sequence[Weights]) -> Pricing:
        """The second pass, at the last of the weights if there are any."""
        if self._pricing is None:
            self._pricing = self._priced(weights[0]) if self.overlays else self._unpriced()
        for each in weights[self._pricing.count :]:
            self._pricing.set(each, self.clock)
        return self._pricing

    def _unpriced(self) -> Pricing:
        return Pricing(self, Moving(self.best, self.settings, self._counted), self.best.proof)

    def _priced(self, weights: Weights) -> Pricing:
        """From the most that is earned less what shared hours cost, by the first weights set."""
        program, counted = both_passes(self.case.program())
        assert weights.shared is not None
        prices = Prices(self.by_rep(weights.shared / weights.revenue))
        priced = with_hours_priced(program, prices.of_reps)
        start = start_of(self.case, priced, self.settings, self.clock, prices)
        best = solved(priced, self.settings, self.clock, start=start)
        first = SolvedProgram(program, best.solution)
        return Pricing(self, Moving(first, self.settings, counted, stays=True), best.proof)


class Pricing:
    """A batch's second pass with weights in its objective, each of which starts where the last ended.

    `count` weights were set; `asked` is the programme with the last of them, `found` its optimum.
    `proof` is that of the vertex which it all started from. `shared` are the rows of shared hours.
    """

    def __init__(self, batch: Batch, moves: Moving, proof: Proof) -> None:
        self.moves, self.proof = moves, proof
        first = moves.first
        self.count = 0
        self.asked, matrix = moves.program, moves.program.matrix
        rows = [first.program.capacity_rows(r) for r in batch.overlays]
        self.shared = np.concatenate(rows) if rows else np.zeros(0, np.int32)
        self._moved, self._earned = matrix.cost, np.zeros(len(matrix.cost))
        self._earned[: first.program.columns] = first.matrix.cost * first.program.money

    def set(self, weights: Weights, clock: Clock) -> None:
        """Minimize what these weights say."""
        cost = weights.moves * self._moved - weights.revenue * self._earned
        if weights.shared is not None:
            matrix = self.asked.matrix
            prices = np.zeros(len(matrix.row_least))
            prices[self.shared] = weights.shared
            cost = cost + matrix.priced(prices)
        self.asked = self.asked.minimizing(cost)
        self.found = self.moves.solve(self.asked, clock)
        self.count += 1
