"""Prices on hours that batches share, against batches whose answers follow a rule."""

import csv
import math

import numpy as np
import pytest
from plans import national_rows, overlaid, plan_of

from allocator.apart import hour_prices
from allocator.apart.batch import Weights
from allocator.apart.dividing import divided
from allocator.apart.hour_prices import (
    Begun,
    Common,
    Forgone,
    Worth,
    common_to,
    price_on_revenue,
    prices_by_step,
)
from allocator.apart.tasks import Priced
from allocator.deriving import instance
from allocator.reading import read_model
from allocator.solving.settings import Settings

STEPS = 4
BY_STEP = np.array([1.15, 1.02, 0.95, 0.91])


def working(text, rep):
    """The same with a rep's hours for opportunity management in place of partners."""
    lines = text.splitlines()
    rows = list(csv.DictReader(lines))
    own = {"territory", "rep", "hours", "skill"}
    for at, row in enumerate(rows, start=1):
        if row["rep"] == rep:
            mine = {name: value if name in own else "" for name, value in row.items()}
            lines[at] = ",".join({**mine, "area": "opportunity_management"}.values())
    return "\n".join(lines) + "\n"


@pytest.fixture
def plan(monkeypatch):
    """Sixty territories in several batches, three overlay reps, the last of whom works opportunities."""
    monkeypatch.setattr("allocator.apart.dividing.BATCH_COLUMNS", 800)
    rules = read_model("sales_execution").with_steps(STEPS)
    case = instance(plan_of(working(overlaid(national_rows(), 3), "Overlay 2"), rules), rules)
    return divided(case, Settings())


class Takers:
    """Batches that take the more of shared hours, the further these cost less than they are worth."""

    def __init__(self, common, worth, elastic):
        self.common, self.worth, self.elastic = common, worth, elastic
        self.asked = []

    def take(self, weights):
        """What each batch takes at the last of its weights: its part of what all would."""
        self.asked.append(weights)
        many = self.common.summed([np.ones(len(mine)) for mine in self.common.of_batch])
        there, worth = self.common.parts(self.common.hours / many), self.common.parts(self.worth)
        return [
            hours * (mine[-1].shared / its) ** -self.elastic
            for hours, its, mine in zip(there, worth, weights, strict=True)
        ]


@pytest.mark.parametrize("elastic", [4.0, 10.0, 30.0])
def test_what_differs_from_step_to_step_is_found_in_a_few_rounds(plan, elastic):
    common = common_to(plan)
    level = np.repeat([300.0, 340.0, 500.0], STEPS)
    names = [plan.case.reps[r].name for r in plan.overlays]
    by_step = np.concatenate([BY_STEP[::-1] if name == "Overlay 2" else BY_STEP for name in names])
    takers = Takers(common, level * by_step, elastic)
    found = prices_by_step(plan, level, takers.take)
    assert len(takers.asked) < hour_prices.STEP_ROUNDS
    assert found.prices == pytest.approx(level * by_step, rel=0.01)
    for b, (mine, exact) in enumerate(zip(found.weights, common.parts(found.prices), strict=True)):
        assert mine[-1].moves == 0
        assert mine[-1].shared == pytest.approx(exact, rel=2 * hour_prices.HAIR)
        earlier = [weights[b][-1] for weights in takers.asked]
        assert list(map(id, mine[: len(earlier)])) == list(map(id, earlier))


def test_each_batch_has_prices_a_hair_off_and_the_same_ones_again(plan):
    common = common_to(plan)
    there = Weights(1.0, 2.0, np.full(len(common.hours), 250.0))
    before = [(Weights(0.0, 1.0, mine),) for mine in common.parts(common.hours)]
    once, again = common.a_hair_off(before, there), common.a_hair_off(before, there)
    assert [mine[-1].shared.tolist() for mine in once] == [mine[-1].shared.tolist() for mine in again]
    assert len({float(price) for mine in once for price in mine[-1].shared}) == sum(
        len(mine[-1].shared) for mine in once
    )
    exactly = common.exactly(once, there)
    for set_, earlier, price in zip(exactly, once, common.parts(there.shared), strict=True):
        assert set_[:-1] == earlier
        assert (set_[-1].moves, set_[-1].revenue) == (1.0, 2.0)
        assert (
            set_[-1].shared.tolist()
            == price.tolist()
            == pytest.approx(earlier[-1].shared, rel=2 * hour_prices.HAIR)
        )


def test_rounds_end_where_batches_answer_by_leaps(plan):
    """All or nothing: no price is right, and the last is still one that batches were given."""
    common = common_to(plan)

    def leaps(weights):
        return [np.where(mine[-1].shared < 300.0, 1e6, 0.0) for mine in weights]

    found = prices_by_step(plan, np.full(len(common.hours), 290.0), leaps)
    assert np.isfinite(found.prices).all()
    assert (found.prices > 0).all()
    assert all(len(mine) == hour_prices.STEP_ROUNDS for mine in found.weights)


def test_hours_that_are_worth_nothing_get_no_price(plan):
    common = common_to(plan)
    found = prices_by_step(plan, np.zeros(len(common.hours)), lambda _: common.parts(common.hours))
    assert not found.prices.any()


NONE_SHARED = Common(np.zeros(0), (np.zeros(0, np.int32),) * 2)


class Givers:
    """Two batches that give up revenue as the inverse square of its price, 50 of it at `right`."""

    def __init__(self, right):
        self.right, self.asked = right, []

    def ask(self, weights):
        """The split at the last of the weights."""
        price = weights[0][-1].revenue
        self.asked.append(price)
        given = 50.0 * (self.right / price) ** 2 if price else 1000.0
        return [Priced(5000.0 - given / 2, 0.0, 0.0, np.zeros(0)) for _ in weights]


@pytest.mark.parametrize(("off", "rounds"), [(1.05, 1), (3.0, 2), (0.3, 2), (30.0, 5)])
def test_the_price_on_revenue_follows_the_square_of_what_is_given_up(off, rounds):
    givers = Givers(2.0)
    worth = Worth(np.zeros(0), np.zeros(0), price=2.0 * off)
    begun = Begun(np.zeros(0), [(), ()])
    found = price_on_revenue(NONE_SHARED, worth, begun, Forgone(50.0, 9950.0, 400.0), givers.ask)
    assert found[0][-1].revenue == pytest.approx(2.0, rel=hour_prices.NEAR)
    assert len(givers.asked) <= rounds
    assert [weights.revenue for weights in found[0]] == givers.asked


def test_where_nothing_may_be_given_up_revenue_has_no_price():
    givers = Givers(2.0)
    found = price_on_revenue(
        NONE_SHARED,
        Worth(np.zeros(0), np.zeros(0)),
        Begun(np.zeros(0), [(), ()]),
        Forgone(0.0, 10000.0, 400.0),
        givers.ask,
    )
    assert givers.asked == [0.0]
    assert found[1][-1].revenue == 0.0


def test_shared_hours_cost_what_they_earn_and_save():
    worth = Worth(np.array([100.0, 10.0]), np.array([-1.0, -1.0]))
    assert worth.at(0.05).tolist() == [4.0, 0.0]
    assert worth.in_each(2).at(0.05).tolist() == [4.0, 4.0, 0.0, 0.0]
    assert math.isclose(Worth(*[np.ones(1)] * 2, price=3.0).in_each(5).price, 3.0)
