"""A part of a plan where it is solved for heads more: what it earns with some, and with any number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart.tasks import Optimum, Priced
from allocator.arrays import Floats
from allocator.certificate import Proof, prove
from allocator.errors import InfeasibleError
from allocator.program import InBlocks, Limit, Program, more_heads
from allocator.program.declared import at_most
from allocator.solving import highs
from allocator.solving.basis import Basis
from allocator.solving.optimum import Solved, SolvedProgram, solved
from allocator.solving.settings import Clock, Settings

ENDLESS = 1e6
"""More heads than any number takes."""


@dataclass(frozen=True)
class Grown:
    """A part with some heads: what it earns at most, in the plan's currency.

    `more`: by place of its heads, what one more can bring at most. `ended`: None with CBC.
    """

    revenue: float
    more: tuple[float, ...]
    split: Solved
    proof: Proof
    ended: Basis | None


@dataclass(frozen=True)
class Whole:
    """A part with so many whole heads by place, and a bound on what any as many earn (currency).

    `gap`: between the two, relative, as HiGHS has it.
    """

    counts: tuple[int, ...]
    bound: float
    gap: float


class Growing:
    """A part where it is solved, with heads of `hours` hours each for the reps `added`."""

    def __init__(self, case: InBlocks, added: tuple[int, ...], hours: float, settings: Settings) -> None:
        """Nothing is solved yet."""
        self.settings, self.hours, self.clock = settings, hours, Clock(None)
        sized = more_heads(case, added, hours)
        together = Limit("heads"), at_most([(column, 1.0) for column in sized.sizes], ENDLESS)
        self._sized = replace(sized, program=sized.program.with_rows([together]))
        self._endless: SolvedProgram | None = None

    def rest(self) -> None:
        """Nothing is let go of: a part is small."""

    def with_heads(self, counts: Sequence[int], near: Basis | None) -> Grown | None:
        """See the task of that name."""
        sized = self._sized
        program = sized.program.bounded(sized.sizes, counts, counts)
        start = highs.where_one_ended(near, program.matrix)
        start = start and replace(start, dual=True)
        try:
            found = solved(program, self.settings, self.clock, start=start)
        except InfeasibleError:
            return None
        an_hour = program.money * self.hours / program.instance.steps
        prices = found.solution.duals
        return Grown(
            revenue=found.revenue,
            more=tuple(an_hour * math.fsum(prices[list(rows)]) for rows in sized.carried),
            split=Solved(found.use, found.revenue),
            proof=found.proof,
            ended=found.solution.basis,
        )

    def endless(self) -> SolvedProgram:
        """The most that it earns with heads without end."""
        if self._endless is None:
            self._endless = solved(self._sized.program, self.settings, self.clock)
        return self._endless

    def heads(self, values: Floats) -> float:
        """All heads where the columns have these values, in parts of heads."""
        return math.fsum(values[list(self._sized.sizes)].tolist())

    def weighed(self, price: float) -> SolvedProgram:
        """The least heads less `price` × revenue; money in the plan's currency."""
        most = self.endless()
        cost = -price * most.matrix.cost * most.program.money
        cost[list(self._sized.sizes)] += 1.0
        asked, start = most.program.minimizing(cost), None
        if most.solution.basis is not None:
            start = highs.Start(most.solution.basis)
        return solved(asked, self.settings, self.clock, start=start)

    def at_most(self, heads: int) -> Program:
        """The most revenue with so many heads."""
        program = self._sized.program
        last = len(program.matrix.row_least) - 1
        return program.changed(program.matrix.with_sides({last: (-math.inf, heads)}))

    def whole(self, heads: int) -> Whole:
        """See `most_with_whole`."""
        program, sizes = self.at_most(heads), list(self._sized.sizes)
        found = highs.solve_whole(program.matrix, sizes, self.clock.left)
        counts = tuple(round(count) for count in found.values[sizes].tolist())
        return Whole(counts, found.bound * program.money, found.gap)


def with_heads(part: Growing, counts: Sequence[int], near: Basis | None) -> Grown | None:
    """With so many heads by place, from where it ended; None where no split keeps every limit."""
    return part.with_heads(counts, near)


def earn_most(part: Growing) -> Optimum | None:
    """The most that a part earns with any number of heads; None where no number makes it possible."""
    try:
        found = part.endless()
    except InfeasibleError:
        return None
    bound = found.bound * found.program.money
    return Optimum(found.revenue, bound, found.proof, part.heads(found.solution.values))


def weigh(part: Growing, price: float) -> Priced:
    """The heads, in place of moves, and the revenue that are best at a price on revenue."""
    most, found = part.endless(), part.weighed(price)
    values, money = found.solution.values, most.program.money
    constant = most.matrix.constant * money
    _, bound = prove(found.matrix, found.solution)
    return Priced(
        revenue=float(most.matrix.cost @ values) * money + constant,
        moves=part.heads(values),
        bound=bound - price * constant,
        used=np.zeros(0),
    )


def most_with(part: Growing, heads: int) -> float:
    """A bound on what a part earns with so many heads in parts, in the plan's currency.

    -inf where no split keeps every limit.
    """
    program, start = part.at_most(heads), None
    most = part.endless().solution
    if most.basis is not None:
        start = highs.Start(most.basis, dual=True)
    try:
        found = solved(program, part.settings, part.clock, start=start)
    except InfeasibleError:
        return -math.inf
    return found.bound * program.money


def most_with_whole(part: Growing, heads: int) -> Whole:
    """Where so many whole heads earn most in a part; some split with as many is possible."""
    return part.whole(heads)
