"""What shared hours cost while batches are solved by themselves, and how that is found.

Hours that batches share are those of reps of many territories. With prices on them in place of
capacities each batch says by itself how many it would take; the nearer the prices are to what the hours
are worth in the whole, the less is left to do for `joint`. So they are the worth of the same plan in one
step, brought nearer step by step: where more hours are taken than there are, they cost more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart.batch import Weights
from allocator.apart.dividing import Divided
from allocator.apart.tasks import Allotted, Priced
from allocator.arrays import Floats, Integers
from allocator.parts import Part

FIRST_GUESS = 0.003
"""The share of all moves that the budget saves, where nothing better is known."""
FACTOR = 4.0
"""What a price on revenue is multiplied or divided by at most to come near the right one."""
NEAR = 0.25
"""How near the floor a price on revenue has to bring the batches, in parts of what may be given up."""
ROUNDS = 12
FREE = 1e-7
"""The share of all moves below which what the budget saves is nothing."""
HAIR = 1e-6
"""The part by which prices are off by chance; a tenth of that is below what the solver tells apart."""
STEP_ROUNDS = 6
TAKEN = 5e-4
"""What is taken too much or left, as a part of all reps' hours, that is not worth another round."""
YIELDS = 0.1, 0.02, 0.3
"""By what power of what is taken too much a price is raised: at first, at least and at most."""
LITTLE = 0.05
"""What is taken counts as no less of what there is."""
Ask = Callable[[Sequence[tuple[Weights, ...]]], Sequence[Priced]]
"""Has every batch's split with the last of the weights that were set for each."""
Take = Callable[[Sequence[tuple[Weights, ...]]], Sequence[Floats]]
"""Has the shared hours that every batch takes with the last of the weights that were set for each."""
SetBefore = list[tuple[Weights, ...]]
"""By batch the weights that were set so far."""


@dataclass(frozen=True)
class Common:
    """What batches share: the `hours` of each limit, and by batch the limits that it has a part in."""

    hours: Floats
    of_batch: tuple[Integers, ...]

    def parts(self, of_all: Floats) -> list[Floats]:
        """By batch, what is given by limit."""
        return [of_all[mine] for mine in self.of_batch]

    def exactly(self, before: SetBefore, there: Weights) -> SetBefore:
        """The weights that were set before, and `there`, in which shared hours are all of them.

        Where the whole starts from, batches should stand at these: with prices a hair off, thousands of
        its columns would be worth a change, each by less than a hair, and take it two steps.
        """
        assert there.shared is not None
        return _then(before, there, self.parts(there.shared))

    def a_hair_off(self, before: SetBefore, there: Weights) -> SetBefore:
        """The same with each batch's prices a hair off, by chance, but the same every time.

        Where reps or steps are as good as one another at these prices, every batch would else choose the
        same of them.
        """
        assert there.shared is not None
        chance, parts = np.random.default_rng(0), self.parts(there.shared)
        off = [mine * (1 + HAIR * chance.uniform(-1, 1, len(mine))) for mine in parts]
        return _then(before, there, off)

    def summed(self, by_batch: Sequence[Floats]) -> Floats:
        """Σ over batches, by limit."""
        total = np.zeros(len(self.hours))
        for mine, values in zip(self.of_batch, by_batch, strict=True):
            total[mine] += values
        return total


def _then(before: SetBefore, there: Weights, shared: Sequence[Floats]) -> SetBefore:
    each = zip(before, shared, strict=True)
    return [(*earlier, replace(there, shared=mine)) for earlier, mine in each]


@dataclass(frozen=True)
class Begun:
    """Where the first pass begins: `prices` on shared hours, by limit in the plan's currency.

    `weights`: those that were set before and these.
    """

    prices: Floats
    weights: SetBefore


def begun_at(common: Common, prices: Floats) -> Begun:
    """At prices that are known to be near the right ones, by limit in the plan's currency."""
    nothing: SetBefore = [() for _ in common.of_batch]
    return Begun(prices, common.a_hair_off(nothing, Weights(0.0, 1.0, prices)))


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


def prices_by_step(plan: Divided, guess: Floats, take: Take) -> Begun:
    """Prices on shared hours at which batches together take about what there is of them.

    `guess`: prices that may be right but for what differs from step to step, by limit in the plan's
    currency. That is much the same for all reps who work in the same areas: their prices are raised and
    lowered together, in each step by a power of the part that is taken of their hours, which is learned
    from one round to the next.
    """
    case, common = plan.whole.instance, common_to(plan)
    steps, groups = case.steps, _by_areas(plan)
    little = TAKEN * math.fsum(rep.capacity for rep in case.reps)
    priced, hours = (np.reshape(of_all, (-1, steps)) for of_all in (guess, common.hours))
    there = _summed(groups, np.where(priced > 0, hours, 0.0))
    factor, power = np.ones(there.shape), np.full(there.shape, YIELDS[0])
    weights: SetBefore = [() for _ in common.of_batch]
    before: tuple[Floats, Floats] | None = None
    for left in reversed(range(STEP_ROUNDS if steps > 1 else 1)):
        prices = (priced * factor[groups]).ravel()
        weights = common.a_hair_off(weights, Weights(0.0, 1.0, prices))
        if not left:
            break
        used = np.reshape(common.summed(take(weights)), (-1, steps))
        taken = _summed(groups, np.where(priced > 0, used, 0.0))
        if np.abs(taken - there).sum() <= little:
            break
        part = np.divide(taken, there, out=np.ones_like(there), where=there > 0)
        at, off = np.log(factor), np.log(np.maximum(LITTLE, part))
        if before is not None:
            moved, less = at - before[0], before[1] - off
            learned = np.divide(moved, less, out=power.copy(), where=np.abs(less) > 0)
            power = np.clip(learned, *YIELDS[1:])
        before = at, off
        factor = np.exp(at + power * off)
    return Begun(prices, weights)


def _by_areas(plan: Divided) -> Integers:
    """By overlay rep, the number of those who work in the same areas."""
    case = plan.whole.instance
    areas = [frozenset(case.rows[i].area for i in case.reps[r].rows) for r in plan.overlays]
    numbers = {mine: at for at, mine in enumerate(dict.fromkeys(areas))}
    return np.array([numbers[mine] for mine in areas], np.int32)


def _summed(groups: Integers, by_rep: Floats) -> Floats:
    """Σ over the reps of each group, by step."""
    found = np.zeros((int(groups.max(initial=-1)) + 1, by_rep.shape[1]))
    np.add.at(found, groups, by_rep)
    return found


def price_on_revenue(
    common: Common, worth: Worth, begun: Begun, forgone: Forgone, ask: Ask
) -> SetBefore:
    """Weights of which the last bring all batches together near the floor.

    With a price on revenue, in hours moved for a unit of the plan's currency, and shared hours at what
    they are worth, each batch minimizes its moves less what it earns.

    What is given up falls with the square of the price, near the optimum, so that is how the next price
    is guessed from the last.
    """
    weights = begun.weights
    budget, moved = forgone.budget, forgone.moved
    price, below, above = _first_price(worth, forgone), 0.0, math.inf
    for _ in range(ROUNDS):
        weights = common.a_hair_off(weights, Weights(1.0, price, worth.at(price)))
        found = ask(weights)
        left = common.hours - common.summed([one.used for one in found])
        over = math.fsum(one.revenue for one in found) + float(worth.revenue @ left) - forgone.floor
        if price == 0 or abs(over) <= NEAR * budget:
            break
        below, above = (price, above) if over < 0 else (below, price)
        if not below and price * budget < FREE * moved:
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
