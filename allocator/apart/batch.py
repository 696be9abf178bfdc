"""A batch where it is solved: both passes, and what it takes to ask them further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart.dividing import Piece
from allocator.arrays import Floats, Integers
from allocator.certificate import Proof
from allocator.program import Program, both_passes, with_capacities, with_hours_priced
from allocator.solving import highs
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.ranging import End
from allocator.solving.second_pass import Moving
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution
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


@dataclass(frozen=True)
class Known:
    """What a batch knows while it rests: where its second pass started, and how far that is.

    `count` weights were set, those of the first pass among them; with the `last` of the second's, the
    optimum is `found`.
    """

    first: Solution
    proof: Proof
    count: int = 0
    last: Weights | None = None
    found: Solution | None = None


class Batch:
    """A batch where it is solved, with what it takes to ask it further.

    `overlays` are the reps in it whose hours other batches share.
    """

    def __init__(self, piece: Piece, settings: Settings) -> None:
        """A batch of which nothing is known yet but where a like one ended, if that is."""
        self.case, self.settings, self.overlays = piece.case, settings, piece.overlays
        self._stays, self.near = piece.stays, piece.near
        self.clock = Clock(None)
        self._laid_out: tuple[Program, Program] | None = None
        self._known: Known | None = None
        self._pricing: Pricing | None = None

    # Not `cached_property`, which until Python 3.12 has one lock for the batches of all threads.

    def best(self) -> SolvedProgram:
        """The first pass: the most that the batch earns, where the second then starts."""
        program, _ = self._programs()
        best = solved(program, self.settings, self.clock, start=self.start_of(program))
        self._known = Known(best.solution, best.proof)
        return best

    def best_with(self, allotted: Floats) -> SolvedProgram:
        """The most that it earns with so many of the shared hours, rep by rep and step by step."""
        program = with_capacities(self.case.program(), self.by_rep(allotted))
        return solved(program, self.settings, self.clock, start=self.start_of(program))

    def start_of(self, program: Program, prices: Prices | None = None) -> highs.Start | None:
        """Where a first pass starts, with `prices` in its costs: as a like one ended, or guessed."""
        near = highs.where_one_ended(self.near, program.matrix)
        return near or start_of(self.case, program, self.settings, self.clock, prices)

    def by_rep(self, shared: Floats) -> dict[int, Floats]:
        """What is given rep by rep and step by step, by number of the rep."""
        return dict(zip(self.overlays, shared.reshape(-1, self.case.instance.steps), strict=True))

    def begun(self, weights: Sequence[Weights]) -> Known:
        """The most that is earned, less what shared hours cost by the last of the first pass's weights.

        Those are the first ones, in which no move counts; each starts where the one before ended.
        """
        of_first = [each for each in weights if each.moves == 0]
        if self._known is None:
            self._known = self._earning(None, of_first[0] if of_first else None)
        for each in of_first[self._known.count :]:
            self._known = self._earning(self._known, each)
        return self._known

    def _earning(self, before: Known | None, weights: Weights | None) -> Known:
        program, prices = self._programs()[0], None
        if self.overlays and weights is not None:
            assert weights.shared is not None
            prices = Prices(self.by_rep(weights.shared / weights.revenue))
            program = with_hours_priced(program, prices.of_reps)
        start = highs.Start(before.first.vertex) if before else self.start_of(program, prices)
        best = solved(program, self.settings, self.clock, start=start)
        count = 0 if weights is None else 1
        return Known(best.solution, best.proof, count + (before.count if before else 0))

    def taken(self, found: Solution) -> Floats:
        """The shared hours that a solution of the first pass takes, rep by rep and step by step."""
        program, _ = self._programs()
        taken: Floats = program.matrix.activity(found.values)[shared_rows(program, self.overlays)]
        return taken

    def weighed(self, weights: Sequence[Weights]) -> Pricing:
        """The second pass, at the last of the weights if there are any."""
        if self._pricing is None:
            known = self.begun(weights)
            first, counted = self._programs()
            start = SolvedProgram(first, known.first)
            moves = Moving(start, self.settings, counted, self._stays and bool(self.overlays))
            self._pricing = Pricing(self.overlays, moves, known)
        for each in weights[self._pricing.known.count :]:
            self._pricing.set(each, self.clock)
        self._known = self._pricing.known
        return self._pricing

    def rest(self) -> None:
        """Let go of what can be laid out anew when the batch is asked again."""
        if not self._stays:
            self._laid_out = self._pricing = None

    def _programs(self) -> tuple[Program, Program]:
        """The first pass's programme, and the one in which moves are counted; shared hours are free."""
        if self._laid_out is None:
            steps = self.case.instance.steps
            free = {r: np.full(steps, np.inf) for r in self.overlays}
            self._laid_out = both_passes(with_capacities(self.case.program(), free))
        return self._laid_out


def shared_rows(program: Program, overlays: Sequence[int]) -> Integers:
    """The rows of a batch's shared hours, rep by rep and step by step; none where it has none."""
    rows = [program.capacity_rows(r) for r in overlays]
    return np.concatenate([np.zeros(0, np.int32), *rows])


class Pricing:
    """A batch's second pass with weights in its objective, each of which starts where the last ended.

    `asked` is the programme with the last of them, `ends` where the range of prices on revenue ends at
    which its optimum is best, where that is known. `shared` are the rows of shared hours.
    """

    def __init__(self, overlays: Sequence[int], moves: Moving, known: Known) -> None:
        self.moves, self.known = moves, known
        first = moves.first
        self._matrix = moves.program.matrix
        self.shared = shared_rows(first.program, overlays)
        self.asked = moves.program
        self.ends: list[End] = []
        self._earned = np.zeros(moves.program.columns)
        self._earned[: first.program.columns] = first.matrix.cost * first.program.money
        if known.last is not None and known.found is not None:
            self.asked = self.asked.minimizing(self._cost(known.last))
            moves.go_on_from(known.found)

    def set(self, weights: Weights, clock: Clock) -> None:
        """Minimize what these weights say."""
        self.asked, self.ends = self.asked.minimizing(self._cost(weights)), []
        if weights.shared is None and weights.revenue > 0:
            found, self.ends = self.moves.solve_in_range(
                self.asked, clock, weights.revenue, -self._earned
            )
        else:
            found = self.moves.solve(self.asked, clock)
        self.known = replace(self.known, count=self.known.count + 1, last=weights, found=found)

    def _cost(self, weights: Weights) -> Floats:
        cost = weights.moves * self._matrix.cost - weights.revenue * self._earned
        if weights.shared is not None:
            prices = np.zeros(len(self._matrix.row_least))
            prices[self.shared] = weights.shared
            cost += self._matrix.priced(prices)
        return cost
