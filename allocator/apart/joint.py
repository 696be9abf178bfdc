"""Hours that batches share, those of reps of many territories: priced first, then the whole from there.

Without those reps the plan falls into batches. With prices on their hours in place of capacities, each
batch says by itself how many it would take; at the right prices, that is nearly what there is. So the
whole programme starts where the batches stand with the prices, and is at its optimum in a few thousand
steps, whatever its size (`allocator.solving.from_prices`): a vertex of the whole, proven by its own
duals. Those of the same plan in one step, solved the same way, are the prices of the whole; for the
fewest moves, only the price on revenue is then left to be found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from allocator.apart.batch import Weights
from allocator.apart.dividing import Divided
from allocator.apart.one import Places, places_in, together
from allocator.apart.tasks import Allotted, Priced
from allocator.arrays import Floats, Integers
from allocator.instance import Instance
from allocator.parts import Part
from allocator.program import REVENUE, Program, earning_at_least, moving
from allocator.program.build import renewed_anyway
from allocator.solving import from_prices
from allocator.solving.optimum import SolvedProgram, proven
from allocator.solving.settings import Clock
from allocator.solving.solution import Solution

FIRST_GUESS = 0.003
"""The share of all moves that the budget saves, where nothing better is known."""
FACTOR = 4.0
"""What a price on revenue is multiplied or divided by at most to come near the right one."""
NEAR = 0.25
"""How near the floor a price on revenue has to bring the batches, in parts of what may be given up."""
ROUNDS = 12
FREE = 1e-7
"""The share of all moves below which what the budget saves is nothing."""
Ask = Callable[[Sequence[tuple[Weights, ...]]], Sequence[Priced]]
"""Has every batch's split with the last of the weights that were set for each."""


@dataclass(frozen=True)
class Common:
    """What batches share: the `hours` of each limit, and by batch the limits that it has a part in."""

    hours: Floats
    of_batch: tuple[Integers, ...]

    def parts(self, of_all: Floats) -> list[Floats]:
        """By batch, what is given by limit."""
        return [of_all[mine] for mine in self.of_batch]

    def summed(self, by_batch: Sequence[Floats]) -> Floats:
        """Σ over batches, by limit."""
        total = np.zeros(len(self.hours))
        for mine, values in zip(self.of_batch, by_batch, strict=True):
            total[mine] += values
        return total


@dataclass(frozen=True)
class Share:
    """What a batch is to earn, in the plan's currency, and may take of the shared hours."""

    floor: float
    allotted: Floats


@dataclass(frozen=True)
class Forgone:
    """What the fewest moves give up: `budget` of the most revenue (currency), which leaves `floor`.

    `moved`: the hours that the most revenue moves.
    """

    budget: float
    floor: float
    moved: float


@dataclass(frozen=True)
class Worth:
    """What one more of the shared hours is worth, by limit.

    `revenue`: what it earns, in the plan's currency. `moves`: the hours moved that it saves in the
    second pass, more than what it earns saves there. `price`: that pass's on revenue, in hours moved for
    a unit of the plan's currency; None where it is not known.
    """

    revenue: Floats
    moves: Floats
    price: float | None = None

    def at(self, price: float) -> Floats:
        """What it costs in the second pass with this price on revenue, in hours moved."""
        return np.maximum(price * self.revenue + self.moves, 0.0)

    def in_each(self, steps: int) -> Worth:
        """The same in each of so many steps, for what is so in one."""
        return Worth(np.repeat(self.revenue, steps), np.repeat(self.moves, steps), self.price)


def common_to(plan: Divided) -> Common:
    """The hours that the batches share, of each overlay rep in each step."""
    case, steps = plan.whole.instance, plan.whole.instance.steps
    hours = np.repeat([case.reps[r].capacity / steps for r in plan.overlays], steps)
    of_batch = [
        np.array([at * steps + t for at in shared_in(plan, part) for t in range(steps)], np.int32)
        for part in plan.parts
    ]
    return Common(hours, tuple(of_batch))


def as_today(plan: Divided) -> list[Floats]:
    """By batch, the shared hours that today's split gives it."""
    case, found = plan.whole.instance, []
    for part in plan.parts:
        rows = set(part.rows)
        today = [
            math.fsum(case.rows[i].today for i in case.reps[plan.overlays[at]].rows if i in rows)
            for at in shared_in(plan, part)
        ]
        found.append(np.repeat(today, case.steps) / case.steps)
    return found


def shared_in(plan: Divided, part: Part) -> list[int]:
    """The places, among the overlay reps, of those whom a batch has."""
    return [at for at, r in enumerate(plan.overlays) if r in part.reps]


