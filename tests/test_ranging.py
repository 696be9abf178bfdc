"""Up to which prices a split stays best: as solving anew on both sides of them has it."""

import numpy as np
import pytest
from plans import NATIONAL, plan_of

from allocator.apart.batch import Batch, Weights
from allocator.apart.dividing import divided
from allocator.apart.tasks import find_optimum, set_weights
from allocator.deriving import instance
from allocator.program.matrix import Matrix, rows_of
from allocator.reading import read_model
from allocator.solving import highs
from allocator.solving.ranging import ends
from allocator.solving.settings import Settings


def stopped(price, off=0.0):
    """Minimize 2·x − price·y, where x ≥ y − 1 and x ≥ 3·y − 6, and y is 4 at most.

    So y costs nothing up to 1, then 2, and 6 from 2.5 on. `off`: by how much the duals are misjudged.
    """
    matrix = Matrix(
        maximize=False,
        cost=np.array([2.0, -price]),
        constant=0.0,
        least=np.zeros(2),
        most=np.array([np.inf, 4.0]),
        start=np.zeros(1, np.int32),
        index=np.zeros(0, np.int32),
        value=np.zeros(0),
        row_least=np.zeros(0),
        row_most=np.zeros(0),
    ).with_rows(
        rows_of(
            [2, 2],
            np.array([0, 1, 0, 1], np.int32),
            np.array([1.0, -1.0, 1.0, -3.0]),
            np.array([-1.0, -6.0]),
            np.full(2, np.inf),
        )
    )
    start = highs.Start(highs.solve(matrix, None).vertex)
    standing = highs.Standing(matrix, start)
    found, by_price = standing.solve(matrix, None), np.array([0.0, -1.0])
    return found.values.tolist(), ends(matrix, found, price, by_price, standing.worth(by_price) + off)


@pytest.mark.parametrize(
    ("price", "values", "range_"),
    [
        (0.5, [0.0, 1.0], (0.25, 1.0)),  # half the price and twice it are as far as is looked
        (1.5, [0.0, 1.0], (0.75, 2.0)),
        (2.5, [1.5, 2.5], (2.0, 5.0)),
        (5.0, [1.5, 2.5], (2.5, 6.0)),
        (7.0, [6.0, 4.0], (6.0, 14.0)),
    ],
)
def test_the_prices_at_which_another_vertex_is_as_good(price, values, range_):
    found, known = stopped(price)
    assert found == pytest.approx(values)
    assert [end.price for end in known] == pytest.approx(range_)
    for end in known:
        assert end.bound == pytest.approx(2 * values[0] - end.price * values[1])


def test_an_end_that_is_not_proven_is_left_out():
    """With wrong duals nothing is said of other prices than the one that it was solved at."""
    price = 2.5
    _, known = stopped(price, off=0.01)
    assert [end.price for end in known] in ([], [price])


@pytest.fixture(scope="module")
def batch():
    rules = read_model("sales_execution").with_steps(3)
    plan = divided(instance(plan_of(NATIONAL.read_text("utf-8"), rules), rules), Settings())
    return lambda: Batch(plan.piece(0), Settings())


@pytest.mark.parametrize("times", [0.3, 1.0, 4.0])
def test_a_split_is_best_in_all_of_its_range_and_not_beyond(batch, times):
    optimum = find_optimum(batch())
    price = times * optimum.moved / (1e-3 * optimum.revenue)

    def at(other):
        return set_weights(batch(), (Weights(1.0, other),))

    here = at(price)
    low, high = here.ends
    assert low.price < price < high.price
    for end in (low, high):
        weighed = here.moves - end.price * here.revenue
        assert end.bound == pytest.approx(weighed, rel=1e-9)
        inside = at(price + 0.999 * (end.price - price))
        assert inside.revenue == pytest.approx(here.revenue, rel=1e-12)
        assert inside.moves == pytest.approx(here.moves, rel=1e-9)
        if end.price in (0.5 * price, 2 * price):  # no more is asked
            continue
        beyond = at(price + 1.001 * (end.price - price))
        more = end is high
        assert (beyond.revenue > here.revenue) is more
        assert (beyond.moves > here.moves) is more
