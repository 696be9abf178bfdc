"""The plan whose batches share hours, as one programme that starts where its batches stand.

Without the reps of many territories the plan falls into batches. With prices on their hours in place of
capacities (`hour_prices`), each batch is solved by itself; at the right prices, together they take
nearly what there is. So the whole programme starts where the batches stand with the prices, and is at
its optimum in hundreds of steps or a few thousand, whatever its size (`allocator.solving.from_prices`):
a vertex of the whole, proven by its own duals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocator.apart.asking import Asking
from allocator.apart.batch import Weights
from allocator.apart.dividing import Divided
from allocator.apart.face import Face
from allocator.apart.hour_prices import Worth, common_to, shared_in
from allocator.apart.one import Places, duals_together, places_in, together
from allocator.apart.tasks import find_vertex
from allocator.arrays import Floats, Integers
from allocator.instance import Instance
from allocator.parts import Part
from allocator.program import (
    MOST_MOVES,
    REVENUE,
    Program,
    at_most_moves,
    earning_at_least,
    moving,
)
from allocator.program.build import renewed_anyway
from allocator.solving import from_prices
from allocator.solving.optimum import SolvedProgram, proven
from allocator.solving.settings import Clock
from allocator.solving.solution import Solution

MONTHS, MANY_LIMITS = 3, 100
"""In more steps, the whole takes minutes where more limits are shared."""


@dataclass(frozen=True)
class Share:
    """What a batch is to earn, in the plan's currency, and may take of the shared hours."""

    floor: float
    allotted: Floats


