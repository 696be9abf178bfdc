"""One price on revenue for many batches: giving up is shared as if all their steps were in one list."""

import numpy as np
import pytest

from allocator.apart import price
from allocator.apart.tasks import Optimum, Priced
from allocator.certificate import Proof
from allocator.solving.ranging import End

PROVEN = Proof(0.0, 0.0, 0.0, 0.0)


class Batches:
    """Batches of which each can give up revenue for fewer moves in steps, the steepest first."""

    def __init__(self, count, seed, ranged=False, loose=0.0):
        """`ranged`: they say up to which prices a split is best as well, with bounds so `loose`."""
        self.ranged, self.loose = ranged, loose
        chance = np.random.default_rng(seed)
        self.revenue = chance.uniform(50, 150, count)
        self.moved = chance.uniform(80, 120, count)
        self.steps = [np.sort(chance.lognormal(0.3, 0.7, 40))[::-1] for _ in range(count)]
        self.given = [chance.uniform(0.005, 0.05, 40) for _ in range(count)]
        self.rounds = []

    def optima(self):
        """By batch, the most revenue, and the hours that it moves."""
        return [
            Optimum(revenue, revenue, PROVEN, moved)
            for revenue, moved in zip(self.revenue, self.moved, strict=True)
        ]

    def ask(self, asked):
        """The splits at the last of the weights."""
        self.rounds.append(len(asked))
        return [self._best(b, weights[-1].revenue) for b, weights in asked]

    def _best(self, b, at):
        taken = self.steps[b] > at
        revenue = self.revenue[b] - self.given[b][taken].sum()
        moves = self.moved[b] - (self.steps[b] * self.given[b])[taken].sum()
        steps = (self.steps[b][~taken].max(initial=at / 2), self.steps[b][taken].min(initial=2 * at))
        ends = tuple(End(step, moves - step * revenue - self.loose) for step in steps if self.ranged)
        return Priced(revenue, moves, moves - at * revenue, np.zeros(0), ends)

    def fewest(self, budget):
        """All steps of all batches, the steepest first, until the budget is used."""
        slopes, given = np.concatenate(self.steps), np.concatenate(self.given)
        order = np.argsort(-slopes)
        before = np.concatenate(([0.0], np.cumsum(given[order])[:-1]))
        taken = np.clip(budget - before, 0.0, given[order])
        return self.moved.sum() - float(slopes[order] @ taken)


@pytest.mark.parametrize("count", [1, 5, 40, 300])
@pytest.mark.parametrize("share", [1e-7, 1e-4, 1e-3, 4e-3, 0.5])
@pytest.mark.parametrize("ranged", [False, True])
def test_giving_up_is_shared_where_it_saves_the_most(count, share, ranged):
    batches = Batches(count, seed=count, ranged=ranged)
    budget = share * batches.revenue.sum()
    found = price.shared(batches.optima(), budget, batches.ask)
    assert found.least_moves == pytest.approx(batches.fewest(budget), rel=1e-8)
    assert sum(found.floors) >= batches.revenue.sum() - budget - 1e-6
    for floor, revenue in zip(found.floors, batches.revenue, strict=True):
        assert floor <= revenue + 1e-9


def smooth(count, seed):
    """Batches that give up with the square of what they save, each at a pace of its own."""
    batches, chance = Batches(count, seed), np.random.default_rng(seed)
    saved = np.full(400, 0.25)
    for b in range(count):
        batches.steps[b] = chance.uniform(20, 60) / np.arange(1, 401)
        batches.given[b] = saved / batches.steps[b]
    return batches


@pytest.mark.parametrize("share", [1e-5, 1e-3, 1e-2])
def test_the_guess_leaves_little_to_ask(share):
    """The price on a thousandth of revenue and on a hundredth is about right from the first."""
    batches = smooth(100, seed=7)
    budget = share * batches.revenue.sum()
    found = price.shared(batches.optima(), budget, batches.ask)
    assert found.least_moves == pytest.approx(batches.fewest(budget), rel=1e-8)
    assert sum(batches.rounds) <= 7 * 100


def test_a_batch_whose_split_stays_best_is_not_asked_again():
    """Where a batch says up to which prices its split is best, it has said that of those between."""
    again = []
    for ranged in (False, True):
        batches = Batches(100, seed=3, ranged=ranged)
        for b in range(100):  # few and large steps, so that splits stay best for long
            batches.steps[b], batches.given[b] = batches.steps[b][::8], 8 * batches.given[b][::8]
        found = price.shared(batches.optima(), 1e-3 * batches.revenue.sum(), batches.ask)
        again.append(sum(batches.rounds[1:]))
        assert sum(map(len, found.weights)) == sum(batches.rounds)
    assert again[1] < 0.8 * again[0]


def test_what_is_said_of_other_prices_need_not_be_enough():
    """Where it leaves a gap, batches are asked at the right price itself."""
    batches = Batches(40, seed=3, ranged=True, loose=1e-3)
    budget = 1e-3 * batches.revenue.sum()
    found = price.shared(batches.optima(), budget, batches.ask)
    assert found.least_moves == pytest.approx(batches.fewest(budget), rel=1e-9)
    assert len(batches.rounds) < 15


def test_nothing_is_earned():
    """Where no split earns anything there is nothing to give up, and moving the least is free."""
    batches = Batches(4, seed=1)
    batches.revenue[:] = 0
    batches.given = [np.full(40, 0.0)] * 4
    found = price.shared(batches.optima(), 0.0, batches.ask)
    assert (found.price, found.floors) == (0.0, (0.0, 0.0, 0.0, 0.0))


def test_nothing_is_moved():
    batches = Batches(40, seed=1)
    batches.moved[:] = 0
    batches.steps = [np.zeros(40)] * 40
    found = price.shared(batches.optima(), 1.0, batches.ask)
    assert found.least_moves == 0


@pytest.mark.parametrize("times", [1e-5, 1e5])
def test_a_guess_that_is_far_off(times):
    """Where moves have nothing to do with what they cost, the price is found none the less."""
    batches = Batches(300, seed=3)
    batches.moved *= times
    budget = 0.002 * batches.revenue.sum()
    found = price.shared(batches.optima(), budget, batches.ask)
    assert found.least_moves == pytest.approx(batches.fewest(budget), rel=1e-8, abs=1e-6)
    assert len(batches.rounds) < 40