def worth_of(common: Common, found: Sequence[Allotted]) -> Floats:
    """What a shared hour is worth to those who have it, on average, by limit in the plan's currency."""
    used = common.summed([one.used for one in found])
    worth = common.summed([one.used * np.maximum(one.worth, 0.0) for one in found])
    return np.divide(worth, used, out=np.zeros_like(worth), where=used > 0)


class Joint:
    """The programmes of the whole plan, and where its batches are in them."""

    def __init__(self, plan: Divided, clock: Clock) -> None:
        """Nothing is solved yet."""
        self._plan, self._clock, self.common = plan, clock, common_to(plan)
        self._program = plan.whole.program()
        self._places = [places_in(plan, part, self._program) for part in plan.parts]
        rows = [self._program.capacity_rows(r) for r in plan.overlays]
        self._limits: Integers = np.concatenate(rows)

    def most_revenue(self, found: Sequence[Solution], prices: Floats) -> SolvedProgram:
        """The first pass, from where the batches stand with `prices` (currency) on shared hours.

        Raises what `allocator.solving.optimum.solved` does.
        """
        return self._solved(self._program, self._places, found, prices / self._program.money)

    def earned_by(self, first: SolvedProgram) -> Floats:
        """What one more of the shared hours earns, by limit in the plan's currency."""
        worth: Floats = np.maximum(first.solution.duals[self._limits], 0.0) * self._program.money
        return worth

    def worth(self, earned: Floats, second: SolvedProgram) -> Worth:
        """What one more of the shared hours is worth, `earned` of it, by the second pass's duals."""
        duals, money = second.solution.duals, self._program.money
        price = float(duals[REVENUE]) / money
        return Worth(earned, -duals[self._limits] - price * earned, price)

    def fewest_moves(self, floor: float, found: Sequence[Solution], weights: Weights) -> SolvedProgram:
        """The second pass, of what earns `floor`, from where the batches stand at these weights.

        In the weights, shared hours are all of them. Raises what `most_revenue` does.
        """
        assert weights.shared is not None
        counted = moving(self._program)
        prices = np.append(-weights.shared, weights.revenue * self._program.money)
        places = [mine.with_moves(self._program) for mine in self._places]
        return self._solved(earning_at_least(counted, floor), places, found, prices)

    def _solved(
        self, program: Program, places: Sequence[Places], found: Sequence[Solution], prices: Floats
    ) -> SolvedProgram:
        matrix, limits = program.matrix, self._limits
        if len(prices) > len(limits):
            limits = np.append(limits, np.int32(len(matrix.row_least) + REVENUE))
        columns, rows = together(matrix, places, found)
        start = from_prices.Priced(columns, rows, limits, prices)
        return proven(SolvedProgram(program, from_prices.solve(matrix, start, self._clock.left)))

    def shares(self, second: SolvedProgram) -> list[Share]:
        """By batch what it earns and takes in the fewest moves; hours that are left are given evenly."""
        values, program, case = second.solution.values, self._program, self._plan.whole.instance
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


def price_on_revenue(
    common: Common, worth: Worth, begun: Weights, forgone: Forgone, ask: Ask
) -> list[tuple[Weights, ...]]:
    """By batch, weights of which the last bring all batches together near the floor.

    With a price on revenue, in hours moved for a unit of the plan's currency, and shared hours at what
    they are worth, each batch minimizes its moves less what it earns. `begun`: the weights that every
    batch was asked first, with all the shared hours in them.

    What is given up falls with the square of the price, near the optimum, so that is how the next price
    is guessed from the last.
    """
    assert begun.shared is not None
    weights: list[tuple[Weights, ...]] = [
        (Weights(begun.moves, begun.revenue, mine),) for mine in common.parts(begun.shared)
    ]
    budget, moved = forgone.budget, forgone.moved
    price, below, above = _first_price(worth, forgone), 0.0, math.inf
    for _ in range(ROUNDS):
        shared = common.parts(worth.at(price))
        weights = [
            (*before, Weights(1.0, price, mine)) for before, mine in zip(weights, shared, strict=True)
        ]
        found = ask(weights)
        left = common.hours - common.summed([one.used for one in found])
        over = math.fsum(one.revenue for one in found) + float(worth.revenue @ left) - forgone.floor
        if price == 0 or abs(over) <= NEAR * budget:
            break
        below, above = (price, above) if over < 0 else (below, price)
        if price * budget < FREE * moved:
            price = 0.0
            continue
        off = math.sqrt(max(0.0, 1.0 - over / budget))
        price *= min(FACTOR, max(1 / FACTOR, off))
        if not below < price < above:
            price = math.sqrt(below * above)
    return weights


def _first_price(worth: Worth, forgone: Forgone) -> float:
    if not forgone.budget:
        return 0.0
    return worth.price or FIRST_GUESS * forgone.moved / forgone.budget