class Joint:
    """The programmes of the whole plan, and where its batches are in them."""

    def __init__(self, plan: Divided, clock: Clock) -> None:
        """Nothing is solved yet."""
        self._plan, self._clock, self.common = plan, clock, common_to(plan)
        self._program = plan.whole.program()
        self._places = [places_in(plan, part, self._program) for part in plan.parts]
        self._limits = _shared_rows(plan, self._program)

    def standing(
        self, asking: Asking, doing: str, weights: Sequence[tuple[Weights, ...]]
    ) -> list[Solution]:
        """Where the batches stand at the last of the weights of each: what the whole starts from."""
        found = asking.each(doing, find_vertex, [(mine,) for mine in weights])
        self.begins(asking, doing)
        return found

    def begins(self, asking: Asking, doing: str) -> None:
        """Say that the whole is solved from here on, and what is faster where that takes minutes."""
        long = self._plan.whole.instance.steps > MONTHS and len(self.common.hours) > MANY_LIMITS
        asking.progress(f"{doing} (fewer --steps are faster)" if long else doing)

    def most_revenue(self, found: Sequence[Solution], prices: Floats) -> SolvedProgram:
        """The first pass, from where the batches stand with `prices` (currency) on shared hours.

        Raises what `allocator.solving.optimum.solved` does.
        """
        prices = prices / self._program.money
        return self._solved(self._program, self._places, found, self._limits, prices)

    def worth(self, earned: Floats, duals: Floats) -> Worth:
        """What one more of the shared hours is worth, `earned` of it, by the second pass's duals."""
        money = self._program.money
        price = max(0.0, float(duals[REVENUE])) / money
        return Worth(earned, -duals[self._limits] - price * earned, price)

    def worth_with_moves(self, found: SolvedProgram) -> Worth:
        """The same by the duals of the most with so many moves, where that depends on how many they are.

        Without a price where it does not.
        """
        earned = earned_by_shared(self._plan, found)
        moved = float(found.solution.duals[MOST_MOVES]) * self._program.money
        return Worth(earned, np.zeros(len(earned)), 1 / moved if moved > 0 else None)

    def fewest_moves(self, floor: float, found: Sequence[Solution], weights: Weights) -> SolvedProgram:
        """The second pass, of what earns `floor`, from where the batches stand at these weights.

        In the weights, shared hours are all of them. Raises what `most_revenue` does.
        """
        assert weights.shared is not None
        held = earning_at_least(moving(self._program), floor)
        price = weights.revenue * self._program.money
        return self._with_moves(held, found, 1.0, REVENUE, np.append(-weights.shared, price))

    def most_with_moves(
        self, moves: float, found: Sequence[Solution], weights: Weights
    ) -> SolvedProgram:
        """The most with at most so many hours moved, from where the batches stand at these weights.

        In the weights, revenue counts, and shared hours are all. Raises what `most_revenue` does.
        """
        assert weights.shared is not None
        held, unit = at_most_moves(self._program, moves), 1 / (weights.revenue * self._program.money)
        # Batches minimize moves less what is earned, the whole maximizes what is earned.
        prices = np.append(weights.shared, weights.moves) * unit
        return self._with_moves(held, found, -unit, MOST_MOVES, prices)

    def _with_moves(
        self, program: Program, found: Sequence[Solution], unit: float, row: int, prices: Floats
    ) -> SolvedProgram:
        """The optimum of a programme that counts moves, with prices on shared hours and on one `row`.

        `unit`: how many of its objective are one of the batches'.
        """
        places = [mine.with_moves(self._program, unit) for mine in self._places]
        limits = np.append(self._limits, np.int32(len(program.matrix.row_least) + row))
        return self._solved(program, places, found, limits, prices)

    def _solved(
        self,
        program: Program,
        places: Sequence[Places],
        found: Sequence[Solution],
        limits: Integers,
        prices: Floats,
    ) -> SolvedProgram:
        matrix = program.matrix
        basis, duals = together(matrix, places, found), duals_together(matrix, places, found)
        start = from_prices.Priced(basis, limits, prices, duals)
        return proven(SolvedProgram(program, from_prices.solve(matrix, start, self._clock.left)))

    def face(self, first: SolvedProgram, floor: float, price: float) -> Face:
        """The second pass, of what earns `floor`, near what earns the most.

        `price` on revenue is near the right one, in hours for a unit of the plan's currency.
        """
        second = earning_at_least(moving(self._program), floor)
        return Face(first, second, price * self._program.money)

    def values(self, found: Sequence[Solution]) -> Floats:
        """All columns of the second pass's programme where the batches stand."""
        values = np.zeros(self._program.columns + 2 * len(self._program.x))
        for mine, stands in zip(self._places, found, strict=True):
            values[mine.with_moves(self._program).columns] = stands.values
        return values

    def shares(self, values: Floats) -> list[Share]:
        """By batch what it earns and takes in the fewest moves; hours that are left are given evenly.

        `values`: those of the second pass's columns.
        """
        program, case = self._program, self._plan.whole.instance
        earned = program.matrix.cost * values[: program.columns] * program.money
        at, taken, floors = np.maximum(values[program.x], 0.0), [], []
        for part, mine in zip(self._plan.parts, self._places, strict=True):
            anyway = renewed_anyway(self._plan.whole.part(part).instance)
            floors.append(math.fsum(earned[mine.columns].tolist()) + anyway)
            taken.append(self._taken(case, part, at))
        common = self.common
        left = np.maximum(common.hours - common.summed(taken), 0.0)
        owners = common.summed([np.ones(len(mine)) for mine in taken])
        more = common.parts(np.divide(left, owners, out=np.zeros_like(left), where=owners > 0))
        return [
            Share(floor, mine + further)
            for floor, mine, further in zip(floors, taken, more, strict=True)
        ]

    def _taken(self, case: Instance, part: Part, hours: Floats) -> Floats:
        """The shared hours that a batch has of `hours` (row × step)."""
        rows, overlays = set(part.rows), self._plan.overlays
        mine = [
            hours[[i for i in case.reps[overlays[at]].rows if i in rows]].sum(axis=0)
            for at in shared_in(self._plan, part)
        ]
        return np.concatenate([np.zeros(0), *mine])


def earned_by_shared(plan: Divided, first: SolvedProgram) -> Floats:
    """What one more of the shared hours earns, by limit in the plan's currency.

    `first`: the first pass of the plan as one programme.
    """
    duals = first.solution.duals[_shared_rows(plan, first.program)]
    worth: Floats = np.maximum(duals, 0.0) * first.program.money
    return worth


def _shared_rows(plan: Divided, program: Program) -> Integers:
    """The rows of shared hours, rep by rep and step by step."""
    return np.concatenate([program.capacity_rows(r) for r in plan.overlays])
