"""A solved programme's second pass, asked for one thing after another.

Each question has another floor under revenue, or other prices, and starts where the one before ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from allocator.arrays import Floats, Integers
from allocator.program import REVENUE, Program, moving, with_capacities
from allocator.solving import highs, optimum
from allocator.solving.optimum import SolvedProgram
from allocator.solving.ranging import End, ends
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution

if TYPE_CHECKING:
    from allocator.solving.from_prices import Priced


class Moving:
    """A solved programme's second pass, for one floor under revenue, or price on it, after the other.

    `program` counts the moves and minimizes them. Each question starts where the one before ended; with
    CBC, which keeps nothing, from nothing.
    """

    def __init__(
        self,
        first: SolvedProgram,
        settings: Settings,
        counted: Program | None = None,
        stays: bool = False,
    ) -> None:
        """`first` is the programme of the most that can be earned, `counted` the one that counts moves.

        `stays`: the programme stays in the solver between questions. That pays where there are many, and
        takes some two hundred bytes for each of its coefficients.
        """
        self.first, self._settings, self._stays = first, settings, stays
        self.program = counted or moving(first.program)
        self._start = with_moves(first.program, first.solution) if settings.solver == "highs" else None
        self._standing: highs.Standing | None = None

    def solve(self, program: Program, clock: Clock, clean: bool = False) -> Solution:
        """The optimum of `program`, which is `self.program` but for its objective and sides.

        `clean`: see `allocator.solving.highs.Standing`.
        """
        return self._stopped(program, clock, clean)[0]

    def solve_from(self, start: Priced, program: Program, clock: Clock) -> Solution:
        """The same from a vertex with prices in place of limits, which HiGHS solved.

        Few plans have any, and what that takes loads here.
        """
        from allocator.solving import from_prices

        found = from_prices.solve(program.matrix, start, clock.left)
        self._standing, self._start = None, highs.Start(found.vertex)
        return found

    def solve_in_range(
        self, program: Program, clock: Clock, price: float, by_price: Floats
    ) -> tuple[Solution, list[End]]:
        """The optimum of `program`, and up to which other prices it is best.

        `by_price`: how the costs change by unit of the `price` that is in them.
        """
        found, standing = self._stopped(program, clock)
        worth = None if standing is None else standing.worth(by_price)
        return found, [] if worth is None else ends(program.matrix, found, price, by_price, worth)

    def _stopped(
        self, program: Program, clock: Clock, clean: bool = False
    ) -> tuple[Solution, highs.Standing | None]:
        if self._start is None:
            return optimum.solve(program, self._settings, clock), None
        standing = self._standing or highs.Standing(program.matrix, self._start)
        found = standing.solve(program.matrix, clock.left, clean)
        self._standing, self._start = standing if self._stays else None, highs.Start(found.vertex)
        return found, standing

    def allot(self, hours: Mapping[int, Floats]) -> None:
        """Hold some reps (by number) to other capacities in both programmes: `hours` by step."""
        self.program = with_capacities(self.program, hours)
        self.first = replace(self.first, program=with_capacities(self.first.program, hours))

    def go_on_from(self, found: Solution) -> None:
        """Start at an optimum of `program` with another objective."""
        if self._start is not None:
            self._start = highs.Start(found.vertex)


@dataclass(frozen=True)
class AtPrices:
    """The optimum of moves − `price` × revenue + `prices` × what the rows `shared` come to.

    Prices are in hours moved, for a unit of the plan's currency and for an hour.
    """

    price: float
    found: Solution
    shared: Integers
    prices: Floats

    def of(self, second: Program) -> Priced:
        """Where that is in the second pass's programme, which has limits in place of prices."""
        from allocator.solving.from_prices import Priced

        limits = np.append(self.shared, np.int32(len(second.matrix.row_least) + REVENUE))
        prices = np.append(-self.prices, self.price * second.money)
        return Priced(self.found.vertex, limits, prices, self.found.duals)


def with_moves(program: Program, first: Solution) -> highs.Start:
    """Where the second pass starts: the first one's vertex, and the moves that it takes."""
    moved = program.hours(first.values) - program.instance.today
    moves = np.maximum(np.stack((moved, -moved), axis=1), 0.0).ravel()
    return highs.Start(first.vertex, np.concatenate((first.values, moves)))
